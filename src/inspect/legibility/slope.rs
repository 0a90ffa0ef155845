//! The slope of the rows of ink.

use super::overview::Plane;

/// Up to about 14,000 points of ink, spread over the page.
pub(super) fn points(map: &Plane) -> Vec<(f32, f32)> {
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
pub(super) fn bands(profile: &[f32], gap: usize) -> f64 {
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
pub(super) fn best_slope(points: &[(f32, f32)], extent: usize, turned: bool) -> (f64, Vec<f32>) {
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
