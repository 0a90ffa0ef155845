//! Which pages of a file are measured, and measuring them: by the worker that read the file, or by several that share its pages.

use hayro_syntax::Pdf;
use serde::{Deserialize, Serialize};

use super::{
    budget::Budget,
    content::Content,
    facts::{Inspection, PageFacts, PageKind},
    geometry::Geometry,
    legibility::{self, LegibilityFacts},
};
use crate::{limits::Limits, units::PageIndex};

/// For so many pixels another worker is asked: two or three sheets of A4 at 300 dpi, beside which opening the file once more is little.
const SHARE_PIXELS: u64 = 25_000_000;

/// A file that was read, and the pages of it that are still to be measured.
#[derive(Debug, Serialize, Deserialize)]
pub struct Begun {
    /// All that is known so far.
    pub inspection: Inspection,
    /// Pages without measures, in order.
    pub left: Vec<ToMeasure>,
}

/// A page that is to be measured.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct ToMeasure {
    /// Which.
    pub page: PageIndex,
    /// What that costs, in pixels, more or less.
    pub pixels: u64,
}

/// What measuring a page gave.
#[derive(Debug, Serialize, Deserialize)]
pub struct Measured {
    /// Which.
    pub page: PageIndex,
    /// What was measured.
    pub legibility: LegibilityFacts,
}

/// What measuring a page takes.
pub(super) struct Work {
    /// Pixels of its pictures as stored.
    pictures: u64,
    /// Pixels of the page drawn at 100 dpi.
    drawn: u64,
    /// Memory that drawing it takes: a few pictures of its own size, and one more for each soft mask.
    bytes: u64,
    /// Whether a picture of it gives more than it may.
    bomb: bool,
}

impl Work {
    pub(super) fn of(content: &Content, geometry: &Geometry) -> Work {
        let drawn = geometry.width * geometry.height * (100.0 / 72.0_f64).powi(2);
        let drawn = drawn.max(0.0) as u64;
        let pictures = content.soft_masks.saturating_add(2);
        Work {
            pictures: content.pixels,
            drawn,
            bytes: drawn.saturating_mul(4).saturating_mul(pictures),
            bomb: content.bomb,
        }
    }
    /// In pixels: its pictures, and the page itself measured in many ways, which takes three times as long for each pixel as decoding
    /// a picture does.
    fn pixels(&self) -> u64 {
        self.drawn.saturating_mul(3).saturating_add(self.pictures)
    }
}

impl ToMeasure {
    /// `None` for a page that is not looked at closely.
    pub(super) fn new(
        page: &PageFacts,
        work: &Work,
        file: &[u8],
        budget: &mut Budget<'_>,
    ) -> Option<ToMeasure> {
        let fits = work.bytes <= budget.limits.drawn_page_bytes.value();
        // A page that met a limit would meet it again when it is drawn.
        let may = !work.bomb && !budget.met_on(page.page) && !budget.exhausted() && fits;
        if !may || !budget.measure(work.pixels(), file.len() as u64) {
            return None;
        }
        Some(ToMeasure {
            page: page.page.index(),
            // Drawn text says itself where it stands and how large it is.
            pixels: match page.kind {
                PageKind::Text => work.pictures,
                _ => work.pixels(),
            },
        })
    }
}

impl Begun {
    /// A file of which nothing is left.
    pub(super) fn wholly(inspection: Inspection) -> Begun {
        Begun {
            inspection,
            left: Vec::new(),
        }
    }
    /// The pages that are left in as many shares of about the same work as pay, `most` at most. Neighbours go to different ones:
    /// pages that are hard to read, and cost more than their size says, lie side by side.
    pub fn shares(&self, most: usize) -> Vec<Vec<&PageFacts>> {
        let count = pixels(&self.left).div_ceil(SHARE_PIXELS) as usize;
        let mut shares = vec![(0, Vec::new()); count.clamp(1, most.max(1))];
        for left in &self.left {
            let page = self.inspection.pages.get(left.page.value() as usize);
            let lightest = shares.iter_mut().min_by_key(|(pixels, _)| *pixels);
            if let Some(((pixels, share), page)) = lightest.zip(page) {
                *pixels = left.pixels.saturating_add(*pixels);
                share.push(page);
            }
        }
        shares.into_iter().map(|(_, share)| share).collect()
    }
    /// The file with what its pages measure.
    pub fn with(self, measured: impl IntoIterator<Item = Measured>) -> Inspection {
        let mut inspection = self.inspection;
        for measured in measured {
            let page = inspection.pages.get_mut(measured.page.value() as usize);
            if let Some(page) = page {
                measured.write(page);
            }
        }
        inspection
    }
}

impl Measured {
    fn of(pdf: &Pdf, page: &PageFacts, limits: &Limits) -> Measured {
        let index = page.page.index();
        Measured {
            page: index,
            legibility: legibility::measure(pdf, index, page, limits),
        }
    }
    fn write(self, page: &mut PageFacts) {
        if page.page_hash.is_none() {
            page.page_hash.clone_from(&self.legibility.page_hash);
        }
        page.legibility = Some(self.legibility);
    }
}

/// Whether several workers would be done with pages sooner than one.
pub(super) fn is_worth_sharing(pages: &[ToMeasure]) -> bool {
    pixels(pages) > SHARE_PIXELS
}

/// Measures these pages of a file that is open.
pub(super) fn measure(
    pdf: &Pdf,
    to_measure: &[ToMeasure],
    pages: &mut [PageFacts],
    limits: &Limits,
) {
    for which in to_measure {
        if let Some(page) = pages.get_mut(which.page.value() as usize) {
            Measured::of(pdf, page, limits).write(page);
        }
    }
}

/// Measures pages of a file that another worker read.
pub fn measured(bytes: Vec<u8>, pages: &[PageFacts], limits: &Limits) -> Vec<Measured> {
    let Ok(pdf) = super::open(bytes, limits) else {
        return Vec::new();
    };
    let pages = pages.iter();
    pages.map(|page| Measured::of(&pdf, page, limits)).collect()
}

fn pixels(pages: &[ToMeasure]) -> u64 {
    // A worker said them: whatever it says, they are added.
    let pixels = pages.iter().map(|page| page.pixels);
    pixels.fold(0, u64::saturating_add)
}
