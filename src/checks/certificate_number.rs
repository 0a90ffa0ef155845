#![doc = include_str!("certificate_number.md")]

use super::{
    Check, Findings, Rule, Subject,
    papers::{odd_at, paper},
};
use crate::{
    finding::{Code, Finding, Outcome, Severity},
    inspect::document::DocumentKind,
};

static RULE: Rule = Rule {
    code: Code::new("CH108"),
    name: "certificate-number-contradicts",
    severity: Severity::Warning,
    required: false,
    for_every_upload: false,
    doc: include_str!("certificate_number.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    let document = match paper(subject, DocumentKind::is_online_report) {
        Ok(document) => document,
        Err(outcome) => return outcome,
    };
    let has_number = ["certificate_number", "degree_number"]
        .iter()
        .any(|field| document.fields.contains_key(*field));
    if !has_number {
        return if document.recognised {
            super::papers::no_text()
        } else {
            Outcome::not_applicable(
                "报告上没有证书编号",
                "no certificate number stands on the report",
            )
        };
    }
    for oddity in &document.oddities {
        let (zh, en) = match oddity.what.as_str() {
            "certificate_number_form" => (
                "证书编号的位数或字符不符合编号规则",
                "the certificate number has not the form such numbers have",
            ),
            "certificate_number_year" => (
                "证书编号中的年份与毕业（获学位）日期不一致",
                "the year in the certificate number is not the year of graduation or award",
            ),
            "certificate_number_level" => (
                "证书编号中的层次代码与所印层次（学位）不一致",
                "the level in the certificate number is not the level printed",
            ),
            _ => continue,
        };
        let finding = Finding::new(zh, en)
            .with_hint(
                "请与原证书核对；审核人员请在线核验",
                "compare with the certificate itself; reviewers, verify it online",
            )
            .measured("field", oddity.field.clone());
        let finding = if document.recognised {
            finding.weighing(Severity::Info)
        } else {
            finding
        };
        out.add(odd_at(finding, oddity));
    }
    out.outcome()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::papers::tests::with_oddities;

    fn with(oddities: &[(&str, Option<&str>)]) -> (Outcome, Vec<Finding>) {
        with_oddities(
            &[("certificate_number", "999991201605123456")],
            oddities,
            run,
        )
    }

    #[test]
    fn a_number_that_contradicts_its_report() {
        assert_eq!(with(&[]).0, Outcome::Passed);
        assert_eq!(
            with(&[("certificate_number_year", Some("certificate_number"))]).0,
            Outcome::Found
        );
    }
}
