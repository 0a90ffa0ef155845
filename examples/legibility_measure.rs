//! Measures the pages of PDFs and prints one JSON object a page, for `bench/legibility.sh` and `calibration/`.
//!
//! `legibility_measure [--tiles] FILE…`; with `--tiles` also what the model sees of a page that is one image. `--make FILE` and
//! `--make-a3 FILE` write the pages that `bench/speed.sh` measures: A4 at 300 dpi and A3 at 600.
//! It parses in its own process: for files of one's own making, not for foreign ones.

#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::exit,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program of ours for the terminal: a fault shall stop it"
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
    let mut making = None;
    for name in std::env::args().skip(1) {
        if name == "--tiles" {
            with_tiles = true;
            continue;
        }
        if name == "--make" || name == "--make-a3" {
            making = Some(if name == "--make" { (A4, 1) } else { (A3, 2) });
            continue;
        }
        if let Some((sheet, scale)) = making {
            if let Err(error) = std::fs::write(&name, page_of_strokes(sheet, scale)) {
                eprintln!("{name}: {error}");
            }
            return;
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
    serde_json::to_value(legibility::seen(&pixels)?).ok()
}

/// The facts of a page of which nothing else was looked at.
fn bare_page(index: PageIndex) -> PageFacts {
    PageFacts {
        page: index.number(),
        width_mm: Mm::new(210.0),
        height_mm: Mm::new(297.0),
        media_box: [0.0; 4],
        crop_box: [0.0; 4],
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
        page_hash: None,
    }
}

/// Sheets in pixels at 300 dpi.
const A4: (u32, u32) = (2_480, 3_508);
const A3: (u32, u32) = (3_508, 4_961);

/// A page in colour at `scale` times 300 dpi as a scanner writes it: lines of strokes, a red ring, the grain of paper.
fn page_of_strokes((wide, tall): (u32, u32), scale: u32) -> Vec<u8> {
    let (width, height) = (wide * scale, tall * scale);
    let mut state = 1_u32;
    let mut random = move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state >> 8
    };
    let mut page = image::RgbImage::from_fn(width, height, |_, _| {
        let grain = (random() % 9) as u8;
        image::Rgb([240 + grain, 238 + grain, 232 + grain])
    });
    let mut stroke = |x: u32, y: u32, w: u32, h: u32, colour: [u8; 3]| {
        for y in y * scale..((y + h) * scale).min(height) {
            for x in x * scale..((x + w) * scale).min(width) {
                page.put_pixel(x, y, image::Rgb(colour));
            }
        }
    };
    let mut pick = 7_u32;
    for line in 0..(tall - 556) / 82 {
        for cell in 0..(wide - 580) / 50 {
            let (x, y) = (290 + cell * 50, 320 + line * 82);
            for _ in 0..9 {
                pick = pick.wrapping_mul(1_103_515_245).wrapping_add(12_345);
                let (dx, dy) = ((pick >> 8) % 30, (pick >> 16) % 38);
                if pick & 64 == 0 {
                    stroke(x + dx / 4, y + dy, 34 - dx / 4, 3, [40, 40, 44]);
                } else {
                    stroke(x + dx, y + dy / 4, 4, 38 - dy / 4, [40, 40, 44]);
                }
            }
        }
    }
    for step in 0..1_500_u32 {
        let angle = f64::from(step) / 1_500.0 * std::f64::consts::TAU;
        let (x, y) = (1_800.0 + 240.0 * angle.cos(), 2_900.0 + 240.0 * angle.sin());
        stroke(x as u32, y as u32, 12, 12, [214, 48, 52]);
    }
    let mut jpeg = Vec::new();
    let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut jpeg, 85);
    if page.write_with_encoder(encoder).is_err() {
        return Vec::new();
    }
    let mut out = b"%PDF-1.4\n".to_vec();
    let mut offsets = Vec::new();
    let mut object = |out: &mut Vec<u8>, head: &str, data: &[u8]| {
        offsets.push(out.len());
        out.extend(format!("{} 0 obj\n{head}", offsets.len()).bytes());
        if !data.is_empty() {
            out.extend(b"stream\n");
            out.extend(data);
            out.extend(b"\nendstream");
        }
        out.extend(b"\nendobj\n");
        offsets.clone()
    };
    object(&mut out, "<< /Type /Catalog /Pages 2 0 R >>\n", b"");
    object(&mut out, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>\n", b"");
    let [wide, tall] = [wide, tall].map(|pixels| f64::from(pixels) * 72.0 / 300.0);
    let page = format!(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {wide} {tall}] /Resources << /XObject << /Im 4 0 R >> >> /Contents 5 0 R >>\n"
    );
    object(&mut out, &page, b"");
    let head = format!(
        "<< /Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode /Length {} >>\n",
        jpeg.len()
    );
    object(&mut out, &head, &jpeg);
    let content = format!("q {wide} 0 0 {tall} 0 0 cm /Im Do Q");
    let head = format!("<< /Length {} >>\n", content.len());
    let offsets = object(&mut out, &head, content.as_bytes());
    let start = out.len();
    out.extend(b"xref\n0 6\n0000000000 65535 f \n");
    for offset in offsets {
        out.extend(format!("{offset:010} 00000 n \n").bytes());
    }
    out.extend(format!("trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n").bytes());
    out
}
