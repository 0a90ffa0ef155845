//! The one plan of a dossier: order, page numbers, contents rows, bookmarks, links and labels. Nothing computes them twice.
//!
//! The order is the pack's, then the applicant's. Body pages count from the volume's first number; contents pages are
//! counted apart, so the plan is known before they are typeset (unless the notice counts them along).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{
    job::{JobBookmark, Part, Place, VolumeJob},
    manifest::Manifest,
    margins::PageMargins,
    number::{Counting, NumberPlace, NumberStyle},
    supplement::{self, History},
};
use crate::{
    dossier::{Applicant, CheckedDossier, CheckedItem},
    rulepack::{ContentsNumbering, Slot, StampPosition, Volume},
};

/// What a person may choose; the defaults are what the notice asks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BindOptions {
    /// How numbers are printed, in place of what the notice asks.
    pub numbers: Option<NumberStyle>,
    /// How the volumes will be printed.
    pub leaves: Leaves,
    /// What happens to pages whose ink stands where the volume is glued.
    pub gutter: Gutter,
    /// What happens to pages of another size.
    pub fit: Fit,
    /// Where papers go that were handed in after the first binding.
    pub supplements: Supplements,
    /// What was bound before; only known to whoever keeps it.
    #[serde(skip)]
    pub previous: Option<std::sync::Arc<Manifest>>,
}

/// What happens to pages whose ink stands where the volume is glued.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Gutter {
    /// They stay as they are; the manifest says how little is free.
    #[default]
    Leave,
    /// They move away from the binding edge by what is free on the other side.
    Shift,
}

/// What happens to pages that are not A4.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Fit {
    /// They stay as they are.
    #[default]
    AsTheyAre,
    /// They are enlarged or reduced to A4, upright or lying as they are; the manifest says by how much.
    A4,
}

/// Where papers go that were handed in after the first binding (补正).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Supplements {
    /// The volumes are bound anew, every paper in its slot.
    #[default]
    BoundAnew,
    /// At the end of their volume, numbers running on, after a contents sheet of their own; what was printed stays.
    AtTheEnd,
}

/// How volumes are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Leaves {
    /// On one side.
    #[default]
    RunOn,
    /// On both sides: numbers stand on the outer side, and the body begins on a front page.
    Duplex,
    /// On both sides, each item beginning on a front page; blank pages fill up and count.
    ItemsOnFront,
}

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
    /// Papers whose originals are shown.
    pub originals: Vec<Original>,
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

/// A paper whose original is shown.
#[derive(Clone, Debug, Serialize)]
pub struct Original {
    /// Its title.
    pub title: String,
    /// Slot it belongs to, as the notice words it.
    pub slot_title: String,
    /// Pages of its copy.
    pub pages: u32,
    /// Where its copy is bound: volume and first page.
    pub copy_at: Option<String>,
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
        originals: originals(dossier, &volumes),
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

fn originals(dossier: &CheckedDossier, volumes: &[PlannedVolume]) -> Vec<Original> {
    let pack = dossier.pack();
    let slot_of = |paper: &PlannedPaper| dossier.items().get(paper.index).map(|i| i.slot.as_str());
    let mut found = Vec::new();
    for volume in volumes {
        for entry in &volume.entries {
            let Some(slot) = pack.slot(&entry.slot).filter(|slot| slot.originals_shown) else {
                continue;
            };
            let bound = volume.papers.get(entry.papers.clone()).unwrap_or_default();
            let later = volume.rounds.iter().flat_map(|round| {
                let papers = volume.papers.get(round.papers.clone());
                papers.unwrap_or_default().iter()
            });
            let later = later.filter(|paper| slot_of(paper) == Some(entry.slot.as_str()));
            for paper in bound.iter().chain(later) {
                found.push(Original {
                    title: paper.title.clone(),
                    slot_title: slot.title.clone(),
                    pages: paper.pages,
                    copy_at: Some(format!(
                        "{} 第{}页",
                        volume.title,
                        volume.numbers(paper, 0).0
                    )),
                });
            }
        }
    }
    found
}

/// One row of a contents page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// 序号; empty below an item.
    pub number: String,
    /// 材料名称
    pub title: String,
    /// 份数
    pub copies: String,
    /// 起止页码
    pub pages: String,
    /// 备注
    pub note: String,
    /// Item the row leads to: `juanzong:item/N`.
    pub link: Option<usize>,
    /// 0 for an item of the notice, 1 for a paper below it.
    pub level: u8,
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
    fn padding(&self, contents_pages: u32) -> u32 {
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

    /// The rows of the contents page, which is the first of them.
    pub fn rows(&self, contents_pages: u32) -> Vec<Row> {
        let own_pages = match self.contents {
            ContentsNumbering::Unnumbered => "—".to_owned(),
            ContentsNumbering::Roman => range(contents_pages, |n| {
                Counting::Roman.text(n).unwrap_or_default()
            }),
            ContentsNumbering::Counted => {
                range(contents_pages, |n| (self.first + n - 1).to_string())
            }
        };
        let mut rows = vec![Row {
            number: "1".to_owned(),
            title: "目录".to_owned(),
            copies: "1".to_owned(),
            pages: own_pages,
            note: String::new(),
            link: None,
            level: 0,
        }];
        for entry in &self.entries {
            self.rows_of(entry, contents_pages, &mut rows);
        }
        rows
    }

    /// The rows of the contents sheet of a supplement.
    pub fn rows_of_round(
        &self,
        round: &Round,
        dossier: &CheckedDossier,
        contents_pages: u32,
    ) -> Vec<Row> {
        let papers = self.papers.get(round.papers.clone()).unwrap_or_default();
        let rows = papers.iter().enumerate().map(|(i, paper)| {
            let slot = dossier.items().get(paper.index).map(|item| &item.slot);
            let entry = self.entries.iter().find(|entry| Some(&entry.slot) == slot);
            let (from, to) = self.numbers(paper, contents_pages);
            let belongs = entry.map(|entry| format!("补入第{}项", entry.item));
            Row {
                number: (i + 1).to_string(),
                title: paper.title.clone(),
                copies: "1".to_owned(),
                pages: pages_text(from, to),
                note: paper.note.clone().or(belongs).unwrap_or_default(),
                link: Some(round.papers.start + i),
                level: 0,
            }
        });
        rows.collect()
    }

    fn rows_of(&self, entry: &Entry, contents_pages: u32, rows: &mut Vec<Row>) {
        let papers = self.papers.get(entry.papers.clone()).unwrap_or_default();
        let pages = |first: &PlannedPaper, last: &PlannedPaper| {
            let from = self.numbers(first, contents_pages).0;
            let to = self.numbers(last, contents_pages).1;
            pages_text(from, to)
        };
        let mut row = Row {
            number: entry.item.to_string(),
            title: entry.title.clone(),
            copies: "—".to_owned(),
            pages: "—".to_owned(),
            note: String::new(),
            link: None,
            level: 0,
        };
        let (Some(first), Some(last)) = (papers.first(), papers.last()) else {
            row.note = match entry.absent.as_deref() {
                None | Some("") => "未提供".to_owned(),
                Some(reason) => format!("未提供：{reason}"),
            };
            rows.push(row);
            return;
        };
        row.copies = papers.len().to_string();
        row.pages = pages(first, last);
        row.link = Some(entry.papers.start);
        if let [only] = papers
            && only.title == entry.title
        {
            row.note = only.note.clone().unwrap_or_default();
            rows.push(row);
            return;
        }
        rows.push(row);
        for (i, paper) in papers.iter().enumerate() {
            rows.push(Row {
                number: String::new(),
                title: paper.title.clone(),
                copies: "1".to_owned(),
                pages: pages(paper, paper),
                note: paper.note.clone().unwrap_or_default(),
                link: Some(entry.papers.start + i),
                level: 1,
            });
        }
    }

    /// The job that writes this volume. Input 0 is the font of the numbers, input 1 the contents, then the papers, then
    /// the contents sheets of supplements. `margins` are those of each paper, `of_rounds` the pages of each sheet.
    pub fn job(
        &self,
        plan: &Plan,
        contents_pages: u32,
        of_rounds: &[u32],
        margins: &[Vec<Option<PageMargins>>],
    ) -> VolumeJob {
        let (counting, first, label) = match self.contents {
            ContentsNumbering::Unnumbered => (Counting::None, 1, Some("目录".to_owned())),
            ContentsNumbering::Roman => (Counting::Roman, 1, None),
            ContentsNumbering::Counted => (Counting::Decimal, self.first, None),
        };
        let mut parts = vec![Part {
            label,
            foreign: false,
            ..Part::new(Some(1), contents_pages, counting, first)
        }];
        let padding = self.padding(contents_pages);
        if padding > 0 {
            parts.push(Part::blank(padding, counting, first + contents_pages));
        }
        let body_first = self.body_first(contents_pages);
        let mut targets = Vec::new();
        let mut sheets = Vec::new();
        for (i, paper) in self.papers.iter().enumerate() {
            let number = body_first + paper.offset;
            if paper.blank_before > 0 {
                let first = number - paper.blank_before;
                parts.push(Part::blank(paper.blank_before, Counting::Decimal, first));
            }
            let round = self.rounds.iter().position(|round| round.papers.start == i);
            if let Some(round) = round {
                let pages = of_rounds.get(round).copied().unwrap_or_default();
                sheets.push(Place {
                    part: parts.len(),
                    page: 0,
                });
                let input = self.papers.len() + 2 + round;
                parts.push(Part {
                    label: Some(format!("补正目录{}", round + 1)),
                    foreign: false,
                    ..Part::new(Some(input), pages, Counting::None, 1)
                });
                let padding = self.padding(pages);
                if padding > 0 {
                    parts.push(Part::blank(padding, Counting::None, 1));
                }
            }
            targets.push(Place {
                part: parts.len(),
                page: 0,
            });
            parts.push(Part {
                margins: margins.get(i).cloned().unwrap_or_default(),
                ..Part::new(Some(i + 2), paper.pages, Counting::Decimal, number)
            });
        }
        VolumeJob {
            title: format!("{} {}", plan.applicant.name, self.title),
            author: plan.applicant.name.clone(),
            on: plan.on,
            numbers: self.style,
            number_font: 0,
            gutter: plan.gutter,
            fit: plan.fit,
            leaves: self.leaves,
            bookmarks: self.bookmarks(contents_pages, &targets, &sheets),
            parts,
            targets,
        }
    }

    fn bookmarks(
        &self,
        contents_pages: u32,
        targets: &[Place],
        sheets: &[Place],
    ) -> Vec<JobBookmark> {
        let contents = JobBookmark {
            title: "(1) 目录".to_owned(),
            to: Place { part: 0, page: 0 },
            with_outline: false,
            children: Vec::new(),
        };
        let entries = self.entries.iter().filter_map(|entry| {
            let papers = self.papers.get(entry.papers.clone())?;
            let to = *targets.get(entry.papers.start)?;
            let (first, last) = (papers.first()?, papers.last()?);
            let from = self.numbers(first, contents_pages).0;
            let until = self.numbers(last, contents_pages).1;
            let alone = matches!(papers, [only] if only.title == entry.title);
            let below = papers.iter().zip(targets.get(entry.papers.clone())?);
            let children = below
                .filter(|_| !alone)
                .map(|(paper, to)| self.bookmark_of(paper, *to, contents_pages))
                .collect();
            Some(JobBookmark {
                title: format!(
                    "({}) {}　{}",
                    entry.item,
                    entry.title,
                    pages_text(from, until)
                ),
                to,
                with_outline: alone,
                children,
            })
        });
        let rounds = self.rounds.iter().zip(sheets);
        let rounds = rounds.filter_map(|(round, &to)| {
            let papers = self.papers.get(round.papers.clone())?;
            let below = papers.iter().zip(targets.get(round.papers.clone())?);
            let children = below.map(|(paper, to)| self.bookmark_of(paper, *to, contents_pages));
            Some(JobBookmark {
                title: format!("补正材料目录（{}）", round.on),
                to,
                with_outline: false,
                children: children.collect(),
            })
        });
        let all = std::iter::once(contents).chain(entries).chain(rounds);
        all.collect()
    }

    fn bookmark_of(&self, paper: &PlannedPaper, to: Place, contents_pages: u32) -> JobBookmark {
        let (from, until) = self.numbers(paper, contents_pages);
        JobBookmark {
            title: format!("{}　{}", paper.title, pages_text(from, until)),
            to,
            with_outline: true,
            children: Vec::new(),
        }
    }
}

/// `3` or `3—5`.
pub fn pages_text(from: u32, to: u32) -> String {
    if from == to {
        from.to_string()
    } else {
        format!("{from}—{to}")
    }
}

fn range(pages: u32, text: impl Fn(u32) -> String) -> String {
    match pages {
        0 | 1 => text(1),
        _ => format!("{}—{}", text(1), text(pages)),
    }
}
