//! Where ink is, how it is turned, and the lines of text it forms.

use super::overview::{Overview, Plane};

/// Ink of the overview: 1 where there is ink, ruled lines and dark borders taken out.
#[derive(Clone, Debug)]
pub(super) struct Ink {
    /// 1 for ink that may be text.
    pub(super) map: Plane,
    /// Depth that a tenth of the ink exceeds, 0–255: how dark it is.
    pub(super) depth: u8,
    /// Share of the page that is ink, ruled lines included.
    pub(super) share: f64,
    /// Share of the page that is dark border.
    pub(super) border: f64,
}

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

/// Ruled lines are longer than this and thinner than [`RULE_THICK_MM`].
const RULE_LONG_MM: f64 = 9.0;
const RULE_THICK_MM: f64 = 0.9;

impl Ink {
    pub(super) fn of(over: &Overview) -> Ink {
        let (width, height) = (over.depth.width, over.depth.height);
        let mut counts = [0_u32; 256];
        for value in &over.depth.data {
            if let Some(count) = counts.get_mut(usize::from(*value)) {
                *count += 1;
            }
        }
        // What stands clear of the paper's own noise …
        let floor = (4.5 * over.noise / over.paper * 255.0).clamp(5.0, 120.0);
        // … and, of that, what is not merely the pale edge of something much darker.
        let clear: u32 = counts.iter().skip(floor as usize).sum();
        // On a nearly empty page noise is most of what is clear; two lines of type are this share of a page.
        let mut left = (clear / 10).min((width * height / 2_000) as u32);
        let mut dark = 255_usize;
        while dark > floor as usize {
            let here = counts.get(dark).copied().unwrap_or(0);
            if left < here {
                break;
            }
            left -= here;
            dark -= 1;
        }
        let threshold = (dark as f64 * 0.33).max(floor).min(250.0) as u8;
        let mut map = Plane::new(width, height);
        for (to, depth) in map.data.iter_mut().zip(&over.depth.data) {
            *to = u8::from(*depth > threshold);
        }
        let border = dark_border(over, &mut map);
        let ink: usize = map.data.iter().map(|v| usize::from(*v)).sum();
        let share = ink as f64 / (width * height) as f64;
        remove_rules(&mut map, over);
        Ink {
            map,
            depth: dark as u8,
            share,
            border,
        }
    }
}

/// Dark areas that run along an edge (the lid of the scanner) are taken out of the ink; gives their share of the page.
fn dark_border(over: &Overview, ink: &mut Plane) -> f64 {
    let (width, height) = (over.luma.width, over.luma.height);
    let dark = (over.paper * 0.42) as u8;
    // The lid is black or grey; a coloured band is printed.
    let coloured = |x: usize, y: usize| {
        over.chroma.as_ref().is_some_and(|[cb, cr]| {
            u32::from(cb.at(x, y).abs_diff(128)) + u32::from(cr.at(x, y).abs_diff(128)) > 24
        })
    };
    let dark = |x: usize, y: usize| over.luma.at(x, y) < dark && !coloured(x, y);
    let deepest = over.px(25.0) as usize;
    let mut share = 0_usize;
    let mut clear = |x: usize, y: usize| {
        if dark(x, y) {
            ink.set(x, y, 0);
            true
        } else {
            false
        }
    };
    let least = over.px(1.2).ceil() as usize;
    // From each edge inwards as far as it stays dark.
    for y in 0..height {
        for from_left in [true, false] {
            let at = |i: usize| if from_left { i } else { width - 1 - i };
            let run = (0..deepest.min(width / 3))
                .take_while(|i| dark(at(*i), y))
                .count();
            if run >= least {
                share += (0..run).filter(|i| clear(at(*i), y)).count();
            }
        }
    }
    for x in 0..width {
        for from_top in [true, false] {
            let at = |i: usize| if from_top { i } else { height - 1 - i };
            let run = (0..deepest.min(height / 3))
                .take_while(|i| dark(x, at(*i)))
                .count();
            if run >= least {
                share += (0..run).filter(|i| clear(x, at(*i))).count();
            }
        }
    }
    let share = share as f64 / (width * height) as f64;
    // Text that runs off the page also touches the edge; a border does so along much of it.
    if share < 0.004 { 0.0 } else { share.min(1.0) }
}

/// Takes out lines of tables and underlines: long and thin.
fn remove_rules(map: &mut Plane, over: &Overview) {
    let long = over.px(RULE_LONG_MM) as usize;
    let thick = over.px(RULE_THICK_MM).ceil().max(2.0) as usize;
    let across = rules(map, long, thick);
    let up = rules(&map.turned(), long, thick);
    for (y, start, end) in across {
        for x in start..end {
            map.set(x, y, 0);
        }
    }
    for (row, start, end) in up {
        let x = map.width - 1 - row;
        for y in start..end {
            map.set(x, y, 0);
        }
    }
}

/// Runs of ink along rows that are long and thin: row, first and last column.
#[expect(clippy::indexing_slicing, reason = "runs lie within their row")]
fn rules(map: &Plane, long: usize, thick: usize) -> Vec<(usize, usize, usize)> {
    let mut out = Vec::new();
    for y in 0..map.height {
        let row = map.row(y);
        let mut x = 0;
        while x < row.len() {
            if row[x] == 0 {
                x += 1;
                continue;
            }
            let start = x;
            while x < row.len() && row[x] != 0 {
                x += 1;
            }
            if x - start < long {
                continue;
            }
            // Thin where, for most of the run, ink ends soon above and below.
            let thin = (start..x).filter(|x| {
                let reach = |up: bool| {
                    (1..=thick)
                        .take_while(|d| {
                            let y = if up { y.checked_sub(*d) } else { Some(y + *d) };
                            y.is_some_and(|y| map.at(*x, y) != 0)
                        })
                        .count()
                };
                reach(true) + reach(false) < thick
            });
            if thin.count() * 10 > (x - start) * 6 {
                out.push((y, start, x));
            }
        }
    }
    out
}

/// Finds how the text lies and its lines.
pub(super) fn find(over: &Overview, ink: &Ink) -> Lines {
    let points = points(&ink.map);
    if points.len() < 40 {
        return Lines::default();
    }
    let (slope, rows) = best_slope(&points, ink.map.height, false);
    let (slope_turned, columns) = best_slope(&points, ink.map.width, true);
    // Chinese text stands in rows and in columns; but the gap between rows is wider than that between characters.
    let gap = over.px(1.3).round().max(2.0) as usize;
    let (sharp, sharp_turned) = (bands(&rows, gap), bands(&columns, gap));
    let ratio = sharp_turned / sharp.max(1e-9);
    // The cells of a table stand in columns as sharp as its rows: then what counts is in which direction lines come together.
    let upright = || boxes(&ink.map, slope, over);
    let on_side = || boxes(&ink.map.turned(), slope_turned, over);
    let (turned, mut lines) = if ratio < 1.0 / CLEAR {
        (false, upright())
    } else if ratio > CLEAR {
        (true, on_side())
    } else {
        let (a, b) = (upright(), on_side());
        if in_line(&a) >= in_line(&b) {
            (false, a)
        } else {
            (true, b)
        }
    };
    let slope = if turned { slope_turned } else { slope };
    lines.sort_by(|a, b| a.y0.total_cmp(&b.y0).then(a.x0.total_cmp(&b.x0)));
    let height = median_height(&lines);
    Lines {
        turned,
        slope,
        all: lines,
        height,
    }
}

/// How much sharper one direction must be than the other to need no second look.
const CLEAR: f64 = 6.0;

/// Length of text in lines of about the usual height.
fn in_line(lines: &[Line]) -> f64 {
    let height = median_height(lines);
    let usual = lines
        .iter()
        .filter(|l| (0.6..1.5).contains(&(l.height() / height.max(1.0))));
    usual.map(|l| l.width() - l.height()).sum()
}

/// Up to about 14,000 points of ink, spread over the page.
fn points(map: &Plane) -> Vec<(f32, f32)> {
    let total: usize = map.data.iter().map(|v| usize::from(*v)).sum();
    let every = (total / 14_000).max(1);
    let mut out = Vec::with_capacity(total / every + 1);
    let mut n = 0_usize;
    for y in 0..map.height {
        for (x, value) in map.row(y).iter().enumerate() {
            if *value != 0 {
                n += 1;
                // A step that shares no factor with the period of letters.
                if n.is_multiple_of(every) {
                    out.push((x as f32, y as f32));
                }
            }
        }
    }
    out
}

/// How much a profile changes over `gap`, when changes narrower than it are smoothed away.
fn bands(profile: &[f32], gap: usize) -> f64 {
    let sums: Vec<f64> = profile
        .windows(gap)
        .map(|w| w.iter().map(|v| f64::from(*v)).sum())
        .collect();
    let pairs = sums.iter().zip(sums.iter().skip(gap));
    pairs.map(|(a, b)| (a - b) * (a - b)).sum()
}

/// Rows of the picture are looked at in this many strips, so that a turned stamp in one of them does not speak for all.
const STRIPS: usize = 6;

/// The slope at which the rows of ink are sharpest, and the number of points in each row at that slope.
///
/// The slope that the strips together find most likely is refined on those that agree with it.
fn best_slope(points: &[(f32, f32)], extent: usize, turned: bool) -> (f64, Vec<f32>) {
    // In the frame turned counter-clockwise, x is the old y and y the old width less x.
    let frame: Vec<(f32, f32)> = points
        .iter()
        .map(|(x, y)| {
            if turned {
                (*y, extent as f32 - 1.0 - *x)
            } else {
                (*x, *y)
            }
        })
        .collect();
    let mut strips = vec![Vec::new(); STRIPS];
    for point in &frame {
        let strip = (point.1.max(0.0) as usize * STRIPS / extent.max(1)).min(STRIPS - 1);
        if let Some(strip) = strips.get_mut(strip) {
            strip.push(*point);
        }
    }
    let mut profile = Profile::new(extent);
    // The slope that the strips together find most likely: each speaks for its ink, and none can drown the others.
    let steps: Vec<f64> = (-24..=24).map(|step| f64::from(step) * 0.25).collect();
    let curves: Vec<Vec<f64>> = strips
        .iter()
        .map(|strip| {
            let sharp = steps.iter().map(|at| profile.sharp(strip, *at));
            sharp.map(|value| (value + 1.0).ln()).collect()
        })
        .collect();
    let best = |value: &dyn Fn(usize) -> f64| {
        // The middle wins where nothing is sharper.
        let middle = steps.len() / 2;
        let places = (0..steps.len()).map(|i| (i, value(i)));
        let start = (middle, value(middle));
        let (at, _) = places.fold(start, |best, one| if one.1 > best.1 { one } else { best });
        steps.get(at).copied().unwrap_or(0.0)
    };
    let of = |curve: &[f64], i: usize| curve.get(i).copied().unwrap_or(0.0);
    let coarse = best(&|i| {
        let all = strips.iter().zip(&curves);
        all.map(|(strip, curve)| strip.len() as f64 * of(curve, i))
            .sum()
    });
    let agreeing: Vec<(f32, f32)> = strips
        .iter()
        .zip(&curves)
        .filter(|(_, curve)| (best(&|i| of(curve, i)) - coarse).abs() <= 0.75)
        .flat_map(|(strip, _)| strip.iter().copied())
        .collect();
    let fine = profile.sharpest(&agreeing, coarse, 3, 0.12);
    let degrees = profile.sharpest(&agreeing, fine, 2, 0.04);
    let slope = degrees.to_radians().tan();
    profile.fill(&frame, slope);
    (slope, profile.counts)
}

/// Points counted by row along a slope.
struct Profile {
    counts: Vec<f32>,
}

impl Profile {
    /// Rows beyond the picture on either side: what a slope of 6° over a page needs.
    const PAD: usize = 256;

    fn new(extent: usize) -> Profile {
        Profile {
            counts: vec![0.0; extent + 2 * Profile::PAD],
        }
    }
    fn fill(&mut self, points: &[(f32, f32)], slope: f64) {
        self.counts.fill(0.0);
        let slope = slope as f32;
        for (along, across) in points {
            let at = (across - slope * along + Profile::PAD as f32).max(0.0) as usize;
            if let Some(count) = self.counts.get_mut(at) {
                *count += 1.0;
            }
        }
    }
    fn sharp(&mut self, points: &[(f32, f32)], degrees: f64) -> f64 {
        self.fill(points, degrees.to_radians().tan());
        let steps = self.counts.windows(2).map(|w| match w {
            [a, b] => (a - b) * (a - b),
            _ => 0.0,
        });
        f64::from(steps.sum::<f32>())
    }
    /// The sharpest of `2 × steps + 1` slopes around `middle`, in degrees.
    fn sharpest(&mut self, points: &[(f32, f32)], middle: f64, steps: i32, degrees: f64) -> f64 {
        // The middle wins where nothing is sharper.
        let mut best = (middle, self.sharp(points, middle));
        for step in (-steps..=steps).filter(|step| *step != 0) {
            let at = middle + f64::from(step) * degrees;
            let value = self.sharp(points, at);
            if value > best.1 {
                best = (at, value);
            }
        }
        best.0
    }
}

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
fn root(parent: &mut [usize], mut i: usize) -> usize {
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
    // Row y of the upright picture is read along the slope.
    let offsets: Vec<i64> = (0..width)
        .map(|x| (slope * x as f64).round() as i64)
        .collect();
    let lowest = offsets.iter().copied().min().unwrap_or(0);
    let highest = offsets.iter().copied().max().unwrap_or(0);
    let mut rows: Vec<Vec<u32>> = vec![Vec::new(); height + (highest - lowest) as usize];
    for y in 0..height {
        for (x, value) in frame.row(y).iter().enumerate() {
            if *value != 0 {
                rows[(y as i64 - offsets[x] + highest) as usize].push(x as u32);
            }
        }
    }
    let mut above: Vec<(usize, usize, usize)> = Vec::new();
    for (row, mut inked) in rows.into_iter().enumerate() {
        inked.sort_unstable();
        let mut runs: Vec<(usize, usize, usize)> = Vec::new();
        let mut run: Option<(usize, usize, usize)> = None;
        for x in inked {
            let x = x as usize;
            run = match run {
                Some((start, end, ink)) if x - end <= gap => Some((start, x, ink + 1)),
                other => {
                    runs.extend(other);
                    Some((x, x, 1))
                }
            };
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
fn median_height(lines: &[Line]) -> f64 {
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
