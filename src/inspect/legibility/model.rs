//! From measures to a score: a logistic model whose numbers a person can read.

use super::detail::TileMeasures;

/// Pages from this score on can be read.
pub const LEGIBLE_FROM: f64 = 0.5;

/// What the model looks at, in this order; see [`WEIGHTS`].
pub const FEATURES: usize = 5;

/// The features of a tile, each near 0 for an ordinary good scan. `dpi` is that of the raster.
pub fn features(tile: &TileMeasures, dpi: f64) -> [f64; FEATURES] {
    let line_mm = tile.line_px * 25.4 / dpi;
    let rise = blur_px(tile).max(1.0) / tile.line_px.max(1.0);
    let ratio = tile.contrast / tile.noise.max(1.0 / 255.0);
    [
        (rise / 0.03).max(0.3).ln(),
        (tile.contrast / tile.paper.max(0.05)).max(0.01).ln(),
        (ratio / 40.0).clamp(0.02, 3.0).ln(),
        (tile.line_px / 40.0).max(0.05).ln(),
        (line_mm / 3.5).clamp(0.1, 3.0).ln(),
    ]
}

/// First the constant, then a weight for each feature.
pub const WEIGHTS: [f64; FEATURES + 1] = [6.0, -3.0, 1.2, 1.0, 1.5, 0.0];

/// The more blurred of both directions, in pixels.
pub fn blur_px(tile: &TileMeasures) -> f64 {
    tile.rise_along_px.max(tile.rise_across_px)
}

/// Chance that the text of a tile can be read, 0–1.
pub fn score(tile: &TileMeasures, dpi: f64) -> f64 {
    let [constant, weights @ ..] = WEIGHTS;
    let features = features(tile, dpi);
    let sum: f64 = weights.iter().zip(features).map(|(w, f)| w * f).sum();
    1.0 / (1.0 + (-(constant + sum)).exp())
}
