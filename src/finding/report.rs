//! The validation report (DESIGN §5): the same shape on the command line and over HTTP.

use serde::{Deserialize, Serialize};

use super::{Finding, Outcome, RuleOutcome, Severity};
use crate::{
    digest::Digest,
    inspect::{
        PageHash,
        document::DocumentFacts,
        facts::{ActiveContent, PageKind, Paper},
        legibility::{BadRegion, Seal},
    },
    units::{Dpi, Mm, PageNumber, Pt, PtBox},
};

/// What became of a file.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// No error, and every required rule could tell.
    Accepted,
    /// No error, but a required rule could not tell.
    Undecided,
    /// At least one error.
    Refused,
}

/// Everything found in one file, judged at one date.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Report {
    /// Version of this shape.
    pub report_version: u32,
    /// Name of the file as the sender gave it.
    pub file: String,
    /// SHA-256 of its bytes.
    #[schema(value_type = String)]
    pub sha256: Digest,
    /// Its length.
    pub size_bytes: u64,
    /// Number of pages, `None` when it could not be opened.
    pub pages: Option<u32>,
    /// The notice it was judged by.
    pub notice: Option<NoticeRef>,
    /// The slot it was judged for.
    pub slot: Option<String>,
    /// The day it was judged at.
    #[schema(value_type = String, format = Date)]
    pub judged_on: jiff::civil::Date,
    /// What became of it.
    pub verdict: Verdict,
    /// All findings, ordered by severity (errors first), page and code.
    pub findings: Vec<Finding>,
    /// How each rule ended, in code order.
    pub outcomes: Vec<RuleOutcome>,
    /// What there is in the file.
    pub facts: ReportFacts,
    /// What no rule looked at.
    pub not_checked: Vec<crate::lang::Bilingual>,
    /// What it cost; the only part that differs between two runs.
    pub cost: Cost,
}

impl Report {
    /// What to mark on a picture of a page: places of findings, and every region that cannot be read.
    pub fn marks(&self, page: PageNumber) -> Vec<PtBox> {
        let findings = self.findings.iter().filter(|f| f.page == Some(page));
        let mut boxes: Vec<PtBox> = findings.filter_map(|f| f.box_pt).collect();
        let here = self.facts.page_facts.iter().filter(|p| p.page == page);
        for region in here.flat_map(|page| &page.unreadable) {
            if !boxes.contains(&region.box_pt) {
                boxes.push(region.box_pt);
            }
        }
        boxes
    }
    /// Refused when any error; undecided when a required rule could not tell; otherwise accepted.
    pub fn judge(findings: &[Finding], outcomes: &[RuleOutcome]) -> Verdict {
        if findings.iter().any(|f| f.severity == Severity::Error) {
            Verdict::Refused
        } else if outcomes
            .iter()
            .any(|o| o.required && matches!(o.outcome, Outcome::CouldNotTell(_)))
        {
            Verdict::Undecided
        } else {
            Verdict::Accepted
        }
    }
}

/// A notice and the exact text of its pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct NoticeRef {
    /// Pack id.
    pub id: String,
    /// SHA-256 of the pack's bytes.
    #[schema(value_type = String)]
    pub pack_sha256: Digest,
}

/// The part of the facts that a report shows.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ReportFacts {
    /// PDF version in force.
    pub pdf_version: Option<String>,
    /// Whether it is encrypted.
    pub encrypted: bool,
    /// Everything that can act.
    #[schema(value_type = Vec<Object>)]
    pub active_content: Vec<ActiveContent>,
    /// `Producer` of the document information.
    pub producer: Option<String>,
    /// One entry a page.
    pub page_facts: Vec<ReportPage>,
    /// What the paper is and says.
    #[schema(value_type = Option<Object>)]
    pub document: Option<DocumentFacts>,
}

/// One page as a report shows it.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ReportPage {
    /// Which page, from 1.
    #[schema(value_type = u32, minimum = 1)]
    pub page: PageNumber,
    /// Width as shown.
    #[schema(value_type = f64)]
    pub width_mm: Mm,
    /// Height as shown.
    #[schema(value_type = f64)]
    pub height_mm: Mm,
    /// Standard paper, if any.
    #[schema(value_type = Option<String>)]
    pub paper: Option<Paper>,
    /// `/Rotate`.
    pub rotate: u16,
    /// What it is made of.
    #[schema(value_type = String)]
    pub kind: PageKind,
    /// Resolution of the scan as placed.
    #[schema(value_type = Option<f64>)]
    pub effective_dpi: Option<Dpi>,
    /// 0–1.
    pub legibility: Option<f64>,
    /// Verdict; `None` for could not tell.
    pub legible: Option<bool>,
    /// How the content is turned.
    pub orientation_deg: Option<u16>,
    /// Skew of the content.
    pub skew_deg: Option<f64>,
    /// Smallest type.
    #[schema(value_type = Option<f64>)]
    pub smallest_text_pt: Option<Pt>,
    /// Seals found.
    #[schema(value_type = Vec<Object>)]
    pub seals: Vec<Seal>,
    /// For finding the same page again; nothing of the page can be had back from it.
    #[schema(value_type = Option<String>)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page_hash: Option<PageHash>,
    /// Regions that cannot be read.
    #[schema(value_type = Vec<Object>)]
    #[serde(default)]
    pub unreadable: Vec<BadRegion>,
}

/// What judging a file cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Cost {
    /// Wall clock.
    pub elapsed_ms: u64,
    /// Processor time of the workers.
    pub cpu_ms: u64,
    /// Largest memory of one of them.
    pub peak_bytes: u64,
}
