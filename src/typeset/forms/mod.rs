//! The forms a notice wants printed, filled with what the applicant said and blank where nothing was said.
//!
//! Takes a notice and an applicant, gives the data of a template. Deliberately absent: where the file goes and how often
//! it is printed, which is the binder's plan.

mod more_fields;
mod print_list;
mod situation;

pub use more_fields::{MORE_FIELDS, MoreField};
pub use print_list::{PrintList, PrintRow, SheetCount, spine_mm};
pub use situation::situation_workbook;

use serde::Serialize;

use super::{PdfForm, Typeset, TypesetError, Typesetter};
use crate::{dossier::Applicant, rulepack::Pack};

/// A form we print.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// 申报材料真实性承诺书
    Commitment,
    /// 专业技术人员情况表
    SituationSheet,
    /// 专业技术人员简介表, A3
    BriefSheet,
    /// 专业技术人员年度考核表, of one year, blank
    AnnualAssessment,
    /// Cover of the 评审表
    ReviewCover,
}

impl Form {
    /// All of them.
    pub const ALL: [Form; 5] = [
        Form::Commitment,
        Form::SituationSheet,
        Form::BriefSheet,
        Form::AnnualAssessment,
        Form::ReviewCover,
    ];

    /// Name of its template.
    pub fn template(self) -> &'static str {
        match self {
            Form::Commitment => "commitment",
            Form::SituationSheet => "situation_sheet",
            Form::BriefSheet => "brief_sheet",
            Form::AnnualAssessment => "annual_assessment",
            Form::ReviewCover => "review_cover",
        }
    }

    /// The slot its filled and signed copy goes to.
    pub fn slot(self) -> &'static str {
        match self {
            Form::ReviewCover => "review_form",
            other => other.template(),
        }
    }

    /// Its title, also a good file name.
    pub fn title(self) -> &'static str {
        match self {
            Form::Commitment => "申报材料真实性承诺书",
            Form::SituationSheet => "专业技术人员情况表",
            Form::BriefSheet => "专业技术人员简介表",
            Form::AnnualAssessment => "专业技术人员年度考核表",
            Form::ReviewCover => "专业技术资格评审申报表",
        }
    }

    /// Whether `pack` asks for it.
    pub fn wanted_by(self, pack: &Pack) -> bool {
        pack.slot(self.slot()).is_some()
    }

    /// Prints it. Forms carry no date of ours: they are dated by hand.
    pub fn print(
        self,
        typesetter: &Typesetter,
        pack: &Pack,
        applicant: &Applicant,
    ) -> Result<Typeset, TypesetError> {
        let data = FormData {
            title: self.title(),
            notice: Notice::of(pack),
            applicant: Person::of(applicant),
        };
        let form = PdfForm::plain(self.title(), None);
        typesetter.typeset(self.template(), &data, &form)
    }
}

/// What every form's template gets.
#[derive(Serialize)]
struct FormData<'d> {
    title: &'d str,
    notice: Notice<'d>,
    applicant: Person<'d>,
}

/// The notice as a form names it.
#[derive(Serialize)]
struct Notice<'d> {
    title: &'d str,
    document_number: Option<&'d str>,
    issuer: &'d str,
    /// 考核认定, 评审 or 初定
    way: String,
    year: Option<i16>,
    /// What follows on untruth, in the notice's words.
    penalties: Vec<&'d str>,
}

impl Notice<'_> {
    fn of(pack: &Pack) -> Notice<'_> {
        Notice {
            title: &pack.title.zh,
            document_number: pack.document_number.as_deref(),
            issuer: &pack.issuer,
            way: pack.way.name().zh,
            year: pack.issued_on.map(jiff::civil::Date::year),
            penalties: pack.penalties.iter().map(|p| p.words.zh.as_str()).collect(),
        }
    }
}

/// The applicant with every field there, so that a template need not ask whether it is.
#[derive(Serialize)]
struct Person<'d> {
    name: &'d str,
    sex: Option<&'d str>,
    born: Option<jiff::civil::Date>,
    id_number: Option<&'d str>,
    unit: Option<&'d str>,
    phone: Option<&'d str>,
    specialty: Option<&'d str>,
    current_title: Option<&'d str>,
    applied_title: Option<&'d str>,
    more: &'d std::collections::BTreeMap<String, String>,
}

impl Person<'_> {
    fn of(applicant: &Applicant) -> Person<'_> {
        Person {
            name: &applicant.name,
            sex: applicant.sex.as_deref(),
            born: applicant.born,
            id_number: applicant.id_number.as_deref(),
            unit: applicant.unit.as_deref(),
            phone: applicant.phone.as_deref(),
            specialty: applicant.specialty.as_deref(),
            current_title: applicant.current_title.as_deref(),
            applied_title: applicant.applied_title.as_deref(),
            more: &applicant.more,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{rulepack::Packs, typeset::TemplateSource};

    fn pack() -> std::sync::Arc<Pack> {
        let packs = Packs::builtin();
        packs.get("lianyungang-gongxin-kaohe-2024").unwrap().clone()
    }

    #[test]
    fn every_form_fits_one_page_filled_and_empty() {
        let typesetter = Typesetter::new(&TemplateSource::BuiltIn).unwrap();
        let empty = Applicant {
            name: "张三".into(),
            ..Applicant::default()
        };
        let full = Applicant {
            unit: Some("连云港澄屿石化工程有限公司".into()),
            specialty: Some("数字经济（工业互联网）工程".into()),
            applied_title: Some("工程师".into()),
            more: [(
                "主要业绩".to_owned(),
                "主持完成节能改造项目，综合能耗下降。\n".repeat(6),
            )]
            .into(),
            ..empty.clone()
        };
        for form in Form::ALL {
            for applicant in [&empty, &full] {
                let made = form.print(&typesetter, &pack(), applicant).unwrap();
                assert_eq!(made.pages, 1, "{form:?}");
            }
        }
    }

    #[test]
    fn a_form_names_the_notice_and_the_person() {
        let typesetter = Typesetter::new(&TemplateSource::BuiltIn).unwrap();
        let applicant = Applicant {
            name: "张三".into(),
            unit: Some("连云港澄屿石化工程有限公司".into()),
            ..Applicant::default()
        };
        let made = Form::Commitment
            .print(&typesetter, &pack(), &applicant)
            .unwrap();
        let text = pdf_extract::extract_text_from_mem(&made.pdf).unwrap();
        let text: String = text.split_whitespace().collect();
        for words in [
            "连工信职称〔2024〕12号",
            "三年内不予申报",
            "澄屿石化",
            "考核认定",
        ] {
            assert!(text.contains(words), "{words}: {text}");
        }
    }

    #[test]
    fn the_notice_asks_for_these_forms() {
        let wanted = Form::ALL.iter().filter(|form| form.wanted_by(&pack()));
        assert_eq!(wanted.count(), 5);
    }
}
