#![doc = include_str!("summary_too_short.md")]

use super::{
    Check, Findings, Rule, Subject,
    papers::{at, paper, sure},
};
use crate::{
    finding::{Code, Finding, Outcome, Severity},
    inspect::document::DocumentKind,
    rulepack::CheckSettings,
};

static RULE: Rule = Rule {
    code: Code::new("TX101"),
    name: "summary-too-short",
    severity: Severity::Error,
    required: false,
    for_every_upload: false,
    doc: include_str!("summary_too_short.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    let Some(CheckSettings::Length(settings)) = subject.entry.map(|entry| &entry.settings) else {
        return Outcome::not_applicable("该通知未规定字数", "the notice sets no length");
    };
    // In the slot of the summary a text without a title is still the summary.
    let in_slot = subject.slot.is_some_and(|slot| slot.id == "summary");
    let wanted =
        |kind| kind == DocumentKind::WorkSummary || (in_slot && kind == DocumentKind::Unknown);
    let document = match paper(subject, wanted) {
        Ok(document) => document,
        Err(outcome) => return outcome,
    };
    let (count, evidence) = match sure(document, "han_characters") {
        Ok(found) => found,
        Err(outcome) if document.kind == DocumentKind::WorkSummary => return outcome,
        Err(_) => return super::papers::no_text(),
    };
    let count: u32 = count.parse().unwrap_or(0);
    if count < settings.min_characters {
        let finding = Finding::new(
            format!("总结正文 {count} 个汉字（不计标题、落款、标点），要求不少于 {} 字", settings.min_characters),
            format!(
                "the text has {count} Chinese characters (title, signature and punctuation apart), wants at least {}",
                settings.min_characters
            ),
        )
        .with_hint("请补充专业技术工作经历、业绩和成果后重新上传", "add experience, results and achievements and upload again")
        .measured("han_characters", count)
        .expected("min_characters", settings.min_characters);
        out.add(at(finding, evidence));
    }
    out.outcome()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        checks::papers::tests::{Case, document},
        rulepack::settings::LengthSettings,
    };

    fn outcome(count: &str) -> Outcome {
        Case::of(document(
            DocumentKind::WorkSummary,
            &[("han_characters", count)],
        ))
        .with(CheckSettings::Length(LengthSettings {
            min_characters: 800,
        }))
        .run(run)
        .0
    }

    #[test]
    fn eight_hundred_is_enough() {
        assert_eq!(outcome("800"), Outcome::Passed);
        assert_eq!(outcome("799"), Outcome::Found);
    }
}
