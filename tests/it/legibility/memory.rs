//! What a large page takes of a worker.

use super::pages::screen;
use crate::support::raw_pdf::RawPdf;

#[test]
fn a_page_of_a3_at_600_dpi_fits_into_150_mb_of_a_worker() {
    // Text on paper that is not quite white, in colour.
    let text = screen(150.0);
    let page = image::RgbImage::from_fn(9_921, 7_016, |x, y| {
        let ink = text
            .get_pixel(x / 4 % text.width(), y / 4 % text.height())
            .0[0];
        image::Rgb([ink, ink, ink.saturating_sub(12)])
    });
    let mut jpeg = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut jpeg, 85)
        .encode_image(&page)
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a3.pdf");
    let file = RawPdf::of_jpeg(&jpeg, page.dimensions(), "/DeviceRGB", 600.0);
    juanzong::digest::write_atomically(&path, &file).unwrap();
    let out = std::process::Command::new(env!("CARGO_BIN_EXE_juanzong"))
        .args(["validate", "--format", "json"])
        .arg(&path)
        .output()
        .unwrap();
    let said: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    let report = said.get(0).unwrap_or(&said);
    let peak = report["cost"]["peak_bytes"].as_u64().unwrap();
    assert!((60_000_000..=150_000_000).contains(&peak), "{peak}");
}
