#![doc = include_str!("embedded_file.md")]

use super::{
    Check, Findings, Rule, Subject,
    active_content::{self, Words},
};
use crate::{
    finding::{Code, Outcome, Severity},
    inspect::facts::ActiveKind,
};

static RULE: Rule = Rule {
    code: Code::new("AC105"),
    name: "embedded-file",
    severity: Severity::Error,
    required: true,
    for_every_upload: true,
    doc: include_str!("embedded_file.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

const WORDS: Words = Words {
    what: ("内嵌的附件文件", "an embedded file"),
    hint: (
        "请把附件单独上传到对应位置，并打印为不含附件的 PDF",
        "upload the embedded file in its own slot, and print the document to PDF without it",
    ),
};

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    active_content::look(subject, out, &[ActiveKind::EmbeddedFile], &WORDS)
}
