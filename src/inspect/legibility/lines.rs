//! The lines of text, and how they are turned.

use super::{
    ink::Ink,
    overview::{Overview, Plane},
    slope::{bands, best_slope, points},
};

/// A line of text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    /// Left, top, right, bottom in overview pixels of the frame (see `turned`), as if there were no skew.
    pub(super) x0: f64,
    pub(super) y0: f64,
    pub(super) x1: f64,
    pub(super) y1: f64,
}

impl Line {
    pub(super) fn height(&self) -> f64 {
        self.y1 - self.y0
    }
    pub(super) fn width(&self) -> f64 {
        self.x1 - self.x0
    }
}

/// How the text lies.
#[derive(Clone, Debug, Default)]
pub(super) struct Lines {
    /// Whether lines run up or down the picture: then everything is given in the picture turned a quarter counter-clockwise.
    pub(super) turned: bool,
    /// Rise of the lines for each pixel to the right, in the frame; y runs down.
    pub(super) slope: f64,
    /// The lines, from the top.
    pub(super) all: Vec<Line>,
    /// Median height of the lines weighted by length, in overview pixels.
    pub(super) height: f64,
}

/// Finds how the text lies and its lines.
pub(super) fn find(over: &Overview, ink: &Ink) -> Lines {
    let points = points(&ink.map);
    if points.len() < ENOUGH_POINTS {
        return Lines::default();
    }
    let (slope, rows) = best_slope(&points, ink.map.height, false);
    let (slope_turned, columns) = best_slope(&points, ink.map.width, true);
    // Chinese text stands in rows and in columns; but the gap between rows is wider than that between characters.
    let gap = over.px(1.3).round().max(2.0) as usize;
    let (sharp, sharp_turned) = (bands(&rows, gap), bands(&columns, gap));
    let ratio = sharp_turned / sharp.max(1e-9);
    // The cells of a table stand in columns as sharp as its rows: then what counts is also in which direction lines come together. Not
    // that alone: where lines are close, columns of characters come together as well.
    let upright = || Lines::at(slope, false, over, ink);
    let on_side = || Lines::at(slope_turned, true, over, ink);
    if ratio < 1.0 / CLEAR {
        upright()
    } else if ratio > CLEAR {
        on_side()
    } else {
        let (a, b) = (upright(), on_side());
        if a.in_line() >= b.in_line() * ratio.sqrt() {
            a
        } else {
            b
        }
    }
}

/// The lines of text that is known to run along the picture, or up and down it.
pub(super) fn along(over: &Overview, ink: &Ink, turned: bool) -> Lines {
    let points = points(&ink.map);
    if points.len() < ENOUGH_POINTS {
        return Lines::default();
    }
    let across = if turned {
        ink.map.width
    } else {
        ink.map.height
    };
    let (slope, _) = best_slope(&points, across, turned);
    Lines::at(slope, turned, over, ink)
}

impl Lines {
    fn at(slope: f64, turned: bool, over: &Overview, ink: &Ink) -> Lines {
        let mut all = if turned {
            boxes(&ink.map.turned(), slope, over)
        } else {
            boxes(&ink.map, slope, over)
        };
        all.sort_by(|a, b| a.y0.total_cmp(&b.y0).then(a.x0.total_cmp(&b.x0)));
        Lines {
            turned,
            slope,
            height: median_height(&all),
            all,
        }
    }
    /// Whether a line is about as high as most.
    pub(super) fn is_usual(&self, line: &Line) -> bool {
        (0.7..1.45).contains(&(line.height() / self.height.max(1.0)))
    }
    /// Length of text in lines of about the usual height.
    fn in_line(&self) -> f64 {
        let usual = self
            .all
            .iter()
            .filter(|l| (0.6..1.5).contains(&(l.height() / self.height.max(1.0))));
        usual.map(|l| l.width() - l.height()).sum()
    }
}

/// Fewer points of ink are no text.
const ENOUGH_POINTS: usize = 40;

/// How much sharper one direction must be than the other to need no second look.
const CLEAR: f64 = 6.0;

/// Ink that hangs together.
struct Part {
    x0: usize,
    x1: usize,
    y0: usize,
    y1: usize,
    ink: usize,
}

/// The first of those that hang together with `i`.
#[expect(clippy::indexing_slicing, reason = "every entry names an entry")]
pub(super) fn root(parent: &mut [usize], mut i: usize) -> usize {
    while parent[i] != i {
        parent[i] = parent[parent[i]];
        i = parent[i];
    }
    i
}

/// Boxes of what is left of the ink when gaps within a line are closed.
#[expect(
    clippy::indexing_slicing,
    reason = "runs lie within their row; labels are made here"
)]
fn boxes(frame: &Plane, slope: f64, over: &Overview) -> Vec<Line> {
    let (width, height) = (frame.width, frame.height);
    let gap = over.px(2.6) as usize;
    let mut parts: Vec<Part> = Vec::new();
    let mut parent: Vec<usize> = Vec::new();
    // Row y of the upright picture is read along the slope, in pieces between its steps.
    let offsets: Vec<i64> = (0..width)
        .map(|x| (slope * x as f64).round() as i64)
        .collect();
    let lowest = offsets.iter().copied().min().unwrap_or(0);
    let highest = offsets.iter().copied().max().unwrap_or(0);
    let mut pieces: Vec<(usize, usize, i64)> = Vec::new();
    for level in offsets.chunk_by(|a, b| a == b) {
        let start = pieces.last().map_or(0, |(_, end, _)| *end);
        pieces.extend(
            level
                .first()
                .map(|offset| (start, start + level.len(), *offset)),
        );
    }
    let mut above: Vec<(usize, usize, usize)> = Vec::new();
    for row in 0..height + (highest - lowest) as usize {
        let mut runs: Vec<(usize, usize, usize)> = Vec::new();
        let mut run: Option<(usize, usize, usize)> = None;
        for (start, end, offset) in &pieces {
            let y = row as i64 + offset - highest;
            let values = usize::try_from(y).ok().filter(|y| *y < height);
            let values = values.and_then(|y| frame.row(y).get(*start..*end));
            for x in memchr::memchr_iter(1, values.unwrap_or_default()) {
                let x = start + x;
                run = match run {
                    Some((start, end, ink)) if x - end <= gap => Some((start, x, ink + 1)),
                    other => {
                        runs.extend(other);
                        Some((x, x, 1))
                    }
                };
            }
        }
        runs.extend(run);
        let mut labelled = Vec::with_capacity(runs.len());
        for (start, end, ink) in runs {
            let label = parts.len();
            parent.push(label);
            parts.push(Part {
                x0: start,
                x1: end,
                y0: row,
                y1: row,
                ink,
            });
            for (a, b, other) in &above {
                if *a <= end && start <= *b {
                    let (p, q) = (root(&mut parent, label), root(&mut parent, *other));
                    parent[p.max(q)] = p.min(q);
                }
            }
            labelled.push((start, end, label));
        }
        above = labelled;
    }
    for i in 0..parts.len() {
        let to = root(&mut parent, i);
        if to != i {
            let (x0, x1, y0, y1, ink) = {
                let p = &parts[i];
                (p.x0, p.x1, p.y0, p.y1, p.ink)
            };
            let t = &mut parts[to];
            t.x0 = t.x0.min(x0);
            t.x1 = t.x1.max(x1);
            t.y0 = t.y0.min(y0);
            t.y1 = t.y1.max(y1);
            t.ink += ink;
        }
    }
    let (least, most) = (over.px(0.9), over.px(16.0));
    let mut out = Vec::new();
    for i in 0..parts.len() {
        if root(&mut parent, i) != i {
            continue;
        }
        let part = &parts[i];
        let (w, h) = (
            (part.x1 - part.x0 + 1) as f64,
            (part.y1 - part.y0 + 1) as f64,
        );
        let filled = part.ink as f64 / (w * h);
        if h >= least && h <= most && w >= 1.4 * h && w >= over.px(2.5) && filled > 0.06 {
            let down = highest as f64;
            out.push(Line {
                x0: part.x0 as f64,
                x1: (part.x1 + 1) as f64,
                y0: part.y0 as f64 - down,
                y1: (part.y1 + 1) as f64 - down,
            });
        }
    }
    out
}

/// Median height, each line weighted by its length.
pub(super) fn median_height(lines: &[Line]) -> f64 {
    let mut heights: Vec<(f64, f64)> = lines.iter().map(|l| (l.height(), l.width())).collect();
    heights.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half: f64 = heights.iter().map(|(_, w)| w).sum::<f64>() / 2.0;
    let mut sum = 0.0;
    for (height, weight) in &heights {
        sum += weight;
        if sum >= half {
            return *height;
        }
    }
    0.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect::raster::{Layout, Raster};

    /// Words of short vertical strokes in lines 40 pixels apart, all turned by `slope`.
    fn page(slope: f64) -> Overview {
        let (width, height) = (800_usize, 1_000_usize);
        let mut data = vec![250_u8; width * height];
        for line in 0..20 {
            for x in 60..700_usize {
                if x % 6 < 3 {
                    for y in 0..14 {
                        let at = 60.0 + f64::from(line) * 40.0 + f64::from(y) + slope * x as f64;
                        data[at as usize * width + x] = 30;
                    }
                }
            }
        }
        let raster = Raster::new(width, height, Layout::Grey, data).unwrap();
        Overview::of(&raster, 100.0).unwrap()
    }

    #[test]
    fn lines_are_found_whatever_the_skew() {
        for degrees in [0.0_f64, 1.0, -2.5] {
            let over = page(degrees.to_radians().tan());
            let found = find(&over, &Ink::of(&over));
            assert!(!found.turned);
            assert_eq!(found.all.len(), 20, "{degrees}: {found:?}");
            assert!(
                (found.slope.atan().to_degrees() - degrees).abs() < 0.1,
                "{}",
                found.slope
            );
            assert!((found.height - 14.0).abs() <= 2.0, "{}", found.height);
        }
    }

    #[test]
    fn a_stamp_set_askew_does_not_turn_the_page() {
        let (width, height) = (800_usize, 1_000_usize);
        let mut data = vec![250_u8; width * height];
        let mut put = |x: f64, y: f64| data[y as usize * width + x as usize] = 30;
        // Three lines of words, and below them a framed stamp of 70 by 14 mm, turned by 5 degrees.
        for line in 0..3 {
            for x in (100..600_usize).filter(|x| x % 7 < 3) {
                for y in 0..14 {
                    put(x as f64, 150.0 + f64::from(line) * 40.0 + f64::from(y));
                }
            }
        }
        let (sin, cos) = 5.0_f64.to_radians().sin_cos();
        for along in 0..280 {
            for across in [0.0, 1.0, 2.0, 54.0, 55.0, 56.0] {
                let u = f64::from(along);
                put(
                    300.0 + u * cos - across * sin,
                    500.0 + u * sin + across * cos,
                );
            }
        }
        let raster = Raster::new(width, height, Layout::Grey, data).unwrap();
        let over = Overview::of(&raster, 100.0).unwrap();
        let found = find(&over, &Ink::of(&over));
        assert!(!found.turned);
        assert!(found.slope.abs() < 0.01, "{}", found.slope);
    }
}
