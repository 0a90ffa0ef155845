//! The slope of the rows of ink.

use super::overview::Plane;

/// Up to about 14,000 points of ink, spread over the page.
pub(super) fn points(map: &Plane) -> Vec<(f32, f32)> {
    let total: usize = map.data.iter().map(|v| usize::from(*v)).sum();
    // By chance, the same way every time: every n-th point would run through rows of type in slants of its own.
    let share = (14_000.0 / total.max(1) as f64).min(1.0);
    let chance = (share * f64::from(u32::MAX)) as u32;
    let mut random = 1_u32;
    let mut out = Vec::with_capacity(total.min(16_000));
    for y in 0..map.height {
        for x in memchr::memchr_iter(1, map.row(y)) {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            if random <= chance {
                out.push((x as f32, y as f32));
            }
        }
    }
    out
}

/// How much a profile changes over `gap`, when changes narrower than it are smoothed away.
pub(super) fn bands(profile: &[i32], gap: usize) -> f64 {
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
pub(super) fn best_slope(points: &[(f32, f32)], extent: usize, turned: bool) -> (f64, Vec<i32>) {
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
    // The slope that the strips together find most likely: each speaks for its ink, and none can drown the others.
    let steps: Vec<f64> = (-24..=24).map(|step| f64::from(step) * 0.25).collect();
    let tall = extent.div_ceil(STRIPS);
    let mut strip_profile = Profile::new(tall);
    let curves: Vec<Vec<f64>> = strips
        .iter()
        .enumerate()
        .map(|(i, strip)| {
            let top = (i * extent / STRIPS) as f32;
            let strip: Vec<(f32, f32)> = strip.iter().map(|(x, y)| (*x, y - top)).collect();
            let sharp = steps.iter().map(|at| strip_profile.sharp(&strip, *at));
            sharp.map(|value| (value + 1.0).ln()).collect()
        })
        .collect();
    let mut profile = Profile::new(extent);
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
    counts: Vec<i32>,
}

impl Profile {
    /// Rows beyond the picture on either side: what a slope of 6° over a page needs.
    const PAD: usize = 256;

    fn new(extent: usize) -> Profile {
        Profile {
            counts: vec![0; extent + 2 * Profile::PAD],
        }
    }
    fn fill(&mut self, points: &[(f32, f32)], slope: f64) {
        self.counts.fill(0);
        let slope = slope as f32;
        for (along, across) in points {
            let at = (across - slope * along + Profile::PAD as f32).max(0.0) as usize;
            if let Some(count) = self.counts.get_mut(at) {
                *count += 1;
            }
        }
    }
    fn sharp(&mut self, points: &[(f32, f32)], degrees: f64) -> f64 {
        self.fill(points, degrees.to_radians().tan());
        // No more than some ten thousand points: the square of a difference fits.
        let steps = self.counts.iter().zip(self.counts.iter().skip(1));
        let squares = steps.map(|(a, b)| i64::from((a - b) * (a - b)));
        squares.sum::<i64>() as f64
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heavy_type_does_not_run_in_slants() {
        // Lines so heavy that only one point of twenty is kept: thinned by counting, those of one row lay under those of the
        // row above, moved by the same distance, and so in rows of their own.
        for length in 690..710_usize {
            let mut map = Plane::new(827, 1_169);
            for line in 0..25_usize {
                for y in 0..16 {
                    for x in 60..60 + length {
                        map.set(x, 60 + line * 40 + y, 1);
                    }
                }
            }
            let points = points(&map);
            assert!((12_000..16_000).contains(&points.len()), "{}", points.len());
            let (slope, _) = best_slope(&points, map.height, false);
            assert!(slope.abs() < 0.002, "{length}: {slope}");
        }
    }
}
