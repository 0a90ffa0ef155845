#![doc = include_str!("opinion_says_nothing.md")]

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
    code: Code::new("TX102"),
    name: "opinion-says-nothing",
    severity: Severity::Error,
    required: false,
    for_every_upload: false,
    doc: include_str!("opinion_says_nothing.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

/// Words that say only yes.
const YES: [&str; 24] = [
    "同意",
    "申报",
    "推荐",
    "上报",
    "初定",
    "评审",
    "认定",
    "情况属实",
    "属实",
    "材料",
    "经审核",
    "审核",
    "通过",
    "无异议",
    "合格",
    "该同志",
    "以上",
    "经研究",
    "予以",
    "我单位",
    "本单位",
    "符合条件",
    "真实",
    "有效",
];

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    let wanted = |kind| {
        matches!(
            kind,
            DocumentKind::ApplicationFormInitial | DocumentKind::ReviewForm
        )
    };
    let document = match paper(subject, wanted) {
        Ok(document) => document,
        Err(outcome) => return outcome,
    };
    let least = match subject.entry.map(|entry| &entry.settings) {
        Some(CheckSettings::Length(settings)) => settings.min_characters,
        _ => 20,
    };
    let (opinion, evidence) = match sure(document, "opinion") {
        Ok(found) => found,
        Err(outcome) => return outcome,
    };
    let substance = substance(opinion);
    if substance < least {
        let finding = Finding::new(
            format!("鉴定意见为「{opinion}」，须作较全面的鉴定，不能简单用“同意”二字"),
            format!("the opinion says only `{opinion}`; a full appraisal is wanted, not merely `同意`"),
        )
        .with_hint(
            "请单位写明申报人的德、能、勤、绩及专业技术工作表现后重新签章",
            "ask the unit to appraise conduct, ability, diligence and results in words, and to stamp it again",
        )
        .measured("characters_beyond_consent", substance)
        .expected("min_characters", least);
        out.add(at(finding, evidence));
    }
    out.outcome()
}

/// Chinese characters that say more than yes.
fn substance(opinion: &str) -> u32 {
    let mut rest = opinion.to_owned();
    for word in YES {
        rest = rest.replace(word, "");
    }
    rest.chars()
        .filter(|c| matches!(u32::from(*c), 0x3400..=0x9FFF))
        .count() as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::papers::tests::{Case, document};

    #[test]
    fn merely_yes_in_many_words() {
        for text in [
            "同意",
            "同意申报",
            "情况属实,同意推荐。",
            "经审核,材料真实有效,同意上报",
            "以上情况属实",
        ] {
            let case = Case::of(document(
                DocumentKind::ApplicationFormInitial,
                &[("opinion", text)],
            ));
            assert_eq!(case.run(run).0, Outcome::Found, "{text}");
        }
    }

    #[test]
    fn an_appraisal_passes_and_none_cannot_be_told() {
        let text = "该同志政治立场坚定,见习期内独立完成三套装置的工艺设计,工作认真负责,业务能力强,同意申报";
        let case = Case::of(document(
            DocumentKind::ApplicationFormInitial,
            &[("opinion", text)],
        ));
        assert_eq!(case.run(run).0, Outcome::Passed);
        let none = Case::of(document(DocumentKind::ApplicationFormInitial, &[]));
        assert!(matches!(none.run(run).0, Outcome::CouldNotTell(_)));
    }
}
