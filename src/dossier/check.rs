//! Completeness: a [`Dossier`] with its judged papers in, a [`CheckedDossier`] or everything that is missing out.

use std::sync::Arc;

use jiff::civil::Date;

use super::{Absent, CheckedDossier, CheckedItem, Dossier, EarlierPaper, pasted_seals};
use crate::{
    checks::{Rule, dossier_rules::SEAL_PASTED_TWICE},
    finding::{Finding, Severity},
    rulepack::{Circumstance, Pack, Slot},
};

/// A dossier that may not be bound, and everything that is missing or wrong, errors first.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the dossier is not complete: {} findings", findings.len())]
pub struct Incomplete {
    /// All findings: the errors that stand in the way, and warnings beside them.
    pub findings: Vec<Finding>,
}

/// Holds a dossier against its notice. `papers` are the judged files in the applicant's order.
///
/// Everything is said at once. Findings that are no errors do not stand in the way; they go along as
/// [`CheckedDossier::remarks`].
pub fn check(
    dossier: &Dossier,
    pack: &Arc<Pack>,
    papers: Vec<CheckedItem>,
    on: Date,
) -> Result<CheckedDossier, Incomplete> {
    check_with(dossier, pack, papers, &[], on)
}

/// The same, with what the applicant filed in earlier years, as hashes.
pub fn check_with(
    dossier: &Dossier,
    pack: &Arc<Pack>,
    papers: Vec<CheckedItem>,
    earlier: &[EarlierPaper],
    on: Date,
) -> Result<CheckedDossier, Incomplete> {
    let mut look = Look {
        dossier,
        pack,
        papers: &papers,
        stated: dossier.applicant.circumstances.as_deref(),
        unstated: Vec::new(),
        findings: Vec::new(),
    };
    look.windows(on);
    look.specialty();
    look.unknown_slots();
    for slot in &pack.slots {
        look.slot(slot);
    }
    look.circumstances();
    look.files();
    look.reuse();
    look.identity();
    look.same_pages();
    look.filed_before(earlier);
    look.parts_of_papers();
    look.roles_in_awards();
    for (slot, finding) in pasted_seals::find(&papers) {
        let slot = pack.slot(&slot);
        look.add(&SEAL_PASTED_TWICE, slot, None, finding);
    }
    let mut findings = look.findings;
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    if findings.iter().any(|f| f.severity == Severity::Error) {
        return Err(Incomplete { findings });
    }
    let place = |id: &str| pack.slots.iter().position(|slot| slot.id == id);
    let mut items = papers;
    items.sort_by_key(|item| place(&item.slot));
    let mut absent: Vec<Absent> = dossier.absent.clone();
    absent.sort_by_key(|absent| place(&absent.slot));
    Ok(CheckedDossier {
        pack: Arc::clone(pack),
        applicant: dossier.applicant.clone(),
        items,
        absent,
        on,
        remarks: findings,
    })
}

/// What is being looked at, and what was found so far.
pub(super) struct Look<'a> {
    pub(super) dossier: &'a Dossier,
    pub(super) pack: &'a Pack,
    pub(super) papers: &'a [CheckedItem],
    pub(super) stated: Option<&'a [Circumstance]>,
    /// Empty slots that depend on circumstances nobody stated.
    pub(super) unstated: Vec<&'a Slot>,
    pub(super) findings: Vec<Finding>,
}

impl Look<'_> {
    /// Adds a finding of `rule`: the pack may choose the weight, the finding may weigh less.
    pub(super) fn add(
        &mut self,
        rule: &Rule,
        slot: Option<&Slot>,
        clause: Option<&str>,
        mut found: Finding,
    ) {
        let entry = self
            .pack
            .check(&rule.code, slot.map(|slot| slot.id.as_str()));
        let chosen = entry.and_then(|entry| entry.severity);
        found.severity = found.severity.min(chosen.unwrap_or(rule.severity));
        found.code = rule.code.clone();
        found.rule = rule.name.into();
        if let Some(slot) = slot {
            found.expected.insert("slot".into(), slot.id.clone().into());
        }
        let clause = clause.or(slot.map(|slot| slot.clause.as_str()));
        found.source = clause.map(|clause| self.pack.source(clause));
        self.findings.push(found);
    }

    /// Whether the slot is wanted; `None` when that depends on what was not stated.
    pub(super) fn wanted(&self, slot: &Slot) -> Option<bool> {
        if slot.when.is_empty() && slot.unless.is_empty() {
            Some(true)
        } else {
            self.stated.map(|stated| slot.wanted(stated))
        }
    }
}
