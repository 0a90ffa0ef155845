#![doc = include_str!("mixed_orientation.md")]

use super::{Check, Findings, Rule, Subject};
use crate::{
    finding::{Code, Finding, Outcome, Severity},
    inspect::facts::{PageFacts, PageKind},
    units::PageNumber,
};

static RULE: Rule = Rule {
    code: Code::new("PG102"),
    name: "mixed-orientation",
    severity: Severity::Warning,
    required: false,
    for_every_upload: false,
    doc: include_str!("mixed_orientation.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    if subject.inspection.pages.is_empty() {
        return Outcome::could_not_tell("文件没有可读取的页面", "no page could be read");
    }
    let counted = || {
        let pages = subject.inspection.pages.iter();
        pages.filter(|page| page.kind != PageKind::Blank)
    };
    let of = |landscape: bool| -> Vec<PageNumber> {
        let pages = counted().filter(|page| page.landscape == landscape);
        pages.map(|page: &PageFacts| page.page).collect()
    };
    let (upright, lying) = (of(false), of(true));
    // The smaller group is the odd one; of two equal ones, the pages that lie on their side.
    let (odd, odd_lies) = if upright.len() < lying.len() {
        (&upright, false)
    } else {
        (&lying, true)
    };
    let Some(first) = odd.first() else {
        return out.outcome();
    };
    let list = |sep: &str| {
        let shown: Vec<String> = odd.iter().take(8).map(ToString::to_string).collect();
        let more = if odd.len() > 8 { "…" } else { "" };
        format!("{}{more}", shown.join(sep))
    };
    let (zh, en) = if odd_lies {
        ("横放，其余竖放", "in landscape, the others upright")
    } else {
        ("竖放，其余横放", "upright, the others in landscape")
    };
    out.add(
        Finding::new(
            format!("第 {} 页{zh}", list("、")),
            format!("page {} is {en}", list(", ")),
        )
        .with_hint(
            "请把各页转正后重新导出，横表可单独成为一个文件",
            "turn the pages upright and export again, or hand in a landscape table as a file of its own",
        )
        .on_page(*first)
        .measured("pages_upright", upright.len())
        .measured("pages_landscape", lying.len()),
    );
    out.outcome()
}
