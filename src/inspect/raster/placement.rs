//! From pixels of a picture to the page as shown.

use hayro::kurbo::{Affine, Point};

use crate::units::PtBox;

/// Where a picture stands: pixels (down from its top left corner) to points of the page as shown (up from its lower left).
#[derive(Clone, Copy, Debug)]
pub struct Placement(Affine);

/// How a picture is turned on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    /// Clockwise, in quarters.
    pub quarters: u8,
    /// Shown as in a mirror.
    pub mirrored: bool,
}

impl Placement {
    pub(super) fn new(affine: Affine) -> Placement {
        Placement(affine)
    }
    pub(super) fn affine(self) -> Affine {
        self.0
    }
    /// Pixels an inch, the lower of both directions; 0 for a picture without extent.
    pub fn dpi(&self) -> f64 {
        let [a, b, c, d, _, _] = self.0.as_coeffs();
        let across = a.hypot(b);
        let down = c.hypot(d);
        let widest = across.max(down);
        if widest > 0.0 && widest.is_finite() {
            72.0 / widest
        } else {
            0.0
        }
    }
    /// The rectangle on the page that a rectangle of pixels takes.
    pub fn to_page(&self, x0: f64, y0: f64, x1: f64, y1: f64) -> PtBox {
        let corners =
            [(x0, y0), (x1, y0), (x0, y1), (x1, y1)].map(|(x, y)| self.0 * Point::new(x, y));
        let xs = corners.map(|p| p.x);
        let ys = corners.map(|p| p.y);
        let least = |v: [f64; 4]| v.into_iter().fold(f64::INFINITY, f64::min);
        let most = |v: [f64; 4]| v.into_iter().fold(f64::NEG_INFINITY, f64::max);
        PtBox::new(least(xs), least(ys), most(xs), most(ys))
    }
    /// How the picture is turned; `None` when it does not stand square on the page.
    pub fn turn(&self) -> Option<Turn> {
        let [a, b, c, d, _, _] = self.0.as_coeffs();
        let scale = a.hypot(b).max(c.hypot(d));
        let slack = scale * 0.02;
        let near = |v: f64| v.abs() <= slack;
        // Upright: pixels run right (a > 0) and down (d < 0).
        if near(b) && near(c) {
            let mirrored = (a > 0.0) == (d > 0.0);
            let quarters = if a > 0.0 { 0 } else { 2 };
            Some(Turn {
                quarters: if mirrored { 0 } else { quarters },
                mirrored,
            })
        } else if near(a) && near(d) {
            let mirrored = (b > 0.0) != (c > 0.0);
            // A quarter clockwise: what ran right now runs down (b < 0).
            let quarters = if b < 0.0 { 1 } else { 3 };
            Some(Turn { quarters, mirrored })
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_upright_a4_scan_at_300_dpi() {
        let place = Placement::new(Affine::new([0.24, 0.0, 0.0, -0.24, 0.0, 841.92]));
        assert!((place.dpi() - 300.0).abs() < 1e-9);
        assert_eq!(
            place.turn(),
            Some(Turn {
                quarters: 0,
                mirrored: false
            })
        );
        let all = place.to_page(0.0, 0.0, 2480.0, 3508.0);
        assert!(all.y0.value().abs() < 1e-6 && (all.x1.value() - 595.2).abs() < 1e-6);
    }

    #[test]
    fn a_quarter_clockwise_runs_down() {
        let place = Placement::new(Affine::new([0.0, -0.24, -0.24, 0.0, 595.2, 841.92]));
        assert_eq!(
            place.turn(),
            Some(Turn {
                quarters: 1,
                mirrored: false
            })
        );
    }
}
