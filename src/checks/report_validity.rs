#![doc = include_str!("report_validity.md")]

use jiff::{Span, civil::Date};

use super::{
    Check, Findings, Rule, Subject,
    papers::{at, paper, sure_day},
    report_too_old::plus_months,
};
use crate::{
    finding::{Code, Finding, Outcome, Severity},
    inspect::document::{DocumentFacts, DocumentKind, OnlineState},
    rulepack::{
        CheckSettings,
        settings::{BeyondSixMonths, ReportValiditySettings},
    },
};

static RULE: Rule = Rule {
    code: Code::new("CH103"),
    name: "report-not-valid-long-enough",
    severity: Severity::Error,
    required: true,
    for_every_upload: false,
    doc: include_str!("report_validity.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

/// How one requirement ended.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Decision {
    Holds,
    /// Fails; the words are the finding's.
    Fails(String, String),
    /// Over six months old: expired unless its owner extended it.
    ExpiredUnlessExtended,
    /// Needs the expiry, which the paper does not print.
    NeedsExpiry,
}

/// What the paper says of itself.
#[derive(Clone, Copy, Debug)]
struct Known {
    issued: Option<Date>,
    expires: Option<Date>,
    /// The day a reviewer saw that it is valid.
    seen_valid_on: Option<Date>,
}

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    let Some(CheckSettings::ReportValidity(settings)) = subject.entry.map(|entry| &entry.settings)
    else {
        return Outcome::not_applicable(
            "该通知未规定验证有效期",
            "the notice asks for no validity",
        );
    };
    let document = match paper(subject, DocumentKind::is_online_report) {
        Ok(document) => document,
        Err(outcome) => return outcome,
    };
    let issued = sure_day(document, "issued_on");
    let expires = sure_day(document, "expires_on").ok();
    let known = Known {
        issued: issued.as_ref().ok().map(|(date, _)| *date),
        expires: expires.as_ref().map(|(date, _)| *date),
        seen_valid_on: None,
    };
    if known.issued.is_none() && known.expires.is_none() {
        return issued.err().unwrap_or(Outcome::Passed);
    }
    let evidence = expires.or(issued.ok()).map(|(_, evidence)| evidence);
    // What a reviewer saw online settles what the paper cannot.
    let known = match &document.online {
        Some(online) if online.state == OnlineState::Valid => Known {
            expires: online.valid_until.or(known.expires),
            seen_valid_on: Some(online.checked_on),
            ..known
        },
        _ => known,
    };
    let mut unknown = Vec::new();
    for decision in decisions(settings, known, subject.on) {
        let finding = match decision {
            Decision::Holds => continue,
            Decision::NeedsExpiry => {
                unknown.push(needs_expiry(document));
                continue;
            }
            Decision::ExpiredUnlessExtended => {
                let zh = format!(
                    "报告更新于 {}，已超过在线验证的最长设置期限 6 个月，除非本人已延期",
                    date(known.issued)
                );
                let en = format!(
                    "the report is of {}, more than six months ago, the longest setting there is: expired unless its owner extended it",
                    date(known.issued)
                );
                match settings.after_six_months {
                    BeyondSixMonths::CouldNotTell => {
                        unknown.push((zh, en));
                        continue;
                    }
                    BeyondSixMonths::Warning => Finding::new(zh, en).weighing(Severity::Warning),
                    BeyondSixMonths::Error => Finding::new(zh, en),
                }
            }
            Decision::Fails(zh, en) => Finding::new(zh, en),
        };
        let finding = finding
            .with_hint(
                "请在学信网延长在线验证有效期，或重新申请并下载报告",
                "extend the online verification on CHSI, or apply for the report anew and download it",
            )
            .measured("issued_on", known.issued.map(|d| d.to_string()))
            .measured("expires_on", known.expires.map(|d| d.to_string()))
            .expected("judged_on", subject.on.to_string());
        out.add(match evidence {
            Some(evidence) => at(finding, evidence),
            None => finding,
        });
    }
    match (out.outcome(), unknown.into_iter().next()) {
        (Outcome::Passed, Some((zh, en))) => Outcome::could_not_tell(zh, en),
        (outcome, _) => outcome,
    }
}

fn needs_expiry(document: &DocumentFacts) -> (String, String) {
    let day = document.fields.get("issued_on").map_or("", String::as_str);
    (
        format!("现行报告不印有效期（更新日期 {day}），无法离线判断，请审核人员在线查验有效期"),
        format!(
            "the report prints no expiry (it is of {day}), so this cannot be decided from the paper: look the validity up online"
        ),
    )
}

fn date(date: Option<Date>) -> String {
    date.map_or_else(String::new, |date| date.to_string())
}

/// One decision for each requirement set (DOMAIN, predicates P1 to P5).
fn decisions(settings: &ReportValiditySettings, known: Known, on: Date) -> Vec<Decision> {
    if known.issued.is_some_and(|issued| issued > on) {
        let day = date(known.issued);
        return vec![Decision::Fails(
            format!("报告更新日期 {day} 晚于判定日 {on}"),
            format!("the report is dated {day}, after the day it is judged at, {on}"),
        )];
    }
    let slack = Span::new().days(i64::from(settings.tolerance_days));
    let mut decided = Vec::new();
    let mut decide = |holds: Option<bool>, zh: String, en: String| {
        decided.push(match holds {
            None => Decision::NeedsExpiry,
            Some(true) => Decision::Holds,
            Some(false) => Decision::Fails(zh, en),
        });
    };
    let expiry = date(known.expires);
    let both = known.issued.zip(known.expires);
    if let Some(months) = settings.period_at_least_months {
        let holds = both
            .map(|(issued, expires)| expires.saturating_add(slack) >= plus_months(issued, months));
        decide(
            holds,
            format!("在线验证有效期至 {expiry}，不足自更新日起 {months} 个月"),
            format!("valid until {expiry}, less than {months} months from its date"),
        );
    }
    if let Some(months) = settings.period_exactly_months {
        let holds = both.map(|(issued, expires)| {
            let end = plus_months(issued, months);
            end.saturating_sub(slack) <= expires && expires <= end.saturating_add(slack)
        });
        decide(
            holds,
            format!("在线验证有效期至 {expiry}，应设置为 {months} 个月"),
            format!("valid until {expiry}, should be set to {months} months"),
        );
    }
    if let Some(months) = settings.remaining_at_least_months {
        decide(
            known
                .expires
                .map(|expires| expires >= plus_months(on, months)),
            format!("在线验证有效期至 {expiry}，自 {on} 起剩余不足 {months} 个月"),
            format!("valid until {expiry}, less than {months} months from {on}"),
        );
    }
    if let Some(day) = settings.valid_through {
        decide(
            known.expires.map(|expires| expires >= day),
            format!("在线验证有效期至 {expiry}，应至少到 {day}"),
            format!("valid until {expiry}, should reach {day}"),
        );
    }
    if settings.not_expired {
        decided.push(not_expired(known, on));
    }
    decided
}

/// P5 with its bounds: the shortest setting is one month, the longest six.
fn not_expired(known: Known, on: Date) -> Decision {
    match (known.expires, known.issued) {
        (Some(expires), _) if expires >= on => Decision::Holds,
        (Some(expires), _) => Decision::Fails(
            format!("在线验证有效期已于 {expires} 届满（判定日 {on}）"),
            format!("the online verification ended on {expires}, before {on}"),
        ),
        (None, _) if known.seen_valid_on.is_some_and(|seen| seen >= on) => Decision::Holds,
        (None, Some(issued)) if on <= plus_months(issued, 1) => Decision::Holds,
        (None, Some(issued)) if on <= plus_months(issued, 6) => Decision::NeedsExpiry,
        (None, Some(_)) => Decision::ExpiredUnlessExtended,
        (None, None) => Decision::NeedsExpiry,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::checks::papers::tests::{Case, document};

    fn settings() -> ReportValiditySettings {
        ReportValiditySettings {
            period_at_least_months: None,
            period_exactly_months: None,
            remaining_at_least_months: None,
            valid_through: None,
            not_expired: false,
            tolerance_days: 3,
            after_six_months: BeyondSixMonths::Warning,
        }
    }
    fn one(
        settings: ReportValiditySettings,
        issued: Option<Date>,
        expires: Option<Date>,
        on: Date,
    ) -> Decision {
        decisions(
            &settings,
            Known {
                issued,
                expires,
                seen_valid_on: None,
            },
            on,
        )
        .remove(0)
    }

    #[test]
    fn p1_to_p4_need_the_expiry() {
        let on = date(2024, 7, 1);
        let issued = Some(date(2024, 6, 10));
        for settings in [
            ReportValiditySettings {
                period_at_least_months: Some(3),
                ..settings()
            },
            ReportValiditySettings {
                period_exactly_months: Some(3),
                ..settings()
            },
            ReportValiditySettings {
                remaining_at_least_months: Some(3),
                ..settings()
            },
            ReportValiditySettings {
                valid_through: Some(date(2024, 9, 10)),
                ..settings()
            },
        ] {
            assert_eq!(one(settings, issued, None, on), Decision::NeedsExpiry);
        }
    }

    #[test]
    fn p1_and_p2_allow_three_days_between_thirty_days_and_a_month() {
        let on = date(2024, 7, 1);
        let at_least = ReportValiditySettings {
            period_at_least_months: Some(3),
            ..settings()
        };
        let exactly = ReportValiditySettings {
            period_exactly_months: Some(3),
            ..settings()
        };
        let issued = Some(date(2024, 6, 10));
        assert_eq!(
            one(at_least, issued, Some(date(2024, 9, 7)), on),
            Decision::Holds
        );
        assert!(matches!(
            one(at_least, issued, Some(date(2024, 9, 6)), on),
            Decision::Fails(..)
        ));
        assert_eq!(
            one(exactly, issued, Some(date(2024, 9, 13)), on),
            Decision::Holds
        );
        assert!(matches!(
            one(exactly, issued, Some(date(2024, 9, 14)), on),
            Decision::Fails(..)
        ));
    }

    #[test]
    fn p3_and_p4_have_no_slack() {
        let on = date(2024, 6, 30);
        let remaining = ReportValiditySettings {
            remaining_at_least_months: Some(3),
            ..settings()
        };
        assert_eq!(
            one(remaining, None, Some(date(2024, 9, 30)), on),
            Decision::Holds
        );
        assert!(matches!(
            one(remaining, None, Some(date(2024, 9, 29)), on),
            Decision::Fails(..)
        ));
        let through = ReportValiditySettings {
            valid_through: Some(date(2024, 9, 10)),
            ..settings()
        };
        assert_eq!(
            one(through, None, Some(date(2024, 9, 10)), on),
            Decision::Holds
        );
        assert!(matches!(
            one(through, None, Some(date(2024, 9, 9)), on),
            Decision::Fails(..)
        ));
    }

    #[test]
    fn p5_is_decided_up_to_one_month_and_after_six() {
        let p5 = ReportValiditySettings {
            not_expired: true,
            ..settings()
        };
        let issued = Some(date(2024, 1, 31));
        assert_eq!(one(p5, issued, None, date(2024, 2, 29)), Decision::Holds);
        assert_eq!(
            one(p5, issued, None, date(2024, 3, 1)),
            Decision::NeedsExpiry
        );
        assert_eq!(
            one(p5, issued, None, date(2024, 7, 31)),
            Decision::NeedsExpiry
        );
        assert_eq!(
            one(p5, issued, None, date(2024, 8, 1)),
            Decision::ExpiredUnlessExtended
        );
        assert!(matches!(
            one(p5, issued, None, date(2024, 1, 30)),
            Decision::Fails(..)
        ));
        assert_eq!(
            one(p5, issued, Some(date(2024, 4, 30)), date(2024, 4, 30)),
            Decision::Holds
        );
        assert!(matches!(
            one(p5, issued, Some(date(2024, 4, 30)), date(2024, 5, 1)),
            Decision::Fails(..)
        ));
    }

    #[test]
    fn what_cannot_be_decided_is_said_and_never_passes() {
        let p1 = ReportValiditySettings {
            period_at_least_months: Some(3),
            not_expired: true,
            ..settings()
        };
        let case = Case::of(document(
            DocumentKind::ChsiEducationRecord,
            &[("issued_on", "2024-08-10")],
        ))
        .with(CheckSettings::ReportValidity(p1));
        assert!(matches!(case.run(run).0, Outcome::CouldNotTell(_)));
        let old = Case::of(document(
            DocumentKind::ChsiEducationRecord,
            &[("issued_on", "2024-01-10")],
        ))
        .with(CheckSettings::ReportValidity(p1))
        .run(run);
        assert_eq!(old.0, Outcome::Found);
        assert_eq!(old.1[0].severity, Severity::Warning);
    }

    proptest! {
        /// However long it is set, a report within its first month is valid, and what is called expired is.
        #[test]
        fn bounds_of_p5_are_never_wrong(days in 0_i32..12_000, set in 1_u8..=6, later in 0_i32..400) {
            let issued = date(2000, 1, 1).saturating_add(Span::new().days(days));
            let on = issued.saturating_add(Span::new().days(later));
            let truth = on <= plus_months(issued, set);
            match not_expired(Known {
                issued: Some(issued),
                expires: None,
                seen_valid_on: None,
            }, on) {
                Decision::Holds => prop_assert!(truth),
                Decision::ExpiredUnlessExtended => prop_assert!(!truth),
                Decision::NeedsExpiry => {}
                Decision::Fails(..) => prop_assert!(false),
            }
        }
    }
}
