//! A blank page told from one that is too faint to see at first sight.

use super::{
    ink::Ink,
    lines::Lines,
    overview::{Overview, Plane},
};

/// Ink paler than this, of 255, may be no more than the noise of the paper; so may be what is hardly deeper than its noise reaches.
const PALE: f64 = 24.0;
const OVER_NOISE: f64 = 1.3;

/// Whether nothing can be seen: no ink, or only what is as pale as noise and forms no lines.
pub(super) fn is_blank(over: &Overview, ink: &Ink, lines: &Lines) -> bool {
    if f64::from(ink.depth) < PALE.max(OVER_NOISE * ink.floor) {
        !faint_text(over)
    } else {
        ink.share < 0.000_15 && lines.all.is_empty()
    }
}

/// Ratio of variances from which rows differ by more than chance.
const BEYOND_CHANCE: f64 = 8.0;
/// Least difference between rows, in 1/255 of the paper's level: below it JPEG rounds everything away.
const LEAST: f64 = 0.22;

/// Whether there is structure like lines of text, however pale: whole rows, or whole columns, that lie deeper than others.
fn faint_text(over: &Overview) -> bool {
    rows_differ(&over.depth, over) || rows_differ(&over.depth.turned(), over)
}

/// Compares how much rows differ from each other with how much strips within a row do: noise averages out along a row, a
/// line of text does not.
fn rows_differ(depth: &Plane, over: &Overview) -> bool {
    let wide = over.px(5.0).round().max(4.0) as usize;
    let tall = over.px(0.8).round().max(1.0) as usize;
    // The outermost 6 mm belong to edges and to the shadow of the lid.
    let margin = over.px(6.0) as usize;
    let (mut rows, mut within, mut strips) = (Vec::new(), 0.0, 0);
    let mut y = margin;
    while y + tall + margin < depth.height {
        let mut means = Vec::new();
        let mut x = margin;
        while x + wide + margin < depth.width {
            let sum: u32 = (y..y + tall)
                .flat_map(|y| depth.row(y).get(x..x + wide).unwrap_or_default())
                .map(|v| u32::from(*v))
                .sum();
            means.push(f64::from(sum) / (wide * tall) as f64);
            x += wide;
        }
        // Neighbours, so that a slope of the light along the row does not count.
        let steps = means.windows(2).map(|w| match w {
            [a, b] => (a - b) * (a - b) / 2.0,
            _ => 0.0,
        });
        within += steps.sum::<f64>();
        strips += means.len().saturating_sub(1);
        rows.push(means.iter().sum::<f64>() / means.len().max(1) as f64);
        y += tall;
    }
    if rows.len() < 12 || strips < 40 {
        return false;
    }
    let across = strips as f64 / rows.len() as f64 + 1.0;
    let within = within / strips as f64;
    // Three steps of 0.8 mm apart: half a line of text, and too near for a slow change of the light.
    let pairs = rows.iter().zip(rows.iter().skip(3));
    let between = pairs
        .clone()
        .map(|(a, b)| (a - b) * (a - b) / 2.0)
        .sum::<f64>()
        / pairs.count() as f64;
    between.sqrt() > LEAST && between * across > BEYOND_CHANCE * (within + 0.02)
}
