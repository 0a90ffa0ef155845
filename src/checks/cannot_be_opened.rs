#![doc = include_str!("cannot_be_opened.md")]

use super::{Check, Findings, Rule, Subject};
use crate::{
    finding::{Code, Finding, Outcome, Severity},
    inspect::facts::{FileKind, Opening},
};

static RULE: Rule = Rule {
    code: Code::new("FM102"),
    name: "cannot-be-opened",
    severity: Severity::Error,
    required: true,
    for_every_upload: true,
    doc: include_str!("cannot_be_opened.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    match &subject.inspection.opening {
        Opening::Opened => out.outcome(),
        Opening::NotAPdf | Opening::NeedsPassword => Outcome::not_applicable(
            "另有规则说明该文件为何无法打开",
            "another rule says why the file does not open",
        ),
        Opening::Unreadable { .. } if subject.inspection.file_kind == FileKind::Unknown => {
            Outcome::could_not_tell(
                "检查在读出文件之前已中止",
                "the inspection was stopped before the file was read",
            )
        }
        Opening::Unreadable { why } => {
            out.add(
                Finding::new(
                    "该 PDF 已损坏，无法读出任何一页",
                    format!("the PDF is damaged and gives no page: {why}"),
                )
                .with_hint(
                    "请重新导出或重新下载后上传，上传前确认能打开",
                    "export or download it again, and check that it opens before uploading",
                )
                .measured("why", why.clone())
                .expected("pages", "at least 1"),
            );
            out.outcome()
        }
    }
}
