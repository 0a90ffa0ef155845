//! Whether text stands on its feet or on its head.
//!
//! Chinese characters are not symmetric: strokes spread towards the foot, dots and commas hang low, paragraphs begin in one
//! line on the left and end ragged on the right. Each alone says little; over a page of lines they agree.

use super::{
    detail::frame_luma,
    ink::Ink,
    lines::{Line, Lines},
    overview::{Overview, Plane},
};
use crate::inspect::raster::Raster;

/// Rows into which a line is cut from head to foot.
const BANDS: usize = 8;
/// What is compared between head and foot: `BANDS` / 2 pairs of rows for each of four signs, the ends of lines, and
/// commas and full stops.
pub const SIGNS: usize = BANDS / 2 * 4 + 2;
/// Windows looked at.
const WINDOWS: usize = 90;

/// Differences between foot and head, each a share; turned on its head a page gives the same with the other sign.
pub(super) fn signs(
    raster: &Raster,
    over: &Overview,
    ink: &Ink,
    lines: &Lines,
) -> Option<[f64; SIGNS]> {
    let usable: Vec<_> = lines
        .all
        .iter()
        .filter(|l| {
            let h = l.height() / lines.height.max(1.0);
            (0.75..1.35).contains(&h) && l.width() > 2.0 * l.height()
        })
        .collect();
    if usable.is_empty() {
        return None;
    }
    // Ink, edges along the line, edges across it, and slanted strokes, each by band.
    let mut sums = [[0.0_f64; BANDS]; 4];
    let total: f64 = usable.iter().map(|l| l.width()).sum();
    let every = (total / WINDOWS as f64).max(lines.height * 2.5);
    let mut carried = every / 2.0;
    let mut windows = 0;
    for line in &usable {
        let mut at = line.x0 + carried;
        while at < line.x1 {
            windows += u32::from(look(raster, over, lines, line, at, &mut sums).is_some());
            at += every;
        }
        carried = at - line.x1;
    }
    if windows < 6 {
        return None;
    }
    let mut out = [0.0; SIGNS];
    let mut places = out.iter_mut();
    for bands in &sums {
        let all: f64 = bands.iter().map(|v| v.abs()).sum::<f64>().max(1e-9);
        let pairs = bands.iter().zip(bands.iter().rev()).take(BANDS / 2);
        for ((head, foot), place) in pairs.zip(&mut places) {
            *place = (foot - head) / all;
        }
    }
    if let Some(place) = places.next() {
        *place = ragged(lines);
    }
    if let Some(place) = places.next() {
        *place = punctuation(ink, lines);
    }
    Some(out)
}

/// How many more small marks hang low in their line than stand high, −1 to 1: 、，。 hang low and left of an empty cell.
fn punctuation(ink: &Ink, lines: &Lines) -> f64 {
    let frame = if lines.turned {
        ink.map.turned()
    } else {
        ink.map.clone()
    };
    let (mut low, mut high) = (0.0, 0.0);
    for line in &lines.all {
        let ratio = line.height() / lines.height.max(1.0);
        if !(0.75..1.35).contains(&ratio) || line.height() < 8.0 {
            continue;
        }
        let (l, h) = marks(&frame, line, lines.slope);
        low += l;
        high += h;
    }
    (low - high) / (low + high + 3.0)
}

/// Small marks with room beside them that stand low and high in a line.
fn marks(frame: &Plane, line: &Line, slope: f64) -> (f64, f64) {
    let h = line.height();
    let (mut low, mut high) = (0.0, 0.0);
    // Runs of columns with ink: first and last column, topmost and lowest row within the line.
    let mut runs: Vec<(f64, f64, f64, f64)> = Vec::new();
    let mut open: Option<(f64, f64, f64, f64)> = None;
    for x in line.x0.max(0.0) as usize..(line.x1.max(0.0) as usize).min(frame.width) {
        let top = line.y0 + slope * x as f64;
        let rows = 0..h.round() as usize;
        let inked = |r: &usize| {
            let y = (top + *r as f64).round();
            y >= 0.0 && frame.at(x, y as usize) != 0
        };
        let (first, last) = (rows.clone().find(inked), rows.rev().find(inked));
        let at = x as f64;
        open = match (first, last, open) {
            (Some(a), Some(b), None) => Some((at, at, a as f64, b as f64)),
            (Some(a), Some(b), Some((x0, _, y0, y1))) => {
                Some((x0, at, y0.min(a as f64), y1.max(b as f64)))
            }
            (_, _, run) => {
                runs.extend(run);
                None
            }
        };
    }
    runs.extend(open);
    for three in runs.windows(3) {
        let [before, mark, after] = three else {
            continue;
        };
        let (w, tall) = (mark.1 - mark.0 + 1.0, mark.3 - mark.2 + 1.0);
        let (left, right) = (mark.0 - before.1, after.0 - mark.1);
        if w > 0.38 * h || tall > 0.45 * h || left.min(right) < 2.0 || left + right < 0.5 * h {
            continue;
        }
        let middle = f64::midpoint(mark.2, mark.3) / h - 0.5;
        if middle > 0.14 {
            low += 1.0;
        } else if middle < -0.14 {
            high += 1.0;
        }
    }
    (low, high)
}

/// How much more ragged the right ends of lines are than the left ones, −1 to 1.
fn ragged(lines: &Lines) -> f64 {
    let long: Vec<_> = lines
        .all
        .iter()
        .filter(|l| l.width() > 8.0 * l.height())
        .collect();
    if long.len() < 4 {
        return 0.0;
    }
    let spread = |of: fn(&Line) -> f64| {
        let mut ends: Vec<f64> = long.iter().map(|l| of(l)).collect();
        ends.sort_by(f64::total_cmp);
        let middle = ends.get(ends.len() / 2).copied().unwrap_or(0.0);
        let off = |e: &f64| ((e - middle).abs() / lines.height.max(1.0)).min(12.0);
        ends.iter().map(off).sum::<f64>() / ends.len() as f64
    };
    let (left, right) = (spread(|l| l.x0), spread(|l| l.x1));
    (right - left) / (right + left + 0.5)
}

#[expect(
    clippy::indexing_slicing,
    reason = "pixel loops within the window; bands are clamped"
)]
fn look(
    raster: &Raster,
    over: &Overview,
    lines: &Lines,
    line: &Line,
    x: f64,
    sums: &mut [[f64; BANDS]; 4],
) -> Option<()> {
    let wide = line.height() * 1.6;
    let middle = f64::midpoint(line.y0, line.y1) + lines.slope * x;
    let y = middle - line.height() / 2.0;
    let window = frame_luma(
        raster,
        over,
        lines.turned,
        x - wide / 2.0,
        y,
        wide,
        line.height(),
    )?;
    // Two or three pixels a band are enough, and average the noise away.
    let factor = (window.height / 24).max(1);
    let small = super::window::shrink(&window, factor);
    let (w, h) = (small.width, small.height);
    if w < 6 || h < BANDS {
        return None;
    }
    let paper = f64::from(small.data.iter().copied().max()?);
    let ink = f64::from(small.data.iter().copied().min()?);
    let contrast = (paper - ink).max(8.0);
    let at = |x: usize, y: usize| f64::from(small.data[y * w + x]);
    for y in 1..h - 1 {
        let band = (y * BANDS / h).min(BANDS - 1);
        for x in 1..w - 1 {
            let dx = (at(x + 1, y) - at(x - 1, y)) / contrast;
            let dy = (at(x, y + 1) - at(x, y - 1)) / contrast;
            sums[0][band] += (paper - at(x, y)) / contrast;
            sums[1][band] += dx.abs();
            sums[2][band] += dy.abs();
            sums[3][band] += dx * dy;
        }
    }
    Some(())
}

/// A weight for each sign; fitted by `calibration/fit_upright.py`.
pub const WEIGHTS: [f64; SIGNS] = [
    -1.3, 0.7, -2.6, 2.6, -2.5, 12.2, 10.3, 7.6, 2.3, 0.5, -14.1, -3.1, 12.1, -1.6, -1.0, 12.5,
    5.9, 1.6,
];

/// Below this the answer is left open.
pub const OPEN: f64 = 0.05;

/// Below this a page stands on its head. Most pages with lines across are upright, so it takes more to say that one is not.
pub(super) fn threshold(turned: bool) -> f64 {
    if turned { 0.0 } else { -0.75 }
}

/// Positive when upright, negative when on its head; far from 0 when sure.
pub(super) fn upright(signs: &[f64; SIGNS]) -> f64 {
    signs.iter().zip(WEIGHTS).map(|(s, w)| s * w).sum()
}
