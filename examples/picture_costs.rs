//! What decoding pictures costs by their filter: `picture_costs FILE…` decodes every picture of at least 100 000 pixels on
//! the first twenty pages of each file and prints nanoseconds a pixel. The weights in `inspect/content/pictures.rs` come
//! from it. It parses in its own process: for files one knows.

#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program of ours for the terminal: a fault shall stop it"
)]

use std::{
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind},
    time::Duration,
};

use hayro_syntax::Pdf;
use juanzong::{inspect::raster::OpenPage, limits::Limits, units::PageIndex};
use rustix::time::{ClockId, clock_gettime};

fn main() {
    let mut by_filter: BTreeMap<String, Vec<(u64, f64)>> = BTreeMap::new();
    for name in std::env::args().skip(1) {
        let bytes = std::fs::read(&name).unwrap();
        let Ok(pdf) = Pdf::new(bytes) else { continue };
        for page in 0..pdf.pages().len().min(20) {
            let timed = catch_unwind(AssertUnwindSafe(|| {
                of_page(&pdf, PageIndex::new(page as u32))
            }));
            for (filter, pixels, spent) in timed.unwrap_or_default() {
                by_filter.entry(filter).or_default().push((pixels, spent));
            }
        }
    }
    println!(
        "{:<16} {:>8} {:>12} {:>10} {:>10}",
        "filter", "pictures", "pixels", "ns/pixel", "worst"
    );
    for (filter, costs) in by_filter {
        let pixels: u64 = costs.iter().map(|(pixels, _)| pixels).sum();
        let spent: f64 = costs.iter().map(|(_, spent)| spent).sum();
        let worst = costs
            .iter()
            .map(|(pixels, spent)| spent / *pixels as f64)
            .fold(0.0, f64::max);
        println!(
            "{filter:<16} {:>8} {pixels:>12} {:>10.1} {worst:>10.1}",
            costs.len(),
            spent / pixels as f64
        );
    }
}

fn of_page(pdf: &Pdf, page: PageIndex) -> Vec<(String, u64, f64)> {
    let used = || Duration::try_from(clock_gettime(ClockId::ProcessCPUTime)).unwrap();
    let Ok(open) = OpenPage::open(pdf, page) else {
        return Vec::new();
    };
    let mut costs = Vec::new();
    for image in &open.scene().images {
        let pixels = u64::from(image.width) * u64::from(image.height);
        if !(100_000..=Limits::DEFAULT.image_pixels).contains(&pixels) {
            continue;
        }
        let before = used();
        let decoded = open.decode(image, &Limits::DEFAULT);
        let spent = used().saturating_sub(before).as_nanos() as f64;
        if decoded.is_ok() {
            costs.push((
                image.filter.clone().unwrap_or_else(|| "raw".to_owned()),
                pixels,
                spent,
            ));
        }
    }
    costs
}
