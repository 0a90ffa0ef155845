#![doc = include_str!("public_notice_too_short.md")]

use super::{
    Check, Findings, Rule, Subject,
    papers::{at, paper, sure_day},
};
use crate::{
    finding::{Code, Finding, Outcome, Severity},
    inspect::document::DocumentKind,
    rulepack::{CheckSettings, workdays::Workdays},
};

static RULE: Rule = Rule {
    code: Code::new("DT101"),
    name: "public-notice-too-short",
    severity: Severity::Error,
    required: true,
    for_every_upload: false,
    doc: include_str!("public_notice_too_short.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    let Some(CheckSettings::PublicNotice(settings)) = subject.entry.map(|entry| &entry.settings)
    else {
        return Outcome::not_applicable("该通知未规定公示期", "the notice sets no period");
    };
    let document = match paper(subject, |kind| kind == DocumentKind::PublicNoticeProof) {
        Ok(document) => document,
        Err(outcome) => return outcome,
    };
    let ((from, evidence), (to, _)) = match (
        sure_day(document, "notice_from"),
        sure_day(document, "notice_to"),
    ) {
        (Ok(from), Ok(to)) => (from, to),
        (Err(outcome), _) | (_, Err(outcome)) => return outcome,
    };
    let wanted = settings.working_days;
    let place = |finding: Finding| {
        at(finding, evidence)
            .measured("notice_from", from.to_string())
            .measured("notice_to", to.to_string())
            .expected("working_days", wanted)
    };
    if to < from {
        out.add(place(Finding::new(
            format!("公示结束日期 {to} 早于开始日期 {from}"),
            format!("the notice ends on {to}, before it begins on {from}"),
        )));
        return out.outcome();
    }
    if to > subject.on {
        out.add(place(
            Finding::new(
                format!("公示至 {to}，到 {} 尚未结束", subject.on),
                format!(
                    "the notice stands until {to} and has not ended by {}",
                    subject.on
                ),
            )
            .with_hint(
                "请在公示期满后出具公示证明",
                "have the proof made out after the notice has ended",
            ),
        ));
    }
    let calendar = Workdays::builtin();
    let Some(with_first) = calendar.between(from, to) else {
        return match out.outcome() {
            Outcome::Found => Outcome::Found,
            _ => Outcome::could_not_tell(
                format!("没有 {} 年的国务院节假日安排，无法计算工作日", to.year()),
                format!(
                    "the State Council's calendar of {} is not known here, so working days cannot be counted",
                    to.year()
                ),
            ),
        };
    };
    let first = calendar.is_working_day(from) == Some(true);
    let without_first = with_first - u32::from(first);
    let counted = if settings.count_first_day {
        with_first
    } else {
        without_first
    };
    if counted >= wanted {
        return out.outcome();
    }
    let last = calendar.nth_from(from, wanted, settings.count_first_day);
    let until = last.map_or_else(String::new, |day| day.to_string());
    let finding = if with_first >= wanted {
        Finding::new(
            format!("公示 {from} 至 {to}，计首日才满 {wanted} 个工作日，不计首日为 {counted} 个"),
            format!("the notice of {from} to {to} has {wanted} working days only when its first day counts, {counted} without it"),
        )
        .weighing(Severity::Warning)
    } else {
        Finding::new(
            format!("公示 {from} 至 {to} 共 {counted} 个工作日，要求不少于 {wanted} 个"),
            format!(
                "the notice of {from} to {to} stands {counted} working days, wants at least {wanted}"
            ),
        )
    };
    out.add(
        place(finding)
            .with_hint(
                format!("公示应至少到 {until}（按国务院节假日安排计算）"),
                format!("let the notice stand until {until} at least (State Council calendar)"),
            )
            .measured("working_days", counted)
            .expected("until", until),
    );
    out.outcome()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        checks::papers::tests::{Case, document},
        rulepack::settings::PublicNoticeSettings,
    };

    fn judged(from: &str, to: &str) -> (Outcome, Vec<Finding>) {
        Case::of(document(
            DocumentKind::PublicNoticeProof,
            &[("notice_from", from), ("notice_to", to)],
        ))
        .with(CheckSettings::PublicNotice(PublicNoticeSettings {
            working_days: 5,
            count_first_day: false,
        }))
        .on(2026, 12, 31)
        .run(run)
    }

    #[test]
    fn the_fifth_working_day_over_holidays() {
        assert_eq!(judged("2024-09-12", "2024-09-20").0, Outcome::Passed);
        let (outcome, found) = judged("2024-09-12", "2024-09-19");
        assert_eq!(
            (outcome, found[0].severity),
            (Outcome::Found, Severity::Warning)
        );
        let (outcome, found) = judged("2024-09-12", "2024-09-18");
        assert_eq!(
            (outcome, found[0].severity),
            (Outcome::Found, Severity::Error)
        );
        assert_eq!(found[0].expected["until"], "2024-09-20");
    }

    #[test]
    fn an_unknown_year_and_missing_days_cannot_be_told() {
        assert!(matches!(
            judged("2022-08-01", "2022-08-20").0,
            Outcome::CouldNotTell(_)
        ));
        let none = Case::of(document(DocumentKind::PublicNoticeProof, &[])).with(
            CheckSettings::PublicNotice(PublicNoticeSettings {
                working_days: 5,
                count_first_day: false,
            }),
        );
        assert!(matches!(none.run(run).0, Outcome::CouldNotTell(_)));
    }

    #[test]
    fn backwards_or_not_over_yet() {
        assert_eq!(judged("2024-09-12", "2024-09-11").0, Outcome::Found);
        let running = Case::of(document(
            DocumentKind::PublicNoticeProof,
            &[("notice_from", "2024-08-12"), ("notice_to", "2024-08-22")],
        ))
        .with(CheckSettings::PublicNotice(PublicNoticeSettings {
            working_days: 5,
            count_first_day: false,
        }));
        assert_eq!(running.run(run).0, Outcome::Found);
    }
}
