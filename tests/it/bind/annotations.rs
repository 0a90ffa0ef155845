//! Annotations: drawn as they print, kept as they look, without what they could do.

use hayro_syntax::{
    Pdf,
    object::{Array, Dict, Name},
};

use super::{annotated, bound, drawn};
use crate::support::raw_pdf::RawPdf;

/// An appearance that fills its box with a colour.
fn filled(pdf: &mut RawPdf, colour: &str) -> usize {
    pdf.stream(
        "/Type /XObject /Subtype /Form /BBox [0 0 100 100] /Resources << >>",
        format!("{colour} rg 0 0 100 100 re f").as_bytes(),
    )
}

#[test]
fn annotations_are_drawn_as_printed_and_can_no_longer_act() {
    let mut pdf = RawPdf::new();
    let seal = filled(&mut pdf, "1 0 0");
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
    let annots = annots.join(" ");
    let source = annotated(pdf, &annots, "/AcroForm << /Fields [] >>");
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
fn what_stands_behind_a_lost_annotation_is_kept() {
    let mut pdf = RawPdf::new();
    let seal = filled(&mut pdf, "1 0 0");
    let annots = format!(
        "99 0 R << /Type /Annot /Subtype /Stamp /Rect [50 600 100 650] /F 4 /AP << /N {seal} 0 R >> >>"
    );
    let (volume, _) = bound(&[annotated(pdf, &annots, "")]);
    assert_eq!(drawn(&volume, 0).get_pixel(75, 842 - 625).0, [255, 0, 0]);
}

#[test]
fn what_lies_over_a_mark_stays_above_it() {
    let mut pdf = RawPdf::new();
    let (mark, stamp) = (filled(&mut pdf, "1 0 0"), filled(&mut pdf, "0 0 1"));
    let annots = format!(
        "<< /Type /Annot /Subtype /Highlight /Rect [50 600 150 650] /QuadPoints [50 650 150 650 50 600 150 600] /F 4 /AP << /N {mark} 0 R >> >> \
         << /Type /Annot /Subtype /Stamp /Rect [100 600 200 650] /F 4 /AP << /N {stamp} 0 R >> >> \
         << /Type /Annot /Subtype /Stamp /Rect [300 600 400 650] /F 4 /AP << /N {stamp} 0 R >> >>"
    );
    let (volume, _) = bound(&[annotated(pdf, &annots, "")]);
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
