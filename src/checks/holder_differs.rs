#![doc = include_str!("holder_differs.md")]

use super::{
    Check, Findings, Rule, Subject,
    papers::{at, field_name},
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

/// Names agree when nothing but spaces, the form of the middle dot, or traditional characters differ.
fn same_name(a: &str, b: &str) -> bool {
    folded(a) == folded(b)
}

fn folded(name: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    name.nfkc()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '•' | '・' | '‧' | '∙' | '⋅' | '．' | '.' | '●' => '·',
            other => simplified(other).to_ascii_lowercase(),
        })
        .collect()
}

/// Traditional characters that are common in names, as their simplified form.
fn simplified(c: char) -> char {
    const PAIRS: &str = "張张陳陈劉刘楊杨趙赵黃黄吳吴孫孙馬马羅罗鄭郑謝谢韓韩馮冯蕭萧鄧邓許许葉叶蘇苏呂吕盧卢蔣蒋賈贾鍾钟鐘钟\
        鄒邹陸陆龍龙萬万錢钱湯汤喬乔賴赖龔龚顧顾蘭兰華华國国偉伟麗丽強强軍军東东傑杰鵬鹏飛飞鳳凤雲云衛卫濤涛寶宝紅红榮荣學学\
        勝胜慶庆輝辉嚴严無无愛爱義义遠远達达開开貴贵銀银鋒锋銘铭鑫鑫鎮镇鋼钢連连進进勵励興兴廣广張张維维緒绪練练績绩純纯綺绮綱纲\
        縣县聖圣聰聪靜静韻韵順顺顏颜穎颖齊齐歐欧陽阳諸诸";
    let mut pairs = PAIRS.chars().filter(|c| !c.is_whitespace());
    while let (Some(old), Some(new)) = (pairs.next(), pairs.next()) {
        if old == c {
            return new;
        }
    }
    c
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

    #[test]
    fn middle_dots_of_every_form() {
        assert!(same_name("阿依古丽·买买提", "阿依古丽•买买提"));
        assert!(!same_name("林知远", "林志远"));
    }
}
