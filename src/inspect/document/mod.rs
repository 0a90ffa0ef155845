//! What kind of paper a PDF is, and what its fields say: read from the text with its positions.

mod addresses;
mod article;
mod assessment;
mod award;
mod certificate_number;
mod chsi;
mod classify;
mod continuing_education;
mod dates;
mod general;
mod identity_card;
pub(crate) mod identity_number;
mod kind_name;
mod labels;
mod lines;
pub(crate) mod online;
mod opinion;
mod public_notice;
mod reading;
mod recognised;
mod row_values;
mod rows;
mod social_insurance;
mod titles;
mod verification_code;
mod work_summary;

pub use addresses::{Address, hold_against};
pub use kind_name::kind_name;
pub use online::{OnlineResult, OnlineState};
pub use reading::Source;
pub use recognised::{RecognisedPage, Word, agreed};

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use self::{lines::Line, reading::Reading};
use super::facts::{PageFacts, Visibility};
use crate::{
    lang::Bilingual,
    units::{PageNumber, PtBox},
};

/// Kind and fields of a paper.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct DocumentFacts {
    /// What it is; [`DocumentKind::Unknown`] when no title or label decides.
    pub kind: DocumentKind,
    /// Values by field name (DESIGN: the fixed list), dates as `YYYY-MM-DD`.
    pub fields: BTreeMap<String, String>,
    /// Where each value stands and how sure it is.
    pub evidence: BTreeMap<String, Evidence>,
    /// What is odd about the paper, by stable short names, for example `two_reports`, `name_is_an_image`.
    pub oddities: Vec<Oddity>,
    /// Whether the text was recognised from a picture, by us or by whoever made the file, and not printed as text.
    #[serde(default)]
    pub recognised: bool,
    /// The recogniser, when we had the text recognised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recognised_by: Option<RecognisedBy>,
    /// What a reviewer saw online; never read from a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub online: Option<OnlineResult>,
    /// What else says the same as the print, by stable short names: `qr_code`, `link`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub agreeing: Vec<String>,
    /// Whether a photograph stands on a 学信网 report; `None` for other papers, and for scans, where it is one picture with the page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photo: Option<bool>,
    /// Values that open doors (`verification_code`, `id_number`): they cross from the worker to the checks
    /// and stop there. A report shows [`DocumentFacts::shown`].
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub private: BTreeMap<String, String>,
}

impl DocumentFacts {
    /// What a report may show: everything but the private values.
    #[must_use]
    pub fn shown(&self) -> DocumentFacts {
        DocumentFacts {
            private: BTreeMap::new(),
            ..self.clone()
        }
    }
    /// A field's value and how sure it is.
    pub fn field(&self, name: &str) -> Option<(&str, Certainty)> {
        let value = self.fields.get(name)?;
        let certainty = self
            .evidence
            .get(name)
            .map_or(Certainty::Suspect, |e| e.certainty);
        Some((value, certainty))
    }
    /// Values of a field that stands several times: `year`, `year_2`, `year_3` …
    pub fn each(&self, name: &str) -> Vec<(&str, String)> {
        let mut found = Vec::new();
        for n in 1_u32.. {
            let key = numbered(name, n);
            match self.fields.get(&key) {
                Some(value) => found.push((value.as_str(), key)),
                None => break,
            }
        }
        found
    }
}

/// `year`, `year_2`, `year_3` …
pub(crate) fn numbered(name: &str, n: u32) -> String {
    if n == 1 {
        name.to_owned()
    } else {
        format!("{name}_{n}")
    }
}

/// Reads what a file says from the text of its pages; called once by `inspect`, inside the sandbox.
pub fn read(pages: &[PageFacts]) -> DocumentFacts {
    let seen =
        |page: &PageFacts| lines::lines_of(page, |run| run.visibility == Visibility::Visible);
    let hidden =
        |page: &PageFacts| lines::lines_of(page, |run| run.visibility != Visibility::Visible);
    let seen: Vec<Line> = pages.iter().flat_map(seen).collect();
    let hidden: Vec<Line> = pages.iter().flat_map(hidden).collect();
    // A scan with a few stamped words over it is still a scan: the text below is what there is.
    let characters = |lines: &[Line]| lines.iter().map(|line| line.glyphs.len()).sum::<usize>();
    if characters(&seen) < 12 && characters(&hidden) >= 12 {
        return read_lines(pages, &hidden, &[], Source::UnderPicture);
    }
    read_lines(pages, &seen, &hidden, Source::File)
}

/// Reads what a recogniser saw on pages that hold no text.
pub fn read_recognised(pages: &[PageFacts], recognised: &[RecognisedPage]) -> DocumentFacts {
    let lines: Vec<Line> = recognised.iter().flat_map(recognised::lines_of).collect();
    read_lines(pages, &lines, &[], Source::Recognised)
}

fn read_lines(
    pages: &[PageFacts],
    lines: &[Line],
    hidden: &[Line],
    source: Source,
) -> DocumentFacts {
    let mut reading = Reading::new(source);
    let (kind, title) = classify::classify(lines);
    reading.facts.kind = kind;
    reading.facts.recognised = source != Source::File;
    if source == Source::UnderPicture {
        reading.odd("text_under_picture", None, None);
    }
    if classify::is_report(kind) {
        chsi::read(&mut reading, lines, title, pages);
        chsi::contradictions(&mut reading, hidden);
        return reading.facts;
    }
    match kind {
        DocumentKind::IdentityCard => identity_card::read(&mut reading, lines),
        DocumentKind::WorkSummary => work_summary::read(&mut reading, lines, title),
        DocumentKind::ApplicationFormInitial | DocumentKind::ReviewForm => {
            opinion::read(&mut reading, lines);
        }
        DocumentKind::PublicNoticeProof => public_notice::read(&mut reading, lines),
        DocumentKind::AnnualAssessment => assessment::read(&mut reading, lines),
        DocumentKind::ContinuingEducationProof => continuing_education::read(&mut reading, lines),
        DocumentKind::Award => award::read(&mut reading, lines),
        DocumentKind::Paper => article::read(&mut reading, lines),
        DocumentKind::SocialInsuranceProof => social_insurance::read(&mut reading, lines),
        // A summary is often handed in without a title.
        DocumentKind::Unknown => work_summary::read(&mut reading, lines, None),
        _ => {}
    }
    general::read(&mut reading, lines);
    reading.facts
}

impl DocumentKind {
    /// Whether it is a 学信网 report with 更新日期 and 在线验证码.
    pub fn is_online_report(self) -> bool {
        chsi::has_online_verification(self)
    }
    /// Whether it is any report on a degree or on student status, old and foreign ones included.
    pub fn is_degree_report(self) -> bool {
        classify::is_report(self)
    }
}

/// What no program can see in such a paper, and how a person can: for `not_checked` of the report.
pub fn not_checked(kind: DocumentKind) -> Option<Bilingual> {
    if chsi::has_online_verification(kind) {
        return Some(Bilingual::new(
            "报告真伪未向学信网核验；请审核人员在 https://www.chsi.com.cn/xlcx/bgcx.jsp 输入在线验证码，或用学信网 App 扫码查验，以线上内容为准",
            "authenticity of the report with the issuer: enter the verification code at https://www.chsi.com.cn/xlcx/bgcx.jsp or scan with the CHSI app, and compare with what is shown online",
        ));
    }
    classify::is_report(kind).then(|| {
        Bilingual::new(
            "认证报告（认证书）真伪未向出具机构核验；请按报告上的编号在出具机构网站查询",
            "authenticity of the report with its issuer: look its number up on the issuer's own site",
        )
    })
}

/// What read a scan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecognisedBy {
    /// Name and version of the program: another one may see other words.
    pub program: String,
    /// The pages that were laid before it.
    pub pages: Vec<PageNumber>,
}

/// Where a value was read and how sure it is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Evidence {
    /// Page it stands on.
    pub page: PageNumber,
    /// Where on the page.
    pub box_pt: PtBox,
    /// How sure it is.
    pub certainty: Certainty,
}

/// How sure a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// Text of the file, visible, with a Unicode map that can be trusted.
    Certain,
    /// Recognised from a picture with high confidence.
    Recognised,
    /// Read, but look-alike characters or low confidence: a person must look.
    Suspect,
}

/// Something odd about the paper.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Oddity {
    /// Stable short name.
    pub what: String,
    /// The field it concerns, if one.
    pub field: Option<String>,
    /// Where, if it has a place.
    pub page: Option<PageNumber>,
    /// Where on the page.
    pub box_pt: Option<PtBox>,
}

/// Kinds of paper (DESIGN §5). On the wire in snake case.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the Chinese names stand in `kind_name.rs`")]
pub enum DocumentKind {
    ChsiEducationRecord,
    ChsiEducationRecordEn,
    ChsiStudentRecord,
    ChsiStudentRecordEn,
    ChsiDegreeReport,
    ChsiDegreeReportEn,
    ChsiEducationCertification,
    ChsiDegreeCertification,
    CdgdcDegreeCertification,
    CscseForeign,
    CscseHongkong,
    CscseTaiwan,
    Diploma,
    DegreeCertificate,
    QualificationCertificate,
    Appointment,
    AnnualAssessment,
    ContinuingEducationProof,
    Award,
    Paper,
    Patent,
    IdentityCard,
    SocialInsuranceProof,
    Consent,
    PublicNoticeProof,
    CommitmentLetter,
    WorkSummary,
    ApplicationFormInitial,
    ReviewForm,
    SituationSheet,
    ProfileTable,
    #[default]
    Unknown,
}

#[cfg(test)]
mod tests;
