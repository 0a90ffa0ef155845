#![doc = include_str!("report_altered.md")]

use super::{
    Check, Findings, Rule, Subject,
    papers::{field_name, odd_at, paper},
};
use crate::{
    finding::{Code, Finding, Outcome, Severity},
    inspect::document::DocumentKind,
};

static RULE: Rule = Rule {
    code: Code::new("CH105"),
    name: "report-altered",
    severity: Severity::Error,
    required: false,
    for_every_upload: false,
    doc: include_str!("report_altered.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    let document = match paper(subject, DocumentKind::is_degree_report) {
        Ok(document) => document,
        Err(outcome) => return outcome,
    };
    for oddity in &document.oddities {
        let (zh_field, en_field) = field_name(oddity.field.as_deref().unwrap_or_default());
        let finding = match oddity.what.as_str() {
            "hidden_text_contradicts" => Finding::new(
                format!("看得见的{zh_field}与文件中隐藏的文字不一致"),
                format!("the {en_field} that is seen differs from text hidden in the file"),
            ),
            "link_code_differs" => Finding::new(
                "链接或二维码中的在线验证码与印出的不一致",
                "the verification code in the link or QR code differs from the one printed",
            ),
            "mixed_fonts" => Finding::new(
                format!("{zh_field}中的数字或字母用了两种字体或字号"),
                format!("digits or letters of the {en_field} stand in two fonts or sizes"),
            )
            .weighing(Severity::Warning),
            _ => continue,
        };
        let finding = finding
            .with_hint(
                "请重新从学信网下载报告并原样上传；审核人员请在线核验",
                "download the report again and upload it as it is; reviewers, verify it online",
            )
            .measured("field", oddity.field.clone());
        out.add(odd_at(finding, oddity));
    }
    if matches!(out.outcome(), Outcome::Passed) && document.recognised {
        return Outcome::could_not_tell(
            "文字来自图像，无法比较文字层",
            "the text comes from a picture, so there is no text layer to compare",
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
    fn contradictions_are_errors_and_mixed_fonts_a_warning() {
        assert_eq!(with(&[]).0, Outcome::Passed);
        assert_eq!(
            with(&[("hidden_text_contradicts", Some("issued_on"))]).1[0].severity,
            Severity::Error
        );
        assert_eq!(
            with(&[("link_code_differs", None)]).1[0].severity,
            Severity::Error
        );
        assert_eq!(
            with(&[("mixed_fonts", Some("issued_on"))]).1[0].severity,
            Severity::Warning
        );
        assert_eq!(
            with(&[("unknown_by_issuer", Some("president"))]).0,
            Outcome::Passed
        );
    }
}
