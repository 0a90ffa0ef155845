#![doc = include_str!("holder_differs.md")]

use super::{
    Check, Findings, Rule, Subject,
    papers::{at, field_name},
    person_name::same_name,
};
use crate::{
    checks::Holder,
    finding::{Code, Finding, Outcome, Severity},
    inspect::document::{Certainty, DocumentFacts, DocumentKind},
};

static RULE: Rule = Rule {
    code: Code::new("ID102"),
    name: "holder-differs",
    severity: Severity::Error,
    required: false,
    for_every_upload: false,
    doc: include_str!("holder_differs.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    let Some(holder) = subject.holder else {
        return Outcome::not_applicable("未提供申报人信息", "no holder was named");
    };
    let Some(document) = &subject.inspection.document else {
        return Outcome::could_not_tell("文件无法读取", "the file could not be read");
    };
    let comparisons = comparisons(holder, document);
    let mut compared = false;
    let mut unsure = false;
    for (field, printed, wanted, same) in comparisons {
        let shown = if field == "id_number" {
            "id_number_masked"
        } else {
            field
        };
        let Some(evidence) = document.evidence.get(shown) else {
            continue;
        };
        if evidence.certainty == Certainty::Suspect {
            unsure = true;
            continue;
        }
        compared = true;
        if same {
            continue;
        }
        let (zh, en) = field_name(field);
        let finding = Finding::new(
            format!("材料上的{zh}为「{printed}」，与申报人「{wanted}」不一致"),
            format!("the {en} on the paper is `{printed}`, the applicant's is `{wanted}`"),
        )
        .with_hint(
            "请核对是否传错了他人的材料；更名或录入有误的须附证明",
            "check that it is your own paper; where a name was changed or mistyped add the proof",
        )
        .measured(field, printed)
        .expected(field, wanted);
        out.add(at(finding, evidence));
    }
    match out.outcome() {
        Outcome::Passed
            if !compared
                && (unsure || document.kind == DocumentKind::Unknown || document.recognised) =>
        {
            super::papers::no_text()
        }
        Outcome::Passed if !compared => Outcome::not_applicable(
            "材料上没有可与申报人比较的姓名、性别、出生日期或身份号码",
            "no name, sex, birth date or identity number that could be compared stands on the paper",
        ),
        outcome => outcome,
    }
}

/// Field, as printed, as wanted, and whether they agree; what cannot be compared is left out.
fn comparisons(
    holder: &Holder,
    document: &DocumentFacts,
) -> Vec<(&'static str, String, String, bool)> {
    let mut all = Vec::new();
    let printed = |field: &str| document.fields.get(field).cloned();
    if let (Some(printed), Some(wanted)) = (printed("name"), &holder.name)
        // A Latin name of an English report says nothing about the Chinese one.
        && printed.is_ascii() == wanted.is_ascii()
    {
        let same = same_name(&printed, wanted);
        all.push(("name", printed, wanted.clone(), same));
    }
    if let (Some(printed), Some(wanted)) = (printed("sex"), &holder.sex) {
        let same = sex(&printed) == sex(wanted);
        all.push(("sex", printed, wanted.clone(), same));
    }
    if let (Some(printed), Some(wanted)) = (printed("born_on"), holder.born) {
        let wanted = wanted.to_string();
        let same = wanted.starts_with(&printed);
        all.push(("born_on", printed, wanted, same));
    }
    if let (Some(number), Some(wanted)) = (document.private.get("id_number"), &holder.id_number) {
        use crate::inspect::document::identity_number::{masked, normalised};
        let wanted = normalised(wanted);
        let same = *number == wanted;
        all.push(("id_number", masked(number), masked(&wanted), same));
    }
    all
}

fn sex(text: &str) -> &str {
    match text {
        "Male" | "male" | "M" => "男",
        "Female" | "female" | "F" => "女",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::papers::tests::{Case, document};

    fn holder() -> Holder {
        Holder {
            name: Some("林知远".to_owned()),
            born: Some(jiff::civil::date(1994, 1, 8)),
            sex: Some("女".to_owned()),
            id_number: None,
        }
    }
    fn judged(fields: &[(&str, &str)]) -> (Outcome, Vec<Finding>) {
        Case::of(document(DocumentKind::ChsiEducationRecord, fields))
            .held_by(holder())
            .run(run)
    }

    #[test]
    fn each_difference_is_named() {
        assert_eq!(
            judged(&[("name", "林知远"), ("sex", "女"), ("born_on", "1994-01-08")]).0,
            Outcome::Passed
        );
        assert_eq!(
            judged(&[("name", "林知逺"), ("sex", "男"), ("born_on", "1994-01-09")])
                .1
                .len(),
            3
        );
        assert_eq!(judged(&[("name", "林知遠")]).0, Outcome::Passed);
        assert_eq!(
            judged(&[("name", "林 知远"), ("born_on", "1994-01")]).0,
            Outcome::Passed
        );
    }

    #[test]
    fn nothing_to_compare_is_no_pass() {
        assert!(matches!(judged(&[]).0, Outcome::NotApplicable(_)));
        assert!(matches!(
            judged(&[("name", "Lin Zhiyuan")]).0,
            Outcome::NotApplicable(_)
        ));
        let scan = Case::of(document(DocumentKind::Unknown, &[])).held_by(holder());
        assert!(matches!(scan.run(run).0, Outcome::CouldNotTell(_)));
    }
}
