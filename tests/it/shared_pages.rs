//! Pages of a long scan that several workers measure.

use std::io::Write as _;

use juanzong::{
    inspect::{self, Inspection},
    limits::Limits,
    sandbox::{Inspected, Pool, PoolConfig},
};

use crate::{
    legibility::pages::screen,
    support::raw_pdf::{PageSpec, RawPdf},
};

/// A scan of so many sheets at 150 dpi, every third of which lies on its side.
fn scanned(sheets: usize) -> Vec<u8> {
    let picture = screen(150.0);
    let mut jpeg = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut jpeg, 85)
        .encode_image(&picture)
        .unwrap();
    let mut pdf = RawPdf::new();
    let picture = pdf.jpeg(&jpeg, picture.dimensions(), "/DeviceGray");
    let resources = format!("/XObject << /Im {picture} 0 R >>");
    let sheet = |n: usize| PageSpec {
        content: "q 595.276 0 0 841.89 0 0 cm /Im Do Q",
        resources: &resources,
        extra: if n % 3 == 2 { "/Rotate 90" } else { "" },
        ..PageSpec::default()
    };
    let sheets: Vec<PageSpec<'_>> = (0..sheets).map(sheet).collect();
    let root = pdf.add_pages(&sheets, "");
    pdf.finish(root)
}

fn pool(workers: usize) -> Pool {
    Pool::start(PoolConfig {
        program: env!("CARGO_BIN_EXE_juanzong").into(),
        arguments: vec!["worker".to_owned()],
        workers,
        // A busy machine is no reason to stop.
        limits: Limits {
            inspect_deadline_ms: 120_000,
            worker_cpu_seconds: 120,
            ..Limits::DEFAULT
        },
    })
    .unwrap()
}

fn inspected(pool: &Pool, bytes: &[u8]) -> Inspected {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    pool.inspect(&file).unwrap()
}

/// Facts as they are written down: of the document, then of each page.
fn written(mut inspection: Inspection) -> Vec<String> {
    let pages = std::mem::take(&mut inspection.pages);
    let document = serde_json::to_string(&inspection).unwrap();
    let pages = pages
        .iter()
        .map(|page| serde_json::to_string(page).unwrap());
    std::iter::once(document).chain(pages).collect()
}

#[test]
fn pages_of_a_long_scan_are_shared_and_say_what_they_say_to_one_worker() {
    let scan = scanned(14);
    let (one, many) = (pool(1), pool(3));
    let alone = inspected(&one, &scan);
    let shared = inspected(&many, &scan);
    assert_eq!(one.state().jobs, 1);
    // Reading the file, and a worker for every 25 million pixels: a sheet has two million, and is looked at as if it had five.
    assert_eq!(many.state().jobs, 4);
    assert_eq!(shared.inspection.pages.len(), 14);
    for page in &shared.inspection.pages {
        let turned = if page.page.value() % 3 == 0 { 90 } else { 0 };
        let legibility = page.legibility.as_ref().unwrap();
        assert_eq!(legibility.orientation_deg, Some(turned), "{:?}", page.page);
        assert!(page.page_hash.is_some());
    }
    assert!(shared.cost.peak_bytes > 0);
    assert!(shared.cost.cpu_ms * 2 > alone.cost.cpu_ms);
    let (shared, alone) = (written(shared.inspection), written(alone.inspection));
    assert_eq!(shared.len(), alone.len());
    for (shared, alone) in shared.iter().zip(&alone) {
        assert_eq!(shared, alone);
    }
}

#[test]
fn a_short_scan_is_left_to_one_worker() {
    let many = pool(3);
    let inspected = inspected(&many, &scanned(4));
    assert_eq!(many.state().jobs, 1);
    let pages = inspected.inspection.pages.iter();
    assert_eq!(pages.filter(|page| page.legibility.is_some()).count(), 4);
}

#[test]
fn pages_beyond_the_limit_are_measured_by_nobody() {
    let limits = Limits {
        measured_pixels: 50_000_000,
        measured_pixels_per_byte: 0,
        ..Limits::DEFAULT
    };
    let begun = inspect::begin(scanned(24), &limits, true);
    let shares: Vec<usize> = begun.shares(4).iter().map(Vec::len).collect();
    assert_eq!(shares.len(), 2, "{shares:?}");
    assert!(shares[0].abs_diff(shares[1]) <= 1, "{shares:?}");
    let left: usize = shares.iter().sum();
    assert_eq!(left, begun.left.len());
    assert!((5..20).contains(&left), "{left}");
}
