#![doc = include_str!("hidden_text_contradicts.md")]

use super::{Check, Findings, Rule, Subject, opened};
use crate::{
    finding::{Code, Finding, Outcome, Severity},
    inspect::facts::Visibility,
};

static RULE: Rule = Rule {
    code: Code::new("FM112"),
    name: "hidden-text-contradicts",
    severity: Severity::Warning,
    required: false,
    for_every_upload: true,
    doc: include_str!("hidden_text_contradicts.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    let pdf = match opened::pdf(subject) {
        Ok(pdf) => pdf,
        Err(outcome) => return outcome,
    };
    for hidden in &pdf.hidden_contradictions {
        let (zh, en) = match hidden.visibility {
            Visibility::Covered => ("被盖住的文字", "covered text"),
            Visibility::SameAsBackground => {
                ("与底色相同的文字", "text of the colour of its background")
            }
            Visibility::Invisible | Visibility::OutsidePage | Visibility::Visible => {
                ("不可见的文字", "invisible text")
            }
        };
        out.add(
            Finding::new(
                format!("第 {} 页{zh} `{}` 与该处看得见的 `{}` 不一致", hidden.page, hidden.hidden, hidden.seen),
                format!("{en} `{}` on page {} differs from `{}` that is seen there", hidden.hidden, hidden.page, hidden.seen),
            )
            .with_hint(
                "请从原系统重新下载并原样上传；审核人员请与原件核对",
                "download it again from its source and upload it unchanged; reviewers, compare it with the original",
            )
            .on_page(hidden.page)
            .at(hidden.box_pt)
            .measured("hidden", hidden.hidden.clone())
            .expected("seen", hidden.seen.clone()),
        );
    }
    out.outcome()
}
