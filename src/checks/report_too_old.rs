#![doc = include_str!("report_too_old.md")]

use jiff::{Span, civil::Date};

use super::{
    Check, Findings, Rule, Subject,
    papers::{at, paper, sure_day},
};
use crate::{
    finding::{Code, Finding, Outcome, Severity},
    inspect::document::DocumentKind,
    rulepack::CheckSettings,
};

static RULE: Rule = Rule {
    code: Code::new("CH102"),
    name: "report-too-old",
    severity: Severity::Error,
    required: true,
    for_every_upload: false,
    doc: include_str!("report_too_old.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

/// How a report made on one day stands on another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Age {
    /// Dated after the day it is judged at.
    InTheFuture,
    /// Within the months, counted forwards and backwards.
    Fresh,
    /// Within the months counted back from today, but past the day they reach counted on from the report:
    /// both ways are usual, and differ by up to three days at the end of some months.
    FreshCountedBack,
    /// Older.
    TooOld,
}

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    let Some(CheckSettings::ReportAge(settings)) = subject.entry.map(|entry| &entry.settings)
    else {
        return Outcome::not_applicable(
            "该通知未规定报告期限",
            "the notice sets no age for reports",
        );
    };
    let document = match paper(subject, DocumentKind::is_online_report) {
        Ok(document) => document,
        Err(outcome) => return outcome,
    };
    let (issued, evidence) = match sure_day(document, "issued_on") {
        Ok(found) => found,
        Err(outcome) => return outcome,
    };
    let months = settings.within_months;
    let last_day = plus_months(issued, months);
    let finding = match age(issued, subject.on, months) {
        Age::Fresh => return Outcome::Passed,
        Age::InTheFuture => Finding::new(
            format!("报告更新日期 {issued} 晚于判定日 {}", subject.on),
            format!("the report is dated {issued}, after the day it is judged at, {}", subject.on),
        )
        .with_hint(
            "请从学信网重新下载报告并核对日期，不要修改文件",
            "download the report again from CHSI and compare its date; do not edit the file",
        ),
        Age::FreshCountedBack => Finding::new(
            format!(
                "报告更新于 {issued}，自 {} 前推 {months} 个月仍在期内，自更新日后推则止于 {last_day}，两种算法不一致",
                subject.on
            ),
            format!(
                "the report is of {issued}: within {months} months counted back from {}, but past {last_day} counted on from the report",
                subject.on
            ),
        )
        .with_hint("建议重新下载一份，避免争议", "download a fresh one to be safe")
        .weighing(Severity::Warning),
        Age::TooOld => Finding::new(
            format!(
                "报告更新于 {issued}，至 {} 已超过 {months} 个月（最晚可用至 {last_day}）",
                subject.on
            ),
            format!(
                "the report is of {issued}, more than {months} months before {} (it could be used until {last_day})",
                subject.on
            ),
        )
        .with_hint(
            "请登录学信网重新申请并下载报告后上传",
            "apply for the report anew on CHSI, download it and upload that file",
        ),
    };
    // A report that is old and still valid online is worth a word, not a refusal.
    let still_valid = document
        .online
        .as_ref()
        .is_some_and(|online| online.valid_on(subject.on));
    let finding = if still_valid && issued <= subject.on {
        finding.weighing(Severity::Warning)
    } else {
        finding
    };
    out.add(
        at(finding, evidence)
            .measured("issued_on", issued.to_string())
            .expected("within_months", months)
            .expected("usable_until", last_day.to_string()),
    );
    out.outcome()
}

fn age(issued: Date, on: Date, months: u8) -> Age {
    if issued > on {
        Age::InTheFuture
    } else if on <= plus_months(issued, months) {
        Age::Fresh
    } else if issued >= minus_months(on, months) {
        Age::FreshCountedBack
    } else {
        Age::TooOld
    }
}

/// `date` and `months` calendar months; the 31st becomes the last day of a shorter month.
pub(super) fn plus_months(date: Date, months: u8) -> Date {
    date.saturating_add(Span::new().months(i64::from(months)))
}

/// `date` less `months` calendar months, with the same clamp.
pub(super) fn minus_months(date: Date, months: u8) -> Date {
    date.saturating_sub(Span::new().months(i64::from(months)))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::{
        checks::papers::tests::{Case, document},
        rulepack::settings::ReportAgeSettings,
    };

    fn judged(issued: &str, on: (i16, i8, i8)) -> (Outcome, Vec<Finding>) {
        Case::of(document(
            DocumentKind::ChsiEducationRecord,
            &[("issued_on", issued)],
        ))
        .with(CheckSettings::ReportAge(ReportAgeSettings {
            within_months: 3,
        }))
        .on(on.0, on.1, on.2)
        .run(run)
    }

    #[test]
    fn the_last_day_of_the_window_passes_and_the_next_does_not() {
        assert_eq!(judged("2024-06-10", (2024, 9, 10)).0, Outcome::Passed);
        let (outcome, found) = judged("2024-06-10", (2024, 9, 11));
        assert_eq!(outcome, Outcome::Found);
        assert_eq!(found[0].severity, Severity::Error);
        assert_eq!(found[0].expected["usable_until"], "2024-09-10");
    }

    #[test]
    fn ends_of_months_are_clamped() {
        assert_eq!(age(date(2023, 11, 30), date(2024, 2, 29), 3), Age::Fresh);
        assert_eq!(age(date(2023, 11, 30), date(2024, 3, 1), 3), Age::TooOld);
        assert_eq!(age(date(2022, 11, 30), date(2023, 2, 28), 3), Age::Fresh);
        assert_eq!(age(date(2022, 11, 30), date(2023, 3, 1), 3), Age::TooOld);
        assert_eq!(age(date(2024, 1, 31), date(2024, 4, 30), 3), Age::Fresh);
        assert_eq!(age(date(2024, 1, 31), date(2024, 5, 1), 3), Age::TooOld);
        assert_eq!(age(date(2024, 1, 31), date(2024, 2, 29), 1), Age::Fresh);
        assert_eq!(age(date(2024, 2, 29), date(2025, 2, 28), 12), Age::Fresh);
        assert_eq!(
            age(date(2023, 2, 28), date(2023, 5, 31), 3),
            Age::FreshCountedBack
        );
    }

    #[test]
    fn a_date_of_tomorrow_is_found_and_of_today_is_not() {
        assert_eq!(judged("2024-08-20", (2024, 8, 20)).0, Outcome::Passed);
        assert_eq!(judged("2024-08-21", (2024, 8, 20)).0, Outcome::Found);
    }

    #[test]
    fn without_a_date_it_cannot_be_told() {
        let no_date = Case::of(document(DocumentKind::ChsiEducationRecord, &[])).with(
            CheckSettings::ReportAge(ReportAgeSettings { within_months: 3 }),
        );
        assert!(matches!(no_date.run(run).0, Outcome::CouldNotTell(_)));
        let scan = Case::of(document(DocumentKind::Unknown, &[])).with(CheckSettings::ReportAge(
            ReportAgeSettings { within_months: 3 },
        ));
        assert!(matches!(scan.run(run).0, Outcome::CouldNotTell(_)));
        let diploma = Case::of(document(DocumentKind::Diploma, &[])).with(
            CheckSettings::ReportAge(ReportAgeSettings { within_months: 3 }),
        );
        assert!(matches!(diploma.run(run).0, Outcome::NotApplicable(_)));
    }

    /// Days in a month, by counting; nothing of jiff.
    fn days_in(year: i32, month: i32) -> i32 {
        match month {
            2 if (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        }
    }
    fn shifted(date: Date, months: i32) -> (i32, i32, i32) {
        let all = i32::from(date.year()) * 12 + i32::from(date.month()) - 1 + months;
        let (year, month) = (all.div_euclid(12), all.rem_euclid(12) + 1);
        (year, month, i32::from(date.day()).min(days_in(year, month)))
    }
    fn parts(date: Date) -> (i32, i32, i32) {
        (date.year().into(), date.month().into(), date.day().into())
    }

    proptest! {
        #[test]
        fn agrees_with_a_calendar_counted_by_hand(days in 0_i32..15_000, later in -40_i32..2_500, months in 1_u8..=60) {
            let issued = date(1995, 1, 1).saturating_add(Span::new().days(days));
            let on = issued.saturating_add(Span::new().days(later));
            let want = if parts(issued) > parts(on) {
                Age::InTheFuture
            } else if parts(on) <= shifted(issued, i32::from(months)) {
                Age::Fresh
            } else if parts(issued) >= shifted(on, -i32::from(months)) {
                Age::FreshCountedBack
            } else {
                Age::TooOld
            };
            prop_assert_eq!(age(issued, on, months), want);
        }

        /// Counting on never accepts what counting back refuses.
        #[test]
        fn counted_back_is_the_wider_reading(days in 0_i32..15_000, later in 0_i32..2_500, months in 1_u8..=60) {
            let issued = date(1995, 1, 1).saturating_add(Span::new().days(days));
            let on = issued.saturating_add(Span::new().days(later));
            if on <= plus_months(issued, months) {
                prop_assert!(issued >= minus_months(on, months));
            }
        }
    }
}
