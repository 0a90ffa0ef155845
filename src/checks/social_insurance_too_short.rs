#![doc = include_str!("social_insurance_too_short.md")]

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
    code: Code::new("DT104"),
    name: "social-insurance-too-short",
    severity: Severity::Error,
    required: false,
    for_every_upload: false,
    doc: include_str!("social_insurance_too_short.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    let Some(CheckSettings::SocialInsurance(settings)) = subject.entry.map(|entry| &entry.settings)
    else {
        return Outcome::not_applicable(
            "该通知未规定参保月数",
            "the notice sets no number of months",
        );
    };
    let document = match paper(subject, |kind| kind == DocumentKind::SocialInsuranceProof) {
        Ok(document) => document,
        Err(outcome) => return outcome,
    };
    let (months, evidence) = match sure(document, "consecutive_months") {
        Ok(found) => found,
        Err(outcome) => return outcome,
    };
    let count: u32 = months.parse().unwrap_or(0);
    if count < settings.consecutive_months {
        let finding = Finding::new(
            format!(
                "连续参保 {count} 个月，要求在现单位连续不少于 {} 个月",
                settings.consecutive_months
            ),
            format!(
                "{count} consecutive months, wants at least {} with the present employer",
                settings.consecutive_months
            ),
        )
        .with_hint(
            "请打印包含最近连续月份的参保缴费证明",
            "print a proof that shows the latest consecutive months",
        )
        .measured("consecutive_months", count)
        .expected("consecutive_months", settings.consecutive_months);
        out.add(at(finding, evidence));
    }
    out.outcome()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        checks::papers::tests::{Case, document},
        rulepack::settings::SocialInsuranceSettings,
    };

    #[test]
    fn three_months_are_enough() {
        for (months, want) in [("3", Outcome::Passed), ("2", Outcome::Found)] {
            let case = Case::of(document(
                DocumentKind::SocialInsuranceProof,
                &[("consecutive_months", months)],
            ))
            .with(CheckSettings::SocialInsurance(SocialInsuranceSettings {
                consecutive_months: 3,
            }));
            assert_eq!(case.run(run).0, want);
        }
    }
}
