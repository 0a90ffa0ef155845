#![doc = include_str!("too_many_objects.md")]

use super::{
    Check, Findings, Rule, Subject,
    limits_met::{self, Words},
};
use crate::finding::{Code, Outcome, Severity};

static RULE: Rule = Rule {
    code: Code::new("LM102"),
    name: "too-many-objects",
    severity: Severity::Error,
    required: true,
    for_every_upload: true,
    doc: include_str!("too_many_objects.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    let words = Words {
        what: (
            "文件对象过多或嵌套过深",
            "the file has too many objects or nests them too deep",
        ),
        hint: (
            "请用“打印为 PDF”重新生成文件，或拆分后分别上传",
            "print the document to PDF again, or split it and upload the parts",
        ),
    };
    limits_met::look(subject, out, &words, |limit| {
        ["objects", "depth"].contains(&limit)
    })
}
