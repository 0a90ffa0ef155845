#![doc = include_str!("education_year_missing.md")]

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
    code: Code::new("DT103"),
    name: "education-year-missing",
    severity: Severity::Warning,
    required: false,
    for_every_upload: false,
    doc: include_str!("education_year_missing.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    let Some(CheckSettings::Years(settings)) = subject.entry.map(|entry| &entry.settings) else {
        return Outcome::not_applicable("该通知未规定年度", "the notice names no years");
    };
    let document = match paper(subject, |kind| {
        kind == DocumentKind::ContinuingEducationProof
    }) {
        Ok(document) => document,
        Err(outcome) => return outcome,
    };
    let found = document.each("year");
    let years: Vec<u16> = found
        .iter()
        .filter_map(|(year, _)| year.parse().ok())
        .collect();
    let evidence = found
        .first()
        .and_then(|(_, key)| document.evidence.get(key));
    let (Some(first), Some(evidence)) = (years.iter().min().copied(), evidence) else {
        return missing("year");
    };
    if evidence.certainty == Certainty::Suspect {
        return super::papers::no_text();
    }
    let lacking = settings.lacking(first, &years);
    if !lacking.is_empty() {
        let list = lacking.iter().map(u16::to_string).collect::<Vec<_>>();
        let finding = Finding::new(
            format!("本文件的继续教育证明缺少 {} 年度", list.join("、")),
            format!(
                "the proofs of continuing education in this file lack {}",
                list.join(", ")
            ),
        )
        .with_hint(
            "请补充所缺年度的继续教育合格证明（已在其他文件中提供的除外）",
            "add the proofs of the years that are missing, unless another file has them",
        )
        .measured("years", years)
        .expected("lacking", lacking);
        out.add(at(finding, evidence));
    }
    out.outcome()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        checks::papers::tests::{Case, document},
        rulepack::settings::YearsSettings,
    };

    #[test]
    fn gaps_and_the_last_year() {
        let settings = |last_year, count| CheckSettings::Years(YearsSettings { last_year, count });
        let fields = [("year", "2020"), ("year_2", "2022"), ("year_3", "2023")];
        let paper = || document(DocumentKind::ContinuingEducationProof, &fields);
        let (outcome, found) = Case::of(paper()).with(settings(Some(2023), None)).run(run);
        assert_eq!(outcome, Outcome::Found);
        assert_eq!(found[0].expected["lacking"], serde_json::json!([2021]));
        let whole = document(DocumentKind::ContinuingEducationProof, &fields[1..2]);
        let mut whole = whole;
        whole.fields.insert("year".to_owned(), "2023".to_owned());
        let evidence = whole.evidence["year_2"].clone();
        whole.evidence.insert("year".to_owned(), evidence);
        assert_eq!(
            Case::of(whole)
                .with(settings(Some(2023), Some(2)))
                .run(run)
                .0,
            Outcome::Passed
        );
        let (_, found) = Case::of(paper())
            .with(settings(Some(2024), Some(5)))
            .run(run);
        assert_eq!(
            found[0].expected["lacking"],
            serde_json::json!([2021, 2024])
        );
    }
}
