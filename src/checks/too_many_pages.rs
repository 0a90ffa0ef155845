#![doc = include_str!("too_many_pages.md")]

use super::{
    Check, Findings, Rule, Subject,
    limits_met::{self, Words},
};
use crate::finding::{Code, Outcome, Severity};

static RULE: Rule = Rule {
    code: Code::new("LM104"),
    name: "too-many-pages",
    severity: Severity::Error,
    required: true,
    for_every_upload: true,
    doc: include_str!("too_many_pages.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    let words = Words {
        what: ("文件页数过多", "the file has too many pages"),
        hint: ("请拆分后分别上传", "split it and upload the parts"),
    };
    limits_met::look(subject, out, &words, |limit| ["pages"].contains(&limit))
}
