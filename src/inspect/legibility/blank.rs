//! A blank page told from one that is too faint to see at first sight.

use super::overview::{Overview, Plane};

/// Whether there is structure like lines of text, however pale: bands that lie deeper than the rest of the paper.
pub(super) fn faint_text(over: &Overview) -> bool {
    let turned = over.depth.turned();
    bands(&over.depth, over) || bands(&turned, over)
}

/// Means over strips of 5 mm by 0.8 mm: noise averages out in them, a line of text does not.
fn bands(depth: &Plane, over: &Overview) -> bool {
    let (wide, tall) = (
        over.px(5.0).round().max(4.0) as usize,
        over.px(0.8).round().max(1.0) as usize,
    );
    // The outermost 4 mm belong to edges and shadows of the lid.
    let margin = over.px(4.0) as usize;
    let mut means = Vec::new();
    let mut y = margin;
    while y + tall + margin < depth.height {
        let mut x = margin;
        while x + wide + margin < depth.width {
            let sum: u32 = (y..y + tall)
                .flat_map(|y| depth.row(y).get(x..x + wide).unwrap_or_default())
                .map(|v| u32::from(*v))
                .sum();
            means.push(f64::from(sum) / (wide * tall) as f64);
            x += wide;
        }
        y += tall;
    }
    if means.len() < 50 {
        return false;
    }
    let mut sorted = means.clone();
    sorted.sort_by(f64::total_cmp);
    let at = |share: f64| {
        let i = (sorted.len() - 1) as f64 * share;
        sorted.get(i as usize).copied().unwrap_or(0.0)
    };
    // The lower half is paper on any page; its spread is the noise of the means.
    let (middle, low) = (at(0.4), at(0.1));
    let spread = ((middle - low) / 1.03).max(0.12);
    let deep = means.iter().filter(|m| **m > middle + 7.0 * spread + 0.6);
    deep.count() * 250 > means.len()
}
