//! A page as PNG, with or without boxes drawn around what was found.

use hayro::vello_cpu::Pixmap;

use super::{OpenPage, RenderError};
use crate::{
    inspect,
    limits::Limits,
    units::{PageIndex, PtBox},
};

/// The page as PNG at `dpi`.
pub fn render_png(
    bytes: Vec<u8>,
    page: PageIndex,
    dpi: f64,
    limits: &Limits,
) -> Result<Vec<u8>, RenderError> {
    marked_png(bytes, page, dpi, &[], limits)
}

/// The page as PNG at `dpi`, with a frame around each box and its inside tinted.
///
/// The frame has a dark and a light line, so that it shows on any ground; colour alone carries nothing.
pub fn marked_png(
    bytes: Vec<u8>,
    page: PageIndex,
    dpi: f64,
    boxes: &[PtBox],
    limits: &Limits,
) -> Result<Vec<u8>, RenderError> {
    let pdf = inspect::open(bytes, limits).map_err(|_| RenderError::Unreadable)?;
    let open = OpenPage::open(&pdf, page)?;
    let mut pixmap = open.pixmap(dpi, limits)?;
    let (_, height_pt) = open.size_pt();
    for mark in boxes {
        draw_mark(&mut pixmap, *mark, height_pt, dpi);
    }
    png(&pixmap)
}

#[expect(
    clippy::indexing_slicing,
    reason = "pixel loop; both ends are clamped to the picture"
)]
fn draw_mark(pixmap: &mut Pixmap, mark: PtBox, height_pt: f64, dpi: f64) {
    let (width, height) = (i64::from(pixmap.width()), i64::from(pixmap.height()));
    let scale = dpi / 72.0;
    let px = |pt: f64| (pt * scale).round() as i64;
    // A frame two points wide stands outside of what it marks.
    let line = ((2.0 * scale).round() as i64).max(2);
    let (x0, x1) = (px(mark.x0.value()) - line, px(mark.x1.value()) + line);
    let (y0, y1) = (
        px(height_pt - mark.y1.value()) - line,
        px(height_pt - mark.y0.value()) + line,
    );
    let data = pixmap.data_as_u8_slice_mut();
    for y in y0.max(0)..y1.min(height) {
        for x in x0.max(0)..x1.min(width) {
            let depth = (x - x0).min(x1 - 1 - x).min(y - y0).min(y1 - 1 - y);
            let at = ((y * width + x) * 4) as usize;
            let pixel = &mut data[at..at + 4];
            if depth < line / 2 {
                pixel.copy_from_slice(&[255, 255, 255, 255]);
            } else if depth < line {
                pixel.copy_from_slice(&[200, 16, 46, 255]);
            } else {
                // A tint of one eighth keeps what lies below readable.
                for (value, tint) in pixel.iter_mut().zip([200_u16, 16, 46]) {
                    *value = ((u16::from(*value) * 7 + tint) / 8) as u8;
                }
            }
        }
    }
}

fn png(pixmap: &Pixmap) -> Result<Vec<u8>, RenderError> {
    let rgb: Vec<u8> = pixmap
        .data_as_u8_slice()
        .chunks_exact(4)
        .flat_map(|pixel| pixel.iter().copied().take(3))
        .collect();
    let mut out = Vec::new();
    let encoder = image::codecs::png::PngEncoder::new(&mut out);
    image::ImageEncoder::write_image(
        encoder,
        &rgb,
        u32::from(pixmap.width()),
        u32::from(pixmap.height()),
        image::ExtendedColorType::Rgb8,
    )
    .map_err(|_| RenderError::Png)?;
    Ok(out)
}
