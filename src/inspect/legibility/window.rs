//! One window: a piece of a line at full resolution and at reading scale, and what its tones say.

use super::{
    detail::TileMeasures,
    strokes::{reading, sharpness},
    tones::Tones,
};
use crate::inspect::raster::Grey;

/// Line height at which characters are about as fine as a reader needs, in pixels.
const READING_PX: f64 = 26.0;

/// Measures one window: a piece of a line with `margin` rows of paper above and below. `cut` is the level at which a copy in black and
/// white parts the page.
pub(super) fn measure(window: &Grey, margin: usize, cut: f64) -> Option<TileMeasures> {
    if window.width < 8 || window.height < 8 {
        return None;
    }
    let margin = margin.min(window.height / 3);
    let line = (window.height - 2 * margin) as f64;
    let tones = Tones::of(window)?;
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
    if ink_height(&small, margin, tones.middle()) < 0.4 {
        // Dots that lead to a page number, a dash, a rule: no text, hard to read or not.
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

/// Height that ink takes up in the line, as a share of it.
fn ink_height(window: &Grey, margin: usize, middle: f64) -> f64 {
    let inside = margin..window.height - margin;
    let inked = |y: &usize| {
        let row = window.data.get(y * window.width..(y + 1) * window.width);
        row.is_some_and(|row| row.iter().any(|value| f64::from(*value) < middle))
    };
    let (first, last) = (inside.clone().find(inked), inside.clone().rfind(inked));
    match (first, last) {
        (Some(first), Some(last)) => (last + 1 - first) as f64 / inside.len() as f64,
        _ => 0.0,
    }
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
