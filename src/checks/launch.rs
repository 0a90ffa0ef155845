#![doc = include_str!("launch.md")]

use super::{
    Check, Findings, Rule, Subject,
    active_content::{self, Words},
};
use crate::{
    finding::{Code, Outcome, Severity},
    inspect::facts::ActiveKind,
};

static RULE: Rule = Rule {
    code: Code::new("AC102"),
    name: "launches-a-program",
    severity: Severity::Error,
    required: true,
    for_every_upload: true,
    doc: include_str!("launch.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

const WORDS: Words = Words {
    what: ("启动外部程序的动作", "an action that starts a program"),
    hint: (
        "请用“打印为 PDF”重新生成一份不含动作的文件",
        "print the document to PDF again, which leaves actions out",
    ),
};

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    active_content::look(subject, out, &[ActiveKind::Launch], &WORDS)
}
