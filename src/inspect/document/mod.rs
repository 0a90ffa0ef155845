//! What kind of paper a PDF is, and what its fields say: read from the text with its positions.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::units::{PageNumber, PtBox};

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
#[allow(
    missing_docs,
    reason = "the Chinese names stand in `document_kind_name`"
)]
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
