//! What is said of the application as a whole: windows, specialty, slots that the notice does not have, circumstances.

use jiff::civil::Date;
use unicode_normalization::UnicodeNormalization as _;

use super::check::Look;
use crate::{
    checks::dossier_rules as rules,
    finding::Finding,
    rulepack::{Circumstance, Step, WindowState},
};

impl Look<'_> {
    pub(super) fn windows(&mut self, on: Date) {
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

    pub(super) fn specialty(&mut self) {
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

    pub(super) fn unknown_slots(&mut self) {
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

    pub(super) fn circumstances(&mut self) {
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
}
