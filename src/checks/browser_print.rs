#![doc = include_str!("browser_print.md")]

use super::{
    Check, Findings, Rule, Subject,
    papers::{odd_at, paper},
};
use crate::{
    finding::{Code, Finding, Outcome, Severity},
    inspect::document::DocumentKind,
};

static RULE: Rule = Rule {
    code: Code::new("CH106"),
    name: "browser-print",
    severity: Severity::Error,
    required: false,
    for_every_upload: false,
    doc: include_str!("browser_print.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    let document = match paper(subject, DocumentKind::is_online_report) {
        Ok(document) => document,
        Err(outcome) => return outcome,
    };
    if document.recognised {
        return Outcome::could_not_tell("文字来自图像", "the text comes from a picture");
    }
    let images = |what: &str| document.oddities.iter().find(|o| o.what == what);
    if let Some(oddity) = images("name_is_an_image").or_else(|| images("value_is_an_image")) {
        let finding = Finding::new(
            "报告中的姓名等内容是图片，这是网页打印件而不是学信网下载的报告",
            "the name on the report is an image: this is a print of the web page, not the report as downloaded",
        )
        .with_hint("请在学信网点击下载，上传下载的 PDF 原件", "use download on CHSI and upload that PDF");
        out.add(odd_at(finding, oddity));
    }
    out.outcome()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::papers::tests::with_oddities;

    fn with(oddities: &[(&str, Option<&str>)]) -> (Outcome, Vec<Finding>) {
        with_oddities(&[], oddities, run)
    }

    #[test]
    fn a_name_that_is_an_image() {
        assert_eq!(with(&[]).0, Outcome::Passed);
        assert_eq!(
            with(&[
                ("name_is_an_image", Some("name")),
                ("value_is_an_image", Some("conclusion"))
            ])
            .1
            .len(),
            1
        );
    }
}
