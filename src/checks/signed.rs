#![doc = include_str!("signed.md")]

use super::{Check, Findings, Rule, Subject, opened};
use crate::finding::{Code, Finding, Outcome, Severity};

static RULE: Rule = Rule {
    code: Code::new("FM115"),
    name: "signed",
    severity: Severity::Info,
    required: false,
    for_every_upload: true,
    doc: include_str!("signed.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    let pdf = match opened::pdf(subject) {
        Ok(pdf) => pdf,
        Err(outcome) => return outcome,
    };
    let count = pdf.signatures.len();
    if count > 0 {
        out.add(
            Finding::new(
                format!("文件带有 {count} 个电子签名，只对上传的原文件有效，装订后的分册不含签名"),
                format!("the file carries {count} digital signatures: they hold for the file as uploaded, not for a bound volume"),
            )
            .with_hint("请妥善保存签名文件", "keep the signed file")
            .measured("signatures", count),
        );
    }
    out.outcome()
}
