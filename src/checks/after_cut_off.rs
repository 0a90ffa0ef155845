#![doc = include_str!("after_cut_off.md")]

use jiff::civil::Date;

use super::{
    Check, Findings, Rule, Subject,
    papers::{at, missing, paper},
};
use crate::{
    finding::{Code, Finding, Outcome, Severity},
    inspect::document::{Certainty, DocumentKind},
    rulepack::CheckSettings,
};

static RULE: Rule = Rule {
    code: Code::new("DT105"),
    name: "after-cut-off",
    severity: Severity::Error,
    required: false,
    for_every_upload: false,
    doc: include_str!("after_cut_off.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    let Some(CheckSettings::CutOff(settings)) = subject.entry.map(|entry| &entry.settings) else {
        return Outcome::not_applicable("该通知未规定截止日期", "the notice sets no cut-off");
    };
    let document = match paper(subject, |kind| field_of(kind).is_some()) {
        Ok(document) => document,
        Err(outcome) => return outcome,
    };
    let field = field_of(document.kind).unwrap_or("issued_on");
    let (Some(value), Some(evidence)) = (document.fields.get(field), document.evidence.get(field))
    else {
        return missing(field);
    };
    if evidence.certainty == Certainty::Suspect {
        return super::papers::no_text();
    }
    let Some((first, last)) = days_of(value) else {
        return missing(field);
    };
    if first > settings.not_after {
        let finding = Finding::new(
            format!(
                "日期 {value} 晚于截止日期 {}，不计入本次申报",
                settings.not_after
            ),
            format!(
                "dated {value}, after the cut-off of {}: it does not count this time",
                settings.not_after
            ),
        )
        .with_hint(
            "请换用截止日期之前取得的材料",
            "hand in what was gained before the cut-off",
        )
        .measured(field, value.clone())
        .expected("not_after", settings.not_after.to_string());
        out.add(at(finding, evidence));
    } else if last > settings.not_after {
        return Outcome::could_not_tell(
            format!(
                "日期 {value} 没有写到日，无法判断是否晚于 {}",
                settings.not_after
            ),
            format!(
                "`{value}` names no day, so it cannot be told whether it is after {}",
                settings.not_after
            ),
        );
    }
    out.outcome()
}

/// The date by which a kind of paper is counted.
fn field_of(kind: DocumentKind) -> Option<&'static str> {
    Some(match kind {
        DocumentKind::ChsiEducationRecord
        | DocumentKind::ChsiEducationRecordEn
        | DocumentKind::Diploma => "graduated_on",
        DocumentKind::ChsiDegreeReport | DocumentKind::ChsiDegreeReportEn => "degree_granted_on",
        DocumentKind::Award
        | DocumentKind::Patent
        | DocumentKind::Paper
        | DocumentKind::QualificationCertificate
        | DocumentKind::DegreeCertificate => "issued_on",
        _ => return None,
    })
}

/// First and last day of `2024-03-02` or `2024-03`.
fn days_of(value: &str) -> Option<(Date, Date)> {
    if let Ok(date) = value.parse::<Date>() {
        return Some((date, date));
    }
    let first: Date = format!("{value}-01").parse().ok()?;
    Some((first, first.last_of_month()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        checks::papers::tests::{Case, document},
        rulepack::settings::CutOffSettings,
    };

    fn judged(date: &str) -> Outcome {
        let settings = CutOffSettings {
            not_after: jiff::civil::date(2024, 3, 31),
        };
        Case::of(document(DocumentKind::Award, &[("issued_on", date)]))
            .with(CheckSettings::CutOff(settings))
            .run(run)
            .0
    }

    #[test]
    fn the_day_itself_counts() {
        assert_eq!(judged("2024-03-31"), Outcome::Passed);
        assert_eq!(judged("2024-04-01"), Outcome::Found);
        assert_eq!(judged("2024-03"), Outcome::Passed);
        assert_eq!(judged("2024-04"), Outcome::Found);
    }
}
