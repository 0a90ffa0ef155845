#![doc = include_str!("encrypted.md")]

use super::{Check, Findings, Rule, Subject, opened};
use crate::finding::{Code, Finding, Outcome, Severity};

static RULE: Rule = Rule {
    code: Code::new("FM104"),
    name: "encrypted",
    severity: Severity::Warning,
    required: false,
    for_every_upload: true,
    doc: include_str!("encrypted.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    let pdf = match opened::pdf(subject) {
        Ok(pdf) => pdf,
        Err(outcome) => return outcome,
    };
    let Some(encryption) = &pdf.encryption else {
        return out.outcome();
    };
    out.add(
        Finding::new(
            format!(
                "该 PDF 已加密（{}，权限受限），可以阅读但不能装订",
                encryption.method
            ),
            format!(
                "the PDF is encrypted ({}, restricted permissions): it can be read, not bound",
                encryption.method
            ),
        )
        .with_hint(
            "请打开后用“打印为 PDF”保存一份不受保护的副本，再上传",
            "open it, print it to PDF to get an unprotected copy, and upload that",
        )
        .measured("encryption", encryption.method.clone())
        .expected("encryption", "none"),
    );
    out.outcome()
}
