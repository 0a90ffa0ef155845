#![doc = include_str!("saved_in_revisions.md")]

use super::{Check, Findings, Rule, Subject, opened};
use crate::finding::{Code, Finding, Outcome, Severity};

static RULE: Rule = Rule {
    code: Code::new("FM116"),
    name: "saved-in-revisions",
    severity: Severity::Info,
    required: false,
    for_every_upload: true,
    doc: include_str!("saved_in_revisions.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    let pdf = match opened::pdf(subject) {
        Ok(pdf) => pdf,
        Err(outcome) => return outcome,
    };
    let updates = pdf.incremental_updates;
    if updates > 0 {
        out.add(
            Finding::new(
                format!("该 PDF 生成之后又追加修改过 {updates} 次"),
                format!(
                    "the PDF was changed {updates} times by adding to it after it was first written"
                ),
            )
            .with_hint(
                "从官方网站下载的材料如有改动，请重新下载",
                "download the paper again if it came from an official site",
            )
            .measured("incremental_updates", updates),
        );
    }
    out.outcome()
}
