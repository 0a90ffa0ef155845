//! Seals (公章): red or blue rings on the page, whole or cut by its edge (骑缝章). Advisory: a ring is found, its text is not read.

use super::{
    Seal,
    overview::{Overview, Plane},
};
use crate::{
    inspect::raster::{OpenPage, PlacedImage, Placement},
    units::Mm,
};

/// Diameters of official seals with some slack: 国发〔1999〕25号 allows 42–60 mm for offices, companies use 38–46 mm.
const DIAMETER_MM: (f64, f64) = (24.0, 64.0);
/// Strength of colour from which a pixel belongs to a seal, in steps of chroma.
const COLOUR: i32 = 15;
/// Directions in which the ring is looked for.
const DIRECTIONS: usize = 96;
/// Share of directions in which the ring must show.
const RING: f64 = 0.6;

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
    let mut out = Vec::new();
    for (ink, colour) in [(Ink::Red, "red"), (Ink::Blue, "blue")] {
        let mask = mask(cb, cr, ink);
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

/// 1 where the colour is that of the ink, against the tint of the page.
fn mask(cb: &Plane, cr: &Plane, ink: Ink) -> Plane {
    let (blue, red) = (tint(cb), tint(cr));
    let mut out = Plane::new(cb.width, cb.height);
    for ((to, b), r) in out.data.iter_mut().zip(&cb.data).zip(&cr.data) {
        let (b, r) = (i32::from(*b) - blue, i32::from(*r) - red);
        let inked = match ink {
            // Red and vermilion; brown paper and orange logos have far more yellow in them.
            Ink::Red => r >= COLOUR && b < r * 3 / 4 && b > -r * 3 / 2,
            Ink::Blue => b >= COLOUR && r < b / 3 && r > -b * 3 / 2,
        };
        *to = u8::from(inked);
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
struct Part {
    x0: usize,
    y0: usize,
    x1: usize,
    y1: usize,
}

/// Parts of the mask that are near each other (2 mm), of about the size of a seal.
#[expect(clippy::indexing_slicing, reason = "cells and labels are made here")]
fn parts(mask: &Plane, over: &Overview) -> Vec<Part> {
    let side = over.px(1.0).round().max(1.0) as usize;
    let (across, down) = (mask.width.div_ceil(side), mask.height.div_ceil(side));
    let mut cells = vec![0_u16; across * down];
    for y in 0..mask.height {
        let row = &mut cells[y / side * across..(y / side + 1) * across];
        for (cell, values) in row.iter_mut().zip(mask.row(y).chunks(side)) {
            *cell += values.iter().map(|value| u16::from(*value)).sum::<u16>();
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
fn trim(mask: &Plane, x0: usize, y0: usize, x1: usize, y1: usize) -> Option<Part> {
    let row = |y: usize| (x0..x1).filter(|x| mask.at(*x, y) != 0).count() >= 2;
    let column = |x: usize| (y0..y1).filter(|y| mask.at(x, *y) != 0).count() >= 2;
    Some(Part {
        x0: (x0..x1).find(|x| column(*x))?,
        y0: (y0..y1).find(|y| row(*y))?,
        x1: (x0..x1).rev().find(|x| column(*x))? + 1,
        y1: (y0..y1).rev().find(|y| row(*y))? + 1,
    })
}

/// An ellipse in overview pixels: centre, half axes, and sine and cosine of the angle of the first axis.
#[derive(Clone, Copy)]
struct Ring {
    cx: f64,
    cy: f64,
    a: f64,
    b: f64,
    axis: (f64, f64),
    score: f64,
}

impl Ring {
    fn circle(cx: f64, cy: f64, radius: f64) -> Ring {
        Ring {
            cx,
            cy,
            a: radius,
            b: radius,
            axis: (0.0, 1.0),
            score: 0.0,
        }
    }
    /// The point at `share` of the way from the centre to the ring, and `inwards` from it, in a direction given as sine and cosine.
    fn point(&self, (sin, cos): (f64, f64), share: f64, inwards: f64) -> (f64, f64) {
        let u = (self.a * share - inwards) * cos;
        let v = (self.b * share - inwards) * sin;
        let (s, c) = self.axis;
        (self.cx + u * c - v * s, self.cy + u * s + v * c)
    }
    /// Half the width and half the height of its box.
    fn reach(&self) -> (f64, f64) {
        let (s, c) = self.axis;
        (
            (self.a * c).hypot(self.b * s),
            (self.a * s).hypot(self.b * c),
        )
    }
    fn overlaps(&self, other: &Ring) -> bool {
        (self.cx - other.cx).hypot(self.cy - other.cy) < 0.5 * self.a.max(other.a)
    }
}

/// Rings that fit the part: an ellipse around it, a circle cut by the edge of the page, or circles that touch its outermost points.
fn rings(mask: &Plane, part: &Part, over: &Overview) -> Vec<Ring> {
    let (w, h) = ((part.x1 - part.x0) as f64, (part.y1 - part.y0) as f64);
    let (least, most) = (over.px(DIAMETER_MM.0), over.px(DIAMETER_MM.1));
    if w.max(h) < least * 0.6 || w.min(h) < over.px(4.0) {
        return Vec::new();
    }
    let mut candidates = Vec::new();
    if w.max(h) <= most * 1.1 {
        candidates.extend(around(mask, part, least, most));
        candidates.extend(at_edge(mask, part, over));
    }
    let best = |candidates: &[Ring]| {
        let scored = candidates.iter().map(|ring| Ring {
            score: fit(mask, over, ring),
            ..*ring
        });
        scored.max_by(|a, b| a.score.total_cmp(&b.score))
    };
    if let Some(ring) = best(&candidates)
        && ring.score >= RING
    {
        return vec![ring];
    }
    // Two seals that touch, or a seal over something else of its colour.
    let mut out: Vec<Ring> = Vec::new();
    for (x, y, dx, dy) in outermost(mask, part) {
        let mut touching = Vec::new();
        let mut radius = least / 2.0;
        while radius <= most / 2.0 {
            touching.push(Ring::circle(x + dx * radius, y + dy * radius, radius));
            radius += 1.0;
        }
        if let Some(ring) = best(&touching)
            && ring.score >= RING + 0.1
            && !out.iter().any(|other| other.overlaps(&ring))
        {
            out.push(ring);
        }
    }
    out
}

/// The ellipse whose axes are those of the ink.
fn around(mask: &Plane, part: &Part, least: f64, most: f64) -> Option<Ring> {
    let mut points = Vec::new();
    for y in part.y0..part.y1 {
        let inked = (part.x0..part.x1).filter(|x| mask.at(*x, y) != 0);
        points.extend(inked.map(|x| (x as f64 + 0.5, y as f64 + 0.5)));
    }
    if points.len() < 30 {
        return None;
    }
    let n = points.len() as f64;
    let mx = points.iter().map(|(x, _)| x).sum::<f64>() / n;
    let my = points.iter().map(|(_, y)| y).sum::<f64>() / n;
    let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
    for (x, y) in &points {
        xx += (x - mx) * (x - mx);
        yy += (y - my) * (y - my);
        xy += (x - mx) * (y - my);
    }
    // A ring with as much ink in every direction has no axes of its own.
    let angle = if (xx - yy).hypot(2.0 * xy) < 0.15 * (xx + yy) {
        0.0
    } else {
        0.5 * (2.0 * xy).atan2(xx - yy)
    };
    let (s, c) = angle.sin_cos();
    let ends = |along: (f64, f64)| {
        let mut values: Vec<f64> = points
            .iter()
            .map(|(x, y)| (x - mx) * along.0 + (y - my) * along.1)
            .collect();
        values.sort_by(f64::total_cmp);
        let skip = values.len() / 500 + 1;
        let first = values.get(skip).copied().unwrap_or(0.0);
        let last = values.iter().rev().nth(skip).copied().unwrap_or(0.0);
        (first, last)
    };
    let (u0, u1) = ends((c, s));
    let (v0, v1) = ends((-s, c));
    let (a, b) = ((u1 - u0) / 2.0 + 0.5, (v1 - v0) / 2.0 + 0.5);
    let (u, v) = (f64::midpoint(u0, u1), f64::midpoint(v0, v1));
    let longer = 2.0 * a.max(b);
    let fits = (0.55..=1.82).contains(&(a / b)) && longer >= least && longer <= most;
    fits.then_some(Ring {
        cx: mx + u * c - v * s,
        cy: my + u * s + v * c,
        a,
        b,
        axis: (s, c),
        score: 0.0,
    })
}

/// Circles of which the edge of the page leaves a part.
fn at_edge(mask: &Plane, part: &Part, over: &Overview) -> Vec<Ring> {
    let (least, most) = (over.px(DIAMETER_MM.0), over.px(DIAMETER_MM.1));
    let near = over.px(1.5);
    let (width, height) = (mask.width as f64, mask.height as f64);
    let (x0, y0) = (part.x0 as f64, part.y0 as f64);
    let (x1, y1) = (part.x1 as f64, part.y1 as f64);
    let (mx, my) = (f64::midpoint(x0, x1), f64::midpoint(y0, y1));
    // A chord and its height give the circle; at least a fifth of the diameter must be there.
    let radius = |chord: f64, height: f64| {
        let full = if height >= chord / 2.0 {
            chord
        } else {
            height + chord * chord / (4.0 * height)
        };
        (full >= least && full <= most && height > full * 0.2).then_some(full / 2.0)
    };
    let mut out = Vec::new();
    if let Some(r) = radius(y1 - y0, x1 - x0) {
        if x0 <= near {
            out.push(Ring::circle(x1 - r, my, r));
        }
        if x1 >= width - near {
            out.push(Ring::circle(x0 + r, my, r));
        }
    }
    if let Some(r) = radius(x1 - x0, y1 - y0) {
        if y0 <= near {
            out.push(Ring::circle(mx, y1 - r, r));
        }
        if y1 >= height - near {
            out.push(Ring::circle(mx, y0 + r, r));
        }
    }
    out
}

/// The outermost points of the part on its four sides, each with the direction inwards.
fn outermost(mask: &Plane, part: &Part) -> Vec<(f64, f64, f64, f64)> {
    let middle = |values: Vec<usize>| values.get(values.len() / 2).map(|v| *v as f64);
    let in_column = |x: usize| {
        let inked = (part.y0..part.y1).filter(|y| mask.at(x, *y) != 0);
        middle(inked.collect())
    };
    let in_row = |y: usize| {
        let inked = (part.x0..part.x1).filter(|x| mask.at(*x, y) != 0);
        middle(inked.collect())
    };
    let mut out = Vec::new();
    if let Some(y) = in_column(part.x0) {
        out.push((part.x0 as f64, y, 1.0, 0.0));
    }
    if let Some(y) = in_column(part.x1 - 1) {
        out.push((part.x1 as f64, y, -1.0, 0.0));
    }
    if let Some(x) = in_row(part.y0) {
        out.push((x, part.y0 as f64, 0.0, 1.0));
    }
    if let Some(x) = in_row(part.y1 - 1) {
        out.push((x, part.y1 as f64, 0.0, -1.0));
    }
    out
}

/// Sine and cosine of the directions in which a ring is looked for.
fn directions() -> &'static [(f64, f64); DIRECTIONS] {
    static ALL: std::sync::OnceLock<[(f64, f64); DIRECTIONS]> = std::sync::OnceLock::new();
    ALL.get_or_init(|| {
        std::array::from_fn(|i| (i as f64 / DIRECTIONS as f64 * std::f64::consts::TAU).sin_cos())
    })
}

/// Share of directions in which a thin line of ink lies on the ring, less what lies just outside of it; 0 for a filled shape.
fn fit(mask: &Plane, over: &Overview, ring: &Ring) -> f64 {
    let (slack, gap) = (over.px(1.4), over.px(3.0));
    let inked = |(x, y): (f64, f64)| {
        let inside = x >= 0.0 && y >= 0.0 && x < mask.width as f64 && y < mask.height as f64;
        inside.then(|| mask.at(x as usize, y as usize) != 0)
    };
    let hit = |direction: (f64, f64), from: f64, to: f64| {
        let steps = ((to - from).abs().ceil() as usize).max(1);
        (0..=steps).any(|s| {
            let inwards = from + (to - from) * s as f64 / steps as f64;
            inked(ring.point(direction, 1.0, inwards)) == Some(true)
        })
    };
    // The part of the ring beyond the page cannot be seen.
    let there =
        |direction: &&(f64, f64)| inked(ring.point(**direction, 1.0, slack * 0.5)).is_some();
    let seen = directions().iter().filter(there).count();
    let on = directions()
        .iter()
        .filter(there)
        .filter(|d| hit(**d, -1.0, slack))
        .count();
    // At least a fifth of the ring must be on the page; most candidates end here, before anything else is looked at.
    let share = |n: usize| n as f64 / seen.max(1) as f64;
    if seen < DIRECTIONS / 5 || share(on) < RING {
        return 0.0;
    }
    let (mut outside, mut full, mut inner, mut solid, mut written) = (0, 0_u32, 0_u32, 0, 0);
    let moat = over.px(2.2);
    for direction in directions().iter().filter(there) {
        let direction = *direction;
        outside += usize::from(hit(direction, -gap, -gap * 0.6));
        // Between the ring and its text runs an empty moat; a coloured area has none.
        solid += usize::from((0..4).all(|i| {
            let inwards = slack * 0.5 + (moat - slack * 0.5) * f64::from(i) / 3.0;
            inked(ring.point(direction, 1.0, inwards)) != Some(false)
        }));
        written += usize::from(
            (6..23).any(|i| inked(ring.point(direction, f64::from(i) / 26.0, 0.0)) == Some(true)),
        );
        // How full it is: a seal is lines and gaps, a red picture is not.
        for step in 1..12 {
            if let Some(ink) = inked(ring.point(direction, f64::from(step) / 12.0, 0.0)) {
                inner += 1;
                full += u32::from(ink);
            }
        }
    }
    let fill = f64::from(full) / f64::from(inner.max(1));
    // Something must stand within it, and it must not be an area of colour.
    if !(0.03..0.72).contains(&fill) || share(solid) > 0.6 || share(written) < 0.12 {
        return 0.0;
    }
    (share(on) - 0.5 * share(outside)).max(0.0)
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
