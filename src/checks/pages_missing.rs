#![doc = include_str!("pages_missing.md")]

use super::{Check, Findings, Rule, Subject, opened};
use crate::finding::{Code, Finding, Outcome, Severity};

static RULE: Rule = Rule {
    code: Code::new("FM109"),
    name: "pages-missing",
    severity: Severity::Error,
    required: true,
    for_every_upload: true,
    doc: include_str!("pages_missing.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

/// Repairs of a file that was cut off or overwritten: what is missing was really there once.
const LOST: &[&str] = &[
    "eof_missing",
    "startxref_missing",
    "xref_rebuilt",
    "object_misplaced",
];

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    let pdf = match opened::pdf(subject) {
        Ok(pdf) => pdf,
        Err(outcome) => return outcome,
    };
    let more_than_looked_at = subject
        .inspection
        .limits_met
        .iter()
        .any(|met| met.limit == "pages");
    let found = subject.inspection.pages.len() as u32;
    let Some(said) = pdf.pages_said.filter(|_| !more_than_looked_at) else {
        return Outcome::not_applicable(
            "无法得知应有页数",
            "the file does not say how many pages it has",
        );
    };
    if said > found {
        let cut = pdf
            .repairs
            .iter()
            .any(|repair| LOST.contains(&repair.what.as_str()));
        let finding = Finding::new(
            format!("文件应有 {said} 页，只找到 {found} 页"),
            format!("the file should have {said} pages, only {found} could be found"),
        )
        .with_hint(
            "请重新导出或下载文件，上传前逐页核对",
            "export or download the file again, and look through its pages before uploading",
        )
        .measured("pages", found)
        .expected("pages", said);
        // A sound file that miscounts lost nothing, as far as anyone can see.
        out.add(if cut {
            finding.weighing(Severity::Error)
        } else {
            finding.weighing(Severity::Warning)
        });
    }
    out.outcome()
}
