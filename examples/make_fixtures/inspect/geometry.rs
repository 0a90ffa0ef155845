//! PG101 and PG102: paper and the way up, in pairs just inside and just outside of what is wanted.

use std::path::Path;

use super::{Put, writers::FONT};
use crate::{
    raw_pdf::{PageSpec, RawPdf},
    write,
};

const CONTENT: &str = "BT /F1 20 Tf 72 300 Td (sample) Tj ET";

fn pages(boxes: &[(&str, &str)]) -> Vec<u8> {
    let pages: Vec<PageSpec<'_>> = boxes
        .iter()
        .map(|(media_box, extra)| PageSpec {
            content: CONTENT,
            resources: FONT,
            media_box,
            extra,
        })
        .collect();
    RawPdf::pages(&pages)
}

pub(super) fn make(fixtures: &Path, put: Put<'_>) {
    const A4: &str = "0 0 595.276 841.89";
    const LYING: &str = "0 0 841.89 595.276";
    for (code, slot) in [("PG101", "degree"), ("PG102", "degree")] {
        write(
            &fixtures.join("checks").join(code).join("case.toml"),
            format!("notice = \"lianyungang-gongxin-kaohe-2024\"\nslot = \"{slot}\"\n").as_bytes(),
        );
    }
    put("PG101", "pass-a4", &pages(&[(A4, "")]));
    // 1.9 mm too wide; 210 × 297 mm at twice the size, half the unit.
    put("PG101", "pass-within", &pages(&[("0 0 600.66 841.89", "")]));
    put(
        "PG101",
        "pass-cropped",
        &pages(&[("0 0 700 900", "/CropBox [50 20 645.276 861.89]")]),
    );
    put(
        "PG101",
        "pass-user-unit",
        &pages(&[("0 0 297.638 420.945", "/UserUnit 2")]),
    );
    put("PG101", "fail-beyond", &pages(&[("0 0 601.8 841.89", "")]));
    put("PG101", "fail-letter", &pages(&[("0 0 612 792", "")]));
    put("PG102", "pass-upright", &pages(&[(A4, ""), (A4, "")]));
    put(
        "PG102",
        "pass-turned",
        &pages(&[(A4, ""), (LYING, "/Rotate 90")]),
    );
    put(
        "PG102",
        "fail-lying",
        &pages(&[(A4, ""), (A4, ""), (LYING, "")]),
    );
    put(
        "PG102",
        "fail-rotated",
        &pages(&[(A4, ""), (A4, "/Rotate 270")]),
    );
}
