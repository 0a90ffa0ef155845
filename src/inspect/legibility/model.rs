//! From measures to a score: a text is read when nothing keeps it from being read.
//!
//! Each sign gives a chance between 0 and 1: one half at [`Sign::half`], and the steeper the sooner lost or safe. What a look at a tile
//! shows is read with the product of its chances: one fault is enough to lose it, and the sign with the least chance is the reason
//! that is given. A hasty reader looks once, a careful one also from afar, where grain, dots and stripes run together, and
//! sharpened, where what is only blurred comes apart, and what he can tell from all other characters he reads in any case; the score of
//! a tile is the mean of both readers, that of a page the mean over its tiles weighted by text.
//!
//! How the numbers came about: three programs of `calibration/` drew Chinese pages and spoilt each in known ways; two readers, a hasty
//! and a careful one (`calibration/truth.py`), gave the share of characters that can still be recognised; `calibration/fit.py` fitted the
//! numbers. Errors on pages of a fourth program, on which nothing was fitted, stand in `calibration/README.md`.

use super::detail::{Tile, TileMeasures};

/// Pages from this score on can be read.
pub const LEGIBLE_FROM: f64 = 0.65;

/// Pages below this cannot. Between the two readers differ, and so do pages of the same score: no verdict is given there.
pub const UNREADABLE_BELOW: f64 = 0.3;

/// Whether a page of this score can be read; `None` between the two.
pub fn verdict(score: f64) -> Option<bool> {
    if score >= LEGIBLE_FROM {
        Some(true)
    } else {
        (score < UNREADABLE_BELOW).then_some(false)
    }
}

/// A part of a page below this is pointed out.
pub const PART_LEGIBLE_FROM: f64 = 0.4;

/// What may keep a text from being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the table says what each looks at")]
pub enum Obstacle {
    Even,
    Grain,
    Grey,
    Apart,
    Level,
    Busy,
    Elements,
    Pieces,
    Edges,
    Thin,
    Sides,
    Crumbs,
    Fog,
}

/// How one measure becomes a chance.
#[derive(Clone, Copy, Debug)]
pub struct Sign {
    /// What it looks at.
    pub of: Obstacle,
    /// Where the chance is one half.
    pub half: f64,
    /// How fast the chance falls; negative where more is worse.
    pub steep: f64,
    /// Beyond these the measure says nothing more.
    pub within: (f64, f64),
}

const fn sign(of: Obstacle, half: f64, steep: f64, within: (f64, f64)) -> Sign {
    Sign {
        of,
        half,
        steep,
        within,
    }
}

/// The whole model.
pub const SIGNS: [Sign; 13] = [
    // Slope of tones in its weakest direction against the one across it: what a shake of the hand takes.
    sign(Obstacle::Even, 0.491, 13.9, (0.1, 1.0)),
    // Contrast against the grain of the paper, pixel by pixel.
    sign(Obstacle::Grain, 4.47, 5.4, (0.5, 30.0)),
    // Share of pixels that are neither ink nor paper.
    sign(Obstacle::Grey, 0.447, -10.9, (0.15, 0.8)),
    // How well tones fall into ink and paper.
    sign(Obstacle::Apart, 0.719, 20.1, (0.4, 0.9)),
    // How far the level that parts the page in black and white is off the one that parts this text: a copy loses it, an eye does not.
    sign(Obstacle::Level, 0.326, -8.1, (0.1, 1.2)),
    // More edges than characters have: a pattern or noise that looks like ink.
    sign(Obstacle::Busy, 14.7, -4.9, (4.0, 15.0)),
    // Resolved elements in the height of a line.
    sign(Obstacle::Elements, 4.96, 6.1, (2.0, 20.0)),
    // More pieces of ink than characters have: strokes in bits.
    sign(Obstacle::Pieces, 5.83, -9.2, (2.0, 14.0)),
    // Fewer edges than characters have, in the poorer direction: strokes run together or are gone.
    sign(Obstacle::Edges, 1.75, 4.9, (0.3, 4.0)),
    // Share of the line that is ink: below it, strokes are missing.
    sign(Obstacle::Thin, 0.126, 7.2, (0.04, 0.2)),
    // Edges along the line against those across it: what is lost in one direction only.
    sign(Obstacle::Sides, 0.423, 8.7, (0.2, 1.0)),
    // Ink in pieces smaller than a dot.
    sign(Obstacle::Crumbs, 0.231, -7.4, (0.005, 0.5)),
    // Share of the paper that is darker than halfway to the ink.
    sign(Obstacle::Fog, 0.0329, -2.2, (0.003, 0.5)),
];

/// The value of a measure that a sign looks at.
fn value(of: Obstacle, tile: &TileMeasures) -> f64 {
    let least = 1.0 / 255.0;
    match of {
        Obstacle::Even => tile.even,
        Obstacle::Grain => tile.contrast / tile.grain.max(least),
        Obstacle::Grey => tile.grey,
        Obstacle::Apart => tile.apart,
        Obstacle::Level => tile.off_level,
        Obstacle::Busy => tile.edges_along.max(tile.edges_across),
        // Pixels repeated as squares resolve as little as an edge that rises over 1.3 of them.
        Obstacle::Elements => tile.line_px / blur_px(tile).max(1.3 * tile.step_px.max(1.0)),
        Obstacle::Pieces => tile.pieces,
        Obstacle::Edges => tile.edges_along.min(tile.edges_across),
        Obstacle::Thin => tile.dark,
        Obstacle::Sides => {
            let (a, b) = (tile.edges_along, tile.edges_across);
            a.min(b) / a.max(b).max(1e-6)
        }
        Obstacle::Crumbs => tile.crumbs,
        Obstacle::Fog => tile.fog,
    }
}

/// How surely characters are told from all others, as a chance of reading them: half, steep, and beyond what it says nothing more.
const TOLD: (f64, f64, (f64, f64)) = (0.2, 6.0, (0.02, 1.0));

impl Sign {
    /// The chance that this does not keep the tile from being read.
    fn chance(&self, tile: &TileMeasures) -> f64 {
        chance(value(self.of, tile), self.half, self.steep, self.within)
    }
}

fn chance(value: f64, half: f64, steep: f64, within: (f64, f64)) -> f64 {
    let value = if value.is_finite() { value } else { half };
    let over = (value.clamp(within.0, within.1) / half).ln();
    1.0 / (1.0 + (-steep * over).exp())
}

/// The more blurred of both directions, in pixels; a third of the line where there are too few edges to tell.
pub fn blur_px(tile: &TileMeasures) -> f64 {
    let rises = [tile.rise_along_px, tile.rise_across_px];
    let most = rises
        .into_iter()
        .filter(|rise| *rise > 0.0)
        .reduce(f64::max);
    most.unwrap_or(tile.line_px / 3.0)
}

/// How well the text of a tile can be read, 0–1: the mean of the chances that a hasty and that a careful reader have.
pub fn score(tile: &Tile) -> f64 {
    f64::midpoint(hasty(&tile.near), careful(tile))
}

/// The hasty reader looks once, and as a copy in black and white shows it.
fn hasty(near: &TileMeasures) -> f64 {
    SIGNS.iter().map(|sign| sign.chance(near)).product()
}

/// The careful one takes the best of several looks, and finds in each the level that parts ink and paper there; and what he can tell
/// from all other characters he reads, whatever the signs say.
fn careful(tile: &Tile) -> f64 {
    let looks = std::iter::once(&tile.near).chain(&tile.again);
    let (half, steep, within) = TOLD;
    let told = tile.told.filter(|told| told.is_finite());
    let told = told.map(|told| chance(told, half, steep, within));
    looks.map(with_care).chain(told).fold(0.0, f64::max)
}

fn with_care(look: &TileMeasures) -> f64 {
    let signs = SIGNS.iter().filter(|sign| sign.of != Obstacle::Level);
    signs.map(|sign| sign.chance(look)).product()
}

/// Whether a careful reader would look again: another look changes few verdicts on what those before show to be legible.
pub fn leaves_doubt(tile: &Tile) -> bool {
    careful(tile) < LEGIBLE_FROM
}

/// What most keeps the tile from being read.
pub fn obstacle(tile: &TileMeasures) -> Obstacle {
    let chances = SIGNS.iter().map(|sign| (sign.of, sign.chance(tile)));
    let least = chances.min_by(|a, b| a.1.total_cmp(&b.1));
    least.map_or(Obstacle::Grey, |(of, _)| of)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A tile of an ordinary 300 dpi scan.
    const GOOD: TileMeasures = TileMeasures {
        bounds: [0.0; 4],
        windows: 10,
        line_px: 45.0,
        rise_along_px: 2.0,
        rise_across_px: 2.0,
        stroke_px: 3.0,
        paper: 0.95,
        contrast: 0.7,
        noise: 0.008,
        grain: 0.01,
        shade: 1.0,
        edges_along: 3.6,
        edges_across: 3.4,
        grey: 0.2,
        dark: 0.25,
        apart: 0.87,
        off_level: 0.1,
        step_px: 1.0,
        pieces: 2.0,
        crumbs: 0.01,
        even: 0.9,
        fog: 0.0,
    };

    fn seen_once(near: TileMeasures) -> Tile {
        Tile {
            near,
            ..Tile::default()
        }
    }

    #[test]
    fn a_good_scan_is_read_and_one_fault_is_enough_to_lose_it() {
        let good = score(&seen_once(GOOD));
        assert!(!leaves_doubt(&seen_once(GOOD)));
        assert!(good >= 0.8, "{good}");
        let worse = [
            (
                Obstacle::Edges,
                TileMeasures {
                    edges_along: 0.9,
                    edges_across: 0.8,
                    ..GOOD
                },
            ),
            (
                Obstacle::Sides,
                TileMeasures {
                    edges_across: 0.8,
                    ..GOOD
                },
            ),
            (Obstacle::Thin, TileMeasures { dark: 0.08, ..GOOD }),
            (Obstacle::Even, TileMeasures { even: 0.2, ..GOOD }),
            (Obstacle::Grain, TileMeasures { grain: 0.3, ..GOOD }),
            (Obstacle::Fog, TileMeasures { fog: 0.4, ..GOOD }),
            (
                Obstacle::Level,
                TileMeasures {
                    off_level: 0.9,
                    ..GOOD
                },
            ),
            (Obstacle::Grey, TileMeasures { grey: 0.7, ..GOOD }),
            (
                Obstacle::Elements,
                TileMeasures {
                    step_px: 14.0,
                    ..GOOD
                },
            ),
        ];
        for (why, tile) in worse {
            let score = score(&seen_once(tile));
            assert!(score < LEGIBLE_FROM, "{why:?}: {score}");
            assert_eq!(obstacle(&tile), why);
        }
    }

    #[test]
    fn what_only_a_hasty_reader_loses_is_hard_to_read_and_not_refused() {
        let in_shadow = seen_once(TileMeasures {
            off_level: 5.0,
            ..GOOD
        });
        let in_grain = Tile {
            near: TileMeasures {
                crumbs: 0.5,
                grain: 0.4,
                fog: 0.3,
                ..GOOD
            },
            again: vec![GOOD],
            told: None,
        };
        for tile in [in_shadow, in_grain] {
            assert_eq!(verdict(score(&tile)), None, "{}", score(&tile));
        }
    }

    #[test]
    fn what_no_look_shows_is_lost_and_a_poorer_look_takes_nothing_away() {
        let blurred = TileMeasures {
            edges_along: 0.5,
            edges_across: 0.5,
            ..GOOD
        };
        assert!(leaves_doubt(&seen_once(blurred)));
        let lost = Tile {
            near: blurred,
            again: vec![blurred, blurred],
            told: None,
        };
        assert_eq!(verdict(score(&lost)), Some(false), "{}", score(&lost));
        let poorer_again = Tile {
            near: GOOD,
            again: vec![blurred],
            told: None,
        };
        let (seen_again, once) = (score(&poorer_again), score(&seen_once(GOOD)));
        assert!((seen_again - once).abs() < 1e-12);
    }

    #[test]
    fn what_can_be_told_is_not_refused_whatever_the_signs_say() {
        let spoilt = TileMeasures {
            edges_along: 0.5,
            edges_across: 0.5,
            ..GOOD
        };
        let with = |told: f64| Tile {
            near: spoilt,
            again: vec![spoilt],
            told: Some(told),
        };
        assert_eq!(verdict(score(&with(0.5))), None);
        assert!(!leaves_doubt(&with(0.5)));
        // A chance like that of any other piece of ink takes nothing away and gives nothing.
        for told in [0.0, 0.05, f64::NAN] {
            assert_eq!(verdict(score(&with(told))), Some(false), "{told}");
        }
    }

    #[test]
    fn what_could_not_be_measured_neither_saves_nor_panics() {
        let strange = TileMeasures {
            even: f64::NAN,
            grey: f64::INFINITY,
            ..GOOD
        };
        assert!(score(&seen_once(strange)) < LEGIBLE_FROM);
    }
}
