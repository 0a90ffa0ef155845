//! Numbers keep off ink, the spine is watched, pages move and are fitted only when asked.

use hayro_syntax::{
    Pdf,
    object::{Array, Dict, MaybeRef, Object},
};
use juanzong::bind::{BindRunner, Fit, Gutter, InThisProcess, Leaves, Placed, VolumeResult};

use super::{drawn, job, write};
use crate::support::raw_pdf::{PageSpec, RawPdf};

/// A page of A4 with this content.
fn page(content: &str) -> Vec<u8> {
    RawPdf::one_page(content, "")
}

/// Binds one file whose margins were looked at.
fn looked_at(
    source: Vec<u8>,
    change: impl Fn(&mut juanzong::bind::VolumeJob),
) -> (Vec<u8>, VolumeResult) {
    let pages = Pdf::new(source.clone()).unwrap().pages().len() as u32;
    let mut job = job(&[pages]);
    let mut file = tempfile::tempfile().unwrap();
    std::io::Write::write_all(&mut file, &source).unwrap();
    job.parts[0].margins = InThisProcess.margins(&file, pages).unwrap();
    assert_eq!(job.parts[0].margins.len() as u32, pages);
    change(&mut job);
    write(&job, &[source]).unwrap()
}

/// Whether anything dark stands in a box of a page drawn at 72 dpi.
fn dark(picture: &image::RgbImage, [x0, y0, x1, y1]: [f64; 4]) -> bool {
    let height = f64::from(picture.height());
    picture.enumerate_pixels().any(|(x, y, pixel)| {
        let (x, y) = (f64::from(x) + 0.5, height - f64::from(y) - 0.5);
        x > x0 && x < x1 && y > y0 && y < y1 && pixel.0[1] < 200
    })
}

#[test]
fn a_free_corner_keeps_its_number() {
    let (_, result) = looked_at(page("100 100 300 600 re f"), |_| {});
    assert_eq!(result.pages[0].number_place, Placed::AsAsked);
}

#[test]
fn a_number_moves_away_from_ink_within_its_band() {
    // A block over the corner, a line through the rest of the band above it.
    let content = "1 0 0 rg 480 10 115 60 re f 0 g 60 60 400 3 re f";
    let source = page(content);
    let (volume, result) = looked_at(source.clone(), |_| {});
    let written = &result.pages[0];
    assert_eq!(written.number_place, Placed::Moved);
    let area = <[f64; 4]>::from(written.number_box_pt.unwrap());
    assert!(area[1] > 8.0 && area[3] < 86.0, "{area:?}");
    assert!(
        !dark(&drawn(&source, 0), area),
        "it stands over ink: {area:?}"
    );
    assert!(
        dark(&drawn(&volume, 0), area),
        "it is not where it is said to be: {area:?}"
    );
}

#[test]
fn numbers_keep_off_ink_on_every_turn() {
    // The block covers the corner that is shown lower right, whatever the turn.
    for (rotate, block) in [(0, "470 0"), (90, "470 742"), (180, "0 742"), (270, "0 0")] {
        let content = format!("1 0 0 rg {block} 125 100 re f");
        let extra = format!("/Rotate {rotate}");
        let source = RawPdf::pages(&[PageSpec {
            content: &content,
            extra: &extra,
            ..PageSpec::default()
        }]);
        let (_, result) = looked_at(source.clone(), |_| {});
        let written = &result.pages[0];
        assert_eq!(written.number_place, Placed::Moved, "{rotate}");
        let area = <[f64; 4]>::from(written.number_box_pt.unwrap());
        assert!(!dark(&drawn(&source, 0), area), "{rotate}: {area:?}");
    }
}

#[test]
fn a_page_without_a_free_place_gets_its_number_in_a_white_edge() {
    let (volume, result) = looked_at(page("0.1 0.1 0.4 rg 0 0 595 842 re f"), |_| {});
    let written = &result.pages[0];
    assert_eq!(written.number_place, Placed::OverInk);
    let area = <[f64; 4]>::from(written.number_box_pt.unwrap());
    let picture = drawn(&volume, 0);
    let white = picture.enumerate_pixels().filter(|(x, y, pixel)| {
        let (x, y) = (f64::from(*x), 842.0 - f64::from(*y));
        x > area[0] - 2.0
            && x < area[2] + 2.0
            && y > area[1] - 2.0
            && y < area[3] + 2.0
            && pixel.0[0] > 200
    });
    assert!(white.count() > 5, "no white edge");
}

#[test]
fn a_page_that_was_not_looked_at_says_so() {
    let source = page("0 0 10 10 re f");
    let (_, result) = write(&job(&[1]), &[source]).unwrap();
    assert_eq!(result.pages[0].number_place, Placed::NotLookedAt);
}

/// Twelve millimetres free at the left, forty at the right.
const CLOSE: &str = "0 g 34 100 448 600 re f";

#[test]
fn ink_at_the_spine_is_measured_and_moved_away_when_asked() {
    let source = page(CLOSE);
    let (_, result) = looked_at(source.clone(), |_| {});
    let written = &result.pages[0];
    let mm = written.gutter_mm.unwrap().value();
    assert!((mm - 12.0).abs() < 1.0, "{mm}");
    assert_eq!(written.shifted_mm, None);
    let (volume, result) = looked_at(source, |job| job.gutter = Gutter::Shift);
    let shifted = result.pages[0].shifted_mm.unwrap().value();
    assert!((shifted - (25.0 - mm)).abs() < 0.11, "{shifted}");
    let picture = drawn(&volume, 0);
    assert_eq!(picture.dimensions(), (595, 842));
    let left = (25.0_f64 * 72.0 / 25.4).floor();
    assert!(!dark(&picture, [0.0, 110.0, left - 2.0, 600.0]));
    assert!(dark(&picture, [left, 110.0, left + 6.0, 600.0]));
}

#[test]
fn no_page_moves_further_than_what_is_free() {
    // 12 mm at the left, 15 mm at the right: 7 mm may be taken.
    let (_, result) = looked_at(page("0 g 34 100 518 600 re f"), |job| {
        job.gutter = Gutter::Shift
    });
    let shifted = result.pages[0].shifted_mm.unwrap().value();
    assert!((shifted - 7.0).abs() < 1.6, "{shifted}");
    let (_, result) = looked_at(page("0 g 10 100 575 600 re f"), |job| {
        job.gutter = Gutter::Shift
    });
    assert_eq!(result.pages[0].shifted_mm, None);
}

#[test]
fn the_back_of_a_leaf_is_bound_at_its_right_and_numbered_at_its_left() {
    let specs = [
        PageSpec {
            content: CLOSE,
            ..PageSpec::default()
        },
        PageSpec {
            content: CLOSE,
            ..PageSpec::default()
        },
    ];
    let (_, result) = looked_at(RawPdf::pages(&specs), |job| {
        job.leaves = Leaves::Duplex;
        job.numbers.place = juanzong::bind::NumberPlace::LowerOuter;
    });
    let [front, back] = result.pages.as_slice() else {
        panic!("{result:?}")
    };
    assert!(front.gutter_mm.is_some() && back.gutter_mm.is_none());
    let x = |page: &juanzong::bind::WrittenPage| page.number_box_pt.unwrap().x0.value();
    assert!(x(front) > 500.0 && x(back) < 60.0);
}

/// An A3 page with a link, a note and a bookmark to a point.
fn large() -> Vec<u8> {
    let mut pdf = RawPdf::new();
    let annots = "/Annots [<< /Type /Annot /Subtype /Link /Rect [84.2 119.1 168.4 238.2] /Dest [3 0 R /XYZ 421 595.5 0] >>]";
    let specs = [PageSpec {
        content: "1 0 0 rg 84.2 119.1 84.2 119.1 re f",
        media_box: "0 0 842 1191",
        extra: annots,
        ..PageSpec::default()
    }];
    let root = pdf.add_pages(&specs, "");
    pdf.finish(root)
}

#[test]
fn a_page_is_fitted_to_a4_with_its_links_and_their_targets() {
    let source = large();
    let (volume, result) = looked_at(source.clone(), |_| {});
    assert_eq!(result.pages[0].scaled, None);
    assert_eq!(drawn(&volume, 0).dimensions(), (842, 1191));
    let (volume, result) = looked_at(source, |job| job.fit = Fit::A4);
    let scaled = result.pages[0].scaled.unwrap();
    assert!((scaled - 0.7069).abs() < 0.001, "{scaled}");
    let picture = drawn(&volume, 0);
    assert!(
        (i64::from(picture.width()) - 595).abs() <= 1
            && (i64::from(picture.height()) - 842).abs() <= 1
    );
    let red = |x: u32, y: u32| picture.get_pixel(x, 842 - y).0 == [255, 0, 0];
    assert!(red(65, 90) && red(115, 165) && !red(130, 90));
    let pdf = Pdf::new(volume).unwrap();
    let annots = pdf.pages()[0].raw().get::<Array<'_>>(b"Annots").unwrap();
    let link = annots.iter::<Dict<'_>>().next().unwrap();
    let numbers = |dict: &Dict<'_>, key: &[u8]| -> Vec<i64> {
        let array = dict.get::<Array<'_>>(key).unwrap();
        let numbers = array.raw_iter().filter_map(|item| match item {
            MaybeRef::NotRef(Object::Number(number)) => Some(number.as_f64().round() as i64),
            _ => None,
        });
        numbers.collect()
    };
    assert_eq!(numbers(&link, b"Rect"), [60, 84, 119, 168]);
    assert_eq!(numbers(&link, b"Dest"), [298, 421]);
}
