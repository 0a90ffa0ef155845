//! One picture measured: a scanned page, or an image on a page.

use super::{
    BadRegion, Edge, Seal,
    bad_regions::bad_regions,
    cut_edges::cut_edges,
    detail::{Looks, Tile, TileMeasures},
    glyphs::Glyphs,
    ink::Ink,
    lines::Lines,
    model::LEGIBLE_FROM,
    orientation::orientation,
    overview::{Overview, Plane},
    pattern,
    reading::Reading,
    seals,
    shine::Shine,
    smallest::smallest,
};
use crate::inspect::{
    PageHash, page_hash,
    raster::{PagePixels, Raster, Turn},
};
use crate::units::Dpi;

/// What a picture says.
#[derive(Clone, Debug)]
pub(super) struct Picture {
    pub(super) tiles: Vec<Tile>,
    pub(super) raster_dpi: f64,
    pub(super) stored_dpi: Option<Dpi>,
    pub(super) ink: f64,
    pub(super) blank: bool,
    pub(super) border: f64,
    pub(super) noise: f64,
    pub(super) paper_level: Option<[f64; 2]>,
    pub(super) skew_deg: Option<f64>,
    pub(super) orientation_deg: Option<u16>,
    pub(super) smallest_mm: Option<f64>,
    pub(super) cut_edges: Vec<Edge>,
    pub(super) bad_regions: Vec<BadRegion>,
    pub(super) seals: Vec<Seal>,
    pub(super) coloured: bool,
    pub(super) page_hash: Option<PageHash>,
    pub(super) detail_dpi: Option<f64>,
    pub(super) blocking: Option<f64>,
    pub(super) pattern: f64,
    pub(super) turned: bool,
    pub(super) glyphs: Glyphs,
    /// Whether its lines are alike, as those of text are.
    pub(super) text_like: bool,
    /// Whether even its darkest ink is no darker than a background's.
    pub(super) is_pale: bool,
    /// How well its text can be read, 0–1; `None` for too little text.
    pub(super) score: Option<f64>,
    /// What of its text a shine took.
    pub(super) shines: Vec<Shine>,
    /// How much text was looked at.
    pub(super) windows: u32,
}

impl Picture {
    /// Measures a picture, with no more looks at its text than the verdict needs.
    pub(super) fn of(pixels: &PagePixels) -> Option<Picture> {
        Picture::seen(pixels, Looks::AsNeeded)
    }
    /// Measures a picture.
    pub(super) fn seen(pixels: &PagePixels, looks: Looks) -> Option<Picture> {
        let dpi = pixels.raster_dpi();
        if !(10.0..=4_800.0).contains(&dpi) {
            return None;
        }
        let raster = &pixels.raster;
        let over = Overview::of(raster, dpi)?;
        let found = seals::find(&over);
        let turn = pixels.placement.turn();
        let (over, reading) = read(raster, over, &found, turn, looks);
        let (text, ink, lines) = (&reading.text, &reading.text.ink, &reading.text.lines);
        let seen = !text.blank;
        let upright = turn.is_some_and(|turn| !turn.mirrored);
        let is_jpeg = matches!(pixels.filter.as_deref(), Some("DCTDecode" | "DCT"));
        let whole = pixels
            .stored_dpi
            .is_some_and(|stored| stored.value() < dpi * 1.1);
        let seal = |found: &seals::Found| found.seal(&over, &pixels.placement);
        let mut picture = Picture {
            raster_dpi: dpi,
            stored_dpi: pixels.stored_dpi,
            ink: ink.share,
            blank: text.blank,
            border: if over.negative { 0.0 } else { ink.border },
            noise: over.noise / 255.0,
            paper_level: Some(paper_levels(&over, ink)),
            skew_deg: (seen && text.regular >= 6 && text.regular_share > 0.5 && upright)
                .then(|| -lines.slope.atan().to_degrees()),
            orientation_deg: orientation(reading.glyphs, reading.asked, lines, turn),
            smallest_mm: seen
                .then(|| smallest(text, &over, &found))
                .flatten()
                .map(|px| px * 25.4 / over.dpi),
            cut_edges: cut_edges(&over, ink, lines, turn),
            bad_regions: Vec::new(),
            seals: found.iter().map(seal).collect(),
            coloured: coloured(&over),
            page_hash: seen.then(|| hash(&over.depth, lines)).flatten(),
            detail_dpi: detail_dpi(&reading.tiles, dpi),
            blocking: (is_jpeg && whole).then(|| blocking(raster)),
            pattern: pattern::regularity(raster),
            turned: lines.turned,
            glyphs: reading.glyphs,
            text_like: text.is_like_text(),
            is_pale: f64::from(ink.depth) < 255.0 * (1.0 - PALE_GROUND),
            score: reading.score(),
            windows: reading.windows(),
            tiles: reading.tiles,
            shines: reading.shines,
        };
        picture.bad_regions = bad_regions(&picture, &pixels.placement);
        Some(picture)
    }
    /// The median over tiles of one measure.
    pub(super) fn median(&self, of: impl Fn(&TileMeasures) -> f64) -> Option<f64> {
        let mut values: Vec<f64> = self.tiles.iter().map(|t| of(&t.near)).collect();
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied()
    }
}

/// Reads dark type or, where that cannot be read, light type on a dark ground.
fn read(
    raster: &Raster,
    over: Overview,
    seals: &[seals::Found],
    turn: Option<Turn>,
    looks: Looks,
) -> (Overview, Reading) {
    let dark = Reading::of(raster, &over, seals, turn, looks);
    if dark.text.blank || dark.score().is_some_and(|score| score >= LEGIBLE_FROM) {
        return (over, dark);
    }
    let negative = over.as_negative();
    let light = Reading::of_light_type(raster, &negative, seals, looks);
    match light.filter(|light| light.score() > dark.score()) {
        Some(light) => (negative, light),
        None => (over, dark),
    }
}

/// A background keeps at least this share of the light of the paper.
const PALE_GROUND: f64 = 0.65;

/// Whether a picture is a background: hardly any of it much darker than most of it.
pub(super) fn pale(raster: &Raster) -> bool {
    let mut counts = [0_u32; 256];
    for y in 0..raster.height() {
        for value in raster.row(y).iter().step_by(raster.step()) {
            if let Some(count) = counts.get_mut(usize::from(*value)) {
                *count += 1;
            }
        }
    }
    let total: u32 = counts.iter().sum();
    let level = |share: f64| {
        let mut left = (f64::from(total) * share) as u32;
        let found = counts.iter().position(|count| {
            let here = left < *count;
            left = left.saturating_sub(*count);
            here
        });
        found.unwrap_or(255) as f64
    };
    level(0.001) >= PALE_GROUND * level(0.5)
}

/// Where its ink lies.
fn hash(depth: &Plane, lines: &Lines) -> Option<PageHash> {
    let Plane {
        width,
        height,
        data,
    } = depth;
    page_hash::of_ink(data, *width, *height, lines.slope, lines.turned)
}

/// How much larger steps are at every eighth pixel than between: the grid of a JPEG.
#[expect(clippy::indexing_slicing, reason = "places are counted modulo 8")]
fn blocking(raster: &Raster) -> f64 {
    let step = raster.step();
    let (mut sums, mut counts) = ([0_u32; 8], [0_u32; 8]);
    for y in (0..raster.height()).step_by(24) {
        let row = raster.row(y);
        let mut last = row.first().copied().unwrap_or(0);
        for (x, value) in row.iter().step_by(step).enumerate() {
            let d = u32::from(value.abs_diff(last));
            last = *value;
            // Edges of strokes are no blocks.
            if d < 24 {
                sums[x % 8] += d;
                counts[x % 8] += 1;
            }
        }
    }
    let mean = |i: usize| f64::from(sums[i]) / f64::from(counts[i].max(1));
    let between = (1..8).map(mean).sum::<f64>() / 7.0;
    ((mean(0) - between) / (between + 0.25)).max(0.0)
}

/// A scan resolves about one edge in 1.3 pixels; what is softer holds less than its pixels say.
fn detail_dpi(tiles: &[Tile], dpi: f64) -> Option<f64> {
    let mut rises: Vec<f64> = tiles
        .iter()
        .map(|t| t.near.rise_along_px.min(t.near.rise_across_px))
        .filter(|v| *v > 0.0)
        .collect();
    rises.sort_by(f64::total_cmp);
    let rise = rises.get(rises.len() / 2)?;
    Some(dpi * (1.6 / rise).min(1.0))
}

/// The darkest and the lightest paper, one cell in twenty apart on either side.
fn paper_levels(over: &Overview, ink: &Ink) -> [f64; 2] {
    let mut levels: Vec<u8> = over.cells.iter().map(|c| c.level).collect();
    levels.sort_unstable();
    // A dark border is not paper in shadow.
    let skip = (levels.len() as f64 * ink.border * 1.5) as usize;
    let levels = levels.get(skip..).unwrap_or_default();
    let at = |share: f64| {
        let i = (levels.len().saturating_sub(1) as f64 * share) as usize;
        f64::from(levels.get(i).copied().unwrap_or(255)) / 255.0
    };
    [at(0.05), at(0.95)]
}

/// Whether the page has colour at all: a few cells of clearly coloured pixels.
fn coloured(over: &Overview) -> bool {
    let Some([cb, cr]) = &over.chroma else {
        return false;
    };
    let off = |value: &u8| u16::from(value.abs_diff(128));
    let pairs = cb.data.iter().zip(&cr.data);
    let strong: u32 = pairs.map(|(b, r)| u32::from(off(b) + off(r) > 36)).sum();
    f64::from(strong) > over.px(1.0).powi(2) * 4.0
}
