#![doc = include_str!("identity_number_wrong.md")]

use super::{
    Check, Findings, Rule, Subject,
    papers::{at, paper},
};
use crate::{
    finding::{Code, Finding, Outcome, Severity},
    inspect::document::{
        Certainty,
        identity_number::{born, check_sign, has_form, masked, sex},
    },
};

static RULE: Rule = Rule {
    code: Code::new("ID103"),
    name: "identity-number-wrong",
    severity: Severity::Error,
    required: false,
    for_every_upload: false,
    doc: include_str!("identity_number_wrong.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    let document = match paper(subject, |kind| {
        kind != crate::inspect::document::DocumentKind::Unknown
    }) {
        Ok(document) => document,
        Err(outcome) => return outcome,
    };
    let (Some(number), Some(evidence)) = (
        document.private.get("id_number"),
        document.evidence.get("id_number_masked"),
    ) else {
        return Outcome::not_applicable(
            "材料上没有公民身份号码",
            "no identity number stands on the paper",
        );
    };
    if evidence.certainty == Certainty::Suspect {
        return super::papers::no_text();
    }
    let mut fault = |zh: &str, en: &str| {
        let finding = Finding::new(
            format!("公民身份号码 {} {zh}", masked(number)),
            format!("the identity number {} {en}", masked(number)),
        )
        .with_hint(
            "请核对身份证并更正",
            "compare it with the identity card and correct it",
        );
        out.add(at(finding, evidence));
    };
    if !has_form(number) {
        fault(
            "不是 18 位（17 位数字加校验码）",
            "is not 17 digits and a check sign",
        );
        return out.outcome();
    }
    if check_sign(number) != number.chars().last() {
        fault(
            "校验码不符（GB 11643，ISO 7064 MOD 11-2）",
            "has a wrong check sign (GB 11643, ISO 7064 MOD 11-2)",
        );
    }
    match born(number) {
        None => fault(
            "中的出生日期不存在",
            "holds a birth date that does not exist",
        ),
        Some(day) if day > subject.on => {
            fault("中的出生日期在未来", "holds a birth date in the future");
        }
        Some(day) => {
            let printed = document.fields.get("born_on");
            if printed.is_some_and(|printed| !day.to_string().starts_with(printed.as_str())) {
                fault(
                    "与材料上的出生日期不一致",
                    "does not agree with the birth date on the paper",
                );
            }
        }
    }
    let printed = document.fields.get("sex").map(String::as_str);
    if matches!(printed, Some("男" | "女")) && sex(number) != printed {
        fault(
            "与材料上的性别不一致",
            "does not agree with the sex on the paper",
        );
    }
    out.outcome()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        checks::papers::tests::{Case, document},
        inspect::document::DocumentKind,
    };

    fn judged(number: &str, fields: &[(&str, &str)]) -> usize {
        let mut paper = document(
            DocumentKind::IdentityCard,
            &[("id_number_masked", "1101************2X")],
        );
        for (name, value) in fields {
            paper.fields.insert((*name).to_owned(), (*value).to_owned());
        }
        paper
            .private
            .insert("id_number".to_owned(), number.to_owned());
        Case::of(paper).run(run).1.len()
    }

    #[test]
    fn check_sign_birth_date_and_sex() {
        assert_eq!(
            judged(
                "11010519491231002X",
                &[("born_on", "1949-12-31"), ("sex", "女")]
            ),
            0
        );
        assert_eq!(judged("110105194912310021", &[]), 1);
        assert_eq!(judged("1101051949123100", &[]), 1);
        assert_eq!(
            judged(
                "11010519491231002X",
                &[("born_on", "1949-12-30"), ("sex", "男")]
            ),
            2
        );
    }
}
