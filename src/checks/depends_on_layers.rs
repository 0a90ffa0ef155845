#![doc = include_str!("depends_on_layers.md")]

use super::{Check, Findings, Rule, Subject, opened};
use crate::finding::{Code, Finding, Outcome, Severity};

static RULE: Rule = Rule {
    code: Code::new("FM113"),
    name: "depends-on-layers",
    severity: Severity::Warning,
    required: false,
    for_every_upload: true,
    doc: include_str!("depends_on_layers.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    let pdf = match opened::pdf(subject) {
        Ok(pdf) => pdf,
        Err(outcome) => return outcome,
    };
    let hint = (
        "请按应有的显示效果“打印为 PDF”后上传",
        "print it to PDF with the layers as they shall be seen, and upload that",
    );
    if let Some(first) = pdf.pages_with_hidden_layers.first() {
        let count = pdf.pages_with_hidden_layers.len();
        out.add(
            Finding::new(
                format!("{count} 页有内容因图层关闭而不显示，首见于第 {first} 页"),
                format!("content is not shown because its layer is off on {count} pages, first on page {first}"),
            )
            .with_hint(hint.0, hint.1)
            .on_page(*first)
            .measured("pages", count)
            .expected("pages", 0),
        );
    }
    if pdf.layers_print_differently {
        out.add(
            Finding::new(
                "有的图层显示但不打印，或打印但不显示",
                "a layer is shown and not printed, or printed and not shown",
            )
            .with_hint(hint.0, hint.1)
            .measured("layers", pdf.optional_content_groups),
        );
    }
    out.outcome()
}
