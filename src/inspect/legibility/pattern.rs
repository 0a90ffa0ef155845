//! A regular pattern over the paper: the pixels of a screen that was photographed, the dots of a print, and what either makes with the
//! pixels of the picture (moiré). Grain, stains and type do not repeat.

use crate::inspect::raster::Raster;

/// Side of the squares looked at, in pixels.
const SIDE: usize = 48;
/// They are seen in strips of so many rows: noise is averaged away, stripes stay.
const STRIP: usize = 12;
/// A pattern repeats after fewer pixels than this.
const PERIODS: usize = 24;
/// So many squares across and down are candidates, and so many with the least in them are looked at: those without type.
const ACROSS: usize = 12;
const SQUARES: usize = 16;
/// Darker squares are no paper.
const DARKEST: f64 = 40.0;
/// Tones of paper that deviate by less than this share are even.
const EVEN: f64 = 0.004;

/// Tones that repeat more regularly than this are a pattern.
const PATTERN: f64 = 0.4;

/// Whether tones that are so regular are those of a pattern.
pub(super) fn is_pattern(regularity: f64) -> bool {
    regularity > PATTERN
}

/// How regular the paper's tones are, 0 not at all – 1 wholly: half of how far they are alike again one period on, after being unlike.
pub(super) fn regularity(raster: &Raster) -> f64 {
    let squares = emptiest(raster);
    let mean = squares.iter().map(|square| square.deviation).sum::<f64>();
    if squares.is_empty() || mean / (squares.len() as f64) < EVEN {
        return 0.0;
    }
    let along = |turned: bool| {
        let strips = squares
            .iter()
            .flat_map(|square| square.strips(raster, turned));
        repeats(&likeness(strips))
    };
    along(false).max(along(true))
}

/// A square of the picture, by its left upper corner.
struct Square {
    left: usize,
    top: usize,
    mean: f64,
    /// Standard deviation of its tones as shares of their mean.
    deviation: f64,
}

impl Square {
    /// `None` for one beyond the edge, or too dark.
    fn of(raster: &Raster, left: usize, top: usize) -> Option<Square> {
        let (mut sum, mut squares) = (0_u32, 0_u32);
        for y in top..top + SIDE {
            for tone in tones(raster, left, y)? {
                let tone = u32::from(tone);
                sum += tone;
                squares += tone * tone;
            }
        }
        let n = (SIDE * SIDE) as f64;
        let mean = f64::from(sum) / n;
        let variance = (f64::from(squares) / n - mean * mean).max(0.0);
        (mean >= DARKEST).then(|| Square {
            left,
            top,
            mean,
            deviation: variance.sqrt() / mean,
        })
    }
    /// Means over strips of its rows or, `turned`, of its columns, without their own level and fall.
    fn strips(&self, raster: &Raster, turned: bool) -> Vec<Vec<f64>> {
        let mut out = vec![vec![0.0; SIDE]; SIDE / STRIP];
        for y in 0..SIDE {
            let row = tones(raster, self.left, self.top + y);
            for (x, tone) in row.into_iter().flatten().enumerate() {
                let (along, down) = if turned { (y, x) } else { (x, y) };
                let strip = out.get_mut(down / STRIP);
                if let Some(sum) = strip.and_then(|strip| strip.get_mut(along)) {
                    *sum += f64::from(tone) / (self.mean * STRIP as f64);
                }
            }
        }
        out.iter_mut().for_each(|strip| level(strip));
        out
    }
}

/// The tones of a row of a square; `None` beyond the edge.
fn tones(raster: &Raster, left: usize, y: usize) -> Option<impl Iterator<Item = u8>> {
    let step = raster.step();
    let row = raster.row(y).get(left * step..(left + SIDE) * step)?;
    Some(row.iter().step_by(step).copied())
}

/// Takes the mean and the fall of tones along a strip away: light that falls off is no pattern.
fn level(strip: &mut [f64]) {
    let n = strip.len() as f64;
    let mean = strip.iter().sum::<f64>() / n;
    let place = |x: usize| x as f64 - (n - 1.0) / 2.0;
    let (mut product, mut squares) = (0.0, 0.0);
    for (x, tone) in strip.iter().enumerate() {
        product += place(x) * tone;
        squares += place(x).powi(2);
    }
    for (x, tone) in strip.iter_mut().enumerate() {
        *tone -= mean + product / squares * place(x);
    }
}

/// The squares with the least in them; the very least are flat where light or a scanner's program cut the tones off.
fn emptiest(raster: &Raster) -> Vec<Square> {
    let places = |length: usize| -> Vec<usize> {
        let room = length.saturating_sub(SIDE);
        let count = (length / SIDE).clamp(1, ACROSS);
        (0..count).map(|n| room * n / (count - 1).max(1)).collect()
    };
    let columns = places(raster.width());
    let rows = places(raster.height());
    let at = rows
        .iter()
        .flat_map(|y| columns.iter().map(move |x| (*x, *y)));
    let mut squares: Vec<Square> = at.filter_map(|(x, y)| Square::of(raster, x, y)).collect();
    squares.sort_by(|a, b| a.deviation.total_cmp(&b.deviation));
    let flat = squares.len() / 10;
    squares.into_iter().skip(flat).take(SQUARES).collect()
}

/// How alike the tones of strips are to those so many pixels on: 1 the same, 0 nothing in common, −1 the opposite.
fn likeness(strips: impl Iterator<Item = Vec<f64>>) -> [f64; PERIODS + 1] {
    let mut sums = [0.0; PERIODS + 1];
    for strip in strips {
        for (apart, sum) in sums.iter_mut().enumerate() {
            let pairs = strip.iter().zip(strip.iter().skip(apart));
            *sum += pairs.map(|(a, b)| a * b).sum::<f64>() / (strip.len() - apart) as f64;
        }
    }
    let own = sums[0];
    sums.map(|sum| if own > 0.0 { sum / own } else { 0.0 })
}

/// Half of the highest rise from a place where tones are unlike to one, further on, where they are most alike.
fn repeats(likeness: &[f64]) -> f64 {
    let mut lowest = 1.0_f64;
    let mut most = 0.0_f64;
    for near in likeness.windows(3).skip(1) {
        let [before, here, after] = *near else {
            continue;
        };
        lowest = lowest.min(before);
        if here >= before && here >= after {
            most = most.max((here - lowest) / 2.0);
        }
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect::raster::Layout;

    /// Paper with grain, and on it what `tone` gives for a place.
    fn paper(tone: impl Fn(usize, usize) -> f64) -> Raster {
        let (width, height) = (600_usize, 800_usize);
        let mut state = 0x9E37_79B9_7F4A_7C15_u64;
        let mut data = Vec::with_capacity(width * height);
        for y in 0..height {
            for x in 0..width {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                let grain = (state >> 20) % 9;
                let type_on_it = y % 40 < 12 && (100..500).contains(&x) && (x * 7 + y * 3) % 11 < 4;
                let ink = if type_on_it { 0.2 } else { 1.0 };
                data.push((tone(x, y) * ink * 220.0 + grain as f64) as u8);
            }
        }
        Raster::new(width, height, Layout::Grey, data).unwrap()
    }

    #[test]
    fn the_pixels_of_a_screen_repeat() {
        for period in [2.0, 3.4, 7.0, 16.0] {
            let wave = |v: usize| (v as f64 * std::f64::consts::TAU / period).cos();
            let found = regularity(&paper(|x, _| 0.9 + 0.03 * wave(x)));
            assert!(found > 0.4, "upright stripes of {period}: {found}");
            let found = regularity(&paper(|_, y| 0.9 + 0.03 * wave(y)));
            assert!(found > 0.4, "level stripes of {period}: {found}");
        }
    }

    #[test]
    fn grain_and_light_do_not_repeat() {
        let found = regularity(&paper(|_, _| 0.95));
        assert!(found < 0.2, "grain: {found}");
        let found = regularity(&paper(|x, y| 1.0 - (x + y) as f64 / 2_000.0));
        assert!(found < 0.2, "light that falls off: {found}");
        let even = Raster::new(600, 800, Layout::Grey, vec![250; 480_000]).unwrap();
        assert!(regularity(&even) < f64::EPSILON);
        let small = Raster::new(30, 30, Layout::Grey, vec![250; 900]).unwrap();
        assert!(regularity(&small) < f64::EPSILON);
    }
}
