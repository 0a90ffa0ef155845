//! From a planned volume to the job that writes it: parts, page labels, bookmarks, targets of the contents rows.

use super::{
    job::{JobBookmark, Part, Place, VolumeJob},
    number_style::Counting,
    plan::{Plan, PlannedPaper, PlannedVolume},
    rows::pages_text,
};
use crate::{inspect::Margins, rulepack::ContentsNumbering};

impl PlannedVolume {
    /// The job that writes this volume. Input 0 is the font of the numbers, input 1 the contents, then the papers, then
    /// the contents sheets of supplements. `margins` are those of each paper, `of_rounds` the pages of each sheet.
    pub fn job(
        &self,
        plan: &Plan,
        contents_pages: u32,
        of_rounds: &[u32],
        margins: &[Margins],
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
                sha256: Some(paper.sha256),
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
