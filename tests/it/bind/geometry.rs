//! The page number on every geometry, and the page under it unchanged.

use juanzong::{inspect, limits::Limits, units::PtBox};

use super::{bound, drawn};
use crate::support::raw_pdf::{PageSpec, RawPdf};

/// Ten kinds of page, each portrait and landscape: name, boxes, other entries.
const KINDS: [(&str, &str, &str); 20] = [
    ("plain", "0 0 595 842", ""),
    ("plain, landscape", "0 0 842 595", ""),
    ("turned by 90", "0 0 595 842", "/Rotate 90"),
    ("turned by 90, landscape", "0 0 842 595", "/Rotate 90"),
    ("turned by 180", "0 0 595 842", "/Rotate 180"),
    ("turned by 180, landscape", "0 0 842 595", "/Rotate 180"),
    ("turned by 270", "0 0 595 842", "/Rotate 270"),
    ("turned by 270, landscape", "0 0 842 595", "/Rotate 270"),
    ("turned by -90", "0 0 595 842", "/Rotate -90"),
    ("turned by 450, landscape", "0 0 842 595", "/Rotate 450"),
    ("cropped", "0 0 700 950", "/CropBox [50 60 645 902]"),
    (
        "cropped, landscape",
        "0 0 950 700",
        "/CropBox [50 60 892 655]",
    ),
    (
        "cropped and turned",
        "0 0 700 950",
        "/CropBox [50 60 645 902] /Rotate 90",
    ),
    (
        "cropped and turned, landscape",
        "0 0 950 700",
        "/CropBox [50 60 892 655] /Rotate 270",
    ),
    ("negative origin", "-100 -200 495 642", ""),
    (
        "negative origin, landscape",
        "-200 -100 642 495",
        "/Rotate 180",
    ),
    ("user unit", "0 0 297.5 421", "/UserUnit 2"),
    (
        "user unit, landscape",
        "0 0 421 297.5",
        "/UserUnit 2 /Rotate 90",
    ),
    ("corners the other way round", "595 842 0 0", ""),
    (
        "crop beyond the page, landscape",
        "0 0 842 595",
        "/CropBox [-50 -50 900 700] /Rotate 90",
    ),
];

const CONTENT: &str = "0.8 0.9 1 rg -300 -300 1500 1500 re f 1 0 0 RG 8 w 100 100 m 300 400 l S";

#[test]
fn the_number_stands_lower_right_on_every_geometry_and_the_rest_is_unchanged() {
    let pages: Vec<PageSpec<'_>> = KINDS
        .iter()
        .map(|&(_, media_box, extra)| PageSpec {
            content: CONTENT,
            media_box,
            extra,
            ..PageSpec::default()
        })
        .collect();
    let source = RawPdf::pages(&pages);
    let (volume, result) = bound(std::slice::from_ref(&source));
    let facts = inspect::inspect(volume.clone(), &Limits::DEFAULT);
    assert_eq!(facts.pages.len(), KINDS.len());
    for (i, ((name, _, extra), page)) in KINDS.iter().zip(&result.pages).enumerate() {
        let number = (i + 1).to_string();
        assert_eq!(page.number.as_deref(), Some(number.as_str()), "{name}");
        let area = page.number_box_pt.unwrap();
        let seen = &facts.pages[i];
        let width = seen.width_mm.to_pt().value();
        assert!(
            width - area.x1.value() < 43.5 && width - area.x1.value() > 41.5,
            "{name}: {area:?}"
        );
        assert!(
            area.y0.value() > 20.0 && area.y1.value() < 45.0,
            "{name}: {area:?}"
        );
        let run = seen.text.iter().find(|run| run.text.trim() == number);
        let run = run.unwrap_or_else(|| panic!("{name}: {:?}", seen.text));
        assert!(
            overlap(run.box_pt, area) > 0.5,
            "{name}: {:?} and {area:?}",
            run.box_pt
        );
        let unit = if extra.contains("UserUnit 2") {
            2.0
        } else {
            1.0
        };
        only_the_number_differs(name, &source, &volume, i as u32, area, unit);
    }
}

/// Share of `a` that lies in `b`.
fn overlap(a: PtBox, b: PtBox) -> f64 {
    let width = a.x1.value().min(b.x1.value()) - a.x0.value().max(b.x0.value());
    let height = a.y1.value().min(b.y1.value()) - a.y0.value().max(b.y0.value());
    width.max(0.0) * height.max(0.0) / (a.width().value() * a.height().value())
}

/// `unit` is what a point is to the renderer, which may not know `UserUnit`.
fn only_the_number_differs(
    name: &str,
    source: &[u8],
    volume: &[u8],
    page: u32,
    area: PtBox,
    unit: f64,
) {
    let (before, after) = (drawn(source, page), drawn(volume, page));
    assert_eq!(before.dimensions(), after.dimensions(), "{name}");
    let height = f64::from(before.height());
    let scale = if height < 600.0 && unit > 1.0 {
        unit
    } else {
        1.0
    };
    let mut inside = 0;
    for (x, y, pixel) in after.enumerate_pixels() {
        if before.get_pixel(x, y) == pixel {
            continue;
        }
        let (px, py) = (
            (f64::from(x) + 0.5) * scale,
            (height - f64::from(y) - 0.5) * scale,
        );
        let within = px > area.x0.value() - 2.0
            && px < area.x1.value() + 2.0
            && py > area.y0.value() - 2.0
            && py < area.y1.value() + 2.0;
        assert!(within, "{name}: differs at {px} {py}, number at {area:?}");
        inside += 1;
    }
    assert!(inside > 5, "{name}: no number is seen");
}

#[test]
fn content_that_would_swallow_the_number_cannot() {
    for content in [
        "q q q 2 0 0 2 300 300 cm",
        "/OC /Nothing BDC 0.5 0 0 0.5 0 0 cm",
        "BT /F1 12 Tf 3 Tr 50 50 Td",
        "0 0 m 100 100 l 1 0 0 RG",
        "[ 1 2 3",
    ] {
        let source = RawPdf::one_page(content, "");
        let (volume, result) = bound(std::slice::from_ref(&source));
        let area = result.pages[0].number_box_pt.unwrap();
        only_the_number_differs(content, &source, &volume, 0, area, 1.0);
    }
    // Readers disagree on what a page shows that ends inside a string; the number is seen all the same.
    let source = RawPdf::one_page("1 0 0 rg 0 0 50 50 re f (never closed", "");
    let (volume, result) = bound(std::slice::from_ref(&source));
    let (area, page) = (result.pages[0].number_box_pt.unwrap(), drawn(&volume, 0));
    let ink = page.enumerate_pixels().filter(|(x, y, pixel)| {
        let (x, y) = (f64::from(*x), 842.0 - f64::from(*y));
        let within = x > area.x0.value() && x < area.x1.value() && y > area.y0.value();
        within && y < area.y1.value() && pixel.0[0] < 128
    });
    assert!(ink.count() > 5);
}
