#![doc = include_str!("report_not_whole.md")]

use super::{
    Check, Findings, Rule, Subject,
    papers::{field_name, no_text, odd_at, paper},
};
use crate::{
    finding::{Code, Finding, Outcome, Severity},
    inspect::document::DocumentKind,
};

static RULE: Rule = Rule {
    code: Code::new("CH104"),
    name: "report-not-whole",
    severity: Severity::Error,
    required: true,
    for_every_upload: false,
    doc: include_str!("report_not_whole.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    let document = match paper(subject, DocumentKind::is_online_report) {
        Ok(document) => document,
        Err(outcome) => return outcome,
    };
    for oddity in document.oddities.iter().filter(|o| o.what == "two_reports") {
        let finding = Finding::new(
            "一个文件中有两份报告，只读取了第一份",
            "the file holds two reports; only the first one was read",
        )
        .with_hint(
            "请把每份报告作为单独的 PDF 上传",
            "upload each report as a file of its own",
        );
        out.add(odd_at(finding, oddity));
    }
    let missing: Vec<&str> = document
        .oddities
        .iter()
        .filter(|o| o.what == "half_report")
        .filter_map(|o| o.field.as_deref())
        .collect();
    if !missing.is_empty() && document.recognised {
        // Recognition misses a label now and then; that is no fault of the paper.
        return if matches!(out.outcome(), Outcome::Found) {
            Outcome::Found
        } else {
            no_text()
        };
    }
    if !missing.is_empty() {
        let zh: Vec<&str> = missing.iter().map(|field| field_name(field).0).collect();
        let en: Vec<&str> = missing.iter().map(|field| field_name(field).1).collect();
        out.add(
            Finding::new(
                format!("报告不完整，缺少：{}", zh.join("、")),
                format!("the report is not whole, it lacks: {}", en.join(", ")),
            )
            .with_hint(
                "请上传从学信网下载的完整 PDF，不要裁剪、截图或拆页",
                "upload the whole PDF as downloaded from CHSI, not a crop, a screenshot or a single page",
            )
            .measured("missing", missing),
        );
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
    fn two_reports_half_a_report_and_a_whole_one() {
        assert_eq!(with(&[]).0, Outcome::Passed);
        assert_eq!(with(&[("two_reports", None)]).1.len(), 1);
        let half = with(&[
            ("half_report", Some("name")),
            ("half_report", Some("issued_on")),
        ]);
        assert_eq!(half.1.len(), 1);
        assert!(half.1[0].message.zh.contains("姓名"));
    }
}
