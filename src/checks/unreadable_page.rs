#![doc = include_str!("unreadable_page.md")]

use super::{
    Check, Findings, Rule, Subject,
    seen::{nothing_seen, reason, remedy, seen_pages},
};
use crate::{
    finding::{Code, Finding, Outcome, Severity},
    inspect::legibility::model,
};

static RULE: Rule = Rule {
    code: Code::new("LG102"),
    name: "unreadable-page",
    severity: Severity::Error,
    required: false,
    for_every_upload: true,
    doc: include_str!("unreadable_page.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    if let Some(outcome) = nothing_seen(subject) {
        return outcome;
    }
    let mut judged = 0;
    let mut doubtful = None;
    for (page, facts) in seen_pages(subject) {
        judged += u32::from(facts.score.is_some() || facts.blank);
        if facts.legible.is_none() && facts.score.is_some() {
            doubtful = doubtful.or(Some(page.page));
        }
        if facts.legible != Some(false) {
            continue;
        }
        let why = facts.main_reason();
        let (zh, en) = reason(why);
        let (do_zh, do_en) = remedy(why);
        let percent = (facts.score.unwrap_or(0.0) * 100.0).round();
        let mut finding = Finding::new(
            format!("第 {} 页无法辨认：{zh}（可读程度 {percent}%）", page.page),
            format!(
                "page {} cannot be read: {en} (readability {percent}%)",
                page.page
            ),
        )
        .with_hint(do_zh, do_en)
        .on_page(page.page)
        .measured("legibility", facts.score.unwrap_or(0.0))
        .measured("why", why)
        .expected("legibility_from", model::UNREADABLE_BELOW);
        if let Some(first) = facts.bad_regions.iter().find(|region| region.why == why) {
            finding = finding.at(first.box_pt);
        }
        out.add(finding);
    }
    if judged == 0 {
        return Outcome::could_not_tell(
            "页面上的文字太少，无法判断能否辨认",
            "there is too little text to tell whether it can be read",
        );
    }
    if let (Outcome::Passed, Some(page)) = (out.outcome(), doubtful) {
        return Outcome::could_not_tell(
            format!("第 {page} 页较难辨认，请对照原件自行查看，看不清就重新扫描"),
            format!(
                "page {page} is hard to read: look at it beside the original, and scan it again if in doubt"
            ),
        );
    }
    let unmeasured = subject
        .inspection
        .pages
        .iter()
        .find(|page| page.legibility.is_none());
    match (out.outcome(), unmeasured) {
        (Outcome::Passed, Some(page)) => Outcome::could_not_tell(
            format!("文件较大，第 {} 页起没有测量", page.page),
            format!(
                "the file is large, and pages from {} on were not measured",
                page.page
            ),
        ),
        (outcome, _) => outcome,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::seen::tests::run_on;
    use crate::inspect::legibility::LegibilityFacts;

    #[test]
    fn the_threshold_decides_and_too_little_text_is_not_a_pass() {
        let page = |score: f64| LegibilityFacts {
            score: Some(score),
            legible: model::verdict(score),
            ..LegibilityFacts::default()
        };
        let outcome = |pages| run_on(&CHECK, pages).1;
        let (from, below) = (model::LEGIBLE_FROM, model::UNREADABLE_BELOW);
        assert_eq!(outcome(vec![page(from)]), Outcome::Passed);
        assert_eq!(outcome(vec![page(below - 0.001)]), Outcome::Found);
        assert_eq!(outcome(vec![page(below), page(0.0)]), Outcome::Found);
        for open in [page(below), page(from - 0.001), LegibilityFacts::default()] {
            assert!(matches!(outcome(vec![open]), Outcome::CouldNotTell(_)));
        }
    }
}
