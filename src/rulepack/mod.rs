//! A notice as data: TOML in, a typed pack that cannot be wrong out.
//!
//! Loading is validating: unknown keys and codes, wrong ranges and duplicates are all reported together,
//! with file and line. There are no expressions: a pack chooses settings of known checks.
//!
//! The way in is [`Packs::builtin`] or [`Packs::with_folder`]; the language is described by the tables of
//! [`pack_shape`], from which the JSON Schema and `docs/rule-packs.md` are made.

mod agree;
mod committees;
mod copy;
pub mod coverage;
mod diff;
pub mod eligibility;
mod error;
pub mod known;
mod load;
pub mod pack_shape;
mod packs;
pub mod read;
pub mod settings;
pub mod shape;
mod slot;
mod window;
pub mod workdays;

pub use committees::{Column, Committee, Committees, Found, MissingRows};
pub use copy::{CopyError, copy};
pub use diff::diff;
pub use error::{PackErrors, Problem};
pub use load::load;
pub use pack_shape::json_schema;
pub use packs::Packs;
pub use settings::CheckSettings;
pub use slot::{
    Circumstance, ContentsNumbering, Numbering, Part, Presence, Sides, Slot, StampPosition, Volume,
    quoted,
};
pub use window::{Hours, Step, Window, WindowShape, WindowState};

use std::{collections::BTreeMap, sync::Arc};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    digest::Digest,
    finding::{Code, Severity},
    lang::Bilingual,
};

/// One notice, loaded and checked.
#[derive(Clone, Debug, Serialize)]
pub struct Pack {
    /// Stable id, also the file name: `lianyungang-gongxin-kaohe-2024`.
    pub id: String,
    /// Version of the pack's text, from 1; a new one for each change that matters to a dossier.
    pub version: u32,
    /// Title of the notice.
    pub title: Bilingual,
    /// For example `连工信职称〔2024〕12号`.
    pub document_number: Option<String>,
    /// How a clause of it is cited: the document number where it has one.
    pub cite_as: String,
    /// The office that issued it.
    pub issuer: String,
    /// Day it was issued.
    pub issued_on: Option<Date>,
    /// The way to a title that it is about.
    pub way: Way,
    /// SHA-256 of the pack file's bytes.
    pub sha256: Digest,
    /// Volumes that are bound, in order; empty where nothing is bound.
    pub volumes: Vec<Volume>,
    /// Slots in binding order: volume 1, volume 2, then what is not bound.
    pub slots: Vec<Slot>,
    /// When what can be done.
    pub windows: Vec<Window>,
    /// Days up to which seniority, achievements and papers count.
    pub cutoffs: Vec<Cutoff>,
    /// Specialties one may apply for; empty where the notice lists none.
    pub specialties: Vec<Specialty>,
    /// Settings of checks.
    pub checks: Vec<CheckEntry>,
    /// What it costs.
    pub fees: Vec<Fee>,
    /// What follows on untruth.
    pub penalties: Vec<Penalty>,
    /// The mail with the spreadsheet.
    pub mail: Option<Mail>,
    /// What a certificate says of the way it was gained.
    pub certificate: Option<CertificateWords>,
    /// Where papers are handed in.
    pub contact: Option<Contact>,
    /// Who may apply.
    pub eligibility: Option<eligibility::Eligibility>,
    /// The table of committees.
    pub committees: Option<Committees>,
    /// What the notice says of papers that must be mended.
    pub corrections: Option<CorrectionsRule>,
    /// The text of the pack file, so that a dossier can keep it.
    #[serde(skip)]
    pub text: Arc<str>,
}

impl Pack {
    /// The slot with this id.
    pub fn slot(&self, id: &str) -> Option<&Slot> {
        self.slots.iter().find(|slot| slot.id == id)
    }
    /// The volume with this number.
    pub fn volume(&self, number: u8) -> Option<&Volume> {
        self.volumes.iter().find(|volume| volume.number == number)
    }
    /// The entry of a check that holds for a slot: one that names the slot wins over one that names none.
    pub fn check(&self, code: &Code, slot: Option<&str>) -> Option<&CheckEntry> {
        let of_code = || self.checks.iter().filter(|entry| entry.code == *code);
        of_code()
            .find(|entry| slot.is_some_and(|slot| entry.slots.iter().any(|s| s == slot)))
            .or_else(|| of_code().find(|entry| entry.slots.is_empty()))
    }
    /// A clause as it is cited: `连职称办〔2024〕4号 五(五)`. A clause that names its own document stays as it is.
    pub fn source(&self, clause: &str) -> String {
        if clause.contains(['〔', '《']) {
            clause.to_owned()
        } else {
            format!("{} {clause}", self.cite_as)
        }
    }
    /// Circumstances of the applicant that some slot asks about, each once.
    pub fn circumstances(&self) -> Vec<Circumstance> {
        let mut all: Vec<Circumstance> = self
            .slots
            .iter()
            .flat_map(|slot| {
                let parts = slot.parts.iter();
                let of_parts = parts.flat_map(|part| part.when.iter().chain(&part.unless));
                slot.when.iter().chain(&slot.unless).chain(of_parts)
            })
            .copied()
            .collect();
        all.sort_unstable();
        all.dedup();
        all
    }
    /// The subject of the mail with the spreadsheet, filled in.
    pub fn mail_subject(&self, specialty_short: &str, name: &str) -> Option<String> {
        let mail = self.mail.as_ref()?;
        Some(
            mail.subject
                .replace("{specialty_short}", specialty_short)
                .replace("{name}", name),
        )
    }
}

/// The way to a title that a notice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// 初定
    Initial,
    /// 评审
    Review,
    /// 考核认定
    Recognition,
}

impl Way {
    /// Its name in both languages.
    pub fn name(self) -> Bilingual {
        match self {
            Way::Initial => Bilingual::new("初定", "initial conferment"),
            Way::Review => Bilingual::new("评审", "review"),
            Way::Recognition => Bilingual::new("考核认定", "recognition by assessment"),
        }
    }
}

/// Settings of one check in one notice.
#[derive(Clone, Debug, Serialize)]
pub struct CheckEntry {
    /// Which check.
    pub code: Code,
    /// The weight chosen here; `None` for the rule's own.
    pub severity: Option<Severity>,
    /// Slots it holds for; empty for all.
    pub slots: Vec<String>,
    /// Whether "could not tell" leaves the file undecided; `None` for the rule's own.
    pub required: Option<bool>,
    /// Its settings, typed.
    pub settings: CheckSettings,
    /// The clause that asks for it.
    pub clause: String,
}

/// Broad levels of titles, as fees and windows name them.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// 初级: 技术员 and 助理级
    Junior,
    /// 中级
    Intermediate,
    /// 高级: 副高 and 正高
    Senior,
}

impl Grade {
    /// Its name in both languages.
    pub fn name(self) -> Bilingual {
        match self {
            Grade::Junior => Bilingual::new("初级", "junior"),
            Grade::Intermediate => Bilingual::new("中级", "intermediate"),
            Grade::Senior => Bilingual::new("高级", "senior"),
        }
    }
}

/// The day up to which something counts.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cutoff {
    /// What counts up to it.
    pub of: CutoffOf,
    /// The last day that counts.
    pub on: Date,
    /// The clause that says so.
    pub clause: String,
}

/// What a cut-off day is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CutoffOf {
    /// 资历、任职年限
    Seniority,
    /// 业绩成果
    Achievements,
    /// 论文
    Papers,
    /// 学历、学位
    Education,
}

/// A specialty one may apply for.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Specialty {
    /// For example `石油化工工程`.
    pub name: String,
    /// Short name, for example `石化`; only where the notice has one.
    #[serde(default)]
    pub short: Option<String>,
    /// The clause that lists it.
    pub clause: String,
}

/// What it costs.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fee {
    /// For which level.
    pub grade: Grade,
    /// 元 a person.
    pub yuan: u32,
    /// The clause that sets it.
    pub clause: String,
}

/// What follows on untruth.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Penalty {
    /// In words.
    pub words: Bilingual,
    /// Years it lasts, if the notice says so.
    #[serde(default)]
    pub years: Option<u8>,
    /// When these years begin.
    #[serde(default)]
    pub counted_from: Option<CountedFrom>,
    /// The clause that sets it.
    pub clause: String,
}

/// When the years of a penalty begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CountedFrom {
    /// 自查实之日
    Finding,
    /// 自查实的下年起
    YearAfterFinding,
}

/// What the notice says of papers that must be mended.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CorrectionsRule {
    /// What follows when they are not mended in time.
    pub consequence: Bilingual,
    /// The clause that obliges the office to tell everything at once.
    pub clause: String,
}

/// The mail with the spreadsheet.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// Where it goes.
    pub to: String,
    /// Its subject with `{specialty_short}` and `{name}`.
    pub subject: String,
    /// Slot of the form that is sent.
    pub slot: String,
    /// The clause that asks for it.
    pub clause: String,
}

/// What a certificate says of the way a title was gained.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CertificateWords {
    /// Level, for example `中级`.
    pub level: String,
    /// How it was gained, for example `考核认定`.
    pub gained_by: String,
    /// 评审委员会 or 认定机构.
    pub committee: String,
    /// The clause that names them.
    pub clause: String,
    /// Series and title names by specialty, where the notice's field has them.
    #[serde(default)]
    pub more: BTreeMap<String, String>,
}

/// Where papers are handed in. Offices only, no persons.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// The office.
    pub office: String,
    /// Address.
    pub address: String,
    /// Telephone of the office.
    #[serde(default)]
    pub phone: Option<String>,
    /// The clause that gives it.
    pub clause: String,
}
