//! The pixels of one image, as stored: JPEG at the scale needed, everything else through `hayro`'s decoders.

use hayro::{
    hayro_interpret::{
        BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageData, ImageDrawProps,
        LumaData, Paint, SoftMask, font::GlyphRun,
    },
    hayro_syntax::{
        Pdf,
        object::{Object, ObjectIdentifier, Stream},
        page::Page,
    },
    kurbo::BezPath,
};

use super::{Layout, PlacedImage, Raster, RenderError, jpeg, scene};
use crate::limits::Limits;

/// Decodes an image that is `finer` times as fine as needed.
pub(super) fn decode(
    pdf: &Pdf,
    page: &Page<'_>,
    image: &PlacedImage,
    finer: f64,
    limits: &Limits,
) -> Result<Raster, RenderError> {
    let pixels = u64::from(image.width) * u64::from(image.height);
    if pixels > limits.image_pixels {
        return Err(RenderError::TooManyPixels {
            pixels,
            allowed: limits.image_pixels,
        });
    }
    if let Some(raster) = direct_jpeg(pdf, image, finer, limits) {
        return raster;
    }
    let mut device = Decoding {
        wanted: image.object,
        at: image.transform.as_coeffs(),
        stencil: image.stencil,
        found: None,
    };
    scene::walk(page, &mut device);
    device.found.ok_or(RenderError::Undecodable)
}

/// A JPEG whose colours need no second look, decoded without the interpreter; `None` when it is not such a one.
fn direct_jpeg(
    pdf: &Pdf,
    image: &PlacedImage,
    finer: f64,
    limits: &Limits,
) -> Option<Result<Raster, RenderError>> {
    if image.stencil || image.object.obj_number == 0 {
        return None;
    }
    let stream = pdf.xref().get::<Stream<'_>>(image.object)?;
    let dict = stream.dict();
    let is_jpeg = matches!(image.filter.as_deref(), Some("DCTDecode" | "DCT"));
    if !is_jpeg || stream.filters().len() != 1 || dict.contains_key(b"Decode".as_slice()) {
        return None;
    }
    // An indexed or separated colour space gives the samples another meaning.
    match dict.get::<Object<'_>>(b"ColorSpace".as_slice())? {
        Object::Name(name) if matches!(name.as_ref(), b"DeviceRGB" | b"DeviceGray") => {}
        Object::Array(array) => {
            let kind = array.iter::<Object<'_>>().next()?.into_name()?;
            if !matches!(kind.as_ref(), b"ICCBased" | b"CalRGB" | b"CalGray") {
                return None;
            }
        }
        _ => return None,
    }
    let data = stream.raw_data();
    match jpeg::decode(&data, (image.width, image.height), finer, limits) {
        Err(jpeg::Failure::NotMine) => None,
        Err(jpeg::Failure::Failed(error)) => Some(Err(error)),
        Ok(raster) => Some(Ok(raster)),
    }
}

/// Luma and colour differences of RGB pixels `step` bytes apart; grey when no pixel has colour.
#[expect(
    clippy::indexing_slicing,
    reason = "pixel loop over exact chunks of `step` ≥ 3 bytes"
)]
pub(super) fn from_rgb(width: usize, height: usize, rgb: &[u8], step: usize) -> Option<Raster> {
    let coloured = rgb
        .chunks_exact(step)
        .any(|p| p[0].abs_diff(p[1]) > 8 || p[1].abs_diff(p[2]) > 8 || p[0].abs_diff(p[2]) > 8);
    let count = width.checked_mul(height)?;
    if !coloured {
        let data = rgb.chunks_exact(step).take(count).map(|p| luma(p) as u8);
        return Raster::new(width, height, Layout::Grey, data.collect());
    }
    let mut data = Vec::with_capacity(count * 3);
    for p in rgb.chunks_exact(step).take(count) {
        data.extend_from_slice(&ycbcr(p));
    }
    Raster::new(width, height, Layout::Ycbcr, data)
}

/// Light and colour in the place of red, green and blue: a large picture is not there twice.
pub(super) fn ycbcr_in_place(rgb: &mut [u8]) {
    for p in rgb.chunks_exact_mut(3) {
        let of = ycbcr(p);
        p.copy_from_slice(&of);
    }
}

#[expect(clippy::indexing_slicing, reason = "pixels of at least three samples")]
fn luma(p: &[u8]) -> i32 {
    let [r, g, b] = [p[0], p[1], p[2]].map(i32::from);
    (19_595 * r + 38_470 * g + 7_471 * b + 32_768) >> 16
}

#[expect(clippy::indexing_slicing, reason = "pixels of at least three samples")]
fn ycbcr(p: &[u8]) -> [u8; 3] {
    let y = luma(p);
    let cb = 128 + ((i32::from(p[2]) - y) * 36_984 + 32_768) / 65_536;
    let cr = 128 + ((i32::from(p[0]) - y) * 46_728 + 32_768) / 65_536;
    [y as u8, cb.clamp(0, 255) as u8, cr.clamp(0, 255) as u8]
}

/// Stops at the one image that is wanted and keeps its pixels.
struct Decoding {
    wanted: ObjectIdentifier,
    at: [f64; 6],
    stencil: bool,
    found: Option<Raster>,
}

impl<'a> Device<'a> for Decoding {
    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn draw_glyph_run(&mut self, _: &GlyphRun<'_, 'a>, _: DrawProps<'a>, _: &DrawMode) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        // The very numbers of the first look: this is the same walk again.
        let same = props
            .transform
            .as_coeffs()
            .iter()
            .zip(self.at)
            .all(|(a, b)| a.to_bits() == b.to_bits());
        if self.found.is_some() || !same {
            return;
        }
        match image {
            Image::Raster(raster) if !self.stencil && raster.stream().obj_id() == self.wanted => {
                let mut found = None;
                raster.with_rgba(|pixels, alpha| found = from_decoded(pixels, alpha), None);
                self.found = found;
            }
            Image::Stencil(stencil) if self.stencil && stencil.stream().obj_id() == self.wanted => {
                let mut found = None;
                stencil.with_stencil(
                    |mask, paint| {
                        let ink = match paint {
                            Paint::Color(color) => {
                                let [r, g, b, _] = color.to_rgba().to_rgba8().map(u32::from);
                                (r * 19_595 + g * 38_470 + b * 7_471) >> 16
                            }
                            Paint::Pattern(_) => 0,
                        };
                        let mut data = mask.data;
                        for value in &mut data {
                            *value = (255 - u32::from(*value) * (255 - ink) / 255) as u8;
                        }
                        found = Raster::new(
                            mask.width as usize,
                            mask.height as usize,
                            Layout::Grey,
                            data,
                        );
                    },
                    None,
                );
                self.found = found;
            }
            Image::Raster(_) | Image::Stencil(_) => {}
        }
    }
}

fn from_decoded(mut pixels: ImageData, alpha: Option<LumaData>) -> Option<Raster> {
    if let Some(alpha) = alpha {
        on_white(&mut pixels, &alpha);
    }
    let raster = match pixels {
        ImageData::Luma(luma) => {
            let (width, height) = (luma.width as usize, luma.height as usize);
            Raster::new(width, height, Layout::Grey, luma.data)?
        }
        ImageData::Rgb(rgb) => from_rgb(rgb.width as usize, rgb.height as usize, &rgb.data, 3)?,
    };
    Some(halve_if_large(raster))
}

/// Lays what has a mask on white, as it is seen on paper; a mask of another size is left alone.
fn on_white(pixels: &mut ImageData, alpha: &LumaData) {
    let (data, step, count) = match pixels {
        ImageData::Luma(luma) => (&mut luma.data, 1, luma.width * luma.height),
        ImageData::Rgb(rgb) => (&mut rgb.data, 3, rgb.width * rgb.height),
    };
    if alpha.width * alpha.height != count {
        return;
    }
    for (pixel, alpha) in data.chunks_exact_mut(step).zip(&alpha.data) {
        for value in pixel {
            let kept = u16::from(*value) * u16::from(*alpha) / 255;
            *value = (kept + 255 - u16::from(*alpha)).min(255) as u8;
        }
    }
}

/// Above 40 million pixels every second pixel in each direction is as good for what is measured, and a quarter of the memory.
#[expect(
    clippy::indexing_slicing,
    reason = "pixel loop within the bounds of the raster"
)]
fn halve_if_large(raster: Raster) -> Raster {
    if raster.width * raster.height < 40_000_000 {
        return raster;
    }
    let step = raster.step();
    let (width, height) = (raster.width / 2, raster.height / 2);
    let mut data = Vec::with_capacity(width * height * step);
    for y in 0..height {
        let (a, b) = (raster.row(2 * y), raster.row(2 * y + 1));
        for x in 0..width {
            for s in 0..step {
                let (i, j) = (2 * x * step + s, (2 * x + 1) * step + s);
                let sum = u16::from(a[i]) + u16::from(a[j]) + u16::from(b[i]) + u16::from(b[j]);
                data.push(((sum + 2) / 4) as u8);
            }
        }
    }
    Raster::new(width, height, raster.layout, data).unwrap_or(raster)
}
