#![doc = include_str!("automatic_action.md")]

use super::{
    Check, Findings, Rule, Subject,
    active_content::{self, Words},
};
use crate::{
    finding::{Code, Outcome, Severity},
    inspect::facts::ActiveKind,
};

static RULE: Rule = Rule {
    code: Code::new("AC109"),
    name: "automatic-action",
    severity: Severity::Error,
    required: true,
    for_every_upload: true,
    doc: include_str!("automatic_action.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

const WORDS: Words = Words {
    what: (
        "打开文件或翻页时自动执行的动作",
        "an action that runs by itself",
    ),
    hint: (
        "请用“打印为 PDF”重新生成文件",
        "print the document to PDF again, which leaves actions out",
    ),
};

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    active_content::look(subject, out, &[ActiveKind::AutomaticAction], &WORDS)
}
