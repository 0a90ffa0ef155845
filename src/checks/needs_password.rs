#![doc = include_str!("needs_password.md")]

use super::{Check, Findings, Rule, Subject};
use crate::{
    finding::{Code, Finding, Outcome, Severity},
    inspect::facts::Opening,
};

static RULE: Rule = Rule {
    code: Code::new("FM103"),
    name: "needs-password",
    severity: Severity::Error,
    required: true,
    for_every_upload: true,
    doc: include_str!("needs_password.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    if subject.inspection.opening == Opening::NeedsPassword {
        let method = subject
            .inspection
            .pdf
            .as_ref()
            .and_then(|pdf| pdf.encryption.as_ref())
            .map_or("unknown", |encryption| encryption.method.as_str());
        out.add(
            Finding::new(
                "该 PDF 设有打开密码，无法读取",
                "the PDF needs a password to open",
            )
            .with_hint(
                "请输入密码打开后，用“打印为 PDF”或在安全设置中取消密码另存，再上传",
                "open it with the password, print it to PDF or remove the password in its security settings, and upload that",
            )
            .measured("encryption", method)
            .expected("password", "none"),
        );
    }
    out.outcome()
}
