#![doc = include_str!("identity_card_one_side.md")]

use super::{Check, Findings, Rule, Subject, papers::paper};
use crate::{
    finding::{Code, Finding, Outcome, Severity},
    inspect::document::DocumentKind,
};

static RULE: Rule = Rule {
    code: Code::new("ID101"),
    name: "identity-card-one-side",
    severity: Severity::Error,
    required: false,
    for_every_upload: false,
    doc: include_str!("identity_card_one_side.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    let document = match paper(subject, |kind| kind == DocumentKind::IdentityCard) {
        Ok(document) => document,
        Err(outcome) => return outcome,
    };
    for oddity in document.oddities.iter().filter(|o| o.what == "one_side") {
        let (zh, en) = match oddity.field.as_deref() {
            Some("front") => (
                "缺少身份证人像面（姓名、公民身份号码）",
                "the side with the portrait (name, number) is missing",
            ),
            _ => (
                "缺少身份证国徽面（签发机关、有效期限）",
                "the side with the emblem (authority, validity) is missing",
            ),
        };
        out.add(Finding::new(zh, en).with_hint(
            "请把身份证正反两面放在同一文件中上传",
            "upload both sides of the card in one file",
        ));
    }
    match out.outcome() {
        // What recognition did not find may still be there.
        Outcome::Found if document.recognised => super::papers::no_text(),
        outcome => outcome,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        checks::papers::tests::{Case, document},
        inspect::document::Oddity,
    };

    #[test]
    fn one_side_is_not_enough() {
        let mut card = document(DocumentKind::IdentityCard, &[]);
        assert_eq!(Case::of(card.clone()).run(run).0, Outcome::Passed);
        card.oddities.push(Oddity {
            what: "one_side".to_owned(),
            field: Some("back".to_owned()),
            page: None,
            box_pt: None,
        });
        assert_eq!(Case::of(card).run(run).0, Outcome::Found);
    }
}
