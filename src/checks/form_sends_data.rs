#![doc = include_str!("form_sends_data.md")]

use super::{
    Check, Findings, Rule, Subject,
    active_content::{self, Words},
};
use crate::{
    finding::{Code, Outcome, Severity},
    inspect::facts::ActiveKind,
};

static RULE: Rule = Rule {
    code: Code::new("AC103"),
    name: "form-sends-data",
    severity: Severity::Error,
    required: true,
    for_every_upload: true,
    doc: include_str!("form_sends_data.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

const WORDS: Words = Words {
    what: (
        "提交或导入数据的表单动作",
        "a form action that sends or imports data",
    ),
    hint: (
        "请将表单打印为 PDF（拼合表单域）后上传",
        "print the form to PDF, which flattens its fields",
    ),
};

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    active_content::look(
        subject,
        out,
        &[ActiveKind::SubmitForm, ActiveKind::ImportData],
        &WORDS,
    )
}
