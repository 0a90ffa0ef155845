#![doc = include_str!("second_file.md")]

use super::{Check, Findings, Rule, Subject, not_a_pdf::words, opened};
use crate::finding::{Code, Finding, Outcome, Severity};

static RULE: Rule = Rule {
    code: Code::new("FM108"),
    name: "also-another-file",
    severity: Severity::Error,
    required: true,
    for_every_upload: true,
    doc: include_str!("second_file.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    let pdf = match opened::pdf(subject) {
        Ok(pdf) => pdf,
        Err(outcome) => return outcome,
    };
    for kind in &pdf.also_looks_like {
        let (zh, en) = words(*kind);
        out.add(
            Finding::new(
                format!("该文件既是 PDF，又是{zh}"),
                format!("the file is a PDF and {en} at the same time"),
            )
            .with_hint(
                "请用“打印为 PDF”重新生成一份单一的 PDF",
                "print the document to PDF again to get a file that is only a PDF",
            )
            .measured("file_kind", serde_json::json!(kind))
            .expected("file_kind", "pdf"),
        );
    }
    out.outcome()
}
