#![doc = include_str!("unpacks_too_large.md")]

use super::{
    Check, Findings, Rule, Subject,
    limits_met::{self, Words},
};
use crate::finding::{Code, Outcome, Severity};

static RULE: Rule = Rule {
    code: Code::new("LM101"),
    name: "unpacks-too-large",
    severity: Severity::Error,
    required: true,
    for_every_upload: true,
    doc: include_str!("unpacks_too_large.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    let words = Words {
        what: (
            "文件解压后超过限制",
            "the file unpacks to more than the limit",
        ),
        hint: (
            "请用“打印为 PDF”重新生成文件，或拆分后分别上传",
            "print the document to PDF again, or split it and upload the parts",
        ),
    };
    limits_met::look(subject, out, &words, |limit| {
        [
            "decoded_stream_bytes",
            "decoded_content_bytes",
            "decoded_total_bytes",
        ]
        .contains(&limit)
    })
}
