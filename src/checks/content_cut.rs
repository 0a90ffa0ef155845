#![doc = include_str!("content_cut.md")]

use super::{
    Check, Findings, Rule, Subject,
    seen::{nothing_seen, seen_pages},
};
use crate::{
    finding::{Code, Finding, Outcome, Severity},
    inspect::legibility::Edge,
};

static RULE: Rule = Rule {
    code: Code::new("LG107"),
    name: "content-cut",
    severity: Severity::Warning,
    required: false,
    for_every_upload: true,
    doc: include_str!("content_cut.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    if let Some(outcome) = nothing_seen(subject) {
        return outcome;
    }
    for (page, facts) in seen_pages(subject) {
        if facts.cut_edges.is_empty() {
            continue;
        }
        let names = facts.cut_edges.iter().map(|edge| match edge {
            Edge::Left => ("左", "left"),
            Edge::Top => ("上", "upper"),
            Edge::Right => ("右", "right"),
            Edge::Bottom => ("下", "lower"),
        });
        let (zh, en): (Vec<_>, Vec<_>) = names.unzip();
        out.add(
            Finding::new(
                format!("第 {} 页{}边的内容被切掉", page.page, zh.join("、")),
                format!(
                    "content is cut off at the {} edge of page {}",
                    en.join(" and "),
                    page.page
                ),
            )
            .with_hint(
                "请完整扫描整张纸，四周留出边距",
                "scan the whole sheet with a little margin on every side",
            )
            .on_page(page.page)
            .measured("cut_edges", en),
        );
    }
    out.outcome()
}
