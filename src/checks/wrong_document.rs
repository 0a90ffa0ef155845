#![doc = include_str!("wrong_document.md")]

use super::{Check, Findings, Rule, Subject};
use crate::{
    finding::{Code, Finding, Outcome, Severity},
    inspect::document::{DocumentKind, kind_name},
    lang::Bilingual,
};

static RULE: Rule = Rule {
    code: Code::new("CH101"),
    name: "wrong-document",
    severity: Severity::Error,
    required: false,
    for_every_upload: false,
    doc: include_str!("wrong_document.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    let Some(slot) = subject.slot.filter(|slot| !slot.kinds.is_empty()) else {
        return Outcome::not_applicable(
            "该材料项不限定材料种类",
            "this slot takes any kind of paper",
        );
    };
    let Some(document) = &subject.inspection.document else {
        return Outcome::could_not_tell("文件无法读取", "the file could not be read");
    };
    if document.kind == DocumentKind::Unknown {
        return Outcome::could_not_tell(
            "文件中没有可识别的标题或栏目（扫描件没有文字层），无法判断是什么材料",
            "no title or labels to recognise (a scan has no text layer), so the kind of paper is not known",
        );
    }
    if slot.kinds.contains(&document.kind) {
        return Outcome::Passed;
    }
    let is = kind_name(document.kind);
    let wanted = names(&slot.kinds);
    let mut finding = Finding::new(
        format!(
            "本材料是「{}」，材料项「{}」需要：{}",
            is.zh, slot.title, wanted.zh
        ),
        format!(
            "this is a {}, the slot `{}` wants: {}",
            is.en, slot.title_en, wanted.en
        ),
    )
    .with_hint(
        "请换成所需的材料，或上传到对应的材料项",
        "upload the paper asked for, or move this one to its own slot",
    )
    .measured("kind", name_on_the_wire(document.kind))
    .expected(
        "kinds",
        slot.kinds
            .iter()
            .map(|k| name_on_the_wire(*k))
            .collect::<Vec<_>>(),
    );
    if document.recognised {
        // Somebody's recognition of a picture is worth a second look, not a refusal.
        finding = finding.weighing(Severity::Warning);
    }
    out.add(finding);
    out.outcome()
}

fn names(kinds: &[DocumentKind]) -> Bilingual {
    let names: Vec<Bilingual> = kinds.iter().map(|kind| kind_name(*kind)).collect();
    let zh: Vec<&str> = names.iter().map(|name| name.zh.as_str()).collect();
    let en: Vec<&str> = names.iter().map(|name| name.en.as_str()).collect();
    Bilingual::new(zh.join("、"), en.join("; "))
}

fn name_on_the_wire(kind: DocumentKind) -> String {
    serde_json::to_value(kind)
        .ok()
        .and_then(|v| v.as_str().map(str::to_owned))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::papers::tests::{Case, document};

    fn outcome(kind: DocumentKind) -> (Outcome, Vec<Finding>) {
        Case::of(document(kind, &[]))
            .slot(&[DocumentKind::ChsiEducationRecord, DocumentKind::Diploma])
            .run(run)
    }

    #[test]
    fn names_both_papers() {
        let (outcome, found) = outcome(DocumentKind::ChsiStudentRecord);
        assert_eq!(outcome, Outcome::Found);
        assert!(found[0].message.zh.contains("学籍在线验证报告"));
        assert!(found[0].message.zh.contains("学历证书电子注册备案表"));
    }

    #[test]
    fn the_right_paper_passes_and_an_unknown_one_cannot_be_told() {
        assert_eq!(
            outcome(DocumentKind::ChsiEducationRecord).0,
            Outcome::Passed
        );
        assert!(matches!(
            outcome(DocumentKind::Unknown).0,
            Outcome::CouldNotTell(_)
        ));
    }
}
