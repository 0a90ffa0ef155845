//! Seals (公章): red or blue rings on the page, whole or cut by its edge (骑缝章). Advisory: a ring is found, its text is not read.

use super::{
    Seal,
    overview::{Overview, Plane},
    ring::{Ring, rings},
};
use crate::{
    inspect::raster::{OpenPage, PlacedImage, Placement},
    units::Mm,
};

/// Strength of colour from which a pixel belongs to a seal, in steps of chroma.
const COLOUR: i32 = 15;
/// From this strength on it belongs to the writing in one that was found: thin strokes are paler than the ring.
const PALE: i32 = 9;
/// What a pixel of the mask is: of a seal, or only of its writing.
pub(super) const INKED: u8 = 1;
const WRITTEN: u8 = 2;

#[derive(Clone, Copy)]
enum Ink {
    Red,
    Blue,
}

/// A seal as found, in overview pixels.
#[derive(Clone, Copy)]
pub(super) struct Found {
    ring: Ring,
    colour: &'static str,
}

impl Found {
    /// Whether a point of the overview lies in it.
    pub(super) fn holds(&self, x: f64, y: f64) -> bool {
        let (dx, dy) = self.ring.reach();
        (x - self.ring.cx).abs() < dx && (y - self.ring.cy).abs() < dy
    }
    /// The same on the page as shown.
    pub(super) fn seal(&self, over: &Overview, placement: &Placement) -> Seal {
        let ring = &self.ring;
        let k = over.factor as f64;
        let (dx, dy) = ring.reach();
        let right = (ring.cx + dx).min(over.luma.width as f64);
        let lower = (ring.cy + dy).min(over.luma.height as f64);
        let (left, upper) = ((ring.cx - dx).max(0.0), (ring.cy - dy).max(0.0));
        let diameter = 2.0 * ring.a.max(ring.b) / over.dpi * 25.4;
        Seal {
            box_pt: placement.to_page(left * k, upper * k, right * k, lower * k),
            colour: self.colour.to_owned(),
            diameter_mm: Mm::new(diameter).rounded(),
            score: (ring.score.min(1.0) * 100.0).round() / 100.0,
            image_digest: None,
        }
    }
}

/// All seals of the page.
pub(super) fn find(over: &Overview) -> Vec<Found> {
    let Some([cb, cr]) = &over.chroma else {
        return Vec::new();
    };
    let tints = (tint(cb), tint(cr));
    let mut out = Vec::new();
    for (ink, colour) in [(Ink::Red, "red"), (Ink::Blue, "blue")] {
        let mask = mask(cb, cr, tints, ink);
        for part in parts(&mask, over) {
            let rings = rings(&mask, &part, over);
            out.extend(rings.into_iter().map(|ring| Found { ring, colour }));
        }
    }
    out
}

/// Takes the coloured ink of seals out of a map of ink, so that a ring is not read as lines; black text below it stays.
pub(super) fn erase(found: &[Found], over: &Overview, map: &mut Plane) {
    let Some([cb, cr]) = &over.chroma else {
        return;
    };
    for Found { ring, .. } in found {
        let (dx, dy) = ring.reach();
        let span = |middle: f64, reach: f64, end: usize| {
            let slack = over.px(1.0);
            let from = (middle - reach - slack).max(0.0) as usize;
            from..((middle + reach + slack).max(0.0) as usize).min(end)
        };
        for y in span(ring.cy, dy, map.height) {
            for x in span(ring.cx, dx, map.width) {
                let colour = cb.at(x, y).abs_diff(128).max(cr.at(x, y).abs_diff(128));
                if i32::from(colour) >= COLOUR {
                    map.set(x, y, 0);
                }
            }
        }
    }
}

/// Whether an image is of the size of a seal.
pub(super) fn may_be(open: &OpenPage<'_>, image: &PlacedImage) -> bool {
    let place = open.placement(image);
    let all = place.to_page(0.0, 0.0, f64::from(image.width), f64::from(image.height));
    let fits = |pt: f64| (18.0..=70.0).contains(&(pt / 72.0 * 25.4));
    fits(all.width().value()) && fits(all.height().value())
}

/// Says of each seal that is an image of its own which image it is.
pub(super) fn add_digests(open: &OpenPage<'_>, seals: &mut [Seal]) {
    for seal in seals.iter_mut().filter(|seal| seal.image_digest.is_none()) {
        let own = open.scene().images.iter().find(|image| {
            let place = open.placement(image);
            let all = place.to_page(0.0, 0.0, f64::from(image.width), f64::from(image.height));
            let seal = seal.box_pt;
            let (wide, tall) = (seal.width().value(), seal.height().value());
            let apart = |a0: f64, a1: f64, b0: f64, b1: f64| (a0 + a1 - b0 - b1).abs() / 2.0;
            may_be(open, image)
                && apart(
                    all.x0.value(),
                    all.x1.value(),
                    seal.x0.value(),
                    seal.x1.value(),
                ) < 0.2 * wide
                && apart(
                    all.y0.value(),
                    all.y1.value(),
                    seal.y0.value(),
                    seal.y1.value(),
                ) < 0.2 * tall
        });
        seal.image_digest = own
            .and_then(|image| open.image_digest(image))
            .map(crate::digest::Digest::to_hex);
    }
}

/// [`INKED`] or [`WRITTEN`] where the colour is that of the ink, against the tint of the page.
#[expect(
    clippy::needless_bitwise_bool,
    reason = "no branches, so that many pixels go at once"
)]
fn mask(cb: &Plane, cr: &Plane, (blue, red): (i32, i32), ink: Ink) -> Plane {
    let mut out = Plane::new(cb.width, cb.height);
    // Small numbers and no branches: sixteen or more pixels at once.
    let (blue, red, least, pale) = (blue as i16, red as i16, COLOUR as i16, PALE as i16);
    for ((to, b), r) in out.data.iter_mut().zip(&cb.data).zip(&cr.data) {
        let (b, r) = (i16::from(*b) - blue, i16::from(*r) - red);
        let (strength, hue) = match ink {
            // Red and vermilion; brown paper and orange logos have far more yellow in them.
            Ink::Red => (r, (b * 4 < r * 3) & (b * 2 > -r * 3)),
            Ink::Blue => (b, (r * 3 < b) & (r * 2 > -b * 3)),
        };
        let (strong, weak) = ((strength >= least) & hue, (strength >= pale) & hue);
        *to = INKED * u8::from(strong) + WRITTEN * u8::from(weak & !strong);
    }
    out
}

/// The most frequent value: the colour of the paper.
fn tint(plane: &Plane) -> i32 {
    let mut counts = [0_u32; 256];
    for value in plane.data.iter().step_by(7) {
        if let Some(count) = counts.get_mut(usize::from(*value)) {
            *count += 1;
        }
    }
    let most = counts.iter().enumerate().max_by_key(|(_, count)| **count);
    most.map_or(128, |(level, _)| level as i32)
}

/// Coloured ink that hangs together, in overview pixels.
#[derive(Clone, Copy)]
pub(super) struct Part {
    pub(super) x0: usize,
    pub(super) y0: usize,
    pub(super) x1: usize,
    pub(super) y1: usize,
}

/// Parts of the mask that are near each other (2 mm), of about the size of a seal.
#[expect(clippy::indexing_slicing, reason = "cells and labels are made here")]
fn parts(mask: &Plane, over: &Overview) -> Vec<Part> {
    let side = over.px(1.0).round().max(1.0) as usize;
    let (across, down) = (mask.width.div_ceil(side), mask.height.div_ceil(side));
    let mut cells = vec![0_u16; across * down];
    for y in 0..mask.height {
        let row = &mut cells[y / side * across..(y / side + 1) * across];
        for x in memchr::memchr_iter(INKED, mask.row(y)) {
            row[x / side] += 1;
        }
    }
    // A few stray pixels are noise of the colour planes.
    let least = (side * side / 10).max(1) as u16;
    let mut seen = vec![false; cells.len()];
    let mut out = Vec::new();
    for start in 0..cells.len() {
        if seen[start] || cells[start] < least {
            continue;
        }
        let (mut x0, mut y0, mut x1, mut y1) = (usize::MAX, usize::MAX, 0, 0);
        let mut todo = vec![start];
        seen[start] = true;
        while let Some(at) = todo.pop() {
            let (cx, cy) = (at % across, at / across);
            (x0, y0, x1, y1) = (x0.min(cx), y0.min(cy), x1.max(cx), y1.max(cy));
            for ny in cy.saturating_sub(2)..(cy + 3).min(down) {
                for nx in cx.saturating_sub(2)..(cx + 3).min(across) {
                    let next = ny * across + nx;
                    if !seen[next] && cells[next] >= least {
                        seen[next] = true;
                        todo.push(next);
                    }
                }
            }
        }
        out.extend(trim(
            mask,
            x0 * side,
            y0 * side,
            ((x1 + 1) * side).min(mask.width),
            ((y1 + 1) * side).min(mask.height),
        ));
        if out.len() > 400 {
            break;
        }
    }
    out
}

/// The box of the ink itself, single specks left out.
pub(super) fn trim(mask: &Plane, x0: usize, y0: usize, x1: usize, y1: usize) -> Option<Part> {
    let row = |y: usize| (x0..x1).filter(|x| mask.at(*x, y) == INKED).count() >= 2;
    let column = |x: usize| (y0..y1).filter(|y| mask.at(x, *y) == INKED).count() >= 2;
    Some(Part {
        x0: (x0..x1).find(|x| column(*x))?,
        y0: (y0..y1).find(|y| row(*y))?,
        x1: (x0..x1).rev().find(|x| column(*x))? + 1,
        y1: (y0..y1).rev().find(|y| row(*y))? + 1,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect::raster::{Layout, Raster};

    /// A page of 203 by 254 mm at 100 dpi on which what `inked` says (in mm from the top left) is red.
    fn page(inked: impl Fn(f64, f64) -> bool) -> Overview {
        let (width, height) = (800_usize, 1_000_usize);
        let mut data = Vec::with_capacity(width * height * 3);
        for y in 0..height {
            for x in 0..width {
                let mm = |px: usize| (px as f64 + 0.5) * 0.254;
                let red = inked(mm(x), mm(y));
                data.extend(if red {
                    [118, 108, 200]
                } else {
                    [248, 127, 129]
                });
            }
        }
        let raster = Raster::new(width, height, Layout::Ycbcr, data).unwrap();
        Overview::of(&raster, 100.0).unwrap()
    }

    /// A seal of 40 mm: a ring, marks of a text along it, something in the middle.
    fn seal(cx: f64, cy: f64) -> impl Fn(f64, f64) -> bool {
        move |x, y| {
            let (r, angle) = ((x - cx).hypot(y - cy), (y - cy).atan2(x - cx));
            let mark = (13.0..16.5).contains(&r) && (angle * 9.0).sin() > 0.2 && angle < 2.0;
            (19.0..20.0).contains(&r) || mark || r < 5.0
        }
    }

    fn diameters(over: &Overview) -> Vec<f64> {
        let found = find(over);
        let px = found.iter().map(|f| 2.0 * f.ring.a.max(f.ring.b));
        px.map(|px| px / over.dpi * 25.4).collect()
    }

    #[test]
    fn a_seal_is_found_with_its_size_whole_or_cut_by_the_edge() {
        for (x, y) in [(100.0, 120.0), (203.0 - 9.0, 120.0)] {
            let found = diameters(&page(seal(x, y)));
            assert_eq!(found.len(), 1, "at {x}: {found:?}");
            assert!((found[0] - 40.0).abs() < 2.0, "at {x}: {found:?}");
        }
    }

    #[test]
    fn areas_frames_and_empty_circles_are_no_seals() {
        let near = |x: f64, y: f64| (x - 100.0).hypot(y - 120.0);
        assert!(
            diameters(&page(|x, y| near(x, y) < 20.0)).is_empty(),
            "a disc"
        );
        let photograph = |x: f64, y: f64| {
            (x - 100.0).abs() < 13.0 && (y - 120.0).abs() < 17.0 && near(x, y) > 7.0
        };
        assert!(diameters(&page(photograph)).is_empty(), "a photograph");
        let circle = |x: f64, y: f64| (19.0..20.0).contains(&near(x, y));
        assert!(diameters(&page(circle)).is_empty(), "a circle");
    }
}
