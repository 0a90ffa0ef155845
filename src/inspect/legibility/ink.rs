//! Where ink is on the overview: ruled lines and dark borders taken out.

use super::overview::{Overview, Plane};

/// Ink of the overview: 1 where there is ink, ruled lines and dark borders taken out.
#[derive(Clone, Debug)]
pub(super) struct Ink {
    /// 1 for ink that may be text.
    pub(super) map: Plane,
    /// Depth that a tenth of the ink exceeds, 0–255: how dark it is.
    pub(super) depth: u8,
    /// What is deeper was ink before rules and borders were taken out, 0–255.
    pub(super) level: u8,
    /// Depth that the paper's own noise reaches, 0–255.
    pub(super) floor: f64,
    /// Share of the page that is ink, ruled lines included.
    pub(super) share: f64,
    /// Share of the page that is dark border.
    pub(super) border: f64,
}
/// Ruled lines are longer than this and thinner than [`RULE_THICK_MM`].
const RULE_LONG_MM: f64 = 9.0;
const RULE_THICK_MM: f64 = 0.9;

impl Ink {
    pub(super) fn of(over: &Overview) -> Ink {
        Ink::deeper(over, 0.33)
    }
    /// All that stands clear of the noise, also beside ink that is much darker.
    pub(super) fn palest(over: &Overview) -> Ink {
        Ink::deeper(over, 0.0)
    }
    /// Only what is half as dark as the darkest: a ground of stains is paler than the type on it. Not less than that, or headings would
    /// be taken for all there is to read.
    pub(super) fn darker(over: &Overview) -> Ink {
        Ink::deeper(over, 0.5)
    }
    fn deeper(over: &Overview, share_of_dark: f64) -> Ink {
        let (width, height) = (over.depth.width, over.depth.height);
        let counts = tones(&over.depth.data);
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
        let threshold = (dark as f64 * share_of_dark).max(floor).min(250.0) as u8;
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
            level: threshold,
            floor,
            share,
            border,
        }
    }
}

/// How often each value occurs.
#[expect(clippy::indexing_slicing, reason = "a byte is below 256")]
fn tones(values: &[u8]) -> [u32; 256] {
    // By turns into four: neighbours are mostly alike, and adding to the same place twice has to wait.
    let mut counts = [[0_u32; 256]; 4];
    let mut fours = values.chunks_exact(4);
    for four in &mut fours {
        for (counts, value) in counts.iter_mut().zip(four) {
            counts[usize::from(*value)] += 1;
        }
    }
    for value in fours.remainder() {
        counts[0][usize::from(*value)] += 1;
    }
    std::array::from_fn(|level| counts.iter().map(|counts| counts[level]).sum())
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
        while let Some(start) = memchr::memchr(1, &row[x..]).map(|ahead| x + ahead) {
            x = memchr::memchr(0, &row[start..]).map_or(row.len(), |ahead| start + ahead);
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
