//! The size of a page as it is shown, and the way from its own space to what is shown.

use hayro_font::kurbo::{Affine, Point, Rect};
use hayro_syntax::page::{Page, Rotation};

use super::facts::{Paper, UserBox};
use crate::units::{Mm, Pt, PtBox};

/// How a page is shown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Geometry {
    /// Width as shown, in points of 1/72 inch.
    pub(crate) width: f64,
    /// Height as shown.
    pub(crate) height: f64,
    /// 0, 90, 180 or 270, clockwise.
    pub(crate) rotate: u16,
    /// `UserUnit`.
    pub(crate) user_unit: f64,
    /// `MediaBox` as given.
    pub(crate) media_box: Rect,
    /// `CropBox` as given.
    pub(crate) crop_box: Rect,
    /// From default user space to shown points, origin at the lower left corner, y up.
    pub(crate) to_shown: Affine,
}

/// Sides beyond this are taken for damage (ISO 32000-2, Annex C: 14 400 units).
const LARGEST_SIDE: f64 = 1.0e7;

/// CropBox within MediaBox, inherited, normalised; `/Rotate` and `UserUnit` applied.
pub(crate) fn of(page: &Page<'_>) -> Geometry {
    let (media, crop) = (page.media_box(), page.crop_box());
    let media = Rect::new(media.x0, media.y0, media.x1, media.y1);
    let crop = Rect::new(crop.x0, crop.y0, crop.x1, crop.y1);
    let inside = media.intersect(crop);
    let sane = |r: &Rect| {
        r.is_finite()
            && r.width() > 0.0
            && r.height() > 0.0
            && r.width() < LARGEST_SIDE
            && r.height() < LARGEST_SIDE
    };
    // A CropBox outside of the MediaBox is ignored; without any usable box readers take a default page.
    let shown = [inside, media, crop]
        .into_iter()
        .find(sane)
        .unwrap_or(Rect::new(0.0, 0.0, 612.0, 792.0));
    let user_unit = page
        .raw()
        .get::<f32>("UserUnit")
        .map(f64::from)
        .filter(|unit| unit.is_finite() && *unit > 0.0 && *unit < 1.0e6)
        .unwrap_or(1.0);
    let (w, h) = (shown.width(), shown.height());
    let to_corner = Affine::translate((-shown.x0, -shown.y0));
    let (rotate, turn, (width, height)) = match page.rotation() {
        Rotation::None => (0, Affine::IDENTITY, (w, h)),
        Rotation::Horizontal => (90, Affine::new([0.0, -1.0, 1.0, 0.0, 0.0, w]), (h, w)),
        Rotation::Flipped => (180, Affine::new([-1.0, 0.0, 0.0, -1.0, w, h]), (w, h)),
        Rotation::FlippedHorizontal => (270, Affine::new([0.0, 1.0, -1.0, 0.0, h, 0.0]), (h, w)),
    };
    Geometry {
        width: width * user_unit,
        height: height * user_unit,
        rotate,
        user_unit,
        media_box: media,
        crop_box: crop,
        to_shown: Affine::scale(user_unit) * turn * to_corner,
    }
}

impl Geometry {
    /// The page as shown.
    pub(crate) fn bounds(&self) -> Rect {
        Rect::new(0.0, 0.0, self.width, self.height)
    }
    /// Width and height in millimetres.
    pub(crate) fn size_mm(&self) -> (Mm, Mm) {
        (Pt::new(self.width).to_mm(), Pt::new(self.height).to_mm())
    }
}

/// The standard paper a size is, within ±2 mm a side (GB/T 148), either way up.
pub(crate) fn paper(width: Mm, height: Mm) -> Option<Paper> {
    let slack = Mm::new(2.0);
    let (short, long) = if width <= height {
        (width, height)
    } else {
        (height, width)
    };
    Paper::ALL.into_iter().find(|paper| {
        let [a, b] = paper.sides_mm();
        short.within(a, slack) && long.within(b, slack)
    })
}

/// The smallest upright box around the image of a rectangle.
pub(crate) fn transformed(affine: Affine, rect: Rect) -> Rect {
    affine.transform_rect_bbox(rect)
}

/// As facts carry it.
pub(crate) fn pt_box(rect: Rect) -> PtBox {
    PtBox::new(rect.x0, rect.y0, rect.x1, rect.y1)
}

/// As facts carry a box of default user space; what is no number is 0.
pub(crate) fn user_box(rect: Rect) -> UserBox {
    [rect.x0, rect.y0, rect.x1, rect.y1].map(|n| {
        if n.is_finite() {
            (n * 1000.0).round() / 1000.0
        } else {
            0.0
        }
    })
}

/// Length of the image of a unit vector.
pub(crate) fn stretch(affine: Affine, x: f64, y: f64) -> f64 {
    let from = affine * Point::ORIGIN;
    let to = affine * Point::new(x, y);
    (to - from).hypot()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn papers_are_told_apart_within_two_millimetres() {
        let paper = |w, h| paper(Mm::new(w), Mm::new(h));
        assert_eq!(paper(210.0, 297.0), Some(Paper::A4));
        assert_eq!(paper(297.0, 212.0), Some(Paper::A4));
        assert_eq!(paper(210.0, 299.1), None);
        assert_eq!(paper(215.9, 279.4), Some(Paper::Letter));
    }
}
