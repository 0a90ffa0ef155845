//! The table of committees of a notice, and who in it answers for a specialty.
//!
//! A row says where each value comes from: printed beside it, read out of a merged cell, or lost in the copy the pack was
//! written from. Rows that the copy lacks are named, so that "not found" never means "there is none".

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

use crate::lang::Bilingual;

/// The table.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Committees {
    /// Rows of the printed table.
    pub rows: u16,
    /// Rows that the copy lacks.
    #[serde(default)]
    pub missing: Vec<MissingRows>,
    /// Rows, by number.
    #[serde(rename = "row")]
    pub known: Vec<Committee>,
    /// The clause.
    pub clause: String,
}

/// Rows that the copy lacks.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MissingRows {
    /// First.
    pub from: u16,
    /// Last.
    pub to: u16,
    /// Why.
    pub why: Bilingual,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Committee {
    /// 序号
    pub number: u16,
    /// 专业名称
    pub specialty: String,
    /// 评委会办事机构
    #[serde(default)]
    pub office: Option<String>,
    /// 联系电话
    #[serde(default)]
    pub phone: Vec<String>,
    /// 材料报送地址
    #[serde(default)]
    pub address: Option<String>,
    /// 申报材料受理时间, as printed.
    #[serde(default)]
    pub accepts: Option<String>,
    /// 计划评审时间, as printed.
    #[serde(default)]
    pub reviews: Option<String>,
    /// Columns whose value stands in a merged cell printed beside another row.
    #[serde(default)]
    pub merged: Vec<Column>,
    /// Columns that the copy does not show.
    #[serde(default)]
    pub lost: Vec<Column>,
    /// What is to be known about the row.
    #[serde(default)]
    pub note: Option<Bilingual>,
}

/// Columns of the table.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[schema(as = CommitteeColumn)]
pub enum Column {
    /// 评委会办事机构
    Office,
    /// 联系电话
    Phone,
    /// 材料报送地址
    Address,
    /// 申报材料受理时间
    Accepts,
    /// 计划评审时间
    Reviews,
}

/// What a search found.
#[derive(Clone, Debug, Serialize)]
pub struct Found<'c> {
    /// Rows whose specialty holds the words, best first, then by number.
    pub rows: Vec<&'c Committee>,
    /// Rows of the printed table that nobody could look at.
    pub not_seen: &'c [MissingRows],
}

impl Committees {
    /// The row with this number.
    pub fn row(&self, number: u16) -> Option<&Committee> {
        self.known.iter().find(|row| row.number == number)
    }

    /// Rows for a specialty or an office: the same name first, then those that hold the words, then those whose words
    /// it holds (`石油化工` finds `石油化工工程（含高级）`, `机械工程中级` finds nothing that is not there).
    pub fn search(&self, words: &str) -> Found<'_> {
        let wanted = plain(words);
        let mut ranked: Vec<(u8, &Committee)> = Vec::new();
        if !wanted.is_empty() {
            for row in &self.known {
                let specialty = plain(&row.specialty);
                let bare = plain(before_bracket(&row.specialty));
                let office = row.office.as_deref().map(plain).unwrap_or_default();
                let rank = if specialty == wanted || bare == wanted {
                    0
                } else if specialty.contains(&wanted) {
                    1
                } else if bare.chars().count() >= 2 && wanted.contains(&bare) {
                    2
                } else if !office.is_empty() && office.contains(&wanted) {
                    3
                } else {
                    continue;
                };
                ranked.push((rank, row));
            }
        }
        ranked.sort_by_key(|(rank, row)| (*rank, row.number));
        Found {
            rows: ranked.into_iter().map(|(_, row)| row).collect(),
            not_seen: &self.missing,
        }
    }
}

/// Folded for comparison: NFKC, no spaces, no brackets, small letters.
fn plain(text: &str) -> String {
    let folded = text.nfkc().filter(|c| !c.is_whitespace());
    let kept = folded.filter(|c| !"()、,;；，".contains(*c));
    kept.collect::<String>().to_lowercase()
}

fn before_bracket(text: &str) -> &str {
    text.split(['（', '(']).next().unwrap_or(text)
}
