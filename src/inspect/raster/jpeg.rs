//! JPEG at the scale needed: in full where detail counts, at 1/2 or 1/4 where a scan is finer than any measure looks.

use zune_jpeg::zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions};

use super::{Layout, RASTER_MEMORY, Raster, RenderError, samples::Samples};
use crate::limits::Limits;

/// Why a JPEG was not decoded here.
pub(super) enum Failure {
    /// Four components, or something else that the PDF's colour space has to explain.
    NotMine,
    /// It is broken, or too large.
    Failed(RenderError),
}

/// Decodes a JPEG that the PDF says has `declared` pixels and that is `finer` times as fine as needed.
pub(super) fn decode(
    data: &[u8],
    declared: (u32, u32),
    finer: f64,
    limits: &Limits,
) -> Result<Raster, Failure> {
    let options = DecoderOptions::default()
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX));
    let mut decoder = zune_jpeg::JpegDecoder::new_with_options(ZCursor::new(data), options);
    decoder.decode_headers().map_err(|_| Failure::NotMine)?;
    let info = decoder.info().ok_or(Failure::NotMine)?;
    // A header that disagrees with the PDF is left to the decoder that knows how to mend it.
    if (u32::from(info.width), u32::from(info.height)) != declared {
        return Err(Failure::NotMine);
    }
    let pixels = u64::from(info.width) * u64::from(info.height);
    if pixels > limits.image_pixels {
        return Err(Failure::Failed(RenderError::TooManyPixels {
            pixels,
            allowed: limits.image_pixels,
        }));
    }
    let (colour, layout, step) = match decoder.input_colorspace() {
        Some(ColorSpace::YCbCr) => (ColorSpace::YCbCr, Layout::Ycbcr, 3),
        Some(ColorSpace::Luma) => (ColorSpace::Luma, Layout::Grey, 1),
        Some(ColorSpace::RGB) => (ColorSpace::RGB, Layout::Ycbcr, 3),
        _ => return Err(Failure::NotMine),
    };
    // From 1.5 times as fine as needed on, half of it will do.
    let fine = finer >= 1.5;
    if (fine || pixels * step > RASTER_MEMORY.value()) && colour != ColorSpace::RGB {
        let scale = match finer {
            f if f >= 6.0 => 8,
            f if f >= 3.0 => 4,
            _ => 2,
        };
        if let Some(raster) = scaled(data, info.width, info.height, scale) {
            return Ok(raster);
        }
    }
    let options = options.jpeg_set_out_colorspace(colour);
    let mut decoder = zune_jpeg::JpegDecoder::new_with_options(ZCursor::new(data), options);
    let failed = Failure::Failed(RenderError::Undecodable);
    let (width, height) = (usize::from(info.width), usize::from(info.height));
    let mut samples = Samples::zeroed(width * height * step as usize);
    if decoder.decode_into(&mut samples).is_err() {
        return Err(failed);
    }
    let raster = if colour == ColorSpace::RGB {
        super::decode::from_rgb(width, height, &samples, 3)
    } else {
        Raster::of(width, height, layout, samples)
    };
    raster.ok_or(failed)
}

/// Decodes at a half or a quarter of the size, which costs a quarter or less of the memory.
fn scaled(data: &[u8], width: u16, height: u16, scale: u16) -> Option<Raster> {
    let mut decoder = jpeg_decoder::Decoder::new(data);
    decoder.set_max_decoding_buffer_size(512 * 1024 * 1024);
    decoder.read_info().ok()?;
    // It takes the next scale that is not smaller than what is asked for.
    decoder.scale(width / scale, height / scale).ok()?;
    let info = decoder.info()?;
    let mut samples = decoder.decode().ok()?;
    let (width, height) = (usize::from(info.width), usize::from(info.height));
    match info.pixel_format {
        jpeg_decoder::PixelFormat::L8 => Raster::new(width, height, Layout::Grey, samples),
        jpeg_decoder::PixelFormat::RGB24 => {
            super::decode::ycbcr_in_place(&mut samples);
            Raster::new(width, height, Layout::Ycbcr, samples)
        }
        _ => None,
    }
}
