//! The rows of a contents page, as the plan has them.

use serde::Serialize;

use super::{
    number_style::Counting,
    plan::{Entry, PlannedPaper, PlannedVolume, Round},
};
use crate::{dossier::CheckedDossier, rulepack::ContentsNumbering};

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
