//! The papers of one applicant, gathered in the slots of a notice: order, completeness, reasons for what is absent.
//!
//! A [`Dossier`] is what the applicant says; a [`CheckedDossier`] is what may be bound, and only
//! [`CheckedDossier`] goes on to `bind`.

mod between_papers;
mod check;
mod check_application;
mod check_papers;
mod check_slot;
mod corrections;
mod identity;
mod pasted_seals;
mod read;
mod reuse;
pub mod sample;

pub use check::{Incomplete, check, check_with};
pub use corrections::{
    Corrections, Deadline, Fault, FaultyPaper, ToldApplicant, ToldBasis, ToldNotice, corrections,
};
pub use read::{DossierError, read, read_text};
pub use reuse::EarlierPaper;

use std::{path::PathBuf, sync::Arc};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    digest::Digest,
    finding::{Finding, Report},
    inspect::Margins,
    rulepack::{Circumstance, Pack},
};

/// What the applicant says: the TOML file of `juanzong bind`, and the body of `POST /v1/dossiers`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dossier {
    /// Pack id.
    pub notice: String,
    /// Who applies.
    pub applicant: Applicant,
    /// The papers, in the applicant's order within a slot.
    #[serde(default, rename = "item")]
    pub items: Vec<Item>,
    /// What is absent, and why.
    #[serde(default)]
    pub absent: Vec<Absent>,
    /// SHA-256 of the pack it began with; absent for the newest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pack_sha256: Option<Digest>,
}

/// Who applies. Only the name is needed to bind; forms leave empty lines for what is not given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Applicant {
    /// 姓名
    pub name: String,
    /// 性别, 男 or 女
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sex: Option<String>,
    /// 出生日期
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub born: Option<Date>,
    /// 公民身份号码
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_number: Option<String>,
    /// 工作单位
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// 联系电话
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// 申报专业, for example 石油化工工程
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub specialty: Option<String>,
    /// 申报专业简称 of the mail subject, for example 石化
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub specialty_short: Option<String>,
    /// 现专业技术资格
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current_title: Option<String>,
    /// 申报资格, for example 工程师
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applied_title: Option<String>,
    /// Which circumstances hold that decide what is wanted; an empty list says none does, absent says nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub circumstances: Option<Vec<Circumstance>>,
    /// Everything else a form asks for, by the form's own field name.
    #[serde(default, skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    pub more: std::collections::BTreeMap<String, String>,
}

/// One paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Slot it belongs in.
    pub slot: String,
    /// File, relative to the dossier file.
    pub file: PathBuf,
    /// As it shall stand in the contents page; the slot's title when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// 备注 of the contents row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A slot that stays empty, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Absent {
    /// Slot.
    pub slot: String,
    /// The reason, shown in the contents page.
    pub reason: String,
}

/// A paper whose bytes are known and judged.
#[derive(Clone, Debug)]
pub struct CheckedItem {
    /// Slot it belongs in.
    pub slot: String,
    /// As it stands in the contents page.
    pub title: String,
    /// 备注 of the contents row.
    pub note: Option<String>,
    /// Name of the file as the applicant gave it.
    pub file_name: String,
    /// Where its bytes can be read.
    pub path: PathBuf,
    /// SHA-256 of its bytes.
    pub sha256: Digest,
    /// Number of pages.
    pub pages: u32,
    /// Its report.
    pub report: Arc<Report>,
    /// Where ink stands at the edges of its pages, kept with the report; `None` when nobody has looked.
    pub margins: Option<Arc<Margins>>,
}

/// A dossier that may be bound: every required slot filled or excused, no file refused.
/// Made only by the check of this room.
#[derive(Clone, Debug)]
pub struct CheckedDossier {
    pack: Arc<Pack>,
    applicant: Applicant,
    items: Vec<CheckedItem>,
    absent: Vec<Absent>,
    on: Date,
    remarks: Vec<Finding>,
}

impl CheckedDossier {
    /// A dossier as it stands, complete or not, to *show* what its contents page would say. Nothing may be bound or
    /// handed in that was made from it: what is missing is missing in it too.
    pub fn unchecked_only_to_preview(
        dossier: &Dossier,
        pack: &Arc<Pack>,
        papers: Vec<CheckedItem>,
        on: Date,
    ) -> CheckedDossier {
        let place = |id: &str| pack.slots.iter().position(|slot| slot.id == id);
        let mut items = papers;
        items.retain(|item| place(&item.slot).is_some());
        items.sort_by_key(|item| place(&item.slot));
        CheckedDossier {
            pack: Arc::clone(pack),
            applicant: dossier.applicant.clone(),
            items,
            absent: dossier.absent.clone(),
            on,
            remarks: Vec::new(),
        }
    }
    /// The notice.
    pub fn pack(&self) -> &Arc<Pack> {
        &self.pack
    }
    /// Who applies.
    pub fn applicant(&self) -> &Applicant {
        &self.applicant
    }
    /// The papers in binding order: the pack's order of slots, then the applicant's.
    pub fn items(&self) -> &[CheckedItem] {
        &self.items
    }
    /// What is absent, and why.
    pub fn absent(&self) -> &[Absent] {
        &self.absent
    }
    /// The day it was judged at.
    pub fn on(&self) -> Date {
        self.on
    }
    /// What was found and does not stand in the way: warnings and notes (DS codes).
    pub fn remarks(&self) -> &[Finding] {
        &self.remarks
    }
}
