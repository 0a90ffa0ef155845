//! Strokes in a window: how fast edges rise, how wide strokes are, how many of them still stand apart.

use super::{detail::TileMeasures, tones::Tones};
use crate::inspect::raster::Grey;

/// Rise of edges and width of strokes, in the raster itself.
#[expect(clippy::indexing_slicing, reason = "pixel loops within the window")]
pub(super) fn sharpness(window: &Grey, margin: usize, tones: &Tones, out: &mut TileMeasures) {
    let (w, h) = (window.width, window.height);
    let (contrast, mid) = (tones.contrast(), tones.middle());
    let ripple = contrast * 0.06;
    let mut strokes = Vec::new();
    let mut steps = Steps::default();
    let mut along = Ramps::default();
    // Every second row and column says the same as all of them.
    for y in (margin..h - margin).step_by(2) {
        let row = &window.data[y * w..(y + 1) * w];
        along.scan(row.iter().copied(), contrast * 0.5, ripple);
        runs(row.iter().copied(), mid, &mut strokes);
        steps.look(row, contrast * 0.2);
    }
    let mut across = Ramps::default();
    let mut column = Vec::with_capacity(h);
    for x in (0..w).step_by(2) {
        column.clear();
        column.extend(window.data[x..].iter().step_by(w));
        across.scan(column.iter().copied(), contrast * 0.5, ripple);
        runs(column.iter().copied(), mid, &mut strokes);
        steps.look(&column, contrast * 0.2);
    }
    out.step_px = steps.least();
    let middle = strokes.len() / 2;
    if !strokes.is_empty() {
        let (_, median, _) = strokes.select_nth_unstable(middle);
        out.stroke_px = f64::from(*median);
    }
    out.rise_along_px = along.rise();
    out.rise_across_px = across.rise();
}

/// What a reader sees at reading scale.
#[expect(
    clippy::needless_bitwise_bool,
    reason = "no branches, so that many pixels go at once"
)]
#[expect(clippy::indexing_slicing, reason = "pixel loops within the window")]
pub(super) fn reading(
    window: &Grey,
    margin: usize,
    tones: &Tones,
    noise: f64,
    line: f64,
    out: &mut TileMeasures,
) {
    let (w, h) = (window.width, window.height);
    let contrast = tones.contrast();
    let low = (tones.ink + 0.25 * contrast).floor() as u8;
    let high = (tones.ink + 0.75 * contrast).ceil() as u8;
    let mid = tones.middle();
    let below_mid = mid.ceil() as u8;
    let inside = margin..h - margin;
    let (mut grey, mut dark, mut n) = (0_u32, 0_u32, 0_usize);
    // What noise alone does now and then is no edge.
    let ripple = (contrast * 0.06).max(noise * 1.5);
    let wanted = (contrast * 0.5).max(noise * 4.0);
    let mut along = Ramps::default();
    for y in inside.clone() {
        let row = &window.data[y * w..(y + 1) * w];
        for value in row {
            grey += u32::from((*value > low) & (*value < high));
            dark += u32::from(*value < below_mid);
        }
        n += row.len();
        along.scan(row.iter().copied(), wanted, ripple);
    }
    let mut across = Ramps::default();
    let mut column = Vec::with_capacity(h);
    for x in 0..w {
        column.clear();
        column.extend(window.data[x..].iter().step_by(w));
        across.scan(column.iter().copied(), wanted, ripple);
    }
    let pixels = n.max(1) as f64;
    out.edges_along = along.strong as f64 / pixels * line;
    out.edges_across = across.strong as f64 / pixels * line;
    (out.pieces, out.crumbs) = pieces(window, margin, mid, line);
    out.even = even(window, margin, noise);
    out.grey = f64::from(grey) / pixels;
    out.dark = f64::from(dark) / pixels;
    out.apart = tones.apart();
}

/// Monotone ramps between a light and a dark place.
#[derive(Default)]
struct Ramps {
    rises: Vec<f32>,
    strong: usize,
}

impl Ramps {
    /// Looks along one row or column.
    fn scan(&mut self, values: impl Iterator<Item = u8>, wanted: f64, ripple: f64) {
        // A step back smaller than `ripple` is noise, not the end of a ramp.
        let (wanted, ripple) = (wanted as i32, ripple as i32);
        let mut values = values.map(i32::from);
        let Some(mut last) = values.next() else {
            return;
        };
        let (mut direction, mut start, mut extreme, mut steepest) = (0_i32, last, last, 0_i32);
        for value in values {
            let step = value - last;
            if direction == 0 {
                direction = step.signum();
                (start, extreme, steepest) = (last, value, step.abs());
            } else if (value - extreme) * direction >= 0 {
                extreme = value;
                steepest = steepest.max(step * direction);
            } else if (extreme - value) * direction > ripple {
                self.end(start, extreme, steepest, wanted);
                direction = -direction;
                (start, steepest) = (extreme, (step * direction).max(1));
                extreme = value;
            }
            last = value;
        }
        self.end(start, extreme, steepest, wanted);
    }
    fn end(&mut self, start: i32, extreme: i32, steepest: i32, wanted: i32) {
        let height = (extreme - start).abs();
        if height >= wanted.max(2) && steepest > 0 {
            self.strong += 1;
            // For an edge blurred by a Gaussian, height over steepest slope is 2.51 σ, and the 10–90 % rise 2.56 σ.
            self.rises.push(height as f32 / steepest as f32);
        }
    }
    /// The median rise; NaN when there is too little to tell.
    fn rise(mut self) -> f64 {
        if self.rises.len() < 8 {
            return f64::NAN;
        }
        let middle = self.rises.len() / 2;
        let (_, median, _) = self.rises.select_nth_unstable_by(middle, f32::total_cmp);
        f64::from(*median)
    }
}

/// Lengths of runs of ink.
fn runs(values: impl Iterator<Item = u8>, mid: f64, out: &mut Vec<u16>) {
    let mid = mid as u8;
    let mut run = 0_u16;
    for value in values {
        if value < mid {
            run += 1;
        } else if run > 0 {
            out.push(run);
            run = 0;
        }
    }
}

/// How far apart the places are where tones change at all: in a picture blown up by repeating pixels they keep a distance.
#[derive(Default)]
struct Steps {
    gaps: [u32; 12],
}

impl Steps {
    #[expect(clippy::indexing_slicing, reason = "the gap is clamped to the array")]
    fn look(&mut self, values: &[u8], least: f64) {
        let least = least.clamp(2.0, 255.0) as u8;
        let mut last = None;
        for (at, pair) in values.windows(2).enumerate() {
            if pair[0].abs_diff(pair[1]) < least {
                continue;
            }
            if let Some(last) = last {
                let gap: usize = at - last;
                self.gaps[gap.min(self.gaps.len() - 1)] += 1;
            }
            last = Some(at);
        }
    }
    /// The gap that one in twenty does not reach.
    fn least(&self) -> f64 {
        let all: u32 = self.gaps.iter().sum();
        if all < 40 {
            return 1.0;
        }
        let mut left = all / 20;
        for (gap, count) in self.gaps.iter().enumerate() {
            if left < *count {
                return gap as f64;
            }
            left -= count;
        }
        1.0
    }
}

/// Root mean square of the slope of tones in the direction in which it is weakest, as a share of the strongest: a shake of the
/// hand takes the slopes of one direction, whichever it is.
#[expect(clippy::indexing_slicing, reason = "pixel loops within the window")]
fn even(window: &Grey, margin: usize, noise: f64) -> f64 {
    let (w, h) = (window.width, window.height);
    let (mut xx, mut yy, mut xy, mut n) = (0_i64, 0_i64, 0_i64, 0_u32);
    for y in margin.max(1)..(h - margin).min(h - 1) {
        let above = &window.data[(y - 1) * w..y * w];
        let row = &window.data[y * w..(y + 1) * w];
        let below = &window.data[(y + 1) * w..(y + 2) * w];
        let (mut in_row, columns) = ([0_i32; 3], row.len() - 2);
        for (across, (above, below)) in row.windows(3).zip(above[1..].iter().zip(&below[1..])) {
            let dx = i32::from(across[2]) - i32::from(across[0]);
            let dy = i32::from(*below) - i32::from(*above);
            in_row[0] += dx * dx;
            in_row[1] += dy * dy;
            in_row[2] += dx * dy;
        }
        xx += i64::from(in_row[0]);
        yy += i64::from(in_row[1]);
        xy += i64::from(in_row[2]);
        n += columns as u32;
    }
    // A difference two pixels wide: half of it is the slope, and noise adds twice its variance.
    let all = f64::from(n.max(1)) * 4.0;
    let by_noise = noise * noise / 2.0;
    let (xx, yy, xy) = (
        xx as f64 / all - by_noise,
        yy as f64 / all - by_noise,
        xy as f64 / all,
    );
    let (middle, spread) = (f64::midpoint(xx, yy), ((xx - yy) / 2.0).hypot(xy));
    let (weak, strong) = ((middle - spread).max(0.0), (middle + spread).max(1e-9));
    (weak / strong).sqrt()
}

/// Pieces of ink that hang together, for each square of the line's height, and the share of the ink that lies in crumbs:
/// pieces smaller than a dot.
#[expect(
    clippy::indexing_slicing,
    reason = "labels are made here, one for each pixel at most"
)]
fn pieces(window: &Grey, margin: usize, mid: f64, line: f64) -> (f64, f64) {
    let (w, h) = (window.width, window.height);
    let mid = mid as u8;
    let mut parent: Vec<u16> = vec![0];
    let mut sizes: Vec<u16> = vec![0];
    let mut above = vec![0_u16; w];
    for y in margin..h - margin {
        let row = &window.data[y * w..(y + 1) * w];
        let mut left = 0_u16;
        for x in 0..w {
            if row[x] >= mid {
                above[x] = 0;
                left = 0;
                continue;
            }
            let up = find(&mut parent, above[x]);
            let label = match (left, up) {
                (0, 0) if parent.len() < usize::from(u16::MAX) => {
                    parent.push(parent.len() as u16);
                    sizes.push(0);
                    (parent.len() - 1) as u16
                }
                (0, up) => up,
                (left, 0) => left,
                (left, up) => {
                    let (a, b) = (find(&mut parent, left), up);
                    let (to, from) = (a.min(b), a.max(b));
                    if to != from {
                        parent[usize::from(from)] = to;
                        sizes[usize::from(to)] += sizes[usize::from(from)];
                        sizes[usize::from(from)] = 0;
                    }
                    to
                }
            };
            sizes[usize::from(label)] += 1;
            above[x] = label;
            left = label;
        }
    }
    let dot = (line * 0.12).powi(2).max(3.0);
    let (mut count, mut crumbs, mut ink) = (0_u32, 0_u32, 0_u32);
    for size in sizes.iter().skip(1).filter(|size| **size > 0) {
        ink += u32::from(*size);
        if f64::from(*size) <= dot {
            crumbs += u32::from(*size);
        } else {
            count += 1;
        }
    }
    let area = (w * (h - 2 * margin)) as f64;
    (
        f64::from(count) * line * line / area,
        f64::from(crumbs) / f64::from(ink.max(1)),
    )
}

/// The first label of those that belong together.
#[expect(clippy::indexing_slicing, reason = "every entry names an entry")]
fn find(parent: &mut [u16], label: u16) -> u16 {
    let mut label = usize::from(label);
    while usize::from(parent[label]) != label {
        let next = usize::from(parent[label]);
        parent[label] = parent[next];
        label = next;
    }
    label as u16
}
