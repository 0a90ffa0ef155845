//! What the checks of papers (CH, TX, DT, ID) share: the paper of the subject, its dates, and who may say how sure they are.

use jiff::civil::Date;

use super::Subject;
use crate::{
    finding::{Finding, Outcome},
    inspect::document::{Certainty, DocumentFacts, DocumentKind, Evidence, Oddity},
};

/// The paper, when it is one of `kinds`; otherwise how the check ends.
///
/// A paper that could not be told ends as could-not-tell: it may be one of them.
pub(super) fn paper(
    subject: Subject<'_>,
    wanted: impl Fn(DocumentKind) -> bool,
) -> Result<&DocumentFacts, Outcome> {
    let Some(document) = &subject.inspection.document else {
        return Err(Outcome::could_not_tell(
            "文件无法读取",
            "the file could not be read",
        ));
    };
    if wanted(document.kind) {
        return Ok(document);
    }
    if document.kind == DocumentKind::Unknown {
        return Err(no_text());
    }
    Err(Outcome::not_applicable(
        "该规则不涉及这种材料",
        "the rule does not concern this kind of paper",
    ))
}

/// A scan without text: what to do about it.
pub(super) fn no_text() -> Outcome {
    Outcome::could_not_tell(
        "无法识别材料内容（扫描件没有文字层）；如为学信网等电子材料，请上传下载的原始 PDF，不要打印后再扫描",
        "the content could not be read (a scan has no text layer); upload the PDF as downloaded, not a print scanned again",
    )
}

/// A field's value that may be judged by: read from text everyone sees, or recognised with confidence.
pub(super) fn sure<'a>(
    document: &'a DocumentFacts,
    field: &str,
) -> Result<(&'a str, &'a Evidence), Outcome> {
    let (Some(value), Some(evidence)) = (document.fields.get(field), document.evidence.get(field))
    else {
        return Err(if document.recognised {
            no_text()
        } else {
            missing(field)
        });
    };
    if evidence.certainty == Certainty::Suspect {
        return Err(Outcome::could_not_tell(
            format!(
                "读到的{}不可靠（文字层看不见，或字符编码不可信），需人工核对",
                field_name(field).0
            ),
            format!(
                "the {} that was read cannot be relied on (unseen text or an untrusted encoding): a person must look",
                field_name(field).1
            ),
        ));
    }
    Ok((value, evidence))
}

/// A day that may be judged by.
pub(super) fn sure_day<'a>(
    document: &'a DocumentFacts,
    field: &str,
) -> Result<(Date, &'a Evidence), Outcome> {
    let (value, evidence) = sure(document, field)?;
    value.parse().map(|date| (date, evidence)).map_err(|_| {
        Outcome::could_not_tell(
            format!("{}「{value}」没有写到日", field_name(field).0),
            format!("the {} `{value}` names no day", field_name(field).1),
        )
    })
}

/// Could not tell, because a field was not found.
pub(super) fn missing(field: &str) -> Outcome {
    let (zh, en) = field_name(field);
    Outcome::could_not_tell(
        format!("材料中没有读到{zh}"),
        format!("no {en} was found in the paper"),
    )
}

/// Puts a finding at the place of its evidence.
pub(super) fn at(finding: Finding, evidence: &Evidence) -> Finding {
    finding.on_page(evidence.page).at(evidence.box_pt)
}

/// Puts a finding at the place of an oddity, if it has one.
pub(super) fn odd_at(mut finding: Finding, oddity: &Oddity) -> Finding {
    finding.page = oddity.page;
    finding.box_pt = oddity.box_pt;
    finding
}

/// What a field is called, in Chinese and English.
pub fn field_name(field: &str) -> (&'static str, &'static str) {
    match field {
        "name" => ("姓名", "name"),
        "sex" => ("性别", "sex"),
        "born_on" => ("出生日期", "date of birth"),
        "ethnic" => ("民族", "ethnic group"),
        "school" => ("学校名称", "school"),
        "major" => ("专业", "major"),
        "level" => ("层次", "level"),
        "duration" => ("学制", "duration"),
        "study_form" => ("学习形式", "mode of study"),
        "education_category" => ("学历类别", "category of education"),
        "entered_on" => ("入学日期", "date of enrolment"),
        "graduated_on" => ("毕业日期", "date of graduation"),
        "conclusion" => ("毕（结）业结论", "conclusion"),
        "certificate_number" => ("证书编号", "certificate number"),
        "president" => ("校（院）长姓名", "president's name"),
        "issued_on" => ("出具（更新）日期", "date of issue"),
        "expires_on" => ("有效期", "expiry"),
        "verification_code_masked" => ("在线验证码", "verification code"),
        "degree" => ("所授学位", "degree"),
        "degree_granted_on" => ("获学位日期", "date of the degree"),
        "degree_number" => ("学位证书编号", "degree certificate number"),
        "report_number" => ("报告编号", "report number"),
        "student_status" => ("学籍状态", "student status"),
        "expected_graduation_on" => ("预计毕业日期", "expected date of graduation"),
        "employer" => ("单位名称", "employer"),
        "consecutive_months" => ("连续缴费月数", "number of consecutive months"),
        "han_characters" => ("汉字数", "number of Chinese characters"),
        "notice_from" => ("公示开始日期", "first day of the notice"),
        "notice_to" => ("公示结束日期", "last day of the notice"),
        "opinion" => ("鉴定意见", "opinion"),
        "grade" => ("考核等次", "grade"),
        "year" => ("年度", "year"),
        "id_number" => ("公民身份号码", "identity number"),
        "title" => ("标题", "title"),
        _ => ("该项内容", "value"),
    }
}

#[cfg(test)]
pub(super) mod tests {
    //! Subjects for the tests of these checks.

    use super::*;
    use crate::{
        checks::{Findings, Holder},
        finding::Code,
        inspect::{
            Inspection,
            facts::{FileKind, Opening},
        },
        rulepack::{CheckEntry, CheckSettings},
        units::{PageNumber, PtBox},
    };

    /// A paper with these fields, all certain.
    pub(crate) fn document(kind: DocumentKind, fields: &[(&str, &str)]) -> DocumentFacts {
        let mut facts = DocumentFacts {
            kind,
            ..DocumentFacts::default()
        };
        for (name, value) in fields {
            facts.fields.insert((*name).to_owned(), (*value).to_owned());
            let evidence = Evidence {
                page: PageNumber::FIRST,
                box_pt: PtBox::new(60.0, 700.0, 200.0, 712.0),
                certainty: Certainty::Certain,
            };
            facts.evidence.insert((*name).to_owned(), evidence);
        }
        facts
    }

    /// One run of one check on a paper with these oddities.
    pub(crate) fn with_oddities(
        fields: &[(&str, &str)],
        oddities: &[(&str, Option<&str>)],
        run: fn(Subject<'_>, &mut Findings) -> Outcome,
    ) -> (Outcome, Vec<Finding>) {
        let mut paper = document(DocumentKind::ChsiEducationRecord, fields);
        for (what, field) in oddities {
            paper.oddities.push(Oddity {
                what: (*what).to_owned(),
                field: field.map(str::to_owned),
                page: None,
                box_pt: None,
            });
        }
        Case::of(paper).run(run)
    }

    /// The file that holds a paper.
    pub(crate) fn inspection(document: DocumentFacts) -> Inspection {
        Inspection {
            size_bytes: 1,
            file_kind: FileKind::Pdf,
            opening: Opening::Opened,
            pdf: None,
            pages: vec![],
            document: Some(document),
            limits_met: vec![],
        }
    }

    /// One run of one check.
    pub(crate) struct Case {
        inspection: Inspection,
        on: Date,
        settings: CheckSettings,
        holder: Option<Holder>,
        kinds: Vec<DocumentKind>,
    }

    impl Case {
        pub(crate) fn of(paper: DocumentFacts) -> Case {
            Case {
                inspection: inspection(paper),
                on: jiff::civil::date(2024, 8, 20),
                settings: CheckSettings::None,
                holder: None,
                kinds: vec![],
            }
        }
        pub(crate) fn on(mut self, year: i16, month: i8, day: i8) -> Case {
            self.on = jiff::civil::date(year, month, day);
            self
        }
        pub(crate) fn with(mut self, settings: CheckSettings) -> Case {
            self.settings = settings;
            self
        }
        pub(crate) fn held_by(mut self, holder: Holder) -> Case {
            self.holder = Some(holder);
            self
        }
        pub(crate) fn slot(mut self, kinds: &[DocumentKind]) -> Case {
            self.kinds = kinds.to_vec();
            self
        }
        pub(crate) fn run(
            &self,
            run: fn(Subject<'_>, &mut Findings) -> Outcome,
        ) -> (Outcome, Vec<Finding>) {
            let entry = CheckEntry {
                code: Code::new("XX999"),
                severity: None,
                slots: vec![],
                required: None,
                settings: self.settings.clone(),
                clause: "一".to_owned(),
            };
            let slot: crate::rulepack::Slot = serde_json::from_value(serde_json::json!({
                "id": "degree", "title": "学历证明", "title_en": "proof of education",
                "presence": "required", "paper": "A4", "clause": "一", "kinds": self.kinds,
            }))
            .unwrap();
            let mut found = Findings::default();
            let subject = Subject {
                inspection: &self.inspection,
                pack: None,
                slot: Some(&slot),
                on: self.on,
                holder: self.holder.as_ref(),
                entry: Some(&entry),
            };
            let outcome = run(subject, &mut found);
            (outcome, found.0)
        }
    }
}
