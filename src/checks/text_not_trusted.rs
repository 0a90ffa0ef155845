#![doc = include_str!("text_not_trusted.md")]

use super::{Check, Findings, Rule, Subject, opened};
use std::collections::BTreeSet;

use crate::{
    finding::{Code, Outcome, Severity},
    inspect::facts::Visibility,
};

/// Most fonts that are named.
const MOST_TOLD: usize = 3;

static RULE: Rule = Rule {
    code: Code::new("FM111"),
    name: "text-not-trusted",
    severity: Severity::Warning,
    required: false,
    for_every_upload: true,
    doc: include_str!("text_not_trusted.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    let pdf = match opened::pdf(subject) {
        Ok(pdf) => pdf,
        Err(outcome) => return outcome,
    };
    let mut pages = Vec::new();
    let mut fonts: BTreeSet<&str> = BTreeSet::new();
    for page in &subject.inspection.pages {
        let mut doubtful = page
            .text
            .iter()
            .filter(|run| run.visibility == Visibility::Visible && !run.trusted)
            .peekable();
        if doubtful.peek().is_some() {
            pages.push(page.page);
        }
        fonts.extend(doubtful.filter_map(|run| {
            let font = pdf.fonts.get(run.font? as usize)?;
            Some(font.name.as_str())
        }));
    }
    let (Some(first), Some(last)) = (pages.first(), pages.last()) else {
        return out.outcome();
    };
    let told: Vec<&str> = fonts.iter().take(MOST_TOLD).copied().collect();
    let told = told.join("`, `");
    if pages.len() == 1 {
        return Outcome::could_not_tell(
            format!("第 {first} 页部分文字的编码不可信（字体 `{told}`），所读未必是所见"),
            format!(
                "part of the text of page {first} has no Unicode to rely on (font `{told}`): what is read may not be what is seen"
            ),
        );
    }
    let count = pages.len();
    Outcome::could_not_tell(
        format!(
            "第 {first}–{last} 页中的 {count} 页部分文字的编码不可信（字体 `{told}`），所读未必是所见"
        ),
        format!(
            "part of the text of {count} of pages {first}–{last} has no Unicode to rely on (fonts `{told}`): what is read may not be what is seen"
        ),
    )
}
