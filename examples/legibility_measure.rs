//! Measures the pages of PDFs and prints one JSON object a page, for `bench/legibility.sh` and `calibration/`.
//!
//! `legibility_measure [--tiles] FILE…`; with `--tiles` also what the model sees of a page that is one image.
//! It parses in its own process: for files of one's own making, not for foreign ones.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for a terminal"
)]

use juanzong::{
    inspect::{
        facts::{PageFacts, PageKind},
        legibility,
        raster::OpenPage,
    },
    limits::Limits,
    units::{Mm, PageIndex},
};

fn main() {
    let mut with_tiles = false;
    for name in std::env::args().skip(1) {
        if name == "--tiles" {
            with_tiles = true;
            continue;
        }
        let Ok(bytes) = std::fs::read(&name) else {
            eprintln!("{name}: cannot be read");
            continue;
        };
        let Ok(pdf) = hayro::hayro_syntax::Pdf::new(bytes) else {
            eprintln!("{name}: cannot be opened");
            continue;
        };
        for index in 0..pdf.pages().len() as u32 {
            let index = PageIndex::new(index);
            let page = bare_page(index);
            let started = std::time::Instant::now();
            let facts = legibility::measure(&pdf, index, &page, &Limits::DEFAULT);
            let took = started.elapsed().as_secs_f64() * 1e3;
            let mut line = serde_json::json!({
                "file": name, "page": index.number(), "facts": facts, "ms": (took * 10.0).round() / 10.0,
            });
            if with_tiles {
                line["tiles"] = tiles(&pdf, index).unwrap_or_default();
            }
            println!("{line}");
        }
    }
}

fn tiles(pdf: &hayro::hayro_syntax::Pdf, index: PageIndex) -> Option<serde_json::Value> {
    let open = OpenPage::open(pdf, index).ok()?;
    let image = open.scene().only_image()?;
    let pixels = open.decode(image, &Limits::DEFAULT).ok()?;
    let (tiles, dpi) = legibility::tiles(&pixels)?;
    Some(serde_json::json!({"dpi": dpi, "tiles": tiles}))
}

/// The facts of a page of which nothing else was looked at.
fn bare_page(index: PageIndex) -> PageFacts {
    PageFacts {
        page: index.number(),
        width_mm: Mm::new(210.0),
        height_mm: Mm::new(297.0),
        paper: None,
        landscape: false,
        rotate: 0,
        user_unit: 1.0,
        kind: PageKind::Scan,
        images: Vec::new(),
        text: Vec::new(),
        legibility: None,
        printed_annotations: 0,
        content_outside: false,
        perceptual_hash: None,
    }
}
