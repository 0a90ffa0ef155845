#![doc = include_str!("turned_page.md")]

use super::{
    Check, Findings, Rule, Subject,
    seen::{nothing_seen, seen_pages},
};
use crate::finding::{Code, Finding, Outcome, Severity};

static RULE: Rule = Rule {
    code: Code::new("LG105"),
    name: "turned-page",
    severity: Severity::Warning,
    required: false,
    for_every_upload: true,
    doc: include_str!("turned_page.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    if let Some(outcome) = nothing_seen(subject) {
        return outcome;
    }
    let (mut told, mut unread) = (0, 0);
    for (page, facts) in seen_pages(subject) {
        // Which way up a page lies cannot be told from print that cannot be read.
        if facts.legible == Some(false) {
            unread += 1;
            continue;
        }
        let Some(turned) = facts.orientation_deg else {
            continue;
        };
        told += 1;
        if turned == 0 {
            continue;
        }
        let back = 360 - turned;
        out.add(
            Finding::new(
                format!("第 {} 页的文字顺时针转了 {turned}°", page.page),
                format!(
                    "the text on page {} is turned by {turned}° clockwise",
                    page.page
                ),
            )
            .with_hint(
                format!("请将该页顺时针旋转 {back}° 后保存"),
                format!("turn the page by {back}° clockwise and save it"),
            )
            .on_page(page.page)
            .measured("orientation_deg", turned)
            .expected("orientation_deg", 0),
        );
    }
    if told == 0 && unread > 0 {
        return Outcome::could_not_tell(
            "页面无法辨认，因此无法判断方向",
            "the pages cannot be read, so it cannot be told how they are turned",
        );
    }
    if told == 0 {
        return Outcome::could_not_tell(
            "页面上的汉字太少，无法判断方向",
            "there are too few Chinese characters to tell how it is turned",
        );
    }
    out.outcome()
}
