#![doc = include_str!("reading_stopped.md")]

use super::{
    Check, Findings, Rule, Subject,
    limits_met::{self, Words},
};
use crate::finding::{Code, Outcome, Severity};

static RULE: Rule = Rule {
    code: Code::new("LM105"),
    name: "reading-stopped",
    severity: Severity::Error,
    required: true,
    for_every_upload: true,
    doc: include_str!("reading_stopped.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    let words = Words {
        what: (
            "读取该文件时超出时间、内存或大小限制，已中止",
            "reading the file was stopped: it met a limit of time, memory or size",
        ),
        hint: (
            "请用“打印为 PDF”重新生成文件，或拆分后分别上传",
            "print the document to PDF again, or split it and upload the parts",
        ),
    };
    limits_met::look(subject, out, &words, |limit| {
        !super::limits_met::NAMED.contains(&limit)
    })
}
