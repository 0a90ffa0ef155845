//! Completeness: a [`Dossier`] with its judged papers in, a [`CheckedDossier`] or everything that is missing out.

use std::{collections::BTreeMap, sync::Arc};

use jiff::civil::Date;
use unicode_normalization::UnicodeNormalization as _;

use super::{Absent, CheckedDossier, CheckedItem, Dossier};
use crate::{
    checks::{Rule, dossier_rules as rules},
    digest::Digest,
    finding::{Finding, Severity, Verdict},
    inspect::document::DocumentKind,
    rulepack::{Circumstance, Pack, Part, Presence, Slot, Step, WindowState},
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

struct Look<'a> {
    dossier: &'a Dossier,
    pack: &'a Pack,
    papers: &'a [CheckedItem],
    stated: Option<&'a [Circumstance]>,
    /// Empty slots that depend on circumstances nobody stated.
    unstated: Vec<&'a Slot>,
    findings: Vec<Finding>,
}

impl<'a> Look<'a> {
    /// Adds a finding of `rule`: the pack may choose the weight, the finding may weigh less.
    fn add(&mut self, rule: &Rule, slot: Option<&Slot>, clause: Option<&str>, mut found: Finding) {
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
    fn wanted(&self, slot: &Slot) -> Option<bool> {
        if slot.when.is_empty() && slot.unless.is_empty() {
            Some(true)
        } else {
            self.stated.map(|stated| slot.wanted(stated))
        }
    }

    fn windows(&mut self, on: Date) {
        let filing = |step| matches!(step, Step::FilingOnline | Step::FilingOnSite | Step::Filing);
        for window in self.pack.windows.iter().filter(|w| filing(w.step)) {
            let (title_zh, title_en) = (&window.title.zh, &window.title.en);
            match window.state(on) {
                WindowState::Open { .. } => {}
                WindowState::Over { closed } => self.add(
                    &rules::WINDOW_OVER,
                    None,
                    Some(&window.clause),
                    Finding::new(
                        format!("“{title_zh}”已于 {closed} 截止，判定日期为 {on}"),
                        format!("{title_en} closed on {closed}, judged at {on}"),
                    )
                    .with_hint(
                        "请留意下一次申报通知，或咨询受理机构",
                        "file with the next notice, or ask the office",
                    )
                    .measured("on", on.to_string())
                    .expected("closed", closed.to_string()),
                ),
                WindowState::Closed { opens } => self.add(
                    &rules::WINDOW_NOT_OPEN,
                    None,
                    Some(&window.clause),
                    Finding::new(
                        format!("“{title_zh}”自 {opens} 起受理，判定日期为 {on}"),
                        format!("{title_en} opens on {opens}, judged at {on}"),
                    )
                    .with_hint(
                        format!("可以先准备材料，{opens} 起提交"),
                        format!("prepare the papers now and hand them in from {opens}"),
                    )
                    .measured("on", on.to_string())
                    .expected("opens", opens.to_string()),
                ),
            }
        }
    }

    fn specialty(&mut self) {
        let Some(wanted) = &self.dossier.applicant.specialty else {
            return;
        };
        let list = &self.pack.specialties;
        let plain = |text: &str| -> String {
            let folded = text.nfkc().filter(|c| !c.is_whitespace());
            folded.filter(|c| !"()（）".contains(*c)).collect()
        };
        let named = plain(wanted);
        let known = list.iter().any(|one| {
            plain(&one.name) == named || one.short.as_deref().is_some_and(|s| plain(s) == named)
        });
        if list.is_empty() || known {
            return;
        }
        let names: Vec<&str> = list.iter().map(|one| one.name.as_str()).collect();
        let clause = list.first().map(|one| one.clause.clone());
        self.add(
            &rules::SPECIALTY_NOT_LISTED,
            None,
            clause.as_deref(),
            Finding::new(
                format!(
                    "申报专业 `{wanted}` 不在本通知所列 {} 个专业之内",
                    names.len()
                ),
                format!(
                    "the specialty `{wanted}` is none of the {} that the notice lists",
                    names.len()
                ),
            )
            .with_hint(
                format!("请选择：{}", names.join("、")),
                format!("choose one of {}", names.join(", ")),
            )
            .measured("specialty", wanted.clone())
            .expected("specialties", names),
        );
    }

    fn unknown_slots(&mut self) {
        let known: Vec<&str> = self
            .pack
            .slots
            .iter()
            .map(|slot| slot.id.as_str())
            .collect();
        let of_papers = self
            .papers
            .iter()
            .map(|paper| (&paper.slot, &paper.file_name));
        let of_absent = self
            .dossier
            .absent
            .iter()
            .map(|absent| (&absent.slot, &absent.reason));
        let unknown: Vec<_> = of_papers
            .chain(of_absent)
            .filter(|(slot, _)| !known.contains(&slot.as_str()))
            .collect();
        for (slot, what) in unknown {
            self.add(
                &rules::UNKNOWN_SLOT,
                None,
                None,
                Finding::new(
                    format!("`{what}` 所写的位置 `{slot}` 不在本通知之内"),
                    format!("`{what}` names the slot `{slot}`, which this notice does not have"),
                )
                .with_hint(
                    format!("请改用：{}", known.join("、")),
                    format!("use one of {}", known.join(", ")),
                )
                .measured("slot", slot.clone())
                .expected("slots", known.clone()),
            );
        }
    }

    fn slot(&mut self, slot: &'a Slot) {
        let files: Vec<&CheckedItem> = self.papers.iter().filter(|p| p.slot == slot.id).collect();
        let reason = self.dossier.absent.iter().find(|a| a.slot == slot.id);
        let wanted = self.wanted(slot);
        let place = place(slot);
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
                            format!("{}为必交材料，不能以“{}”缺项", place.0, reason.reason),
                            format!("{} must be there, a reason does not replace it", place.1),
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
                    format!("{}既有 {n} 个文件又有缺项说明“{}”", place.0, reason.reason),
                    format!("{} holds {n} file(s) and a reason for having none", place.1),
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

    fn empty(&mut self, slot: &Slot, place: &(String, String)) {
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
                format!("{}没有材料{zh}", place.0),
                format!("{} is empty{en}", place.1),
            )
            .with_hint(
                format!("请补交{}", quoted(&slot.title)),
                format!("add the {}", slot.title_en),
            )
            .measured("files", 0)
            .expected("files_min", slot.files_min),
        );
    }

    fn without_reason(&mut self, slot: &Slot, place: &(String, String)) {
        self.add(
            &rules::ABSENCE_WITHOUT_REASON,
            Some(slot),
            None,
            Finding::new(
                format!("{}没有材料，也没有说明原因", place.0),
                format!("{} is empty, and no reason is given", place.1),
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

    fn number_of_files(&mut self, slot: &Slot, place: &(String, String), n: usize) {
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
            format!("{}有 {n} 个文件，{zh}", place.0),
            format!("{} holds {n} file(s), {en}", place.1),
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

    fn part(&mut self, slot: &Slot, place: &(String, String), part: &Part, files: &[&CheckedItem]) {
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
            format!("{}中未见“{}”{zh}", place.0, part.title.zh),
            format!("{} shows no {}{en}", place.1, part.title.en),
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

    fn circumstances(&mut self) {
        let Some(first) = self.unstated.first() else {
            return;
        };
        let mut asked: Vec<Circumstance> = self
            .unstated
            .iter()
            .flat_map(|slot| slot.when.iter().chain(&slot.unless))
            .copied()
            .collect();
        asked.sort_unstable();
        asked.dedup();
        let zh: Vec<String> = asked.iter().map(|one| one.name().zh).collect();
        let en: Vec<String> = asked.iter().map(|one| one.name().en).collect();
        let words: Vec<&str> = asked.iter().map(|one| one.word()).collect();
        let slots: Vec<&str> = self.unstated.iter().map(|slot| slot.id.as_str()).collect();
        let finding = Finding::new(
            format!(
                "{} 个位置是否必交取决于申报人情形，申报人未声明：{}",
                slots.len(),
                zh.join("；")
            ),
            format!(
                "{} slot(s) depend on circumstances the applicant has not stated: {}",
                slots.len(),
                en.join("; ")
            ),
        )
        .with_hint(
            format!(
                "请写明 `circumstances`，从 {} 中选取，都不符合写空列表",
                words.join("、")
            ),
            format!(
                "state `circumstances`: those of {} that hold, empty for none",
                words.join(", ")
            ),
        )
        .measured("slots", slots)
        .expected("circumstances", words);
        let clause = first.clause.clone();
        self.add(
            &rules::CIRCUMSTANCES_NOT_STATED,
            None,
            Some(&clause),
            finding,
        );
    }

    fn files(&mut self) {
        for paper in self.papers {
            let slot = self.pack.slot(&paper.slot);
            let (zh, en) = slot.map_or((paper.slot.clone(), paper.slot.clone()), place);
            let name = &paper.file_name;
            match paper.report.verdict {
                Verdict::Accepted => {}
                Verdict::Refused => {
                    let errors = || {
                        let all = paper.report.findings.iter();
                        all.filter(|f| f.severity == Severity::Error)
                    };
                    let mut codes: Vec<&str> = errors().map(|f| f.code.as_str()).collect();
                    codes.dedup();
                    let first = errors().next();
                    let (why_zh, why_en) = first.map_or((String::new(), String::new()), |f| {
                        (format!("：{}", f.message.zh), format!(": {}", f.message.en))
                    });
                    let mut finding = Finding::new(
                        format!(
                            "{zh}的文件 `{name}` 未通过校验（{}）{why_zh}",
                            codes.join("、")
                        ),
                        format!(
                            "the file `{name}` of {en} is refused ({}){why_en}",
                            codes.join(", ")
                        ),
                    )
                    .measured("file", name.clone())
                    .measured("codes", codes);
                    finding.hint = first.and_then(|f| f.hint.clone());
                    self.add(&rules::FILE_REFUSED, slot, None, finding);
                }
                Verdict::Undecided => {
                    let finding = Finding::new(
                        format!("{zh}的文件 `{name}` 有必查项目无法判定"),
                        format!("a required rule could not tell about the file `{name}` of {en}"),
                    )
                    .with_hint(
                        "请查看该文件的校验报告，尽量提供更清晰的扫描件或下载原件",
                        "look at the file's report, and hand in a better scan or the downloaded original",
                    )
                    .measured("file", name.clone());
                    self.add(&rules::FILE_UNDECIDED, slot, None, finding);
                }
            }
        }
        self.not_judged();
    }

    /// Papers the dossier lists and nobody has judged.
    fn not_judged(&mut self) {
        let mut judged: BTreeMap<&str, usize> = BTreeMap::new();
        for paper in self.papers {
            *judged.entry(paper.slot.as_str()).or_default() += 1;
        }
        let mut listed: BTreeMap<&str, usize> = BTreeMap::new();
        for item in &self.dossier.items {
            *listed.entry(item.slot.as_str()).or_default() += 1;
        }
        for (slot, listed) in listed {
            let judged = judged.get(slot).copied().unwrap_or_default();
            if listed > judged {
                let finding = Finding::new(
                    format!("位置 `{slot}` 列有 {listed} 个文件，只校验了 {judged} 个"),
                    format!("the slot `{slot}` lists {listed} file(s), {judged} of them judged"),
                )
                .with_hint(
                    "请上传其余文件，或删去多列的行",
                    "upload the others, or take their lines away",
                )
                .measured("judged", judged)
                .expected("listed", listed);
                self.add(&rules::FILE_NOT_JUDGED, self.pack.slot(slot), None, finding);
            }
        }
    }

    fn reuse(&mut self) {
        let mut seen: BTreeMap<Digest, &CheckedItem> = BTreeMap::new();
        for paper in self.papers {
            let Some(first) = seen.get(&paper.sha256) else {
                seen.insert(paper.sha256, paper);
                continue;
            };
            let same_slot = first.slot == paper.slot;
            let mut finding = Finding::new(
                format!(
                    "`{}`（{}）与 `{}`（{}）是同一文件",
                    paper.file_name, paper.slot, first.file_name, first.slot
                ),
                format!(
                    "`{}` ({}) is the same file as `{}` ({})",
                    paper.file_name, paper.slot, first.file_name, first.slot
                ),
            )
            .with_hint(
                "请删去重复的，或换成正确的文件",
                "take one away, or choose the right file",
            )
            .measured("sha256", paper.sha256.to_hex())
            .measured("slots", vec![first.slot.clone(), paper.slot.clone()]);
            if !same_slot {
                finding = finding.weighing(Severity::Warning);
            }
            self.add(
                &rules::SAME_FILE_TWICE,
                self.pack.slot(&paper.slot),
                None,
                finding,
            );
        }
    }
}

/// A stated circumstance that makes the slot wanted.
fn holding(slot: &Slot, stated: Option<&[Circumstance]>) -> Option<Circumstance> {
    let stated = stated?;
    slot.when.iter().find(|one| stated.contains(one)).copied()
}

/// Where a slot stands, in words of both languages.
fn place(slot: &Slot) -> (String, String) {
    let title = quoted(&slot.title);
    match (slot.volume, slot.item) {
        (Some(volume), Some(item)) => (
            format!("第 {volume} 分册第 {item} 项{title}"),
            format!("item {item} of volume {volume}, {},", slot.title_en),
        ),
        _ => (title, slot.title_en.clone()),
    }
}

/// A title in quotes: 《》 unless it has such quotes itself.
fn quoted(title: &str) -> String {
    let inner = title.strip_prefix('《').and_then(|t| t.strip_suffix('》'));
    let bare = inner.unwrap_or(title);
    if bare.contains('《') {
        format!("“{title}”")
    } else {
        format!("《{bare}》")
    }
}
