#![doc = include_str!("web_link.md")]

use super::{
    Check, Findings, Rule, Subject,
    active_content::{self, Words},
};
use crate::{
    finding::{Code, Outcome, Severity},
    inspect::facts::ActiveKind,
};

static RULE: Rule = Rule {
    code: Code::new("AC110"),
    name: "web-link",
    severity: Severity::Info,
    required: true,
    for_every_upload: true,
    doc: include_str!("web_link.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

const WORDS: Words = Words {
    what: ("网页或邮箱链接", "a link to a web page or mailbox"),
    hint: (
        "无需处理；链接不会被访问",
        "nothing to do; links are never followed",
    ),
};

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    active_content::look(subject, out, &[ActiveKind::UriLink], &WORDS)
}
