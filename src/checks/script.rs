#![doc = include_str!("script.md")]

use super::{
    Check, Findings, Rule, Subject,
    active_content::{self, Words},
};
use crate::{
    finding::{Code, Outcome, Severity},
    inspect::facts::ActiveKind,
};

static RULE: Rule = Rule {
    code: Code::new("AC101"),
    name: "script",
    severity: Severity::Error,
    required: true,
    for_every_upload: true,
    doc: include_str!("script.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

const WORDS: Words = Words {
    what: ("JavaScript 脚本", "a JavaScript"),
    hint: (
        "请用“打印为 PDF”重新生成一份不含脚本的文件",
        "print the document to PDF again, which leaves scripts out",
    ),
};

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    active_content::look(subject, out, &[ActiveKind::JavaScript], &WORDS)
}
