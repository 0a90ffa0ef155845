#![doc = include_str!("foreign_link.md")]

use super::{
    Check, Findings, Rule, Subject,
    papers::{odd_at, paper},
};
use crate::{
    finding::{Code, Finding, Outcome, Severity},
    inspect::document::DocumentKind,
};

static RULE: Rule = Rule {
    code: Code::new("CH109"),
    name: "foreign-link",
    severity: Severity::Error,
    required: false,
    for_every_upload: false,
    doc: include_str!("foreign_link.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    let document = match paper(subject, DocumentKind::is_online_report) {
        Ok(document) => document,
        Err(outcome) => return outcome,
    };
    for oddity in &document.oddities {
        let finding = match oddity.what.as_str() {
            "foreign_link" => Finding::new(
                "报告上的网址（或二维码）不是学信网 www.chsi.com.cn",
                "an address (or QR code) on the report does not lead to www.chsi.com.cn",
            ),
            "insecure_link" => Finding::new(
                "报告二维码中的网址不是加密网址 https，学信网的二维码均为 https",
                "the address in the QR code is not https, which every QR code of CHSI is",
            ),
            _ => continue,
        }
        .with_hint(
            "不要打开该网址；请从学信网重新下载报告，审核人员请自行输入学信网网址核验",
            "do not open it; download the report from CHSI again, and reviewers type the address of CHSI themselves",
        );
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
    fn another_host() {
        assert_eq!(with(&[]).0, Outcome::Passed);
        assert_eq!(with(&[("foreign_link", None)]).0, Outcome::Found);
    }
}
