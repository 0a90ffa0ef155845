//! One window: a piece of a line at full resolution and at reading scale, and what its tones say.

use std::ops::Range;

use super::{
    detail::TileMeasures,
    strokes::{reading, sharpness},
    tones::Tones,
};
use crate::inspect::raster::Grey;

/// Line height at which characters are about as fine as a reader needs, in pixels.
const READING_PX: f64 = 26.0;

/// Text takes up more of the height of its line.
const TEXT_HEIGHT: f64 = 0.4;
/// Dots cover more of a window; specks cover less, or are anywhere.
const LEADER_INK: f64 = 0.004;

/// Measures one window: a piece of a line with `margin` rows of paper above and below. `cut` is the level at which a copy in black and
/// white parts the page.
pub(super) fn measure(window: &Grey, margin: usize, cut: f64) -> Option<TileMeasures> {
    if window.width < 8 || window.height < 8 {
        return None;
    }
    let margin = margin.min(window.height / 3);
    let line = (window.height - 2 * margin) as f64;
    let tones = Tones::of(window)?;
    if is_leader(window, margin, cut) {
        return None;
    }
    let mut measures = TileMeasures {
        windows: 1,
        paper: tones.paper / 255.0,
        grain: noise(window, margin, tones.middle()) / 255.0,
        ..TileMeasures::default()
    };
    measures.fog = fog(window, margin, tones.middle());
    sharpness(window, margin, &tones, &mut measures);
    // Brought to reading scale, where what is finer than a stroke averages out.
    let factor = (line / READING_PX).round().max(1.0) as usize;
    let small = shrink(window, factor);
    let margin = margin / factor;
    if small.width < 6 || small.height < 6 {
        return None;
    }
    let tones = Tones::of(&small)?;
    let noise = noise(&small, margin, tones.middle());
    let line = (small.height - 2 * margin) as f64;
    measures.contrast = tones.contrast() / 255.0;
    if ink_height(&small, &(0..small.width), margin, tones.middle()) < TEXT_HEIGHT {
        // A dash, a rule, dots: no text, hard to read or not.
        return None;
    }
    measures.noise = noise / 255.0;
    measures.off_level = (cut - tones.middle()).abs() / tones.contrast();
    reading(&small, margin, &tones, noise, line, &mut measures);
    Some(measures)
}

/// Share of the paper beside the line that is darker than halfway to the ink: in the third of its rows that has least, so that the
/// rules of a table do not count. Halfway is that of this window: an eye finds its level again wherever the light changes.
fn fog(window: &Grey, margin: usize, middle: f64) -> f64 {
    let middle = middle as u8;
    let mut rows: Vec<usize> = (0..margin)
        .chain(window.height - margin..window.height)
        .map(|y| {
            let row = window.data.get(y * window.width..(y + 1) * window.width);
            let row = row.unwrap_or_default().iter();
            row.map(|value| usize::from(*value < middle)).sum()
        })
        .collect();
    rows.sort_unstable();
    let third = rows.get(rows.len() / 3).copied().unwrap_or(0);
    third as f64 / window.width as f64
}

/// Means over blocks of `factor` by `factor` pixels.
#[expect(clippy::indexing_slicing, reason = "blocks lie within the window")]
pub(super) fn shrink(window: &Grey, factor: usize) -> Grey {
    if factor == 1 {
        return window.clone();
    }
    let (width, height) = (window.width / factor, window.height / factor);
    let area = (factor * factor) as u32;
    let mut data = Vec::with_capacity(width * height);
    for y in 0..height {
        for x in 0..width {
            let mut sum = 0_u32;
            for row in 0..factor {
                let start = (y * factor + row) * window.width + x * factor;
                sum += window.data[start..start + factor]
                    .iter()
                    .map(|v| u32::from(*v))
                    .sum::<u32>();
            }
            data.push(((sum + area / 2) / area) as u8);
        }
    }
    Grey {
        width,
        height,
        data,
    }
}

/// The window seen from further away: blurred by a Gaussian of this standard deviation, in pixels.
#[expect(clippy::indexing_slicing, reason = "taps are kept within the window")]
pub(super) fn softened(window: &Grey, sigma: f64) -> Grey {
    let reach = (2.5 * sigma).ceil().max(1.0) as usize;
    let bell = |at: usize| (-((at as f64 - reach as f64) / sigma).powi(2) / 2.0).exp();
    let all: f64 = (0..=2 * reach).map(bell).sum();
    let taps = (0..=2 * reach).map(|at| (bell(at) / all * 4096.0).round() as u32);
    let taps: Vec<u32> = taps.collect();
    let all: u32 = taps.iter().sum();
    let (w, h) = (window.width, window.height);
    let mut data = Vec::with_capacity(w * h);
    // A row with its ends drawn out to either side.
    let mut down = vec![0_u32; w + 2 * reach];
    let mut sums = vec![0_u32; w];
    for y in 0..h {
        let inner = &mut down[reach..reach + w];
        inner.fill(all / 2);
        for (i, tap) in taps.iter().enumerate() {
            let from = (y + i).saturating_sub(reach).min(h - 1) * w;
            add(inner, *tap, window.data[from..from + w].iter().copied());
        }
        inner.iter_mut().for_each(|sum| *sum /= all);
        let (first, last) = (down[reach], down[reach + w - 1]);
        down[..reach].fill(first);
        down[reach + w..].fill(last);
        sums.fill(all / 2);
        for (i, tap) in taps.iter().enumerate() {
            add(&mut sums, *tap, down[i..i + w].iter().copied());
        }
        data.extend(sums.iter().map(|sum| (sum / all) as u8));
    }
    Grey {
        width: w,
        height: h,
        data,
    }
}

fn add<T: Into<u32>>(sums: &mut [u32], times: u32, values: impl Iterator<Item = T>) {
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum += times * value.into();
    }
}

/// The window with what it differs from a softer look added so many times: what is blurred and free of grain stands apart again.
pub(super) fn sharpened(window: &Grey, softer: &Grey, times: f64) -> Grey {
    let pairs = window.data.iter().zip(&softer.data);
    let data = pairs.map(|(value, soft)| {
        let (value, soft) = (f64::from(*value), f64::from(*soft));
        (value + times * (value - soft)).round().clamp(0.0, 255.0) as u8
    });
    Grey {
        width: window.width,
        height: window.height,
        data: data.collect(),
    }
}

/// Dots that lead to a page number, in half of the window or all of it: what is darker than the page's own level lies flat. There may be
/// so little of it that the tones of the window alone are those of paper.
fn is_leader(window: &Grey, margin: usize, cut: f64) -> bool {
    let middle = window.width / 2;
    [0..middle, middle..window.width].into_iter().any(|half| {
        let pixels = half.len() * window.height;
        let rows = (0..window.height).map(|y| darker(window, y, &half, cut));
        rows.sum::<usize>() as f64 > LEADER_INK * pixels as f64
            && ink_height(window, &half, margin, cut) < TEXT_HEIGHT
    })
}

/// Height that ink takes up in the line, as a share of it.
fn ink_height(window: &Grey, columns: &Range<usize>, margin: usize, level: f64) -> f64 {
    let inside = margin..window.height - margin;
    let inked = |y: &usize| darker(window, *y, columns, level) > 0;
    let (first, last) = (inside.clone().find(inked), inside.clone().rfind(inked));
    match (first, last) {
        (Some(first), Some(last)) => (last + 1 - first) as f64 / inside.len() as f64,
        _ => 0.0,
    }
}

/// How many pixels of a row are darker than a level.
fn darker(window: &Grey, y: usize, columns: &Range<usize>, level: f64) -> usize {
    let start = y * window.width;
    let row = window.data.get(start + columns.start..start + columns.end);
    // In bytes, so that many are compared at once.
    let level = level.ceil() as u8;
    let row = row.unwrap_or_default().iter();
    row.map(|value| usize::from(*value < level)).sum()
}

/// Standard deviation of the paper around its local level, from pixels of the margins that are paper.
#[expect(clippy::indexing_slicing, reason = "pixel loops within the window")]
fn noise(window: &Grey, margin: usize, least: f64) -> f64 {
    let (w, h) = (window.width, window.height);
    let margin = margin.clamp(2, h / 2);
    let (mut sum, mut n) = (0.0_f64, 0_u32);
    for y in (0..h).filter(|y| *y < margin || *y >= h - margin) {
        let row = &window.data[y * w..(y + 1) * w];
        // Differences two apart: neighbours share what resampling and JPEG smooth away.
        for pair in row.windows(3) {
            let (a, b) = (f64::from(pair[0]), f64::from(pair[2]));
            if a >= least && b >= least {
                sum += (a - b) * (a - b);
                n += 1;
            }
        }
    }
    if n < 12 {
        return 0.0;
    }
    (sum / f64::from(n) / 2.0).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(tone: impl Fn(usize, usize) -> u8) -> Grey {
        let (width, height) = (48, 40);
        Grey {
            width,
            height,
            data: (0..width * height)
                .map(|i| tone(i % width, i / width))
                .collect(),
        }
    }

    /// Lightest less darkest, away from the edges.
    fn range(window: &Grey) -> u8 {
        let middle = |i: &usize| {
            let (x, y) = (i % window.width, i / window.width);
            (12..window.width - 12).contains(&x) && (12..window.height - 12).contains(&y)
        };
        let inside = (0..window.data.len()).filter(middle);
        let tones: Vec<u8> = inside.filter_map(|i| window.data.get(i).copied()).collect();
        tones.iter().max().unwrap() - tones.iter().min().unwrap()
    }

    #[test]
    fn from_afar_dots_run_together_and_strokes_stay() {
        let dots = softened(&drawn(|x, y| if (x + y) % 2 == 0 { 0 } else { 255 }), 2.0);
        assert!(range(&dots) <= 2, "{}", range(&dots));
        assert!(dots.data.iter().all(|v| v.abs_diff(128) < 40));
        let strokes = softened(&drawn(|x, _| if x / 8 % 2 == 0 { 0 } else { 255 }), 2.0);
        assert!(range(&strokes) > 150, "{}", range(&strokes));
        let even = drawn(|_, _| 201);
        assert_eq!(softened(&even, 3.3).data, even.data);
    }

    #[test]
    fn sharpened_what_is_blurred_stands_apart_again() {
        let strokes = drawn(|x, _| if x / 4 % 2 == 0 { 40 } else { 220 });
        let blurred = softened(&strokes, 2.5);
        let sharp = sharpened(&blurred, &softened(&blurred, 2.5), 6.0);
        assert!(range(&blurred) < 90, "{}", range(&blurred));
        assert!(range(&sharp) > 150, "{}", range(&sharp));
        let even = drawn(|_, _| 201);
        assert_eq!(sharpened(&even, &even, 6.0).data, even.data);
    }
}
