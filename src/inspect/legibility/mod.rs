//! How well a page can be read, in physical units, and the seals on it.
//!
//! Takes a page, gives [`LegibilityFacts`]. The page is looked at twice: as a whole at about 100 dpi (`overview`, `lines`),
//! and at full resolution through a hundred small windows on its text ([`detail`]). [`model`] turns the measures of each
//! part of the page into a chance that it can be read; `calibration/` says how its numbers came about.
//! Nothing is altered here, and nothing is judged but whether it can be read.

mod bad_regions;
mod blank;
mod cells;
mod characters;
mod cut_edges;
pub mod detail;
mod ellipse;
mod faint_ends;
mod glyph_weights;
mod glyphs;
mod ink;
mod lines;
pub mod model;
mod orientation;
mod overview;
mod page;
mod pattern;
mod picture;
mod reading;
mod ring;
mod seals;
mod shine;
mod slope;
mod smallest;
mod strokes;
mod text;
mod tones;
mod turns;
mod window;

use hayro::hayro_syntax::Pdf;
use serde::{Deserialize, Serialize};

use super::{
    facts::PageFacts,
    raster::{OpenPage, PagePixels},
};
use crate::{
    limits::Limits,
    units::{Dpi, Mm, PageIndex, Pt, PtBox},
};

/// Measures a page. What cannot be looked at is left out: an empty answer means that nothing could be told.
pub fn measure(pdf: &Pdf, index: PageIndex, page: &PageFacts, limits: &Limits) -> LegibilityFacts {
    // Decoders and the renderer meet hostile bytes here; one that gives up on a picture must not take the other findings with it.
    let measured = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let open = OpenPage::open(pdf, index).ok()?;
        Some(page::measure(&open, page, limits))
    }));
    measured.ok().flatten().unwrap_or_default()
}

/// What the models see of a picture, for `calibration/`.
#[derive(Clone, Debug, Serialize)]
pub struct Seen {
    /// Resolution of the raster, in pixels an inch.
    pub dpi: f64,
    /// The measures of each tile.
    pub tiles: Vec<detail::Tile>,
    /// Whether lines run up or down.
    pub turned: bool,
    /// What the shapes of characters say: above 0 for text on its feet.
    pub upright: f64,
}

/// What the models see of a picture, for `calibration/`.
pub fn seen(pixels: &PagePixels) -> Option<Seen> {
    let picture = picture::Picture::seen(pixels, detail::Looks::All)?;
    Some(Seen {
        dpi: picture.raster_dpi,
        tiles: picture.tiles,
        turned: picture.turned,
        upright: picture.glyphs.sign(),
    })
}

/// What was measured on one page.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct LegibilityFacts {
    /// 0 cannot be read – 1 reads like print; `None` where there is too little ink to tell.
    pub score: Option<f64>,
    /// The verdict; `None` for could not tell: too little ink, or a score between readable and not.
    pub legible: Option<bool>,
    /// Resolution of the scan as placed; `None` for a page without scan.
    pub effective_dpi: Option<Dpi>,
    /// Resolution of what the scan really holds: an upscaled 60 dpi scan is a 60 dpi scan.
    pub detail_dpi: Option<Dpi>,
    /// 10–90 % rise of an edge, in mm on paper; larger is more blurred.
    pub edge_rise_mm: Option<f64>,
    /// Median width of a stroke, in mm on paper.
    pub stroke_mm: Option<f64>,
    /// Difference of ink and paper, 0–1 of full scale.
    pub contrast: Option<f64>,
    /// Darkest and lightest local paper level, 0–1: far apart means shadow or glare.
    pub paper_level: Option<[f64; 2]>,
    /// Standard deviation of the paper, 0–1.
    pub noise: Option<f64>,
    /// Strength of the 8-pixel JPEG grid, 0 none.
    pub blocking: Option<f64>,
    /// Skew of the content in degrees, counter-clockwise positive.
    pub skew_deg: Option<f64>,
    /// How regularly tones of the paper repeat, 0 not at all – 1 wholly: above 0.4 a screen was photographed, or a print is all dots.
    #[serde(default)]
    pub pattern: Option<f64>,
    /// How the content is turned, clockwise: 0, 90, 180, 270; `None` for could not tell.
    pub orientation_deg: Option<u16>,
    /// Share of the page covered by ink, 0–1.
    pub ink: f64,
    /// Nothing on it that can be seen.
    pub blank: bool,
    /// Smallest type on the page.
    pub smallest_text_pt: Option<Pt>,
    /// Regions that cannot be read.
    pub bad_regions: Vec<BadRegion>,
    /// Edges at which content is cut off.
    pub cut_edges: Vec<Edge>,
    /// Share of dark border, 0–1.
    pub dark_border: f64,
    /// Seals found.
    pub seals: Vec<Seal>,
    /// Whether the page has colour at all.
    pub coloured: bool,
    /// Where the ink of a scan lies, for finding the same page again.
    #[serde(default)]
    pub page_hash: Option<super::PageHash>,
    /// A page of drawn text, judged by its type and its images without being drawn as a whole.
    #[serde(default)]
    pub not_drawn: bool,
}

impl LegibilityFacts {
    /// Whether a regular pattern lies over the paper.
    pub fn is_patterned(&self) -> bool {
        self.pattern.is_some_and(pattern::is_pattern)
    }
    /// Why the largest area that cannot be read cannot; empty where all can.
    pub fn main_reason(&self) -> &str {
        let regions = self.bad_regions.iter();
        bad_regions::main_reason(regions.map(|region| (region.box_pt, region.why.as_str())))
    }
}

/// A region that cannot be read.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BadRegion {
    /// Where it is.
    pub box_pt: PtBox,
    /// Why: `blur`, `contrast`, `resolution`, `shadow`, `glare`, `noise`, `pattern`, `too_small`.
    pub why: String,
}

/// An edge of the page as shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Edge {
    Left,
    Top,
    Right,
    Bottom,
}

/// A seal (公章) as seen; advisory.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Seal {
    /// Where it is.
    pub box_pt: PtBox,
    /// `red` or `blue`.
    pub colour: String,
    /// Outer diameter, the longer one of an oval.
    pub diameter_mm: Mm,
    /// 0–1, how sure.
    pub score: f64,
    /// Digest of the seal's pixels when it is an image of its own, to find it pasted twice.
    pub image_digest: Option<String>,
}
