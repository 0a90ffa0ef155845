//! Rings that fit coloured ink: whole, oval, cut by the edge of the page, or touching something else.

use super::{
    ellipse::through_outline,
    overview::{Overview, Plane},
    seals::{INKED, Part, trim},
};

/// Diameters of official seals with some slack: 国发〔1999〕25号 allows 42–60 mm for offices, companies use 38–46 mm.
const DIAMETER_MM: (f64, f64) = (24.0, 64.0);
/// Directions in which the ring is looked for.
const DIRECTIONS: usize = 96;
/// Share of directions in which the ring must show.
const RING: f64 = 0.6;

/// An ellipse in overview pixels: centre, half axes, and sine and cosine of the angle of the first axis.
#[derive(Clone, Copy)]
pub(super) struct Ring {
    pub(super) cx: f64,
    pub(super) cy: f64,
    pub(super) a: f64,
    pub(super) b: f64,
    axis: (f64, f64),
    pub(super) score: f64,
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
    pub(super) fn reach(&self) -> (f64, f64) {
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
pub(super) fn rings(mask: &Plane, part: &Part, over: &Overview) -> Vec<Ring> {
    let (w, h) = ((part.x1 - part.x0) as f64, (part.y1 - part.y0) as f64);
    let (least, most) = (over.px(DIAMETER_MM.0), over.px(DIAMETER_MM.1));
    if w.max(h) < least * 0.6 || w.min(h) < over.px(4.0) {
        return Vec::new();
    }
    let mut candidates = Vec::new();
    if w.max(h) <= most * 1.1 {
        candidates.extend(around(mask, part, least, most));
        candidates.extend(outlined(mask, part, least, most));
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
    // What is left beside one that was found may be another, of another shape.
    if let [found] = out.as_slice() {
        let mut rest = mask.clone();
        clear(&mut rest, found);
        if let Some(part) = trim(&rest, part.x0, part.y0, part.x1, part.y1)
            && let Some(ring) = outlined(&rest, &part, least, most)
        {
            let score = fit(&rest, over, &ring);
            out.extend((score >= RING + 0.1).then_some(Ring { score, ..ring }));
        }
    }
    out
}

/// The ellipse through the outline of the part.
fn outlined(mask: &Plane, part: &Part, least: f64, most: f64) -> Option<Ring> {
    let found = through_outline(mask, part)?;
    let longer = 2.0 * found.a.max(found.b);
    let fits = (0.55..=1.82).contains(&(found.a / found.b)) && longer >= least && longer <= most;
    fits.then_some(Ring {
        cx: found.cx,
        cy: found.cy,
        a: found.a,
        b: found.b,
        axis: found.axis,
        score: 0.0,
    })
}

/// Takes a ring and what is in it out of the mask.
fn clear(mask: &mut Plane, ring: &Ring) {
    let reach = 1.04 * ring.a.max(ring.b) + 1.0;
    let from = |middle: f64| (middle - reach).max(0.0) as usize;
    let to = |middle: f64, end: usize| ((middle + reach).max(0.0) as usize + 1).min(end);
    for y in from(ring.cy)..to(ring.cy, mask.height) {
        for x in from(ring.cx)..to(ring.cx, mask.width) {
            if (x as f64 + 0.5 - ring.cx).hypot(y as f64 + 0.5 - ring.cy) <= reach {
                mask.set(x, y, 0);
            }
        }
    }
}

/// The ellipse whose axes are those of the ink.
fn around(mask: &Plane, part: &Part, least: f64, most: f64) -> Option<Ring> {
    let mut points = Vec::new();
    for y in part.y0..part.y1 {
        let inked = (part.x0..part.x1).filter(|x| mask.at(*x, y) == INKED);
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
        let inked = (part.y0..part.y1).filter(|y| mask.at(x, *y) == INKED);
        middle(inked.collect())
    };
    let in_row = |y: usize| {
        let inked = (part.x0..part.x1).filter(|x| mask.at(*x, y) == INKED);
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
    let of = |(x, y): (f64, f64)| {
        let inside = x >= 0.0 && y >= 0.0 && x < mask.width as f64 && y < mask.height as f64;
        inside.then(|| mask.at(x as usize, y as usize))
    };
    let inked = |point: (f64, f64)| of(point).map(|value| value == INKED);
    let written_at = |point: (f64, f64)| of(point).map(|value| value != 0);
    let hit = |direction: (f64, f64), from: f64, to: f64| {
        let steps = ((to - from).abs().ceil() as usize).max(1);
        (0..=steps).any(|s| {
            let inwards = from + (to - from) * s as f64 / steps as f64;
            inked(ring.point(direction, 1.0, inwards)) == Some(true)
        })
    };
    // Most candidates are nowhere near a ring: a few directions say so.
    let few = directions().iter().step_by(6);
    let touched =
        few.filter(|d| inked(ring.point(**d, 1.0, slack * 0.5)).is_none() || hit(**d, -1.0, slack));
    if touched.count() * 6 < DIRECTIONS / 3 {
        return 0.0;
    }
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
        written +=
            usize::from((6..23).any(|i| {
                written_at(ring.point(direction, f64::from(i) / 26.0, 0.0)) == Some(true)
            }));
        // How full it is: a seal is lines and gaps, a red picture is not.
        for step in 1..12 {
            if let Some(ink) = written_at(ring.point(direction, f64::from(step) / 12.0, 0.0)) {
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
