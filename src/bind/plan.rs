//! The one plan of a dossier: order, page numbers, contents rows, bookmarks, links and labels. Nothing computes them twice.
//!
//! The order is the pack's, then the applicant's. Body pages count from the volume's first number; contents pages are
//! counted apart, so the plan is known before they are typeset (unless the notice counts them along).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{
    job::{JobBookmark, Part, Place, VolumeJob},
    number::{Counting, NumberPlace, NumberStyle},
};
use crate::{
    dossier::{Applicant, CheckedDossier, CheckedItem},
    rulepack::{ContentsNumbering, Pack, Slot, StampPosition, Volume},
    units::PageNumber,
};

/// What a person may choose; the defaults are what the notice asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BindOptions {
    /// How numbers are printed, in place of what the notice asks.
    pub numbers: Option<NumberStyle>,
    /// How the volumes will be printed.
    pub leaves: Leaves,
}

/// How volumes are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Leaves {
    /// As it comes.
    #[default]
    RunOn,
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
    /// Its papers, in order.
    pub papers: Vec<PlannedPaper>,
    /// Pages of the body, padding included.
    pub body_pages: u32,
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
    let volumes: Vec<PlannedVolume> = pack
        .volumes
        .iter()
        .map(|volume| plan_volume(dossier, volume, options))
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
        originals: originals(pack, &volumes),
        volumes,
        unbound,
    }
}

fn papers_of<'d>(
    dossier: &'d CheckedDossier,
    slot: &'d str,
) -> impl Iterator<Item = (usize, &'d CheckedItem)> {
    let items = dossier.items().iter().enumerate();
    items.filter(move |(_, item)| item.slot == slot)
}

fn plan_volume(dossier: &CheckedDossier, volume: &Volume, options: &BindOptions) -> PlannedVolume {
    let mut papers: Vec<PlannedPaper> = Vec::new();
    let mut entries = Vec::new();
    let mut next = 0;
    let slots = dossier.pack().slots.iter();
    let slots = slots.filter(|slot| slot.volume == Some(volume.number));
    for (i, slot) in slots.enumerate() {
        let from = papers.len();
        for (index, item) in papers_of(dossier, &slot.id) {
            let first_of_slot = papers.len() == from;
            let on_front = options.leaves == Leaves::ItemsOnFront && first_of_slot;
            let blank_before = u32::from(on_front && next % 2 == 1);
            next += blank_before;
            papers.push(PlannedPaper {
                index,
                title: item.title.clone(),
                note: item.note.clone(),
                pages: item.pages,
                offset: next,
                blank_before,
            });
            next += item.pages;
        }
        let reason = dossier
            .absent()
            .iter()
            .find(|absent| absent.slot == slot.id);
        let empty = papers.len() == from;
        entries.push(Entry {
            slot: slot.id.clone(),
            // The contents page is item 1.
            item: slot.item.unwrap_or(i as u8 + 2),
            title: slot.title.clone(),
            papers: from..papers.len(),
            absent: empty.then(|| {
                reason
                    .map(|absent| absent.reason.clone())
                    .unwrap_or_default()
            }),
        });
    }
    PlannedVolume {
        number: volume.number,
        title: volume.title.clone(),
        contents_title: volume.contents_title.clone(),
        contents: volume.numbering.contents,
        first: volume.numbering.first.max(1),
        style: options
            .numbers
            .unwrap_or_else(|| style_for(volume.numbering.position)),
        entries,
        papers,
        body_pages: next,
    }
}

fn style_for(position: StampPosition) -> NumberStyle {
    let place = match position {
        StampPosition::BottomRight => NumberPlace::LowerRight,
        StampPosition::BottomOuter => NumberPlace::LowerOuter,
        StampPosition::BottomCentre => NumberPlace::LowerCentre,
        StampPosition::TopRight => NumberPlace::UpperRight,
    };
    NumberStyle {
        place,
        ..NumberStyle::LOWER_RIGHT
    }
}

fn originals(pack: &Pack, volumes: &[PlannedVolume]) -> Vec<Original> {
    let mut found = Vec::new();
    for volume in volumes {
        for entry in &volume.entries {
            let Some(slot) = pack.slot(&entry.slot).filter(|slot| slot.originals_shown) else {
                continue;
            };
            for paper in volume.papers.get(entry.papers.clone()).unwrap_or_default() {
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
            ContentsNumbering::Counted => self.first + contents_pages,
            ContentsNumbering::Unnumbered | ContentsNumbering::Roman => self.first,
        }
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

    /// The job that writes this volume. Input 0 is the font of the numbers, input 1 the contents, then the papers.
    pub fn job(&self, plan: &Plan, contents_pages: u32) -> VolumeJob {
        let (counting, first, label) = match self.contents {
            ContentsNumbering::Unnumbered => (Counting::None, 1, Some("目录".to_owned())),
            ContentsNumbering::Roman => (Counting::Roman, 1, None),
            ContentsNumbering::Counted => (Counting::Decimal, self.first, None),
        };
        let mut parts = vec![Part {
            input: Some(1),
            pages: contents_pages,
            counting,
            first: PageNumber::new(first).unwrap_or(PageNumber::FIRST),
            label,
            foreign: false,
        }];
        let body_first = self.body_first(contents_pages);
        let mut targets = Vec::new();
        for (i, paper) in self.papers.iter().enumerate() {
            let number = |offset: u32| PageNumber::new(body_first + offset);
            if paper.blank_before > 0 {
                parts.push(Part {
                    input: None,
                    pages: paper.blank_before,
                    counting: Counting::Decimal,
                    first: number(paper.offset - paper.blank_before).unwrap_or(PageNumber::FIRST),
                    label: None,
                    foreign: true,
                });
            }
            targets.push(Place {
                part: parts.len(),
                page: 0,
            });
            parts.push(Part {
                input: Some(i + 2),
                pages: paper.pages,
                counting: Counting::Decimal,
                first: number(paper.offset).unwrap_or(PageNumber::FIRST),
                label: None,
                foreign: true,
            });
        }
        VolumeJob {
            title: format!("{} {}", plan.applicant.name, self.title),
            author: plan.applicant.name.clone(),
            on: plan.on,
            numbers: self.style,
            number_font: 0,
            bookmarks: self.bookmarks(contents_pages, &targets),
            parts,
            targets,
        }
    }

    fn bookmarks(&self, contents_pages: u32, targets: &[Place]) -> Vec<JobBookmark> {
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
                .map(|(paper, to)| {
                    let (from, until) = self.numbers(paper, contents_pages);
                    JobBookmark {
                        title: format!("{}　{}", paper.title, pages_text(from, until)),
                        to: *to,
                        with_outline: true,
                        children: Vec::new(),
                    }
                })
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
        std::iter::once(contents).chain(entries).collect()
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
