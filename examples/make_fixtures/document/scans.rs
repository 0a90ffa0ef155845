//! The report files of `fixtures/chsi/scans/`: printed and scanned, in grey, at three resolutions, more or less askew.
//!
//! Each is a page of `reports.rs`, rasterised, laid on the glass with paper tone and grain, and kept as grey JPEG.
//! `expected.json` says what stands on it; `bench/ocr.sh` prints how much of that a recogniser of this machine reads.

use std::{fmt::Write as _, path::Path};

use image::{ExtendedColorType, codecs::jpeg::JpegEncoder};
use serde_json::json;

use super::{
    cases::{between_marks, listed},
    layouts::Report,
    reports::{all_layouts, education_c},
    writers::{Writer, write},
};
use crate::{
    raw_pdf::RawPdf,
    scan::{Picture, Scanner, scan},
};

/// Which report, at which resolution, how far askew, and how the sheet lay: 0 upright, 90 on its side, 180 on its head.
const SCANS: &[(&str, f32, f32, u16)] = &[
    ("education-c", 200.0, 0.0, 0),
    ("education-c", 200.0, 0.6, 0),
    ("education-c", 200.0, -1.8, 0),
    ("education-c", 150.0, 0.3, 0),
    ("education-c", 300.0, -0.5, 0),
    ("education-c", 200.0, 0.2, 90),
    ("education-c", 200.0, -0.2, 180),
    ("education-b", 200.0, 0.4, 0),
    ("education-b", 300.0, 1.2, 0),
    ("education-a", 200.0, -0.4, 0),
    ("education-a", 150.0, 0.5, 0),
    ("degree-c", 200.0, 0.5, 0),
    ("degree-c", 150.0, -0.7, 0),
    ("degree-b", 200.0, -0.3, 0),
    ("degree-b", 300.0, 0.9, 0),
    ("student-c", 200.0, 0.7, 0),
    ("student-b", 200.0, -1.1, 0),
    ("certification-education", 200.0, 0.3, 0),
    ("certification-cdgdc", 200.0, -0.6, 0),
    ("cscse-foreign", 200.0, 0.4, 0),
];

fn report_of(name: &str) -> Report {
    let all = all_layouts();
    let found = all.into_iter().find(|(n, _)| *n == name);
    found.map_or_else(education_c, |(_, report)| report)
}

pub fn make(fixtures: &Path) {
    let folder = fixtures.join("chsi/scans");
    let mut list = Vec::new();
    let mut table = String::from(
        "| file | how it lay | kind | fields, each to be read so |\n|---|---|---|---|\n",
    );
    for (n, (name, dpi, skew, turned)) in SCANS.iter().enumerate() {
        let report = report_of(name);
        let printed = write(Writer::Subset, &[report.draw()]);
        let scanner = Scanner {
            skew_deg: *skew,
            ..Scanner::new(40 + n as u64).dpi(*dpi)
        };
        let pictures = scan(&printed, scanner);
        let file = format!("{:02}-{name}-{dpi}dpi.pdf", n + 1);
        crate::write(&folder.join(&file), &grey_pdf(&pictures, *turned, 42));
        let _ = writeln!(
            table,
            "| `{file}` | {dpi} dpi, {skew:.1}° askew{} | `{}` | {} |",
            match turned {
                90 => ", on its side",
                180 => ", on its head",
                _ => "",
            },
            report.wire_kind(),
            listed(&report.expected())
        );
        list.push(json!({
            "file": file, "dpi": dpi, "skew_deg": skew, "turned": turned,
            "kind": report.wire_kind(), "fields": report.expected(),
        }));
    }
    let text = serde_json::to_string_pretty(&list).expect("plain values");
    crate::write(&folder.join("expected.json"), (text + "\n").as_bytes());
    between_marks(&fixtures.join("../docs/chsi.md"), "scans", &table);
}

/// The pictures in grey, each a page, as the sheets lay.
pub(super) fn grey_pdf(pictures: &[Picture], turned: u16, quality: u8) -> Vec<u8> {
    let mut pdf = RawPdf::new();
    let tree = pdf.reserve();
    let mut kids = String::new();
    for picture in pictures {
        let grey = image::load_from_memory(&picture.jpeg).unwrap().to_luma8();
        let grey = match turned {
            90 => image::imageops::rotate90(&grey),
            180 => image::imageops::rotate180(&grey),
            _ => grey,
        };
        let (width, height) = grey.dimensions();
        let mut jpeg = Vec::new();
        JpegEncoder::new_with_quality(&mut jpeg, quality)
            .encode(grey.as_raw(), width, height, ExtendedColorType::L8)
            .unwrap();
        let image = pdf.stream(
            &format!("/Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /DCTDecode"),
            &jpeg,
        );
        let pt = |px: u32| px as f32 * 72.0 / picture.dpi;
        let (w, h) = (pt(width), pt(height));
        let content = pdf.stream(
            "",
            format!("q {w:.2} 0 0 {h:.2} 0 0 cm /Im0 Do Q\n").as_bytes(),
        );
        let page = pdf.add(format!(
            "<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 {w:.2} {h:.2}] /Resources << /XObject << /Im0 {image} 0 R >> >> /Contents {content} 0 R >>"
        ));
        kids += &format!("{page} 0 R ");
    }
    pdf.set(
        tree,
        format!(
            "<< /Type /Pages /Kids [{kids}] /Count {} >>",
            pictures.len()
        ),
    );
    let root = pdf.add(format!("<< /Type /Catalog /Pages {tree} 0 R >>"));
    pdf.finish(root)
}
