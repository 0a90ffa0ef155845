//! What is said of one slot: empty, without reason, too many files, a paper missing among them.

use super::{CheckedItem, check::Look};
use crate::{
    checks::dossier_rules as rules,
    finding::{Finding, Severity},
    inspect::document::DocumentKind,
    lang::Bilingual,
    rulepack::{Circumstance, Part, Presence, Slot, quoted},
};

impl<'a> Look<'a> {
    pub(super) fn slot(&mut self, slot: &'a Slot) {
        let files: Vec<&CheckedItem> = self.papers.iter().filter(|p| p.slot == slot.id).collect();
        let reason = self.dossier.absent.iter().find(|a| a.slot == slot.id);
        let wanted = self.wanted(slot);
        let place = slot.place();
        match (files.len(), reason) {
            (0, None) if slot.uploaded => match (slot.presence, wanted) {
                (Presence::Optional, _) | (_, Some(false)) => {}
                (_, None) => self.unstated.push(slot),
                (Presence::Required, Some(true)) => self.empty(slot, &place),
                (Presence::AbsentWithReason, Some(true)) => self.without_reason(slot, &place),
            },
            (0, Some(reason)) => {
                if reason.reason.trim().is_empty() {
                    self.without_reason(slot, &place);
                } else if slot.presence == Presence::Required && wanted == Some(true) {
                    self.add(
                        &rules::ABSENCE_NOT_ALLOWED,
                        Some(slot),
                        None,
                        Finding::new(
                            format!("{}为必交材料，不能以“{}”缺项", place.zh, reason.reason),
                            format!("{} must be there, a reason does not replace it", place.en),
                        )
                        .with_hint(
                            format!("请补交{}并删去缺项说明", quoted(&slot.title)),
                            format!("add the {} and take the reason away", slot.title_en),
                        )
                        .measured("reason", reason.reason.clone()),
                    );
                }
            }
            (n, Some(reason)) if n > 0 => self.add(
                &rules::ABSENT_AND_FILLED,
                Some(slot),
                None,
                Finding::new(
                    format!("{}既有 {n} 个文件又有缺项说明“{}”", place.zh, reason.reason),
                    format!(
                        "{} holds {n} file(s) and a reason for having none",
                        place.en
                    ),
                )
                .with_hint(
                    "请删去缺项说明或删去文件",
                    "take away the reason or the files",
                )
                .measured("files", n),
            ),
            _ => {}
        }
        self.number_of_files(slot, &place, files.len());
        if !files.is_empty() {
            for part in &slot.parts {
                self.part(slot, &place, part, &files);
            }
        }
    }

    fn empty(&mut self, slot: &Slot, place: &Bilingual) {
        let condition = holding(slot, self.stated);
        let (zh, en) = condition.map_or((String::new(), String::new()), |one| {
            let name = one.name();
            (
                format!("（{}须提供）", name.zh),
                format!(" (wanted because: {})", name.en),
            )
        });
        self.add(
            &rules::SLOT_EMPTY,
            Some(slot),
            None,
            Finding::new(
                format!("{}没有材料{zh}", place.zh),
                format!("{} is empty{en}", place.en),
            )
            .with_hint(
                format!("请补交{}", quoted(&slot.title)),
                format!("add the {}", slot.title_en),
            )
            .measured("files", 0)
            .expected("files_min", slot.files_min),
        );
    }

    fn without_reason(&mut self, slot: &Slot, place: &Bilingual) {
        self.add(
            &rules::ABSENCE_WITHOUT_REASON,
            Some(slot),
            None,
            Finding::new(
                format!("{}没有材料，也没有说明原因", place.zh),
                format!("{} is empty, and no reason is given", place.en),
            )
            .with_hint(
                format!("请补交{}，或用一句话说明缺项原因", quoted(&slot.title)),
                format!(
                    "add the {}, or say in one sentence why there is none",
                    slot.title_en
                ),
            )
            .measured("files", 0),
        );
    }

    fn number_of_files(&mut self, slot: &Slot, place: &Bilingual, n: usize) {
        if n == 0 {
            return;
        }
        let most = if slot.uploaded {
            slot.files_max.map(usize::from)
        } else {
            Some(0)
        };
        let least = usize::from(slot.files_min);
        let too_many = most.is_some_and(|most| n > most);
        if !too_many && n >= least {
            return;
        }
        let (zh, en) = match (too_many, most) {
            (true, Some(0)) => (
                "只列清单，不上传".to_owned(),
                "wants none, it is only listed".to_owned(),
            ),
            (true, Some(most)) => (format!("最多 {most} 个"), format!("wants at most {most}")),
            _ => (
                format!("至少 {least} 个"),
                format!("wants at least {least}"),
            ),
        };
        let mut finding = Finding::new(
            format!("{}有 {n} 个文件，{zh}", place.zh),
            format!("{} holds {n} file(s), {en}", place.en),
        )
        .with_hint(
            "请只保留应交的文件，或补齐缺少的文件",
            "keep the right files only, or add those that are missing",
        )
        .measured("files", n)
        .expected("files_min", least);
        if let Some(most) = most {
            finding = finding.expected("files_max", most);
        }
        self.add(&rules::WRONG_NUMBER_OF_FILES, Some(slot), None, finding);
    }

    fn part(&mut self, slot: &Slot, place: &Bilingual, part: &Part, files: &[&CheckedItem]) {
        let conditional = !part.when.is_empty() || !part.unless.is_empty();
        let wanted = if conditional {
            self.stated.map(|stated| part.wanted(stated))
        } else {
            Some(true)
        };
        let kinds: Vec<DocumentKind> = files
            .iter()
            .map(|file| {
                file.report
                    .facts
                    .document
                    .as_ref()
                    .map_or(DocumentKind::Unknown, |d| d.kind)
            })
            .collect();
        if wanted == Some(false) || kinds.iter().any(|kind| part.kinds.contains(kind)) {
            return;
        }
        let untold = kinds
            .iter()
            .filter(|kind| **kind == DocumentKind::Unknown)
            .count();
        let (mut zh, mut en) = (String::new(), String::new());
        if untold > 0 {
            zh = format!("（{untold} 个文件的种类无法识别）");
            en = format!(" (the kind of {untold} file(s) could not be told)");
        }
        let mut finding = Finding::new(
            format!("{}中未见“{}”{zh}", place.zh, part.title.zh),
            format!("{} shows no {}{en}", place.en, part.title.en),
        )
        .with_hint(
            format!("请补交“{}”；若已在其中，请向受理人员说明", part.title.zh),
            format!(
                "add the {}, or tell the clerk which file holds it",
                part.title.en
            ),
        )
        .measured("files", files.len())
        .measured("kinds_untold", untold);
        if untold > 0 || wanted.is_none() {
            finding = finding.weighing(Severity::Warning);
        }
        self.add(
            &rules::PART_NOT_SEEN,
            Some(slot),
            Some(&part.clause),
            finding,
        );
    }
}

/// A stated circumstance that makes the slot wanted.
fn holding(slot: &Slot, stated: Option<&[Circumstance]>) -> Option<Circumstance> {
    let stated = stated?;
    slot.when.iter().find(|one| stated.contains(one)).copied()
}
