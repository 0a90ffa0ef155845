#![doc = include_str!("bytes_before.md")]

use super::{Check, Findings, Rule, Subject, opened};
use crate::finding::{Code, Finding, Outcome, Severity};

static RULE: Rule = Rule {
    code: Code::new("FM106"),
    name: "bytes-before-header",
    severity: Severity::Warning,
    required: false,
    for_every_upload: true,
    doc: include_str!("bytes_before.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    let pdf = match opened::pdf(subject) {
        Ok(pdf) => pdf,
        Err(outcome) => return outcome,
    };
    let before = pdf.header_offset;
    if before > 0 {
        out.add(
            Finding::new(
                format!("PDF 文件头之前有 {before} 字节其他数据"),
                format!("bytes before the PDF header: {before}"),
            )
            .with_hint(
                "请重新导出或下载文件，不要经邮件正文等途径转存",
                "export or download the file again instead of saving it through other programs",
            )
            .measured("bytes", before)
            .expected("bytes", 0),
        );
    }
    out.outcome()
}
