//! What the worker is told and what it answers: plain data, since it crosses the border of the sandbox.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{
    number_style::{Counting, NumberStyle, Placed},
    options::{Fit, Gutter, Leaves},
};
use crate::{
    digest::Digest,
    inspect::Margins,
    units::{Mm, PageNumber, PtBox},
};

/// One volume to be written. Files are named by their index among the inputs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VolumeJob {
    /// Title of the file, shown in the reader's window.
    pub title: String,
    /// Who the volume belongs to.
    pub author: String,
    /// The day it is made for; stands as its creation date.
    pub on: Date,
    /// How pages are numbered.
    pub numbers: NumberStyle,
    /// What happens to pages with ink where the volume is glued.
    #[serde(default)]
    pub gutter: Gutter,
    /// What happens to pages that are not A4.
    #[serde(default)]
    pub fit: Fit,
    /// How it will be printed: on both sides, every second page is bound at its right.
    #[serde(default)]
    pub leaves: Leaves,
    /// Input with the font of the numbers: a page of the typesetter that shows every character a number may need.
    pub number_font: usize,
    /// The parts in order: covers, contents, papers.
    pub parts: Vec<Part>,
    /// The bookmarks.
    pub bookmarks: Vec<JobBookmark>,
    /// Where the links `juanzong:item/N` of contents pages lead: N is the index here.
    pub targets: Vec<Place>,
}

/// Pages that stand together: a cover, the contents pages, one paper, one blank page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// Input the pages come from; `None` for blank A4 pages that pad a leaf.
    pub input: Option<usize>,
    /// Its number of pages, as planned.
    pub pages: u32,
    /// How its pages are counted.
    pub counting: Counting,
    /// Number of its first page.
    pub first: PageNumber,
    /// What a page label shows before or in place of the number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Whether its own bookmarks are kept, its links to `juanzong:item/N` understood: true for papers, false for ours.
    pub foreign: bool,
    /// SHA-256 of the paper, which goes into the file's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<Digest>,
    /// The margins of its pages, one entry a page; empty when they were not looked at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub margins: Margins,
}

impl Part {
    /// A paper, counted from `first`.
    pub fn new(input: Option<usize>, pages: u32, counting: Counting, first: u32) -> Part {
        Part {
            input,
            pages,
            counting,
            first: PageNumber::new(first).unwrap_or(PageNumber::FIRST),
            label: None,
            foreign: true,
            sha256: None,
            margins: Vec::new(),
        }
    }

    /// Blank A4 pages.
    pub fn blank(pages: u32, counting: Counting, first: u32) -> Part {
        Part::new(None, pages, counting, first)
    }
}

/// A page, by part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Index of the part.
    pub part: usize,
    /// Page within it, from 0.
    pub page: u32,
}

/// A bookmark of ours.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JobBookmark {
    /// Its text.
    pub title: String,
    /// The page it leads to.
    pub to: Place,
    /// Whether the part's own bookmarks stand below it.
    pub with_outline: bool,
    /// Bookmarks below it.
    pub children: Vec<JobBookmark>,
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VolumeResult {
    /// Length of the file.
    pub size_bytes: u64,
    /// Its pages, in order.
    pub pages: Vec<WrittenPage>,
    /// Bookmarks taken over from papers.
    pub nested_bookmarks: u32,
    /// Parts whose file carries an electronic signature, which does not survive binding.
    #[serde(default)]
    pub signed: Vec<usize>,
}

/// One page as written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WrittenPage {
    /// Index of the part.
    pub part: usize,
    /// The page of the source.
    pub source_page: PageNumber,
    /// What is printed as its number, if anything.
    pub number: Option<String>,
    /// The box the number fills, as shown.
    pub number_box_pt: Option<PtBox>,
    /// How the number came to its place.
    #[serde(default)]
    pub number_place: Placed,
    /// From the binding edge to the nearest ink, where that is less than a volume needs; before the page was moved.
    #[serde(default)]
    pub gutter_mm: Option<Mm>,
    /// How far the page was moved away from the binding edge.
    #[serde(default)]
    pub shifted_mm: Option<Mm>,
    /// By how much the page was enlarged or reduced to A4.
    #[serde(default)]
    pub scaled: Option<f64>,
}
