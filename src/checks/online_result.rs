#![doc = include_str!("online_result.md")]

use super::{Check, Findings, Rule, Subject, papers::paper};
use crate::{
    finding::{Code, Finding, Outcome, Severity},
    inspect::document::{DocumentKind, OnlineState},
};

static RULE: Rule = Rule {
    code: Code::new("CH110"),
    name: "online-result-bad",
    severity: Severity::Error,
    required: false,
    for_every_upload: false,
    doc: include_str!("online_result.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    let document = match paper(subject, DocumentKind::is_degree_report) {
        Ok(document) => document,
        Err(outcome) => return outcome,
    };
    let Some(online) = &document.online else {
        return Outcome::not_applicable(
            "审核人员尚未登记在线查验结果",
            "no reviewer has recorded an online result",
        );
    };
    let (zh, en) = match online.state {
        OnlineState::Valid => return Outcome::Passed,
        OnlineState::Expired => ("报告已过期", "the report has expired"),
        OnlineState::Closed => ("报告已被本人关闭", "the report was closed by its owner"),
        OnlineState::NotFound => ("查无此报告", "there is no such report"),
    };
    let on = online.checked_on;
    out.add(
        Finding::new(
            format!("审核人员于 {on} 在线查验：{zh}"),
            format!("a reviewer looked the report up on {on}: {en}"),
        )
        .with_hint(
            "请在学信网延长或重新申请报告后再上传",
            "extend the report on CHSI or apply for a new one, then upload it",
        )
        .measured("checked_on", on.to_string())
        .measured("state", online.state.word())
        .expected("state", OnlineState::Valid.word()),
    );
    out.outcome()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        checks::papers::tests::{Case, document},
        inspect::document::OnlineResult,
    };

    #[test]
    fn what_the_reviewer_saw_decides() {
        let with = |state: Option<OnlineState>| {
            let mut paper = document(DocumentKind::ChsiEducationRecord, &[]);
            paper.online = state.map(|state| OnlineResult {
                state,
                checked_on: jiff::civil::date(2024, 8, 19),
                valid_until: None,
                recorded_by: "token:1".to_owned(),
            });
            Case::of(paper).run(run).0
        };
        assert!(matches!(with(None), Outcome::NotApplicable(_)));
        assert_eq!(with(Some(OnlineState::Valid)), Outcome::Passed);
        for bad in [
            OnlineState::Expired,
            OnlineState::Closed,
            OnlineState::NotFound,
        ] {
            assert_eq!(with(Some(bad)), Outcome::Found);
        }
    }
}
