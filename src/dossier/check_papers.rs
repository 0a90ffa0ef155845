//! What is said of the papers themselves: refused, undecided, not judged, handed in twice.

use std::collections::BTreeMap;

use super::{CheckedItem, check::Look};
use crate::{
    checks::dossier_rules as rules,
    digest::Digest,
    finding::{Finding, Severity, Verdict},
    lang::Bilingual,
    rulepack::Slot,
};

impl Look<'_> {
    pub(super) fn files(&mut self) {
        for paper in self.papers {
            let slot = self.pack.slot(&paper.slot);
            let Bilingual { zh, en } = slot.map_or_else(
                || Bilingual::new(paper.slot.clone(), paper.slot.clone()),
                Slot::place,
            );
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
        self.not_bindable();
    }

    /// Papers of a volume that can be read but not bound.
    fn not_bindable(&mut self) {
        for paper in self.papers {
            let Some(slot) = self.pack.slot(&paper.slot) else {
                continue;
            };
            if slot.volume.is_none() || paper.report.verdict == Verdict::Refused {
                continue;
            }
            let lost = paper
                .report
                .findings
                .iter()
                .find(|f| f.code.as_str() == "FM109");
            let (zh, en) = if paper.report.facts.encrypted {
                ("该文件设有权限密码", "it is protected by an owner password")
            } else if let Some(lost) = lost {
                (lost.message.zh.as_str(), lost.message.en.as_str())
            } else {
                continue;
            };
            let Bilingual { zh: place, en: at } = slot.place();
            let name = &paper.file_name;
            let finding = Finding::new(
                format!("{place}的文件 `{name}` 可以阅读但不能装订：{zh}"),
                format!("the file `{name}` of {at} can be read but not bound: {en}"),
            )
            .with_hint(
                "请打开后用“打印为 PDF”另存一份，逐页核对后换上",
                "open it, print it to PDF, look through its pages, and put that in its place",
            )
            .measured("file", name.clone());
            self.add(&rules::FILE_NOT_BINDABLE, Some(slot), None, finding);
        }
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

    pub(super) fn reuse(&mut self) {
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
