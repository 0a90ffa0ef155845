//! A notice as data: TOML in, a typed pack that cannot be wrong out.
//!
//! Loading is validating: unknown keys and codes, wrong ranges and duplicates are all reported together,
//! with file and line. There are no expressions: a pack chooses settings of known checks.

pub mod settings;

pub use settings::CheckSettings;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    digest::Digest,
    finding::{Code, Severity},
    inspect::{document::DocumentKind, facts::Paper},
    lang::Bilingual,
};

/// One notice, loaded and checked.
#[derive(Clone, Debug, Serialize)]
pub struct Pack {
    /// Stable id, also the file name: `lianyungang-gongxin-kaohe-2024`.
    pub id: String,
    /// Title of the notice.
    pub title: Bilingual,
    /// For example `连工信职称〔2024〕12号`.
    pub document_number: Option<String>,
    /// The office that issued it.
    pub issuer: String,
    /// Day it was issued.
    pub issued_on: Option<Date>,
    /// SHA-256 of the pack file's bytes.
    pub sha256: Digest,
    /// Volumes that are bound, in order; empty where nothing is bound.
    pub volumes: Vec<Volume>,
    /// Slots in binding order: volume 1, volume 2, then what is not bound.
    pub slots: Vec<Slot>,
    /// Settings of checks.
    pub checks: Vec<CheckEntry>,
}

impl Pack {
    /// The slot with this id.
    pub fn slot(&self, id: &str) -> Option<&Slot> {
        self.slots.iter().find(|slot| slot.id == id)
    }
    /// The entry of a check that holds for a slot: one that names the slot wins over one that names none.
    pub fn check(&self, code: &Code, slot: Option<&str>) -> Option<&CheckEntry> {
        let of_code = || self.checks.iter().filter(|entry| entry.code == *code);
        of_code()
            .find(|entry| slot.is_some_and(|slot| entry.slots.iter().any(|s| s == slot)))
            .or_else(|| of_code().find(|entry| entry.slots.is_empty()))
    }
}

/// A bound volume (分册).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Volume {
    /// 1, 2, …
    pub number: u8,
    /// For example `第一分册`.
    pub title: String,
    /// Title of its contents page.
    pub contents_title: String,
    /// The clause that asks for it.
    pub clause: String,
}

/// A place for one kind of paper.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slot {
    /// One of the fixed ids of DESIGN §7.
    pub id: String,
    /// Name of the paper as the notice words it; stands in the contents page.
    pub title: String,
    /// The name in English, for reports.
    pub title_en: String,
    /// The volume it is bound in; `None` for what is not bound.
    #[serde(default)]
    pub volume: Option<u8>,
    /// Item number in the volume as the notice counts it; the contents page itself is item 1.
    #[serde(default)]
    pub item: Option<u8>,
    /// What becomes of the dossier when it is empty.
    pub presence: Presence,
    /// Copies to hand in.
    #[serde(default = "one")]
    pub copies: u16,
    /// Paper it is printed on.
    pub paper: Paper,
    /// How it is printed.
    #[serde(default)]
    pub sides: Sides,
    /// Whether each paper must carry the unit's seal (公章).
    #[serde(default)]
    pub seal: bool,
    /// Kinds of paper that belong here; empty for any.
    #[serde(default)]
    pub kinds: Vec<DocumentKind>,
    /// Whether it is uploaded at all (originals are only listed, forms are printed by us).
    #[serde(default = "yes")]
    pub uploaded: bool,
    /// The clause that asks for it.
    pub clause: String,
}

fn one() -> u16 {
    1
}
fn yes() -> bool {
    true
}

/// What becomes of the dossier when a slot is empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// Incomplete.
    Required,
    /// Incomplete unless a reason is given, which the contents page then shows.
    AbsentWithReason,
    /// Complete all the same.
    Optional,
}

/// How a paper is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sides {
    /// 单面
    #[default]
    Single,
    /// 双面
    Duplex,
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
