//! From a page to its scan: rasterised, laid askew on the glass, with paper tone, grain and uneven seal ink,
//! as JPEG inside a PDF written object by object.

use std::fmt::Write as _;

use hayro::{
    RenderCache, RenderSettings, hayro_interpret::InterpreterSettings, hayro_syntax::Pdf,
    vello_cpu::color::palette::css::WHITE,
};
use image::{ExtendedColorType, RgbImage, codecs::jpeg::JpegEncoder};

use crate::{
    noise::{Noise, smooth},
    raw_pdf::RawPdf,
    text_font::{Embedding, TextFont},
};

/// How a page is scanned.
#[derive(Clone, Copy)]
pub struct Scanner {
    pub dpi: f32,
    /// Positive turns the paper clockwise.
    pub skew_deg: f32,
    pub seed: u64,
    /// JPEG quality.
    pub quality: u8,
    /// Radius of a blur in pixels; 0 for a scanner in focus.
    pub blur_px: usize,
}

impl Scanner {
    pub fn new(seed: u64) -> Scanner {
        let skews = [0.2, -0.35, 0.55, -0.15, 0.4, -0.6, 0.1];
        Scanner {
            dpi: 200.0,
            skew_deg: skews[seed as usize % skews.len()],
            seed,
            quality: 58,
            blur_px: 0,
        }
    }
    pub fn dpi(self, dpi: f32) -> Scanner {
        Scanner { dpi, ..self }
    }
}

/// One scanned page.
pub struct Picture {
    pub width: u32,
    pub height: u32,
    pub dpi: f32,
    pub jpeg: Vec<u8>,
}

/// Scans every page of a PDF.
pub fn scan(pdf: &[u8], scanner: Scanner) -> Vec<Picture> {
    let pdf = Pdf::new(pdf.to_vec()).unwrap();
    let pages = pdf.pages();
    (0..pages.len())
        .map(|index| {
            let page = &pages[index];
            let scale = scanner.dpi / 72.0;
            let settings = hayro::PixmapSettings {
                x_scale: scale,
                y_scale: scale,
                bg_color: WHITE,
            };
            let pixels = hayro::render(
                page,
                &RenderCache::new(),
                &InterpreterSettings::default(),
                &RenderSettings::default(),
                &settings,
            );
            let (width, height) = (u32::from(pixels.width()), u32::from(pixels.height()));
            let mut clean = RgbImage::new(width, height);
            for (to, from) in clean.pixels_mut().zip(pixels.data()) {
                to.0 = [from.r, from.g, from.b];
            }
            let scanner = Scanner {
                seed: scanner.seed * 31 + index as u64,
                skew_deg: scanner.skew_deg * if index % 2 == 0 { 1.0 } else { -0.6 },
                ..scanner
            };
            picture(&on_glass(&clean, scanner), scanner)
        })
        .collect()
}

fn picture(image: &RgbImage, scanner: Scanner) -> Picture {
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, scanner.quality)
        .encode(
            image.as_raw(),
            image.width(),
            image.height(),
            ExtendedColorType::Rgb8,
        )
        .unwrap();
    Picture {
        width: image.width(),
        height: image.height(),
        dpi: scanner.dpi,
        jpeg,
    }
}

/// What the scanner sees of a clean page.
fn on_glass(clean: &RgbImage, scanner: Scanner) -> RgbImage {
    let (width, height) = clean.dimensions();
    let (cx, cy) = (width as f32 / 2.0, height as f32 / 2.0);
    let (sin, cos) = scanner.skew_deg.to_radians().sin_cos();
    let mut grain = Noise::new(scanner.seed);
    let unit = scanner.dpi / 200.0;
    let mut out = RgbImage::new(width, height);
    for (x, y, pixel) in out.enumerate_pixels_mut() {
        let (dx, dy) = (x as f32 - cx, y as f32 - cy);
        let from = (cx + dx * cos + dy * sin, cy - dx * sin + dy * cos);
        let mut colour = sample(clean, from);
        let (ux, uy) = (x as f32 / unit, y as f32 / unit);
        // seal ink does not cover evenly
        let red = colour[0] - colour[1].max(colour[2]);
        if red > 40.0 {
            let thin = 0.13
                + 0.16 * smooth(scanner.seed ^ 7, ux, uy, 9.0)
                + 0.10 * smooth(scanner.seed ^ 9, ux, uy, 2.5);
            let thin = thin.clamp(0.0, 0.6);
            colour = colour.map(|c| c + (246.0 - c) * thin);
        }
        // paper is not white, nor the lamp even; one edge of the sheet throws a shadow
        let tone = 1.0
            + 0.006 * smooth(scanner.seed ^ 1, ux, uy, 420.0)
            + 0.003 * smooth(scanner.seed ^ 2, ux, uy, 60.0);
        let shadow = 1.0 - 0.10 * (-(ux / 9.0)).exp();
        let paper = [0.988, 0.984, 0.968];
        let noise = grain.bell() * 1.5;
        for channel in 0..3 {
            let value = (colour[channel] * 0.93 + 14.0) * paper[channel] * tone * shadow + noise;
            pixel.0[channel] = value.clamp(0.0, 255.0) as u8;
        }
    }
    dust(&mut out, &mut grain, unit);
    for _ in 0..3 {
        out = blurred(&out, scanner.blur_px);
    }
    out
}

/// Between four pixels; what lies beside the paper is the lid.
fn sample(image: &RgbImage, (x, y): (f32, f32)) -> [f32; 3] {
    let (width, height) = image.dimensions();
    if x < 0.0 || y < 0.0 || x >= (width - 1) as f32 || y >= (height - 1) as f32 {
        return [238.0; 3];
    }
    let (x0, y0) = (x as u32, y as u32);
    let (fx, fy) = (x - x0 as f32, y - y0 as f32);
    let at = |dx, dy| image.get_pixel(x0 + dx, y0 + dy).0.map(f32::from);
    let (a, b, c, d) = (at(0, 0), at(1, 0), at(0, 1), at(1, 1));
    std::array::from_fn(|i| {
        let top = a[i] + (b[i] - a[i]) * fx;
        let bottom = c[i] + (d[i] - c[i]) * fx;
        top + (bottom - top) * fy
    })
}

fn dust(image: &mut RgbImage, grain: &mut Noise, unit: f32) {
    let (width, height) = image.dimensions();
    for _ in 0..14 {
        let x = (grain.unit() * (width - 4) as f32) as u32;
        let y = (grain.unit() * (height - 4) as f32) as u32;
        let size = 1 + (grain.unit() * 1.6 * unit) as u32;
        let shade = 120.0 + grain.unit() * 90.0;
        for (dx, dy) in (0..size).flat_map(|dx| (0..size).map(move |dy| (dx, dy))) {
            image.get_pixel_mut(x + dx, y + dy).0 = [shade as u8; 3];
        }
    }
}

/// A box blur of this radius, both ways.
fn blurred(image: &RgbImage, radius: usize) -> RgbImage {
    if radius == 0 {
        return image.clone();
    }
    let (width, height) = image.dimensions();
    let mut across = RgbImage::new(width, height);
    let mut down = RgbImage::new(width, height);
    let reach = radius as i64;
    let mean = |from: &RgbImage, x: u32, y: u32, dx: i64, dy: i64| -> [u8; 3] {
        let mut sum = [0_u32; 3];
        for step in -reach..=reach {
            let px = (i64::from(x) + dx * step).clamp(0, i64::from(width) - 1) as u32;
            let py = (i64::from(y) + dy * step).clamp(0, i64::from(height) - 1) as u32;
            let pixel = from.get_pixel(px, py).0;
            for channel in 0..3 {
                sum[channel] += u32::from(pixel[channel]);
            }
        }
        sum.map(|total| (total / (2 * radius as u32 + 1)) as u8)
    };
    for (x, y, pixel) in across.enumerate_pixels_mut() {
        pixel.0 = mean(image, x, y, 1, 0);
    }
    for (x, y, pixel) in down.enumerate_pixels_mut() {
        pixel.0 = mean(&across, x, y, 0, 1);
    }
    down
}

/// A PDF of scans, one a page, as a scanner's own program writes it.
pub fn to_pdf(pictures: &[Picture]) -> Vec<u8> {
    to_pdf_turned(pictures, 0)
}

/// The same with `/Rotate` on every page; the picture lies as the paper lay on the glass.
pub fn to_pdf_turned(pictures: &[Picture], rotate: u16) -> Vec<u8> {
    written(pictures, rotate, &[])
}

/// A searchable scan: the scanner's own reading of the first page lies invisibly over the picture.
pub fn to_searchable_pdf(pictures: &[Picture], read: &[Line]) -> Vec<u8> {
    written(pictures, 0, read)
}

/// A line that a scanner read: where its baseline begins in points, its size, its words.
pub type Line = (f64, f64, f64, &'static str);

fn written(pictures: &[Picture], rotate: u16, read: &[Line]) -> Vec<u8> {
    let mut pdf = RawPdf::new();
    pdf.version("1.5");
    let tree = pdf.reserve();
    let mut kids = String::new();
    for picture in pictures {
        let image = pdf.stream(
            &format!(
                "/Type /XObject /Subtype /Image /Width {} /Height {} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode",
                picture.width, picture.height
            ),
            &picture.jpeg,
        );
        let width = picture.width as f32 * 72.0 / picture.dpi;
        let height = picture.height as f32 * 72.0 / picture.dpi;
        let mut content = format!("q {width:.2} 0 0 {height:.2} 0 0 cm /Im0 Do Q\n");
        let mut fonts = String::new();
        if kids.is_empty() && !read.is_empty() {
            let font = TextFont::add(&mut pdf, Embedding::Named, &[], "", "");
            fonts = format!("/Font << /F1 {} 0 R >> ", font.object);
            for (x, y, size, words) in read {
                let words = font.string(words);
                let _ = writeln!(
                    content,
                    "BT 3 Tr /F1 {size} Tf 1 0 0 1 {x} {y} Tm {words} Tj ET"
                );
            }
        }
        let content = pdf.stream("", content.as_bytes());
        let turn = if rotate == 0 {
            String::new()
        } else {
            format!("/Rotate {rotate} ")
        };
        let page = pdf.add(format!(
            "<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 {width:.2} {height:.2}] {turn}/Resources << /ProcSet [/PDF /Text /ImageC] {fonts}/XObject << /Im0 {image} 0 R >> >> /Contents {content} 0 R >>"
        ));
        let _ = write!(kids, "{page} 0 R ");
    }
    pdf.set(
        tree,
        format!(
            "<< /Type /Pages /Kids [{kids}] /Count {} >>",
            pictures.len()
        ),
    );
    let info = pdf.add(
        "<< /Producer (SampleScan 3.2) /Creator (Office Copier SC-220) /CreationDate (D:20240731093000+08'00') >>",
    );
    pdf.trailer(&format!("/Info {info} 0 R"));
    let root = pdf.add(format!("<< /Type /Catalog /Pages {tree} 0 R >>"));
    pdf.finish(root)
}

/// The picture turned a quarter clockwise, as when a landscape sheet is fed upright.
pub fn turned(picture: &Picture) -> Picture {
    let image = image::load_from_memory(&picture.jpeg).unwrap().rotate270();
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, 62)
        .encode_image(&image)
        .unwrap();
    Picture {
        width: image.width(),
        height: image.height(),
        dpi: picture.dpi,
        jpeg,
    }
}
