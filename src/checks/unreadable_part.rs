#![doc = include_str!("unreadable_part.md")]

use super::{
    Check, Findings, Rule, Subject,
    seen::{nothing_seen, reason, remedy, seen_pages},
};
use crate::finding::{Code, Finding, Outcome, Severity};

static RULE: Rule = Rule {
    code: Code::new("LG104"),
    name: "unreadable-part",
    severity: Severity::Warning,
    required: false,
    for_every_upload: true,
    doc: include_str!("unreadable_part.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

/// Regions pointed out on one page; more of them say nothing new.
const REGIONS: usize = 5;

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    if let Some(outcome) = nothing_seen(subject) {
        return outcome;
    }
    for (page, facts) in seen_pages(subject) {
        // A page that cannot be read at all is LG102's.
        if facts.legible == Some(false) {
            continue;
        }
        for region in facts.bad_regions.iter().take(REGIONS) {
            let (zh, en) = reason(&region.why);
            let (do_zh, do_en) = remedy(&region.why);
            out.add(
                Finding::new(
                    format!("第 {} 页有一处可能无法辨认：{zh}", page.page),
                    format!("a part of page {} may be unreadable: {en}", page.page),
                )
                .with_hint(do_zh, do_en)
                .on_page(page.page)
                .at(region.box_pt)
                .measured("why", region.why.clone()),
            );
        }
    }
    out.outcome()
}
