#![doc = include_str!("blank_page.md")]

use super::{
    Check, Findings, Rule, Subject,
    seen::{nothing_seen, seen_pages},
};
use crate::finding::{Code, Finding, Outcome, Severity};

static RULE: Rule = Rule {
    code: Code::new("LG103"),
    name: "blank-page",
    severity: Severity::Error,
    required: false,
    for_every_upload: true,
    doc: include_str!("blank_page.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    if let Some(outcome) = nothing_seen(subject) {
        return outcome;
    }
    let pages = subject.inspection.pages.len();
    let blank: Vec<_> = seen_pages(subject)
        .filter(|(_, facts)| facts.blank)
        .map(|(page, _)| page.page)
        .collect();
    if blank.len() == pages {
        out.add(
            Finding::new("整个文件是空白的", "the whole file is blank")
                .with_hint(
                    "请检查扫描件并重新上传",
                    "check the scan and upload it again",
                )
                .measured("blank_pages", blank.len())
                .measured("ink_share", 0.0),
        );
        return out.outcome();
    }
    for page in blank {
        out.add(
            Finding::new(
                format!("第 {page} 页是空白页"),
                format!("page {page} is blank"),
            )
            .with_hint(
                "如无内容请删去该页，如有遗漏请重新扫描",
                "leave the page out, or scan it again if something should stand there",
            )
            .weighing(Severity::Warning)
            .on_page(page)
            .measured("blank", true),
        );
    }
    out.outcome()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{checks::seen::tests::run_on, inspect::legibility::LegibilityFacts};

    #[test]
    fn one_blank_page_is_pointed_out_and_a_blank_file_refused() {
        let page = |blank| LegibilityFacts {
            blank,
            ..LegibilityFacts::default()
        };
        let weights = |pages| {
            let (found, _) = run_on(&CHECK, pages);
            found.0.iter().map(|f| f.severity).collect::<Vec<_>>()
        };
        assert_eq!(weights(vec![page(false)]), []);
        assert_eq!(weights(vec![page(false), page(true)]), [Severity::Warning]);
        assert_eq!(weights(vec![page(true), page(true)]), [Severity::Error]);
    }
}
