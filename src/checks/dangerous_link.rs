#![doc = include_str!("dangerous_link.md")]

use super::{
    Check, Findings, Rule, Subject,
    active_content::{self, Words},
};
use crate::{
    finding::{Code, Outcome, Severity},
    inspect::facts::ActiveKind,
};

static RULE: Rule = Rule {
    code: Code::new("AC108"),
    name: "dangerous-link",
    severity: Severity::Error,
    required: true,
    for_every_upload: true,
    doc: include_str!("dangerous_link.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

const WORDS: Words = Words {
    what: (
        "可运行程序或读取本机文件的链接",
        "a link that can run something or read local files",
    ),
    hint: (
        "请删除该链接，或用“打印为 PDF”重新生成文件",
        "remove the link, or print the document to PDF again",
    ),
};

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    active_content::look(subject, out, &[ActiveKind::UriDangerous], &WORDS)
}
