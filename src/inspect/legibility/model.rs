//! From measures to a score: a logistic model whose numbers a person can read.
//!
//! The score of a tile is 1/(1+exp(−(constant + Σ weight·feature))), that of a page the mean over its tiles weighted by
//! text. Every feature is 0 for a good scan and falls as text gets harder to read, so no weight is negative.
//!
//! How the numbers came about: `calibration/make_pages.py` drew pieces of Chinese pages (four fonts, 6–22 pt, paragraphs,
//! forms, tables), spoilt each in known ways, and took the share of characters that `tesseract chi_sim` still recognised as
//! the truth; `calibration/fit.py` fitted the weights. Errors on held-out pages with other fonts and other faults stand in
//! `calibration/README.md`.

use super::detail::TileMeasures;

/// Pages from this score on can be read.
pub const LEGIBLE_FROM: f64 = 0.71;

/// A part of a page below this is pointed out.
pub const PART_LEGIBLE_FROM: f64 = 0.5;

/// What the model looks at.
pub const FEATURES: usize = 8;

/// First the constant, then a weight for each of [`features`].
pub const WEIGHTS: [f64; FEATURES + 1] = [2.77, 2.39, 1.31, 0.12, 1.12, 1.01, 6.62, 0.27, 1.31];

/// The features of a tile, as in `calibration/fit.py`.
pub fn features(tile: &TileMeasures) -> [f64; FEATURES] {
    let ln = |value: f64, low: f64, high: f64| value.clamp(low, high).ln();
    let fewer = tile.edges_along.min(tile.edges_across);
    let more = tile.edges_along.max(tile.edges_across);
    let clear = tile.contrast / tile.noise.max(1.0 / 255.0);
    [
        // Edges a character shows in the direction that shows fewer; blur merges strokes, and edges go.
        ln(fewer / 3.0, 0.05, 1.0),
        // Contrast against noise.
        ln(clear / 25.0, 0.05, 1.0),
        // Contrast against the paper.
        ln(tile.contrast / tile.paper.max(0.05) / 0.4, 0.02, 1.0),
        // Pixels that are neither ink nor paper.
        -ln(tile.grey / 0.25, 1.0, 4.0),
        // How well ink and paper fall apart.
        ln(tile.apart / 0.8, 0.5, 1.0),
        // Paper in shadow.
        ln(tile.shade / 0.95, 0.15, 1.0),
        // Dark specks on the paper.
        -ln(tile.specks / 0.002, 1.0, 30.0),
        // More edges than characters have: noise that looks like ink.
        -ln(more / 5.5, 1.0, 3.0),
    ]
}

/// The more blurred of both directions, in pixels; a third of the line where there are too few edges to tell.
pub fn blur_px(tile: &TileMeasures) -> f64 {
    let known = |rise: f64| if rise > 0.0 { rise } else { tile.line_px / 3.0 };
    known(tile.rise_along_px).max(known(tile.rise_across_px))
}

/// Chance that the text of a tile can be read, 0–1.
pub fn score(tile: &TileMeasures) -> f64 {
    let [constant, weights @ ..] = WEIGHTS;
    let features = features(tile);
    let sum: f64 = weights.iter().zip(features).map(|(w, f)| w * f).sum();
    1.0 / (1.0 + (-(constant + sum)).exp())
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
        specks: 0.0,
        shade: 1.0,
        edges_along: 3.6,
        edges_across: 3.4,
        fine_along: 0.2,
        fine_across: 0.2,
        grey: 0.2,
        dark: 0.25,
        apart: 0.85,
    };

    #[test]
    fn a_good_scan_is_read_and_each_fault_lowers_the_score() {
        let good = score(&GOOD);
        assert!(good >= LEGIBLE_FROM, "{good}");
        let worse = [
            TileMeasures {
                edges_along: 0.8,
                ..GOOD
            },
            TileMeasures { noise: 0.2, ..GOOD },
            TileMeasures { shade: 0.3, ..GOOD },
        ];
        for tile in worse {
            assert!(score(&tile) < good);
        }
    }

    #[test]
    fn no_fault_counts_in_favour() {
        assert!(WEIGHTS.iter().skip(1).all(|w| *w >= 0.0));
        assert!(features(&GOOD).iter().all(|f| f.abs() < 0.2));
    }
}
