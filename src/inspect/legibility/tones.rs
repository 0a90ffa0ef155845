//! Levels of ink and paper in a window, and the cut that parts them.

use crate::inspect::raster::Grey;

/// Levels of ink and paper, and how the tones spread between them.
pub(super) struct Tones {
    pub(super) ink: f64,
    pub(super) paper: f64,
    counts: [u32; 256],
}

impl Tones {
    /// `None` where there is no contrast at all.
    #[expect(clippy::indexing_slicing, reason = "a byte is below 256")]
    pub(super) fn of(window: &Grey) -> Option<Tones> {
        let mut counts = [0_u32; 256];
        for value in &window.data {
            counts[usize::from(*value)] += 1;
        }
        let total = window.data.len() as u32;
        let quantile = |share: f64| {
            let mut left = (f64::from(total) * share) as u32;
            for (level, count) in counts.iter().enumerate() {
                if left < *count {
                    return level as f64;
                }
                left -= count;
            }
            255.0
        };
        let (ink, paper) = (quantile(0.03), quantile(0.85));
        (paper - ink >= 2.0).then_some(Tones { ink, paper, counts })
    }
    pub(super) fn contrast(&self) -> f64 {
        self.paper - self.ink
    }
    pub(super) fn middle(&self) -> f64 {
        f64::midpoint(self.paper, self.ink)
    }
    /// The largest share of the variance that a cut into two groups explains.
    pub(super) fn apart(&self) -> f64 {
        otsu(&self.counts).1
    }
}

/// Otsu's method: the level that best parts the tones into two groups, and the share of the variance that this explains.
pub(super) fn otsu(counts: &[u32; 256]) -> (f64, f64) {
    let (mut total, mut sum, mut squares) = (0.0, 0.0, 0.0);
    for (level, count) in counts.iter().enumerate() {
        let (level, count) = (level as f64, f64::from(*count));
        total += count;
        sum += level * count;
        squares += level * level * count;
    }
    if total == 0.0 {
        return (128.0, 0.0);
    }
    let variance = squares / total - (sum / total).powi(2);
    let (mut below, mut below_sum) = (0.0, 0.0);
    let (mut first, mut last, mut best) = (sum / total, sum / total, 0.0_f64);
    for (level, count) in counts.iter().enumerate() {
        below += f64::from(*count);
        below_sum += level as f64 * f64::from(*count);
        let above = total - below;
        if below > 0.0 && above > 0.0 {
            let gap = below_sum / below - (sum - below_sum) / above;
            let between = below * above / total / total * gap * gap;
            let here = level as f64 + 0.5;
            if between > best {
                (first, last, best) = (here, here, between);
            } else if *count == 0 && here - last < 1.5 {
                last = here;
            }
        }
    }
    // Where many levels part it alike, as on a page of two tones, the middle one.
    let cut = f64::midpoint(first, last);
    (cut, if variance > 0.0 { best / variance } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_groups_are_parted_between_them() {
        let mut counts = [0_u32; 256];
        for (level, count) in [(20, 40), (25, 60), (200, 500), (210, 400)] {
            counts[level] = count;
        }
        let (cut, share) = otsu(&counts);
        assert!((25.0..200.0).contains(&cut), "{cut}");
        assert!(share > 0.98, "{share}");
        let mut two_tones = [0_u32; 256];
        (two_tones[0], two_tones[255]) = (300, 9_000);
        let (cut, _) = otsu(&two_tones);
        assert!((127.0..=128.0).contains(&cut), "halfway: {cut}");
        assert!(otsu(&[0; 256]).1 < 1e-9, "nothing is parted in nothing");
    }
}
