#![doc = include_str!("grade_does_not_count.md")]

use super::{
    Check, Findings, Rule, Subject,
    papers::{missing, paper},
};
use crate::{
    finding::{Code, Finding, Outcome, Severity},
    inspect::document::{Certainty, DocumentKind, numbered},
};

static RULE: Rule = Rule {
    code: Code::new("TX103"),
    name: "grade-does-not-count",
    severity: Severity::Warning,
    required: false,
    for_every_upload: false,
    doc: include_str!("grade_does_not_count.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

/// Grades with which a year does not count.
const LOW: [&str; 5] = ["基本合格", "基本称职", "不合格", "不称职", "不定等次"];

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    let document = match paper(subject, |kind| kind == DocumentKind::AnnualAssessment) {
        Ok(document) => document,
        Err(outcome) => return outcome,
    };
    let grades = document.each("grade");
    if grades.is_empty() {
        return missing("grade");
    }
    let mut unsure = false;
    for (n, (grade, key)) in grades.iter().enumerate() {
        let Some(evidence) = document.evidence.get(key) else {
            continue;
        };
        unsure |= evidence.certainty == Certainty::Suspect;
        if !LOW.contains(grade) {
            continue;
        }
        let year = document
            .fields
            .get(&numbered("year", n as u32 + 1))
            .map_or("", String::as_str);
        let finding = Finding::new(
            format!("{year} 年度考核等次为「{grade}」，该年度不计入资历年限"),
            format!("the grade of {year} is `{grade}`: that year does not count towards seniority"),
        )
        .with_hint(
            "请按扣除该年度后的年限核对申报条件",
            "check the conditions again without that year",
        )
        .measured("grade", *grade)
        .expected("at_least", "合格");
        out.add(super::papers::at(finding, evidence));
    }
    match out.outcome() {
        Outcome::Passed if unsure => super::papers::no_text(),
        outcome => outcome,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::papers::tests::{Case, document};

    #[test]
    fn basically_passed_does_not_count() {
        let fields = [
            ("year", "2022"),
            ("grade", "合格"),
            ("year_2", "2023"),
            ("grade_2", "基本合格"),
        ];
        let (outcome, found) = Case::of(document(DocumentKind::AnnualAssessment, &fields)).run(run);
        assert_eq!(outcome, Outcome::Found);
        assert!(found[0].message.zh.starts_with("2023"));
        let good = Case::of(document(DocumentKind::AnnualAssessment, &fields[..2]));
        assert_eq!(good.run(run).0, Outcome::Passed);
        let none = Case::of(document(DocumentKind::AnnualAssessment, &[]));
        assert!(matches!(none.run(run).0, Outcome::CouldNotTell(_)));
    }
}
