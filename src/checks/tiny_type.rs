#![doc = include_str!("tiny_type.md")]

use super::{
    Check, Findings, Rule, Subject,
    seen::{nothing_seen, seen_pages},
};
use crate::{
    finding::{Code, Finding, Outcome, Severity},
    rulepack::CheckSettings,
    units::Pt,
};

static RULE: Rule = Rule {
    code: Code::new("LG109"),
    name: "type-too-small",
    severity: Severity::Warning,
    required: false,
    for_every_upload: true,
    doc: include_str!("tiny_type.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

/// 八号, the smallest size of Chinese type.
const LEAST: Pt = Pt::new(5.0);

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    if let Some(outcome) = nothing_seen(subject) {
        return outcome;
    }
    let least = match subject.entry.map(|entry| &entry.settings) {
        Some(CheckSettings::TypeSize(settings)) => settings.least_pt,
        _ => LEAST,
    };
    for (page, facts) in seen_pages(subject) {
        let Some(size) = facts.smallest_text_pt.filter(|size| *size < least) else {
            continue;
        };
        let (size, wanted) = (size.rounded().value(), least.value());
        out.add(
            Finding::new(
                format!(
                    "第 {} 页最小的字约 {size} 磅，要求至少 {wanted} 磅",
                    page.page
                ),
                format!(
                    "the smallest type on page {} is about {size} pt, wants at least {wanted} pt",
                    page.page
                ),
            )
            .with_hint(
                "请按原纸型导出，不要缩印；正文不小于小五号（9 磅）",
                "export at the paper's own size, with text of at least 9 pt",
            )
            .on_page(page.page)
            .measured("smallest_text_pt", size)
            .expected("least_pt", wanted),
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
        let page = |pt| LegibilityFacts {
            smallest_text_pt: Some(Pt::new(pt)),
            ..LegibilityFacts::default()
        };
        assert_eq!(run_on(&CHECK, vec![page(5.0)]).1, Outcome::Passed);
        assert_eq!(run_on(&CHECK, vec![page(4.9)]).1, Outcome::Found);
    }
}
