#![doc = include_str!("bytes_after.md")]

use super::{Check, Findings, Rule, Subject, opened};
use crate::finding::{Code, Finding, Outcome, Severity};

static RULE: Rule = Rule {
    code: Code::new("FM107"),
    name: "bytes-after-end",
    severity: Severity::Warning,
    required: false,
    for_every_upload: true,
    doc: include_str!("bytes_after.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    let pdf = match opened::pdf(subject) {
        Ok(pdf) => pdf,
        Err(outcome) => return outcome,
    };
    let after = pdf.trailing_bytes;
    if after > 0 {
        out.add(
            Finding::new(
                format!("PDF 结束标记之后还有 {after} 字节其他数据"),
                format!("bytes after the end of the PDF: {after}"),
            )
            .with_hint(
                "请重新导出或下载文件后上传",
                "export or download the file again",
            )
            .measured("bytes", after)
            .expected("bytes", 0),
        );
    }
    out.outcome()
}
