//! Finds a free place for a page number: where it is asked for, else nearby in the same band, else where there is least ink.

use super::number_style::Placed;
use crate::{
    inspect::{BAND_MM, PageMargins},
    units::{Mm, PtBox},
};

/// The page a number is printed on.
pub(super) struct Seat<'m> {
    /// Its width and height as shown.
    pub(super) size: [f64; 2],
    /// Whether it is the back of a leaf.
    pub(super) back: bool,
    /// Its ink; `None` when it was not looked at.
    pub(super) margins: Option<&'m PageMargins>,
    /// Whether the page is a paper's; our own pages keep their place free.
    pub(super) foreign: bool,
    /// From the page as it will be shown back to the page whose margins are known: scale, then shift.
    pub(super) moved: Moved,
}

/// How a page was moved: enlarged about its lower left corner, then shifted; in points as shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Moved {
    pub(super) scale: f64,
    pub(super) dx: f64,
    pub(super) dy: f64,
}

impl Moved {
    /// Not at all.
    pub(super) const NOT: Moved = Moved {
        scale: 1.0,
        dx: 0.0,
        dy: 0.0,
    };

    /// A box of the page as it was on the moved page.
    pub(super) fn onto(self, area: PtBox) -> PtBox {
        let [x0, y0, x1, y1] = <[f64; 4]>::from(area);
        let x = |x: f64| x * self.scale + self.dx;
        let y = |y: f64| y * self.scale + self.dy;
        PtBox::new(x(x0), y(y0), x(x1), y(y1))
    }

    /// A box of the moved page on the page as it was.
    fn back(self, area: PtBox) -> PtBox {
        let [x0, y0, x1, y1] = <[f64; 4]>::from(area);
        let x = |x: f64| (x - self.dx) / self.scale;
        let y = |y: f64| (y - self.dy) / self.scale;
        PtBox::new(x(x0), y(y0), x(x1), y(y1))
    }
}

/// Where a number could stand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Spot {
    /// Where its text begins.
    pub(super) x: f64,
    pub(super) y: f64,
    /// Size of its type.
    pub(super) size: f64,
    /// Its width and height.
    pub(super) extent: [f64; 2],
}

impl Spot {
    /// The box it fills.
    pub(super) fn area(&self) -> PtBox {
        let Spot { x, y, size, extent } = *self;
        PtBox::new(x, y - 0.15 * size, x + extent[0], y + 0.85 * size)
    }
}

/// Kept free around a number, and between it and the edge of the page.
const AROUND_MM: f64 = 1.0;
const FROM_EDGE_MM: f64 = 4.0;
/// The smaller type that is tried where the asked one does not fit: 五号 for 四号.
const SMALLER: f64 = 0.75;

/// The place of a number whose place at a size is `at_size`, and how it came to it.
pub(super) fn find(at_size: impl Fn(f64) -> Spot, asked: f64, seat: &Seat<'_>) -> (Spot, Placed) {
    let spot = at_size(asked);
    let Some(margins) = seat.margins else {
        let how = if seat.foreign {
            Placed::NotLookedAt
        } else {
            Placed::AsAsked
        };
        return (spot, how);
    };
    let ink = |spot: &Spot| {
        let [x0, y0, x1, y1] = <[f64; 4]>::from(spot.area());
        let around = Mm::new(AROUND_MM).to_pt().value();
        let area = PtBox::new(x0 - around, y0 - around, x1 + around, y1 + around);
        margins.ink_in(seat.moved.back(area))
    };
    if ink(&spot) == 0 {
        return (spot, Placed::AsAsked);
    }
    let mut best = (ink(&spot), spot);
    for size in [asked, asked * SMALLER] {
        let home = at_size(size);
        for near in around(home, seat.size) {
            let found = ink(&near);
            if found == 0 {
                return (near, Placed::Moved);
            }
            if found < best.0 {
                best = (found, near);
            }
        }
    }
    (best.1, Placed::OverInk)
}

/// Every place of the band in steps of a millimetre, the nearest first.
fn around(home: Spot, [width, height]: [f64; 2]) -> Vec<Spot> {
    let step = Mm::new(1.0).to_pt().value();
    let edge = Mm::new(FROM_EDGE_MM).to_pt().value();
    let band = Mm::new(BAND_MM - 2.0).to_pt().value().min(height);
    let upper = home.y > height / 2.0;
    let (lowest, highest) = if upper {
        (height - band, height - edge - home.extent[1])
    } else {
        (edge, band - home.extent[1])
    };
    let steps = |from: f64, to: f64, at: f64| {
        let (down, up) = (((at - from) / step).floor(), ((to - at) / step).floor());
        (-(down.max(0.0) as i32)..=(up.max(0.0) as i32)).map(f64::from)
    };
    let mut spots: Vec<(f64, Spot)> = Vec::new();
    for dy in steps(lowest, highest, home.y) {
        for dx in steps(edge, width - edge - home.extent[0], home.x) {
            let (x, y) = (home.x + dx * step, home.y + dy * step);
            // A number that rises or sinks is missed sooner than one that moves along its line.
            spots.push((dx.abs() + 1.5 * dy.abs(), Spot { x, y, ..home }));
        }
    }
    spots.sort_by(|a, b| a.0.total_cmp(&b.0));
    spots.into_iter().map(|(_, spot)| spot).collect()
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "these sums are exact")]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_places_come_first_and_stay_in_their_band() {
        let home = Spot {
            x: 540.0,
            y: 28.3,
            size: 14.0,
            extent: [14.0, 14.0],
        };
        let spots = around(home, [595.0, 842.0]);
        assert_eq!(spots[0], home);
        assert!(spots.len() > 1_000);
        let (edge, band) = (4.0 * 72.0 / 25.4, 28.0 * 72.0 / 25.4);
        for spot in &spots {
            assert!(spot.x >= edge && spot.x + 14.0 <= 595.0 - edge);
            assert!(spot.y >= edge - 1e-9 && spot.y + 14.0 <= band + 1e-9);
        }
    }

    #[test]
    fn a_box_of_a_moved_page_is_found_on_the_page_as_it_was() {
        let moved = Moved {
            scale: 2.0,
            dx: 10.0,
            dy: 20.0,
        };
        let back = moved.back(PtBox::new(10.0, 20.0, 30.0, 60.0));
        assert_eq!(<[f64; 4]>::from(back), [0.0, 0.0, 10.0, 20.0]);
    }
}
