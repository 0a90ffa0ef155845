#![doc = include_str!("verification_code.md")]

use super::{
    Check, Findings, Rule, Subject,
    papers::{at, odd_at, paper},
};
use crate::{
    finding::{Code, Finding, Outcome, Severity},
    inspect::document::{Certainty, DocumentKind},
};

static RULE: Rule = Rule {
    code: Code::new("CH107"),
    name: "verification-code-impossible",
    severity: Severity::Error,
    required: false,
    for_every_upload: false,
    doc: include_str!("verification_code.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    let document = match paper(subject, DocumentKind::is_online_report) {
        Ok(document) => document,
        Err(outcome) => return outcome,
    };
    const FIELD: &str = "verification_code_masked";
    let hint = (
        "请核对在线验证码并上传学信网下载的 PDF 原件",
        "compare the code and upload the PDF as downloaded from CHSI",
    );
    for oddity in &document.oddities {
        let finding = match oddity.what.as_str() {
            "verification_code_ill_formed" => Finding::new(
                "在线验证码形式不对，应为 12 位数字，或以 A、X 开头的 16 位字母数字",
                "the verification code cannot be one: it is 12 digits, or A or X and 15 letters or digits",
            ),
            "verification_code_suspect" => Finding::new(
                "在线验证码含易混字符（0/O、1/I、5/S、8/B），换读才合规，需人工核对",
                "the verification code only fits with a look-alike (0/O, 1/I, 5/S, 8/B) read the other way: a person must look",
            )
            .weighing(Severity::Warning),
            _ => continue,
        };
        out.add(odd_at(finding.with_hint(hint.0, hint.1), oddity));
    }
    if !matches!(out.outcome(), Outcome::Passed) {
        return out.outcome();
    }
    match document.evidence.get(FIELD) {
        None => Outcome::could_not_tell("没有读到在线验证码", "no verification code was found"),
        Some(evidence) if evidence.certainty == Certainty::Suspect => {
            let finding = Finding::new(
                "在线验证码由图像识别或不可信编码得来，含易混字符，需人工核对",
                "the verification code was recognised from a picture or from an untrusted encoding and holds look-alikes: a person must look",
            )
            .with_hint(hint.0, hint.1)
            .weighing(Severity::Warning);
            out.add(at(finding, evidence));
            out.outcome()
        }
        Some(_) => Outcome::Passed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::papers::tests::with_oddities;

    fn with(oddities: &[(&str, Option<&str>)]) -> (Outcome, Vec<Finding>) {
        with_oddities(&[("verification_code_masked", "A1**…")], oddities, run)
    }

    #[test]
    fn ill_formed_is_an_error_suspect_a_warning() {
        assert_eq!(with(&[]).0, Outcome::Passed);
        assert_eq!(
            with(&[("verification_code_ill_formed", None)]).1[0].severity,
            Severity::Error
        );
        assert_eq!(
            with(&[("verification_code_suspect", None)]).1[0].severity,
            Severity::Warning
        );
    }
}
