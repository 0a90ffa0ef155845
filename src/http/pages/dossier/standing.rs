//! How a dossier stands: slot by slot what is there, what is to be mended, what is missing; the line "12 of 14 ready".
//!
//! Judges nothing: the reports are those that are kept, the rest is said by `dossier::check`, as at binding.

use std::{collections::BTreeMap, sync::Arc};

use jiff::civil::Date;
use serde::Serialize;

use super::UNPLACED;
use crate::{
    checks::dossier_rules as rules,
    dossier::{self, CheckedItem, Dossier},
    finding::{Finding, Report, Severity, Verdict},
    http::{
        Services,
        problem::Problem,
        v1::{earlier_papers, pack_of},
    },
    lang::Bilingual,
    rulepack::{Pack, Presence, Slot},
    store::{DossierRow, Id, UploadRow},
};

/// A dossier as it stands.
pub(super) struct Standing {
    pub(super) pack: Arc<Pack>,
    pub(super) statement: Dossier,
    pub(super) on: Date,
    pub(super) groups: Vec<Group>,
    pub(super) unplaced: Vec<FileCard>,
    /// Findings that belong to no slot.
    pub(super) general: Vec<Finding>,
    pub(super) progress: Progress,
    /// Nothing stands in the way of binding.
    pub(super) complete: bool,
    pub(super) papers: Vec<CheckedItem>,
}

/// How far one is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Progress {
    pub(super) of: usize,
    pub(super) ready: usize,
    pub(super) to_fix: usize,
    pub(super) missing: usize,
}

/// A volume's slots, or those that are not bound.
#[derive(Debug, Serialize)]
pub(super) struct Group {
    pub(super) title: Bilingual,
    pub(super) volume: Option<u8>,
    pub(super) slots: Vec<SlotCard>,
}

/// How a slot stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum SlotState {
    /// All is well.
    Ready,
    /// Ready, but a person will have to look at something.
    Look,
    /// Something is to be mended.
    Fix,
    /// Wanted and empty.
    Missing,
    /// Empty, with a reason that is allowed.
    Absent,
    /// Whether it is wanted depends on what the applicant has not stated.
    Ask,
    /// May stay empty.
    Optional,
    /// Not wanted of this applicant.
    NotWanted,
    /// Nothing is uploaded to it: brought along, or printed by us.
    Brought,
}

/// One slot.
#[derive(Debug, Serialize)]
pub(super) struct SlotCard {
    pub(super) id: String,
    pub(super) title: Bilingual,
    pub(super) item: Option<u8>,
    pub(super) state: SlotState,
    pub(super) uploaded: bool,
    pub(super) note: Option<Bilingual>,
    pub(super) source: String,
    pub(super) copies: u16,
    pub(super) files: Vec<FileCard>,
    pub(super) findings: Vec<Finding>,
    pub(super) reason: Option<String>,
    pub(super) may_be_absent: bool,
}

/// One file.
#[derive(Debug, Serialize)]
pub(super) struct FileCard {
    pub(super) id: Id,
    pub(super) name: String,
    pub(super) title: Option<String>,
    pub(super) note: Option<String>,
    pub(super) size_bytes: u64,
    pub(super) pages: Option<u32>,
    pub(super) verdict: Option<Verdict>,
    pub(super) findings: Vec<Finding>,
    /// The page to look at first.
    pub(super) look_at: u32,
    pub(super) first: bool,
    pub(super) last: bool,
    /// Slots it may belong in, best first; for files without a place.
    pub(super) may_be: Vec<String>,
}

/// How a dossier stands.
pub(super) async fn of(services: &Services, row: &DossierRow) -> Result<Standing, Problem> {
    let pack = pack_of(services, row).await?;
    let statement: Dossier = serde_json::from_str(&row.statement).map_err(Problem::internal)?;
    let on = row.judged_on.unwrap_or_else(|| services.clock.today());
    let uploads = services.store.uploads(&row.id).await?;
    let mut reports: BTreeMap<Id, Arc<Report>> = BTreeMap::new();
    for kept in services.store.reports(&row.id).await? {
        let report: Report = serde_json::from_str(&kept.report).map_err(Problem::internal)?;
        reports.insert(kept.upload, Arc::new(report));
    }
    let papers: Vec<CheckedItem> = uploads
        .iter()
        .filter(|upload| upload.slot != UNPLACED)
        .filter_map(|upload| Some(paper(&pack, upload, reports.get(&upload.id)?)))
        .collect();
    let earlier = earlier_papers::of(services, row, &statement, on).await?;
    let checked = dossier::check_with(&statement, &pack, papers.clone(), &earlier, on);
    let (complete, findings) = match checked {
        Ok(checked) => (true, checked.remarks().to_vec()),
        Err(incomplete) => (false, incomplete.findings),
    };
    let cards = |slot: &str| cards_of(&pack, &uploads, &reports, slot);
    let slots: Vec<(Option<u8>, SlotCard)> = pack
        .slots
        .iter()
        .map(|slot| {
            (
                slot.volume,
                slot_card(&pack, &statement, slot, cards(&slot.id), &findings),
            )
        })
        .collect();
    let unplaced = cards(UNPLACED);
    let general = findings
        .into_iter()
        .filter(|finding| slot_of(finding).is_none());
    Ok(Standing {
        progress: progress(slots.iter().map(|(_, card)| card.state)),
        groups: grouped(&pack, slots),
        general: general.collect(),
        complete: complete && unplaced.is_empty(),
        unplaced,
        statement,
        on,
        papers,
        pack,
    })
}

fn paper(pack: &Pack, upload: &UploadRow, report: &Arc<Report>) -> CheckedItem {
    let slot = pack.slot(&upload.slot);
    let title = slot.map_or_else(|| upload.slot.clone(), |slot| slot.title.clone());
    CheckedItem {
        slot: upload.slot.clone(),
        title: upload.title.clone().unwrap_or(title),
        note: upload.note.clone(),
        file_name: upload.file_name.clone(),
        // Nothing here reads its bytes.
        path: std::path::PathBuf::new(),
        sha256: upload.sha256,
        pages: report.pages.unwrap_or_default(),
        report: Arc::clone(report),
        margins: None,
    }
}

/// The slot a finding of the dossier belongs to.
fn slot_of(finding: &Finding) -> Option<&str> {
    finding.expected.get("slot").and_then(|slot| slot.as_str())
}

fn cards_of(
    pack: &Pack,
    uploads: &[UploadRow],
    reports: &BTreeMap<Id, Arc<Report>>,
    slot: &str,
) -> Vec<FileCard> {
    let here: Vec<&UploadRow> = uploads
        .iter()
        .filter(|upload| upload.slot == slot)
        .collect();
    let last = here.len().saturating_sub(1);
    let cards = here.iter().enumerate();
    cards
        .map(|(i, upload)| {
            let report = reports.get(&upload.id);
            FileCard {
                first: i == 0,
                last: i == last,
                ..file_card(pack, upload, report.map(AsRef::as_ref))
            }
        })
        .collect()
}

/// A file as its card shows it.
pub(super) fn file_card(pack: &Pack, upload: &UploadRow, report: Option<&Report>) -> FileCard {
    let findings = report.map_or_else(Vec::new, |report| report.findings.clone());
    let look_at = findings.iter().find_map(|finding| finding.page);
    FileCard {
        id: upload.id.clone(),
        name: upload.file_name.clone(),
        title: upload.title.clone(),
        note: upload.note.clone(),
        size_bytes: upload.size_bytes,
        pages: report.and_then(|report| report.pages),
        verdict: report.map(|report| report.verdict),
        look_at: look_at.map_or(1, crate::units::PageNumber::value),
        findings,
        first: true,
        last: true,
        may_be: report.map_or_else(Vec::new, |report| {
            let kind = report.facts.document.as_ref().map(|document| document.kind);
            crate::http::v1::may_belong(pack, kind, &upload.file_name)
        }),
    }
}

fn slot_card(
    pack: &Pack,
    statement: &Dossier,
    slot: &Slot,
    files: Vec<FileCard>,
    findings: &[Finding],
) -> SlotCard {
    let here = findings
        .iter()
        .filter(|finding| slot_of(finding) == Some(&slot.id));
    let here: Vec<&Finding> = here.collect();
    let reason = statement
        .absent
        .iter()
        .find(|absent| absent.slot == slot.id);
    let state = state(statement, slot, &files, &here, reason.is_some());
    // What stands at the file is not said twice.
    let said_at_file = [&rules::FILE_REFUSED.code, &rules::FILE_UNDECIDED.code];
    let own = here
        .into_iter()
        .filter(|finding| !said_at_file.contains(&&finding.code));
    SlotCard {
        id: slot.id.clone(),
        title: slot.name(),
        item: slot.item,
        state,
        uploaded: slot.uploaded,
        note: slot.note.clone(),
        source: pack.source(&slot.clause),
        copies: slot.copies,
        findings: own.cloned().collect(),
        may_be_absent: slot.presence != Presence::Required || !always(slot),
        reason: reason.map(|absent| absent.reason.clone()),
        files,
    }
}

/// Whether it is wanted whatever the circumstances.
fn always(slot: &Slot) -> bool {
    slot.when.is_empty() && slot.unless.is_empty()
}

fn state(
    statement: &Dossier,
    slot: &Slot,
    files: &[FileCard],
    findings: &[&Finding],
    has_reason: bool,
) -> SlotState {
    let errors = findings
        .iter()
        .any(|finding| finding.severity == Severity::Error);
    if !files.is_empty() {
        let judged = files.iter().all(|file| file.verdict.is_some());
        let look = files
            .iter()
            .any(|file| file.verdict == Some(Verdict::Undecided));
        return match (errors || !judged, look) {
            (true, _) => SlotState::Fix,
            (false, true) => SlotState::Look,
            (false, false) => SlotState::Ready,
        };
    }
    if !slot.uploaded {
        return SlotState::Brought;
    }
    let stated = statement.applicant.circumstances.as_deref();
    let wanted = if always(slot) {
        Some(true)
    } else {
        stated.map(|stated| slot.wanted(stated))
    };
    match (errors, has_reason, slot.presence, wanted) {
        (true, true, ..) => SlotState::Fix,
        (true, false, ..) => SlotState::Missing,
        (false, true, ..) => SlotState::Absent,
        (false, false, _, Some(false)) => SlotState::NotWanted,
        (false, false, Presence::Required | Presence::AbsentWithReason, None) => SlotState::Ask,
        (false, false, _, _) => SlotState::Optional,
    }
}

fn progress(states: impl Iterator<Item = SlotState>) -> Progress {
    let mut progress = Progress::default();
    for state in states {
        let counter = match state {
            SlotState::Ready | SlotState::Look | SlotState::Absent => &mut progress.ready,
            SlotState::Fix => &mut progress.to_fix,
            SlotState::Missing | SlotState::Ask => &mut progress.missing,
            SlotState::Optional | SlotState::NotWanted | SlotState::Brought => continue,
        };
        *counter += 1;
        progress.of += 1;
    }
    progress
}

fn grouped(pack: &Pack, slots: Vec<(Option<u8>, SlotCard)>) -> Vec<Group> {
    let mut groups: Vec<Group> = pack
        .volumes
        .iter()
        .map(|volume| Group {
            title: Bilingual::new(volume.title.clone(), format!("Volume {}", volume.number)),
            volume: Some(volume.number),
            slots: Vec::new(),
        })
        .collect();
    let rest = if groups.is_empty() {
        Bilingual::new("材料", "Papers")
    } else {
        Bilingual::new("不装订的材料", "Not bound")
    };
    let mut unbound = Group {
        title: rest,
        volume: None,
        slots: Vec::new(),
    };
    for (volume, card) in slots {
        let group = groups.iter_mut().find(|group| group.volume == volume);
        match (volume, group) {
            (Some(_), Some(group)) => group.slots.push(card),
            _ => unbound.slots.push(card),
        }
    }
    groups.push(unbound);
    groups.retain(|group| !group.slots.is_empty());
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_counts_what_is_wanted_and_nothing_else() {
        use SlotState as S;
        let line = progress(
            [
                S::Ready,
                S::Look,
                S::Absent,
                S::Fix,
                S::Missing,
                S::Ask,
                S::Optional,
                S::NotWanted,
                S::Brought,
            ]
            .into_iter(),
        );
        let want = Progress {
            of: 6,
            ready: 3,
            to_fix: 1,
            missing: 2,
        };
        assert_eq!(line, want);
    }
}
