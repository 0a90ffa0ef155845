//! The one plan of a dossier: order, page numbers, contents rows, bookmarks, links and labels. Nothing computes them twice.
//!
//! The order is the pack's, then the applicant's. Body pages count from the volume's first number; contents pages are
//! counted apart, so the plan is known before they are typeset (unless the notice counts them along).

use super::{
    number_style::{NumberPlace, NumberStyle},
    options::{BindOptions, Fit, Gutter, Leaves, Supplements},
    supplement::{self, History},
};
use crate::{
    digest::Digest,
    dossier::{Applicant, CheckedDossier, CheckedItem},
    rulepack::{ContentsNumbering, Slot, StampPosition, Volume},
};
use jiff::civil::Date;

/// The plan of a dossier.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The day everything is judged at.
    pub on: Date,
    /// Who applies.
    pub applicant: Applicant,
    /// The volumes, in order.
    pub volumes: Vec<PlannedVolume>,
    /// What is handed in unbound: slot by slot.
    pub unbound: Vec<PlannedSheet>,
    /// How the volumes will be printed.
    pub leaves: Leaves,
    /// What happens to pages with ink where the volume is glued.
    pub gutter: Gutter,
    /// What happens to pages that are not A4.
    pub fit: Fit,
}

/// One volume.
#[derive(Clone, Debug)]
pub struct PlannedVolume {
    /// 1, 2, …
    pub number: u8,
    /// For example `第一分册`.
    pub title: String,
    /// Title of its contents page.
    pub contents_title: String,
    /// How its contents pages are counted.
    pub contents: ContentsNumbering,
    /// Number of the first page counted.
    pub first: u32,
    /// How numbers are printed.
    pub style: NumberStyle,
    /// Its slots, in order; the contents page is not among them.
    pub entries: Vec<Entry>,
    /// Its papers, in order; those of supplements last.
    pub papers: Vec<PlannedPaper>,
    /// Pages of the body, padding included.
    pub body_pages: u32,
    /// How it will be printed.
    pub leaves: Leaves,
    /// Papers added after it was bound, round by round.
    pub rounds: Vec<Round>,
}

/// Papers added to a bound volume on one day.
#[derive(Clone, Debug)]
pub struct Round {
    /// The day.
    pub on: Date,
    /// Its papers: indices into [`PlannedVolume::papers`].
    pub papers: std::ops::Range<usize>,
}

/// A slot of a volume, as the contents page shows it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Slot.
    pub slot: String,
    /// Item number as the notice counts it.
    pub item: u8,
    /// As the notice words it.
    pub title: String,
    /// Its papers: indices into [`PlannedVolume::papers`].
    pub papers: std::ops::Range<usize>,
    /// Why it is empty, when it is.
    pub absent: Option<String>,
}

/// A paper in its place.
#[derive(Clone, Debug)]
pub struct PlannedPaper {
    /// Index into [`CheckedDossier::items`].
    pub index: usize,
    /// SHA-256 of its file.
    pub sha256: Digest,
    /// Its title in the contents page.
    pub title: String,
    /// 备注
    pub note: Option<String>,
    /// Pages.
    pub pages: u32,
    /// Pages of the body before it, padding included.
    pub offset: u32,
    /// Blank pages right before it.
    pub blank_before: u32,
}

/// A slot whose papers are handed in unbound.
#[derive(Clone, Debug)]
pub struct PlannedSheet {
    /// The slot.
    pub slot: Slot,
    /// Its papers: indices into [`CheckedDossier::items`].
    pub papers: Vec<usize>,
}

/// Decides everything.
pub fn plan(dossier: &CheckedDossier, options: &BindOptions) -> Plan {
    let pack = dossier.pack();
    let histories = supplement::histories(dossier, options.previous.as_deref());
    let volumes: Vec<PlannedVolume> = pack
        .volumes
        .iter()
        .map(|volume| plan_volume(dossier, volume, options, &histories))
        .collect();
    let unbound = pack
        .slots
        .iter()
        .filter(|slot| slot.volume.is_none() && slot.uploaded)
        .map(|slot| PlannedSheet {
            slot: slot.clone(),
            papers: papers_of(dossier, &slot.id)
                .map(|(index, _)| index)
                .collect(),
        })
        .filter(|sheet| !sheet.papers.is_empty())
        .collect();
    Plan {
        on: dossier.on(),
        applicant: dossier.applicant().clone(),
        volumes,
        unbound,
        leaves: options.leaves,
        gutter: options.gutter,
        fit: options.fit,
    }
}

fn papers_of<'d>(
    dossier: &'d CheckedDossier,
    slot: &'d str,
) -> impl Iterator<Item = (usize, &'d CheckedItem)> {
    let items = dossier.items().iter().enumerate();
    items.filter(move |(_, item)| item.slot == slot)
}

/// The papers of a volume being placed one after the other.
struct Placing<'d> {
    dossier: &'d CheckedDossier,
    papers: Vec<PlannedPaper>,
    /// Pages of the body so far.
    next: u32,
}

impl Placing<'_> {
    /// Places a paper, on a front page when `on_front`.
    fn add(&mut self, index: usize, on_front: bool) {
        let Some(item) = self.dossier.items().get(index) else {
            return;
        };
        let blank_before = u32::from(on_front && self.next % 2 == 1);
        self.next += blank_before;
        self.papers.push(PlannedPaper {
            index,
            sha256: item.sha256,
            title: item.title.clone(),
            note: item.note.clone(),
            pages: item.pages,
            offset: self.next,
            blank_before,
        });
        self.next += item.pages;
    }
}

fn plan_volume(
    dossier: &CheckedDossier,
    volume: &Volume,
    options: &BindOptions,
    histories: &[History],
) -> PlannedVolume {
    let at_the_end = options.supplements == Supplements::AtTheEnd;
    let previous = options.previous.as_deref().filter(|_| at_the_end);
    let added = |index: usize| {
        let history = histories.get(index);
        history.and_then(|history| history.added_on.filter(|_| at_the_end))
    };
    // What was printed stays: the contents page goes on saying what was absent then.
    let absent = previous.map_or(dossier.absent(), |manifest| &manifest.absent);
    let mut placing = Placing {
        dossier,
        papers: Vec::new(),
        next: 0,
    };
    let mut entries = Vec::new();
    let mut later: Vec<(Date, usize)> = Vec::new();
    let slots = dossier.pack().slots.iter();
    let slots = slots.filter(|slot| slot.volume == Some(volume.number));
    for (i, slot) in slots.enumerate() {
        let from = placing.papers.len();
        let mut indices: Vec<usize> = papers_of(dossier, &slot.id).map(|(i, _)| i).collect();
        later.extend(indices.iter().filter_map(|&i| Some((added(i)?, i))));
        indices.retain(|&index| added(index).is_none());
        if previous.is_some() {
            indices.sort_by_key(|&index| histories.get(index).map(|history| history.rank));
        }
        for index in indices {
            let first_of_slot = placing.papers.len() == from;
            placing.add(
                index,
                options.leaves == Leaves::ItemsOnFront && first_of_slot,
            );
        }
        let reason = absent.iter().find(|absent| absent.slot == slot.id);
        let empty = placing.papers.len() == from;
        entries.push(Entry {
            slot: slot.id.clone(),
            // The contents page is item 1.
            item: slot.item.unwrap_or(i as u8 + 2),
            title: slot.title.clone(),
            papers: from..placing.papers.len(),
            absent: empty.then(|| {
                reason
                    .map(|absent| absent.reason.clone())
                    .unwrap_or_default()
            }),
        });
    }
    // Sorted by day only: within a day the order of the slots holds.
    later.sort_by_key(|(on, _)| *on);
    let mut rounds: Vec<Round> = Vec::new();
    for (on, index) in later {
        let first = rounds.last().is_none_or(|round| round.on != on);
        placing.add(index, first && options.leaves != Leaves::RunOn);
        let end = placing.papers.len();
        match rounds.last_mut() {
            Some(round) if !first => round.papers.end = end,
            _ => rounds.push(Round {
                on,
                papers: end - 1..end,
            }),
        }
    }
    PlannedVolume {
        number: volume.number,
        title: volume.title.clone(),
        contents_title: volume.contents_title.clone(),
        contents: volume.numbering.contents,
        first: volume.numbering.first.max(1),
        style: options
            .numbers
            .unwrap_or_else(|| style_for(volume.numbering.position, options.leaves)),
        entries,
        papers: placing.papers,
        body_pages: placing.next,
        leaves: options.leaves,
        rounds,
    }
}

/// Where the notice wants the number; on both sides of a leaf it stands on the outer side, as in any book.
fn style_for(position: StampPosition, leaves: Leaves) -> NumberStyle {
    let both_sides = leaves != Leaves::RunOn;
    let place = match position {
        StampPosition::BottomRight if both_sides => NumberPlace::LowerOuter,
        StampPosition::BottomRight => NumberPlace::LowerRight,
        StampPosition::BottomOuter => NumberPlace::LowerOuter,
        StampPosition::BottomCentre => NumberPlace::LowerCentre,
        StampPosition::TopRight if both_sides => NumberPlace::UpperOuter,
        StampPosition::TopRight => NumberPlace::UpperRight,
    };
    NumberStyle {
        place,
        ..NumberStyle::LOWER_RIGHT
    }
}

impl PlannedVolume {
    /// Number of the first body page when the contents have so many pages.
    pub fn body_first(&self, contents_pages: u32) -> u32 {
        match self.contents {
            ContentsNumbering::Counted => {
                self.first + contents_pages + self.padding(contents_pages)
            }
            ContentsNumbering::Unnumbered | ContentsNumbering::Roman => self.first,
        }
    }

    /// Blank pages after contents of so many pages, so that the body begins on a front page.
    pub(super) fn padding(&self, contents_pages: u32) -> u32 {
        match self.leaves {
            Leaves::RunOn => 0,
            Leaves::Duplex | Leaves::ItemsOnFront => contents_pages % 2,
        }
    }

    /// Pages of the whole file when the contents, and the contents of each supplement, have so many pages.
    pub fn file_pages(&self, contents_pages: u32, of_rounds: &[u32]) -> u32 {
        let all = std::iter::once(&contents_pages).chain(of_rounds);
        let contents: u32 = all.map(|&pages| pages + self.padding(pages)).sum();
        self.body_pages + contents
    }

    /// First and last page number of a paper.
    pub fn numbers(&self, paper: &PlannedPaper, contents_pages: u32) -> (u32, u32) {
        let first = self.body_first(contents_pages) + paper.offset;
        (first, first + paper.pages.max(1) - 1)
    }
}
