//! A page as a recogniser wants it: grey, upright, straight, at one resolution; and the way back to the page.
//!
//! A scan that lies askew or on its side is turned while it is sampled, so that lines of print run level. Nothing is sharpened
//! or thresholded here: the recogniser does that itself. Only ruled lines are taken out.

use hayro::kurbo::Point;
use serde::{Deserialize, Serialize};

use super::{Grey, OpenPage, PagePixels, RenderError, ruled_lines};
use crate::{
    inspect::{self, facts::PageFacts},
    limits::Limits,
    units::{PageIndex, PtBox},
};

/// How a page is laid before the recogniser.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReadingFrame {
    /// Which page.
    pub page: PageIndex,
    /// Width of the page as shown, in points.
    pub width_pt: f64,
    /// Height of the page as shown.
    pub height_pt: f64,
    /// How its content is turned, clockwise: 0, 90, 180, 270.
    pub orientation_deg: u16,
    /// Its skew, counter-clockwise positive.
    pub skew_deg: f64,
    /// Pixels an inch of the picture.
    pub dpi: f64,
}

impl ReadingFrame {
    /// The frame of a page as its facts describe it.
    pub fn of(page: &PageFacts, dpi: f64) -> ReadingFrame {
        let measured = page.legibility.as_ref();
        let pt = |mm: f64| mm * 72.0 / 25.4;
        ReadingFrame {
            page: page.page.index(),
            width_pt: pt(page.width_mm.value()),
            height_pt: pt(page.height_mm.value()),
            orientation_deg: measured.and_then(|m| m.orientation_deg).unwrap_or(0),
            // A large skew is a page that was measured wrongly or lies on a desk: turning it would hide that.
            skew_deg: measured
                .and_then(|m| m.skew_deg)
                .filter(|skew| (0.05..=8.0).contains(&skew.abs()))
                .unwrap_or(0.0),
            dpi,
        }
    }
    /// Width and height of the picture, in pixels.
    pub fn size_px(&self) -> (usize, usize) {
        let (w, h) = self.upright_pt();
        let px = |pt: f64| (pt * self.dpi / 72.0).round().clamp(1.0, 65_535.0) as usize;
        (px(w), px(h))
    }
    fn upright_pt(&self) -> (f64, f64) {
        if self.orientation_deg.is_multiple_of(180) {
            (self.width_pt, self.height_pt)
        } else {
            (self.height_pt, self.width_pt)
        }
    }
    /// The place on the page of a place in the picture (pixels, down from the top left corner).
    pub fn to_page(&self, u: f64, v: f64) -> (f64, f64) {
        let (w, h) = self.upright_pt();
        let x = u * 72.0 / self.dpi - w / 2.0;
        let y = h / 2.0 - v * 72.0 / self.dpi;
        let turn = (self.skew_deg - f64::from(self.orientation_deg)).to_radians();
        let (sin, cos) = turn.sin_cos();
        (
            self.width_pt / 2.0 + x * cos - y * sin,
            self.height_pt / 2.0 + x * sin + y * cos,
        )
    }
    /// The rectangle on the page around a rectangle of the upright, straight page (points, up from the lower left corner).
    pub fn box_on_page(&self, upright: PtBox) -> PtBox {
        let (_, h) = self.upright_pt();
        let px = |x: f64, y: f64| (x * self.dpi / 72.0, (h - y) * self.dpi / 72.0);
        let (x0, x1) = (upright.x0.value(), upright.x1.value());
        let (y0, y1) = (upright.y0.value(), upright.y1.value());
        let corners = [(x0, y0), (x1, y0), (x0, y1), (x1, y1)].map(|(x, y)| {
            let (u, v) = px(x, y);
            self.to_page(u, v)
        });
        let least = |v: [f64; 4]| v.into_iter().fold(f64::INFINITY, f64::min);
        let most = |v: [f64; 4]| v.into_iter().fold(f64::NEG_INFINITY, f64::max);
        let (xs, ys) = (corners.map(|c| c.0), corners.map(|c| c.1));
        PtBox::new(least(xs), least(ys), most(xs), most(ys))
    }
    /// A rectangle of the picture on the upright, straight page.
    pub fn upright_box(&self, x0: f64, y0: f64, x1: f64, y1: f64) -> PtBox {
        let (_, h) = self.upright_pt();
        let pt = |px: f64| px * 72.0 / self.dpi;
        PtBox::new(pt(x0), h - pt(y1), pt(x1), h - pt(y0))
    }
}

/// The page in that frame.
pub fn grey_for_reading(
    bytes: Vec<u8>,
    frame: &ReadingFrame,
    limits: &Limits,
) -> Result<Grey, RenderError> {
    let pdf = inspect::open(bytes, limits).map_err(|_| RenderError::Unreadable)?;
    let mut grey = grey_of(&OpenPage::open(&pdf, frame.page)?, frame, limits)?;
    ruled_lines::erase(&mut grey, frame.dpi);
    Ok(grey)
}

/// The same of an open page.
pub fn grey_of(
    open: &OpenPage<'_>,
    frame: &ReadingFrame,
    limits: &Limits,
) -> Result<Grey, RenderError> {
    let (width, height) = frame.size_px();
    let pixels = width as u64 * height as u64;
    let allowed = limits.image_pixels / 4;
    if pixels > allowed {
        return Err(RenderError::TooManyPixels { pixels, allowed });
    }
    let pixels = match open.scene().only_image() {
        Some(image) => open.decode(image, limits)?,
        None => open.draw(frame.dpi, limits)?,
    };
    Ok(sampled(&pixels, frame))
}

/// A grey picture as PGM (netpbm, binary), which every recogniser reads.
pub fn pgm(grey: &Grey) -> Vec<u8> {
    let mut out = format!("P5\n{} {}\n255\n", grey.width, grey.height).into_bytes();
    out.extend_from_slice(&grey.data);
    out
}

/// Takes each pixel of the picture from between four of the page's, or from the mean of more where the page is finer.
fn sampled(pixels: &PagePixels, frame: &ReadingFrame) -> Grey {
    let (width, height) = frame.size_px();
    let raster = &pixels.raster;
    let print = raster.without_red();
    let back = |u: f64, v: f64| {
        let (x, y) = frame.to_page(u, v);
        let at = pixels.placement.to_pixel(x, y);
        (at.x - 0.5, at.y - 0.5)
    };
    // The way back is affine: three points give all of it.
    let origin = back(0.5, 0.5);
    let right = back(1.5, 0.5);
    let down = back(0.5, 1.5);
    let (rx, ry) = (right.0 - origin.0, right.1 - origin.1);
    let (dx, dy) = (down.0 - origin.0, down.1 - origin.1);
    let finer = rx.hypot(ry).max(dx.hypot(dy));
    let n = finer.ceil().clamp(1.0, 4.0) as usize;
    let mut data = Vec::with_capacity(width * height);
    for v in 0..height {
        for u in 0..width {
            let (u, v) = (u as f64, v as f64);
            let mut sum = 0.0;
            for i in 0..n * n {
                let (su, sv) = (part(i % n, n), part(i / n, n));
                let x = origin.0 + (u + su) * rx + (v + sv) * dx;
                let y = origin.1 + (u + su) * ry + (v + sv) * dy;
                sum += between(&print, x, y, 255.0);
            }
            data.push((sum / (n * n) as f32).round().clamp(0.0, 255.0) as u8);
        }
    }
    Grey {
        width,
        height,
        data,
    }
}

/// The middle of part `i` of `n` of a pixel, from its centre.
fn part(i: usize, n: usize) -> f64 {
    (i as f64 + 0.5) / n as f64 - 0.5
}

/// Between four pixels; `beside` is what lies beside the picture.
pub(super) fn between(grey: &Grey, x: f64, y: f64, beside: f32) -> f32 {
    let (x0, y0) = (x.floor(), y.floor());
    let (fx, fy) = ((x - x0) as f32, (y - y0) as f32);
    let at = |dx: f64, dy: f64| -> f32 {
        let (x, y) = (x0 + dx, y0 + dy);
        if x < 0.0 || y < 0.0 || x >= grey.width as f64 || y >= grey.height as f64 {
            return beside;
        }
        grey.data
            .get(y as usize * grey.width + x as usize)
            .map_or(beside, |v| f32::from(*v))
    };
    let top = at(0.0, 0.0) * (1.0 - fx) + at(1.0, 0.0) * fx;
    let bottom = at(0.0, 1.0) * (1.0 - fx) + at(1.0, 1.0) * fx;
    top * (1.0 - fy) + bottom * fy
}

/// Where a point of the page stands among the pixels.
impl super::Placement {
    pub(super) fn to_pixel(self, x: f64, y: f64) -> Point {
        self.affine().inverse() * Point::new(x, y)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(orientation_deg: u16, skew_deg: f64) -> ReadingFrame {
        ReadingFrame {
            page: PageIndex::new(0),
            width_pt: 600.0,
            height_pt: 840.0,
            orientation_deg,
            skew_deg,
            dpi: 72.0,
        }
    }
    fn near((x, y): (f64, f64), want: (f64, f64)) {
        assert!(
            (x - want.0).abs() < 0.01 && (y - want.1).abs() < 0.01,
            "{x} {y}"
        );
    }

    #[test]
    fn upright_and_turned_pages_find_their_way_back() {
        near(frame(0, 0.0).to_page(0.0, 0.0), (0.0, 840.0));
        assert_eq!(frame(90, 0.0).size_px(), (840, 600));
        // Content turned a quarter clockwise: its top left corner stands at the top right of the page.
        near(frame(90, 0.0).to_page(0.0, 0.0), (600.0, 840.0));
        near(frame(180, 0.0).to_page(0.0, 0.0), (600.0, 0.0));
        near(frame(270, 0.0).to_page(0.0, 0.0), (0.0, 0.0));
    }

    #[test]
    fn a_skewed_line_is_taken_level() {
        // Counter-clockwise by one degree: a level line of the picture rises on the page.
        let frame = frame(0, 1.0);
        let (x0, y0) = frame.to_page(100.0, 420.0);
        let (x1, y1) = frame.to_page(500.0, 420.0);
        assert!(((y1 - y0) / (x1 - x0) - 1_f64.to_radians().tan()).abs() < 1e-9);
        let around = frame.box_on_page(frame.upright_box(300.0, 420.0, 300.0, 420.0));
        assert!(
            (around.x0.value() - 300.0).abs() < 0.01 && (around.y0.value() - 420.0).abs() < 0.01
        );
    }
}
