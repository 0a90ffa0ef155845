//! What is kept as it looks, what is stored once, what is refused.

use hayro_syntax::{
    Pdf,
    object::{Array, Dict, Name},
};
use juanzong::bind::{Fault, VolumeError};

use super::{bound, drawn, job, try_bound, write};
use crate::support::raw_pdf::{PageSpec, RawPdf};

/// Pages that inherit everything, over a shared picture.
fn inheriting() -> Vec<u8> {
    let mut pdf = RawPdf::new();
    let picture: Vec<u8> = (0..120_000_u32).map(|i| (i * 7 % 251) as u8).collect();
    let image = pdf.stream(
        "/Type /XObject /Subtype /Image /Width 200 /Height 200 /BitsPerComponent 8 /ColorSpace /DeviceRGB",
        &picture,
    );
    let content = pdf.stream("", b"q 200 0 0 200 50 400 cm /Im0 Do Q");
    let (tree, node) = (pdf.reserve(), pdf.reserve());
    let pages: Vec<usize> = (0..3)
        .map(|_| {
            pdf.add(format!(
                "<< /Type /Page /Parent {node} 0 R /Contents [{content} 0 R] >>"
            ))
        })
        .collect();
    let kids: Vec<String> = pages.iter().map(|page| format!("{page} 0 R")).collect();
    pdf.set(node, format!(
        "<< /Type /Pages /Parent {tree} 0 R /Kids [{}] /Count 3 /Rotate 90 /Resources << /XObject << /Im0 {image} 0 R >> >> >>",
        kids.join(" ")
    ));
    pdf.set(
        tree,
        format!("<< /Type /Pages /Kids [{node} 0 R] /Count 3 /MediaBox [0 0 420 842] >>"),
    );
    let root = pdf.add(format!("<< /Type /Catalog /Pages {tree} 0 R >>"));
    pdf.finish(root)
}

#[test]
fn what_pages_inherit_is_resolved_and_pictures_are_stored_once() {
    let source = inheriting();
    let (volume, result) = bound(&[source.clone(), source.clone()]);
    assert!(
        volume.len() < source.len() + 40_000,
        "the picture is stored twice: {}",
        volume.len()
    );
    assert_eq!(volume.len() as u64, result.size_bytes);
    assert_eq!(drawn(&volume, 5).dimensions(), (842, 420));
    let (before, after) = (drawn(&source, 1), drawn(&volume, 4));
    let differing = before
        .pixels()
        .zip(after.pixels())
        .filter(|(a, b)| a != b)
        .count();
    assert!(differing < 150, "{differing}");
}

#[test]
fn the_same_sources_give_the_same_bytes() {
    let sources = [inheriting(), RawPdf::one_page("0 0 9 9 re f", "")];
    assert_eq!(bound(&sources).0, bound(&sources).0);
}

#[test]
fn annotations_are_drawn_as_printed_and_can_no_longer_act() {
    let mut pdf = RawPdf::new();
    let seal = pdf.stream(
        "/Type /XObject /Subtype /Form /BBox [0 0 100 100] /Resources << >>",
        b"1 0 0 rg 0 0 100 100 re f",
    );
    let annotation = |flags: u32, x: u32, more: &str| {
        format!(
            "<< /Type /Annot /Subtype /Widget /FT /Btn /Rect [{x} 600 {} 650] /F {flags} /A << /S /JavaScript /JS (x) >> {more} >>",
            x + 50
        )
    };
    let stream = format!("/AP << /N {seal} 0 R >>");
    let states = format!("/AS /Yes /AP << /N << /Yes {seal} 0 R >> >>");
    let off = format!("/AS /Off /AP << /N << /Yes {seal} 0 R >> >>");
    let annots = [
        annotation(4, 50, &stream),
        annotation(4, 150, &states),
        annotation(4, 250, &off),
        annotation(6, 350, &stream),
        annotation(0, 450, &stream),
    ];
    let extra = format!("/Annots [{}]", annots.join(" "));
    let specs = [PageSpec {
        content: "0 g",
        extra: &extra,
        ..PageSpec::default()
    }];
    let root = pdf.add_pages(&specs, "/AcroForm << /Fields [] >>");
    let source = pdf.finish(root);
    let (volume, _) = bound(&[source]);
    let picture = drawn(&volume, 0);
    let red = |x: u32| picture.get_pixel(x, 842 - 625).0 == [255, 0, 0];
    assert!(red(75) && red(175), "printed annotations are missing");
    assert!(!red(275), "a box that is off is drawn");
    assert!(!red(375), "a hidden one is drawn");
    let bound = Pdf::new(volume).unwrap();
    let kept = bound.pages()[0].raw().get::<Array<'_>>(b"Annots").unwrap();
    let kept: Vec<Dict<'_>> = kept.iter::<Dict<'_>>().collect();
    let [screen_only] = kept.as_slice() else {
        panic!("{} annotations", kept.len())
    };
    assert_eq!(&*screen_only.get::<Name<'_>>(b"Subtype").unwrap(), b"Stamp");
    assert!(!screen_only.contains_key(b"A"));
}

#[test]
fn layers_stay_as_they_are_by_default() {
    let mut pdf = RawPdf::new();
    let hidden = pdf.add("<< /Type /OCG /Name (hidden) >>");
    let shown = pdf.add("<< /Type /OCG /Name (shown) >>");
    let resources = format!("/Properties << /H {hidden} 0 R /S {shown} 0 R >>");
    let content =
        "/OC /H BDC 1 0 0 rg 0 400 100 100 re f EMC /OC /S BDC 0 0 1 rg 200 400 100 100 re f EMC";
    let specs = [PageSpec {
        content,
        resources: &resources,
        ..PageSpec::default()
    }];
    let root = pdf.add_pages(
        &specs,
        &format!(
            "/OCProperties << /OCGs [{hidden} 0 R {shown} 0 R] /D << /OFF [{hidden} 0 R] >> >>"
        ),
    );
    let (volume, _) = bound(&[pdf.finish(root)]);
    let picture = drawn(&volume, 0);
    assert_eq!(picture.get_pixel(50, 842 - 450).0, [255, 255, 255]);
    assert_eq!(picture.get_pixel(250, 842 - 450).0, [0, 0, 255]);
}

#[test]
fn a_source_that_cannot_be_bound_is_named() {
    let good = RawPdf::one_page("0 0 9 9 re f", "");
    let fault = |sources: &[Vec<u8>]| match try_bound(sources) {
        Err(VolumeError::Source(fault)) => (fault.input, fault.why),
        other => panic!("{other:?}"),
    };
    assert_eq!(
        fault(&[good.clone(), b"no PDF at all".to_vec()]),
        (2, Fault::DoesNotOpen)
    );
    let mut encrypted = RawPdf::new();
    let root = encrypted.add_pages(&[PageSpec::default()], "");
    let dict = encrypted.add("<< /Filter /Standard /V 1 /R 2 /O <00> /U <00> /P -4 >>");
    encrypted.trailer(&format!("/Encrypt {dict} 0 R"));
    let encrypted = encrypted.finish(root);
    assert_eq!(
        fault(&[good.clone(), good.clone(), encrypted]),
        (3, Fault::Encrypted)
    );
    let empty = {
        let mut pdf = RawPdf::new();
        let tree = pdf.add("<< /Type /Pages /Kids [] /Count 0 >>");
        let root = pdf.add(format!("<< /Type /Catalog /Pages {tree} 0 R >>"));
        pdf.finish(root)
    };
    let Err(VolumeError::Source(nothing)) = write(&job(&[0]), &[empty]) else {
        panic!("bound")
    };
    assert!(matches!(nothing.why, Fault::NoPages | Fault::DoesNotOpen));
    let Err(VolumeError::Source(fault)) = write(&job(&[2]), &[good]) else {
        panic!("bound")
    };
    assert_eq!(
        fault.why,
        Fault::PageCount {
            planned: 2,
            found: 1
        }
    );
}

/// A form with one field without appearance.
fn one_field(form: &str, field: &str) -> Vec<u8> {
    let mut pdf = RawPdf::new();
    let extra = format!(
        "/Annots [<< /Type /Annot /Subtype /Widget /Rect [100 600 300 660] /F 4 /T (f) {field} >>]"
    );
    let specs = [PageSpec {
        content: "0 g",
        extra: &extra,
        ..PageSpec::default()
    }];
    let helv = "/DR << /Font << /Helv << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>";
    let root = pdf.add_pages(&specs, &format!("/AcroForm << /Fields [] {helv} {form} >>"));
    pdf.finish(root)
}

/// Dark and blueish pixels within the field.
fn seen(source: Vec<u8>) -> (usize, usize) {
    let (volume, _) = bound(&[source]);
    let picture = drawn(&volume, 0);
    let field = picture
        .enumerate_pixels()
        .filter(|(x, y, _)| (100..300).contains(x) && (182..242).contains(y));
    let field: Vec<_> = field.map(|(_, _, pixel)| pixel.0).collect();
    (
        field.iter().filter(|p| p[0] < 120 && p[2] < 120).count(),
        field
            .iter()
            .filter(|p| p[2] > p[0].saturating_add(30))
            .count(),
    )
}

#[test]
fn fields_without_appearance_show_their_value() {
    let text = "/FT /Tx /DA (/Helv 14 Tf 0 g)";
    assert_eq!(seen(one_field("", text)), (0, 0));
    for value in [
        "/V (Plain)",
        "/V <FEFF5F204E094E09>",
        "/V (Centred) /Q 1",
        "/V <FEFF5F20000D4E09> /Ff 4096",
    ] {
        let (dark, _) = seen(one_field("", &format!("{text} {value}")));
        assert!(dark > 20, "{value}: {dark}");
    }
    // A password never shows.
    assert_eq!(seen(one_field("", &format!("{text} /V (x) /Ff 8192"))).0, 0);
}

#[test]
fn lists_show_their_rows_and_what_is_chosen() {
    let list = "/FT /Ch /DA (/Helv 12 Tf 0 g) /Opt [(a) [(b) <FEFF4E59>] (c)]";
    let (dark, _) = seen(one_field("", &format!("{list} /V (b)")));
    assert!(dark > 1_500, "the chosen row has no ground: {dark}");
    let (dark, _) = seen(one_field("", list));
    assert!((20..1_000).contains(&dark), "{dark}");
    // The same in the form's own font, where it has all of the rows.
    let ascii = "/FT /Ch /DA (/Helv 12 Tf 0 g) /Opt [(a) (b)]";
    let (dark, _) = seen(one_field("", &format!("{ascii} /V (b)")));
    assert!(dark > 1_500, "{dark}");
    let (dark, _) = seen(one_field("", ascii));
    assert!((10..1_000).contains(&dark), "{dark}");
    // A combo box shows the words of its value only.
    let combo = "/FT /Ch /Ff 131072 /DA (/Helv 12 Tf 0 g) /Opt [[(b) (shown)]] /V (b)";
    let (dark, _) = seen(one_field("", combo));
    assert!((20..1_000).contains(&dark), "{dark}");
}

#[test]
fn an_appearance_older_than_its_value_is_drawn_anew() {
    let mut pdf = RawPdf::new();
    let old = pdf.stream(
        "/Type /XObject /Subtype /Form /BBox [0 0 200 60] /Resources << >>",
        b"0 0 1 rg 0 0 200 60 re f",
    );
    let extra = format!(
        "/Annots [<< /Type /Annot /Subtype /Widget /Rect [100 600 300 660] /F 4 /FT /Tx /DA (/Helv 14 Tf 0 g) \
         /V <FEFF5F204E09> /AP << /N {old} 0 R >> >>]"
    );
    let specs = [PageSpec {
        content: "0 g",
        extra: &extra,
        ..PageSpec::default()
    }];
    let mut stale = pdf.clone();
    let root = stale.add_pages(&specs, "/AcroForm << /Fields [] /NeedAppearances true >>");
    let (dark, blue) = seen(stale.finish(root));
    assert!(dark > 20 && blue < 20, "{dark} {blue}");
    let root = pdf.add_pages(&specs, "/AcroForm << /Fields [] >>");
    assert!(seen(pdf.finish(root)).1 > 5_000);
}

#[test]
fn a_turned_field_is_drawn_turned() {
    let field = |more: &str| {
        let text = format!("/FT /Tx /DA (/Helv 14 Tf 0 g) /V (lllllllllll) /MK << {more} >>");
        let (volume, _) = bound(&[one_field("", &text)]);
        let picture = drawn(&volume, 0);
        let dark = picture.enumerate_pixels().filter(|(x, y, pixel)| {
            (100..300).contains(x) && (182..242).contains(y) && pixel.0[0] < 160
        });
        let places: Vec<(u32, u32)> = dark.map(|(x, y, _)| (x, y)).collect();
        let extent = |pick: fn(&(u32, u32)) -> u32| {
            let all = places.iter().map(pick);
            all.clone().max().unwrap() - all.min().unwrap()
        };
        (extent(|p| p.0), extent(|p| p.1))
    };
    let (wide, high) = field("");
    assert!(wide > high, "{wide} {high}");
    for turned in ["/R 90", "/R 270"] {
        let (wide, high) = field(turned);
        assert!(high > wide, "{turned}: {wide} {high}");
    }
}

#[test]
fn a_field_that_our_fonts_cannot_set_stops_the_binding_by_name() {
    let unknown = "/FT /Tx /DA (/Helv 14 Tf 0 g) /V <FEFFE000>";
    match try_bound(&[one_field("", unknown)]) {
        Err(VolumeError::Source(fault)) => {
            assert_eq!(fault.why, Fault::FieldCharacter('\u{e000}'));
            assert_eq!(fault.page.map(juanzong::units::PageNumber::value), Some(1));
        }
        other => panic!("{other:?}"),
    }
    // An appearance that shows text is what its program drew; it stays.
    let mut pdf = RawPdf::new();
    let own = pdf.stream(
        "/Type /XObject /Subtype /Form /BBox [0 0 200 60] /Resources << /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>",
        b"0 0 1 rg 0 0 200 60 re f BT /F 12 Tf 1 1 Td (drawn) Tj ET",
    );
    let extra = format!(
        "/Annots [<< /Type /Annot /Subtype /Widget /Rect [100 600 300 660] /F 4 {unknown} /AP << /N {own} 0 R >> >>]"
    );
    let specs = [PageSpec {
        content: "0 g",
        extra: &extra,
        ..PageSpec::default()
    }];
    let root = pdf.add_pages(&specs, "/AcroForm << /Fields [] /NeedAppearances true >>");
    assert!(seen(pdf.finish(root)).1 > 5_000);
}

#[test]
fn what_stands_behind_a_lost_annotation_is_kept() {
    let mut pdf = RawPdf::new();
    let seal = pdf.stream(
        "/Type /XObject /Subtype /Form /BBox [0 0 100 100] /Resources << >>",
        b"1 0 0 rg 0 0 100 100 re f",
    );
    let extra = format!(
        "/Annots [99 0 R << /Type /Annot /Subtype /Stamp /Rect [50 600 100 650] /F 4 /AP << /N {seal} 0 R >> >>]"
    );
    let specs = [PageSpec {
        content: "0 g",
        extra: &extra,
        ..PageSpec::default()
    }];
    let root = pdf.add_pages(&specs, "");
    let (volume, _) = bound(&[pdf.finish(root)]);
    assert_eq!(drawn(&volume, 0).get_pixel(75, 842 - 625).0, [255, 0, 0]);
}

#[test]
fn what_lies_over_a_mark_stays_above_it() {
    let mut pdf = RawPdf::new();
    let form = |pdf: &mut RawPdf, colour: &str| {
        pdf.stream(
            "/Type /XObject /Subtype /Form /BBox [0 0 100 100] /Resources << >>",
            format!("{colour} rg 0 0 100 100 re f").as_bytes(),
        )
    };
    let (mark, stamp) = (form(&mut pdf, "1 0 0"), form(&mut pdf, "0 0 1"));
    let extra = format!(
        "/Annots [<< /Type /Annot /Subtype /Highlight /Rect [50 600 150 650] /QuadPoints [50 650 150 650 50 600 150 600] /F 4 /AP << /N {mark} 0 R >> >> \
         << /Type /Annot /Subtype /Stamp /Rect [100 600 200 650] /F 4 /AP << /N {stamp} 0 R >> >> \
         << /Type /Annot /Subtype /Stamp /Rect [300 600 400 650] /F 4 /AP << /N {stamp} 0 R >> >>]"
    );
    let specs = [PageSpec {
        content: "0 g",
        extra: &extra,
        ..PageSpec::default()
    }];
    let root = pdf.add_pages(&specs, "");
    let (volume, _) = bound(&[pdf.finish(root)]);
    let bound = Pdf::new(volume).unwrap();
    let page = &bound.pages()[0];
    let kept = page.raw().get::<Array<'_>>(b"Annots").unwrap();
    let kinds: Vec<Vec<u8>> = kept
        .iter::<Dict<'_>>()
        .map(|one| one.get::<Name<'_>>(b"Subtype").unwrap().to_vec())
        .collect();
    assert_eq!(kinds, [b"Highlight".to_vec(), b"Stamp".to_vec()]);
    let above = kept.iter::<Dict<'_>>().nth(1).unwrap();
    let flags = above.get::<u32>(b"F").unwrap();
    assert_eq!(flags & 4, 4, "it no longer prints");
}

#[test]
fn a_file_that_names_more_pages_than_it_has_is_not_bound() {
    let mut pdf = RawPdf::new();
    let tree = pdf.reserve();
    let page = pdf.add(format!(
        "<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 595 842] >>"
    ));
    // The tree comes back to itself: readers show the page once, or again and again.
    pdf.set(
        tree,
        format!("<< /Type /Pages /Kids [{page} 0 R {tree} 0 R] /Count 3 >>"),
    );
    let root = pdf.add(format!("<< /Type /Catalog /Pages {tree} 0 R >>"));
    match try_bound(&[pdf.finish(root)]) {
        Err(VolumeError::Source(fault)) => {
            assert_eq!(fault.why, Fault::PagesMissing { said: 3, found: 1 });
        }
        other => panic!("{other:?}"),
    }
}
