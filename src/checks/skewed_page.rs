#![doc = include_str!("skewed_page.md")]

use super::{
    Check, Findings, Rule, Subject,
    seen::{nothing_seen, seen_pages},
};
use crate::{
    finding::{Code, Finding, Outcome, Severity},
    rulepack::CheckSettings,
};

static RULE: Rule = Rule {
    code: Code::new("LG106"),
    name: "skewed-page",
    severity: Severity::Warning,
    required: false,
    for_every_upload: true,
    doc: include_str!("skewed_page.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

/// Degrees from which a page is pointed out where no pack says otherwise.
const MOST_DEG: f64 = 3.0;

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    if let Some(outcome) = nothing_seen(subject) {
        return outcome;
    }
    let most = match subject.entry.map(|entry| &entry.settings) {
        Some(CheckSettings::Skew(settings)) => settings.most_deg,
        _ => MOST_DEG,
    };
    for (page, facts) in seen_pages(subject) {
        let Some(skew) = facts.skew_deg.filter(|skew| skew.abs() >= most) else {
            continue;
        };
        let (zh, en) = if skew > 0.0 {
            ("逆时针", "counter-clockwise")
        } else {
            ("顺时针", "clockwise")
        };
        let by = skew.abs();
        out.add(
            Finding::new(
                format!("第 {} 页{zh}倾斜 {by:.1}°", page.page),
                format!("page {} is skewed {by:.1}° {en}", page.page),
            )
            .with_hint(
                "请将纸张靠齐扫描仪边缘重新扫描，或用扫描软件纠偏",
                "scan again with the sheet straight, or let the scanning program straighten it",
            )
            .on_page(page.page)
            .measured("skew_deg", (skew * 10.0).round() / 10.0)
            .expected("most_deg", most),
        );
    }
    out.outcome()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{checks::seen::tests::run_on, inspect::legibility::LegibilityFacts};

    #[test]
    fn just_inside_and_just_outside() {
        let page = |skew| LegibilityFacts {
            skew_deg: Some(skew),
            ..LegibilityFacts::default()
        };
        assert_eq!(
            run_on(&CHECK, vec![page(2.9), page(-2.9)]).1,
            Outcome::Passed
        );
        assert_eq!(run_on(&CHECK, vec![page(-3.0)]).1, Outcome::Found);
    }
}
