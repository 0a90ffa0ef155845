//! Pass and fail files of LG101–LG109: half a page in grey without tone, so that each stays small.

use std::path::Path;

use image::{GrayImage, Luma, imageops};
use serde_json::json;

use crate::{
    raw_pdf::{PageSpec, RawPdf},
    sample::Pages,
    scan::Scanner,
    write,
};

/// Resolution of the good scan.
const DPI: f64 = 200.0;

pub fn make(fixtures: &Path) {
    let put = |code: &str, name: &str, bytes: &[u8]| {
        write(&fixtures.join("checks").join(code).join(name), bytes);
    };
    let pages = Pages::open();
    let scanned = |skew_deg: f32| {
        let scanner = Scanner {
            skew_deg,
            ..Scanner::new(41)
        };
        let picture = pages.scanned("commitment", &json!({}), scanner).remove(0);
        let grey = image::load_from_memory(&picture.jpeg).unwrap().to_luma8();
        toneless(&grey)
    };
    let sheet = scanned(0.3);
    let width = sheet.width();
    let half = imageops::crop_imm(&sheet, 0, 0, width, between_lines(&sheet)).to_image();
    let good = pdf(&half, DPI);
    for code in [
        "LG101", "LG102", "LG103", "LG104", "LG105", "LG106", "LG107", "LG108",
    ] {
        put(code, "pass-a.pdf", &good);
    }

    let sized = |image: &GrayImage, dpi: f64| {
        let scale = |pixels: u32| (f64::from(pixels) * dpi / DPI).round() as u32;
        let (w, h) = image.dimensions();
        imageops::resize(image, scale(w), scale(h), imageops::FilterType::Triangle)
    };
    put("LG101", "fail-a.pdf", &pdf(&sized(&half, 100.0), 100.0));
    let coarse = sized(&half, 60.0);
    let (w, h) = half.dimensions();
    let blown_up = imageops::resize(&coarse, w, h, imageops::FilterType::CatmullRom);
    put("LG101", "fail-b.pdf", &pdf(&blown_up, DPI));

    let soft = imageops::blur(&half, 9.0);
    put("LG102", "fail-a.pdf", &pdf(&soft, DPI));
    put("LG102", "fail-b.pdf", &pdf(&sized(&half, 36.0), 36.0));

    let blank = GrayImage::from_pixel(w, h, Luma([250]));
    put("LG103", "fail-a.pdf", &pdf(&blank, DPI));

    let mut partly = half.clone();
    let corner = imageops::crop_imm(&soft, w / 2, 0, w - w / 2, h).to_image();
    imageops::replace(&mut partly, &corner, i64::from(w / 2), 0);
    put("LG104", "fail-a.pdf", &pdf(&partly, DPI));

    put(
        "LG105",
        "fail-a.pdf",
        &pdf(&imageops::rotate180(&half), DPI),
    );
    put("LG105", "fail-b.pdf", &pdf(&imageops::rotate90(&half), DPI));

    let askew = scanned(4.5);
    let askew = imageops::crop_imm(&askew, 0, 0, width, h).to_image();
    put("LG106", "fail-a.pdf", &pdf(&askew, DPI));

    let cut = imageops::crop_imm(&half, 0, 0, w * 7 / 10, h).to_image();
    put("LG107", "fail-a.pdf", &pdf(&cut, DPI));

    let mut lid_open = half.clone();
    for (x, y, pixel) in lid_open.enumerate_pixels_mut() {
        if x < 70 || y > h - 60 {
            pixel.0 = [18];
        }
    }
    put("LG108", "fail-a.pdf", &pdf(&lid_open, DPI));

    let text = |size: f64| {
        let lines: String = (0..12)
            .map(|n| {
                format!(
                    "1 0 0 1 72 {} Tm (Sample of a table squeezed onto a smaller sheet) Tj ",
                    700 - 20 * n
                )
            })
            .collect();
        let content = format!("BT /F1 {size} Tf {lines} ET");
        RawPdf::pages(&[PageSpec {
            content: &content,
            resources: "/Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>",
            ..PageSpec::default()
        }])
    };
    put("LG109", "pass-a.pdf", &text(10.5));
    put("LG109", "fail-a.pdf", &text(4.0));

    put("LG101", "pass-background.pdf", &over_background());
    stamped(&pages, &|code, name, bytes| put(code, name, &bytes));
}

/// The first row below the middle in which nothing stands: a page cut there cuts no line.
fn between_lines(sheet: &GrayImage) -> u32 {
    let (width, height) = sheet.dimensions();
    let empty = |y: u32| (0..width).all(|x| sheet.get_pixel(x, y).0[0] > 200);
    let clear = |y: &u32| (*y..*y + 8).all(empty);
    (height / 2..height - 8).find(clear).unwrap_or(height / 2) + 4
}

/// A short letter with a stamp set askew: neither the page is skewed (LG106) nor is the seal's number small type (LG109),
/// and the seal is found (SE101) unless it or all colour is gone.
fn stamped(pages: &Pages, put: &dyn Fn(&str, &str, Vec<u8>)) {
    let scanner = Scanner {
        skew_deg: 0.2,
        quality: 45,
        ..Scanner::new(43)
    };
    let picture = pages.scanned("turned-stamp", &json!({}), scanner.dpi(150.0));
    let sheet = image::load_from_memory(&picture[0].jpeg).unwrap().to_rgb8();
    let (width, height) = sheet.dimensions();
    let half = imageops::crop_imm(&sheet, 0, 0, width, height / 2).to_image();
    let grey = imageops::grayscale(&half);
    let sealed = colour_pdf(&half, 150.0);
    put("LG106", "pass-stamp.pdf", sealed.clone());
    put("LG109", "pass-stamp.pdf", sealed.clone());
    put("SE101", "pass-a.pdf", sealed);
    let top = imageops::crop_imm(&half, 0, 0, width, height * 3 / 10).to_image();
    put("SE101", "fail-a.pdf", colour_pdf(&top, 150.0));
    put("SE101", "fail-grey.pdf", pdf(&grey, 150.0));
}

/// A page of drawn text on a pale picture of 18 dpi, as reports from the web have it.
fn over_background() -> Vec<u8> {
    let ground = image::RgbImage::from_fn(149, 211, |x, y| {
        let wave = ((x as f32 * 0.21).sin() + (y as f32 * 0.17).cos()) * 2.0;
        image::Rgb([246.0, 250.0, 252.0].map(|base: f32| (base + wave) as u8))
    });
    let mut jpeg = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut jpeg, 88)
        .encode_image(&ground)
        .unwrap();
    let mut pdf = RawPdf::new();
    let picture = pdf.jpeg(&jpeg, ground.dimensions(), "/DeviceRGB");
    let lines: String = (0..12)
        .map(|n| {
            format!(
                "1 0 0 1 72 {} Tm (A report of the register, set over its pale ground) Tj ",
                700 - 20 * n
            )
        })
        .collect();
    let root = pdf.add_pages(
        &[PageSpec {
            content: &format!("q 595 0 0 842 0 0 cm /Im Do Q BT /F1 12 Tf {lines} ET"),
            resources: &format!(
                "/XObject << /Im {picture} 0 R >> /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"
            ),
            ..PageSpec::default()
        }],
        "",
    );
    pdf.finish(root)
}

/// A PDF of one page that is this picture in colour.
fn colour_pdf(image: &image::RgbImage, dpi: f64) -> Vec<u8> {
    let mut jpeg = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut jpeg, 45)
        .encode_image(image)
        .unwrap();
    RawPdf::of_jpeg(&jpeg, image.dimensions(), "/DeviceRGB", dpi)
}

/// Paper made white and ink black, with the greys of the edges between: small as a file, and as sharp as before.
fn toneless(image: &GrayImage) -> GrayImage {
    let mut out = image.clone();
    for pixel in out.pixels_mut() {
        let value = (f32::from(pixel.0[0]) - 70.0) / (205.0 - 70.0) * 255.0;
        pixel.0 = [value.clamp(0.0, 255.0) as u8];
    }
    out
}

/// A PDF of one page that is this picture.
fn pdf(image: &GrayImage, dpi: f64) -> Vec<u8> {
    let mut jpeg = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut jpeg, 30)
        .encode_image(image)
        .unwrap();
    RawPdf::of_jpeg(&jpeg, image.dimensions(), "/DeviceGray", dpi)
}
