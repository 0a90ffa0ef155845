#![doc = include_str!("dark_border.md")]

use super::{
    Check, Findings, Rule, Subject,
    seen::{nothing_seen, seen_pages},
};
use crate::finding::{Code, Finding, Outcome, Severity};

static RULE: Rule = Rule {
    code: Code::new("LG108"),
    name: "dark-border",
    severity: Severity::Info,
    required: false,
    for_every_upload: true,
    doc: include_str!("dark_border.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

/// Share of the page from which a border is worth a word.
const LEAST: f64 = 0.02;

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    if let Some(outcome) = nothing_seen(subject) {
        return outcome;
    }
    for (page, facts) in seen_pages(subject) {
        if facts.dark_border < LEAST {
            continue;
        }
        let percent = (facts.dark_border * 100.0).round();
        out.add(
            Finding::new(
                format!("第 {} 页有黑边，约占页面 {percent}%", page.page),
                format!(
                    "page {} has dark borders on about {percent}% of it",
                    page.page
                ),
            )
            .with_hint(
                "请合上扫描仪盖板，或按纸张大小扫描",
                "close the scanner's lid, or scan at the size of the paper",
            )
            .on_page(page.page)
            .measured(
                "dark_border",
                (facts.dark_border * 1_000.0).round() / 1_000.0,
            )
            .expected("less_than", LEAST),
        );
    }
    out.outcome()
}
