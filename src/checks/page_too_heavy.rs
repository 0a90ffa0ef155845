#![doc = include_str!("page_too_heavy.md")]

use super::{
    Check, Findings, Rule, Subject,
    limits_met::{self, Words},
};
use crate::finding::{Code, Outcome, Severity};

static RULE: Rule = Rule {
    code: Code::new("LM103"),
    name: "page-too-heavy",
    severity: Severity::Error,
    required: true,
    for_every_upload: true,
    doc: include_str!("page_too_heavy.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    let words = Words {
        what: (
            "页面内容过于复杂或图片过大",
            "a page draws too much or has too large a picture",
        ),
        hint: (
            "请用“打印为 PDF”重新生成文件，或拆分后分别上传",
            "print the document to PDF again, or split it and upload the parts",
        ),
    };
    limits_met::look(subject, out, &words, |limit| {
        [
            "page_operators",
            "total_operators",
            "noted_items",
            "image_pixels",
        ]
        .contains(&limit)
    })
}
