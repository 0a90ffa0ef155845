//! Form fields: drawn from their value where no appearance shows it.

use juanzong::bind::{Fault, VolumeError};

use super::{annotated, bound, drawn, try_bound};
use crate::support::raw_pdf::RawPdf;

/// A form with one field without appearance.
fn one_field(form: &str, field: &str) -> Vec<u8> {
    let pdf = RawPdf::new();
    let annots =
        format!("<< /Type /Annot /Subtype /Widget /Rect [100 600 300 660] /F 4 /T (f) {field} >>");
    let helv = "/DR << /Font << /Helv << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>";
    let form = format!("/AcroForm << /Fields [] {helv} {form} >>");
    annotated(pdf, &annots, &form)
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
    let annots = format!(
        "<< /Type /Annot /Subtype /Widget /Rect [100 600 300 660] /F 4 /FT /Tx /DA (/Helv 14 Tf 0 g) \
         /V <FEFF5F204E09> /AP << /N {old} 0 R >> >>"
    );
    let with = |form: &str| annotated(pdf.clone(), &annots, form);
    let stale = with("/AcroForm << /Fields [] /NeedAppearances true >>");
    let (dark, blue) = seen(stale);
    assert!(dark > 20 && blue < 20, "{dark} {blue}");
    assert!(seen(with("/AcroForm << /Fields [] >>")).1 > 5_000);
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
    let annots = format!(
        "<< /Type /Annot /Subtype /Widget /Rect [100 600 300 660] /F 4 {unknown} /AP << /N {own} 0 R >> >>"
    );
    assert!(
        seen(annotated(
            pdf,
            &annots,
            "/AcroForm << /Fields [] /NeedAppearances true >>"
        ))
        .1 > 5_000
    );
}
