#![doc = include_str!("other_file.md")]

use super::{
    Check, Findings, Rule, Subject,
    active_content::{self, Words},
};
use crate::{
    finding::{Code, Outcome, Severity},
    inspect::facts::ActiveKind,
};

static RULE: Rule = Rule {
    code: Code::new("AC104"),
    name: "leads-to-another-file",
    severity: Severity::Error,
    required: true,
    for_every_upload: true,
    doc: include_str!("other_file.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

const WORDS: Words = Words {
    what: (
        "跳转到其他文件的链接",
        "a link that leads into another file",
    ),
    hint: (
        "请删除该链接，或用“打印为 PDF”重新生成文件",
        "remove the link, or print the document to PDF again",
    ),
};

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    active_content::look(
        subject,
        out,
        &[ActiveKind::GoToRemote, ActiveKind::GoToEmbedded],
        &WORDS,
    )
}
