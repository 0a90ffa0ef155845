#![doc = include_str!("xfa_form.md")]

use super::{
    Check, Findings, Rule, Subject,
    active_content::{self, Words},
};
use crate::{
    finding::{Code, Outcome, Severity},
    inspect::facts::ActiveKind,
};

static RULE: Rule = Rule {
    code: Code::new("AC107"),
    name: "xfa-form",
    severity: Severity::Error,
    required: true,
    for_every_upload: true,
    doc: include_str!("xfa_form.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

const WORDS: Words = Words {
    what: ("XFA 动态表单", "an XFA form"),
    hint: (
        "请在 Adobe Reader 中打开并打印为 PDF 后上传",
        "open it in Adobe Reader, print it to PDF and upload that",
    ),
};

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    active_content::look(subject, out, &[ActiveKind::Xfa], &WORDS)
}
