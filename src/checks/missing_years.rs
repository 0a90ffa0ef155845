//! Years that papers must cover one by one (DT102, DT103): which of them the papers of one file lack.

use super::{
    Findings, Subject,
    papers::{at, missing, no_text, paper},
};
use crate::{
    finding::{Finding, Outcome},
    inspect::document::{Certainty, DocumentKind},
    rulepack::CheckSettings,
};

/// Which papers, and what is said when years are missing; `{}` stands for the years.
pub(super) struct YearlyPapers {
    pub(super) kind: DocumentKind,
    pub(super) lacking: [&'static str; 2],
    pub(super) hint: [&'static str; 2],
}

/// Holds the years of a file's papers against those the notice wants.
pub(super) fn judge(papers: &YearlyPapers, subject: Subject<'_>, out: &mut Findings) -> Outcome {
    let Some(CheckSettings::Years(settings)) = subject.entry.map(|entry| &entry.settings) else {
        return Outcome::not_applicable("该通知未规定年度", "the notice names no years");
    };
    let document = match paper(subject, |kind| kind == papers.kind) {
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
    let unsure = |(_, key): &(&str, String)| {
        let evidence = document.evidence.get(key);
        evidence.is_none_or(|evidence| evidence.certainty == Certainty::Suspect)
    };
    if found.iter().any(unsure) {
        return no_text();
    }
    let lacking = settings.lacking(first, &years);
    if !lacking.is_empty() {
        let list = lacking.iter().map(u16::to_string).collect::<Vec<_>>();
        let [zh, en] = papers.lacking;
        let [hint_zh, hint_en] = papers.hint;
        let finding = Finding::new(
            zh.replace("{}", &list.join("、")),
            en.replace("{}", &list.join(", ")),
        )
        .with_hint(hint_zh, hint_en)
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
        checks::{
            Check, assessment_year_missing, education_year_missing,
            papers::tests::{Case, document},
        },
        rulepack::settings::YearsSettings,
    };

    /// Both checks, each with its papers.
    fn both() -> [(Check, DocumentKind); 2] {
        [
            (
                assessment_year_missing::CHECK,
                DocumentKind::AnnualAssessment,
            ),
            (
                education_year_missing::CHECK,
                DocumentKind::ContinuingEducationProof,
            ),
        ]
    }
    fn settings(last_year: Option<u16>, count: Option<u16>) -> CheckSettings {
        CheckSettings::Years(YearsSettings { last_year, count })
    }
    const FIELDS: [(&str, &str); 3] = [("year", "2020"), ("year_2", "2022"), ("year_3", "2023")];

    #[test]
    fn gaps_and_the_last_year() {
        for (check, kind) in both() {
            let paper = || document(kind, &FIELDS);
            let (outcome, found) = Case::of(paper())
                .with(settings(Some(2023), None))
                .run(check.run);
            assert_eq!(outcome, Outcome::Found);
            assert_eq!(found[0].expected["lacking"], serde_json::json!([2021]));
            let whole = document(kind, &[("year", "2023"), ("year_2", "2022")]);
            let (outcome, _) = Case::of(whole)
                .with(settings(Some(2023), Some(2)))
                .run(check.run);
            assert_eq!(outcome, Outcome::Passed);
            let (_, found) = Case::of(paper())
                .with(settings(Some(2024), Some(5)))
                .run(check.run);
            assert_eq!(
                found[0].expected["lacking"],
                serde_json::json!([2021, 2024])
            );
        }
    }

    #[test]
    fn each_speaks_of_its_own_papers_and_of_no_others() {
        let [(assessment, one), (education, other)] = both();
        let lacking = settings(Some(2023), None);
        let said = |check: &Check, kind: DocumentKind| {
            let (_, found) = Case::of(document(kind, &FIELDS))
                .with(lacking.clone())
                .run(check.run);
            found.first().map(|found| found.message.zh.clone())
        };
        assert_eq!(
            said(&assessment, one).as_deref(),
            Some("本文件的年度考核缺少 2021 年度")
        );
        assert_eq!(
            said(&education, other).as_deref(),
            Some("本文件的继续教育证明缺少 2021 年度")
        );
        assert_eq!(said(&assessment, other), None);
        assert_eq!(said(&education, one), None);
    }

    #[test]
    fn one_year_read_from_a_picture_with_doubt_decides_nothing() {
        for (check, kind) in both() {
            let mut paper = document(kind, &FIELDS);
            paper.evidence.get_mut("year_2").unwrap().certainty = Certainty::Suspect;
            let (outcome, _) = Case::of(paper)
                .with(settings(Some(2023), None))
                .run(check.run);
            assert!(matches!(outcome, Outcome::CouldNotTell(_)), "{outcome:?}");
        }
    }
}
