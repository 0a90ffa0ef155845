//! Lines of an answer, and what each need is called.

use super::{Line, LineOutcome, Profile};
use crate::{
    lang::Bilingual,
    rulepack::eligibility::{NeedKind, Who},
};

/// The lines so far, with what makes the answer.
pub(super) struct Lines<'a> {
    pack: &'a crate::rulepack::Pack,
    pub(super) all: Vec<Line>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(pack: &'a crate::rulepack::Pack) -> Lines<'a> {
        Lines {
            pack,
            all: Vec::new(),
        }
    }
    fn add(
        &mut self,
        outcome: LineOutcome,
        clause: Option<&str>,
        key: Option<&'static str>,
        message: Bilingual,
    ) {
        self.all.push(Line {
            outcome,
            message,
            source: clause.map(|clause| self.pack.source(clause)),
            key,
        });
    }
    pub(super) fn met(&mut self, clause: &str, zh: impl Into<String>, en: impl Into<String>) {
        self.add(LineOutcome::Met, Some(clause), None, Bilingual::new(zh, en));
    }
    pub(super) fn not_met(&mut self, clause: &str, zh: impl Into<String>, en: impl Into<String>) {
        self.add(
            LineOutcome::NotMet,
            Some(clause),
            None,
            Bilingual::new(zh, en),
        );
    }
    pub(super) fn person(
        &mut self,
        clause: Option<&str>,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) {
        self.add(LineOutcome::Person, clause, None, Bilingual::new(zh, en));
    }
    /// The profile does not say `key`, which the clause asks about.
    pub(super) fn missing(&mut self, clause: &str, key: &'static str, question: &Bilingual) {
        let message = Bilingual::new(
            format!("未说明：{}（`{key}`）", question.zh),
            format!("not said: {} (`{key}`)", question.en),
        );
        self.add(LineOutcome::Missing, Some(clause), Some(key), message);
    }
    /// A question with yes for good.
    pub(super) fn ask(
        &mut self,
        clause: &str,
        key: &'static str,
        answer: Option<bool>,
        question: &Bilingual,
    ) {
        match answer {
            Some(true) => self.met(
                clause,
                format!("符合：{}", question.zh),
                format!("holds: {}", question.en),
            ),
            Some(false) => self.not_met(
                clause,
                format!("不符合：{}", question.zh),
                format!("does not hold: {}", question.en),
            ),
            None => self.missing(clause, key, question),
        }
    }
}

/// A need as a question: its key, the answer of the profile, and its words.
pub(super) fn need(kind: NeedKind, profile: &Profile) -> (&'static str, Option<bool>, Bilingual) {
    let (key, answer, zh, en) = match kind {
        NeedKind::EmployedHere => (
            "employed_here",
            profile.employed_here,
            "在本地从事专业技术工作（签订劳动（聘用）合同；通知允许的，含人事代理和自由职业）",
            "works here in a professional post: with a contract, or as a freelancer or through an agency where the notice takes them",
        ),
        NeedKind::InsuredHere => (
            "insured_here",
            profile.insured_here,
            "在本地缴纳社保",
            "pays social insurance here",
        ),
        NeedKind::AssessmentsPassed => (
            "assessments_passed",
            profile.assessments_passed,
            "年度考核均在合格以上",
            "every annual assessment is passed",
        ),
        NeedKind::ContinuingEducation => (
            "continuing_education",
            profile.continuing_education,
            "按规定完成继续教育",
            "continuing education is done as ruled",
        ),
        NeedKind::NoSecondApplication => (
            "no_second_application",
            profile.no_second_application,
            "同一年度未同时申报其他系列（专业）或评委会",
            "no other series or committee is applied to in the same year",
        ),
        NeedKind::Integrity => (
            "integrity",
            profile.integrity,
            "专业技术工作方面无不良诚信记录",
            "no record of bad faith in professional work",
        ),
    };
    (key, answer, Bilingual::new(zh, en))
}

/// People who may be excluded: the key, the answer of the profile, and the words.
pub(super) fn who(who: Who, profile: &Profile) -> (&'static str, Option<bool>, Bilingual) {
    let (key, answer, zh, en) = match who {
        Who::CivilServant => (
            "civil_servant",
            profile.civil_servant,
            "公务员（含参公人员）",
            "civil servants and staff managed like them",
        ),
        Who::Retired => ("retired", profile.retired, "离退休人员", "retired people"),
        Who::Sanctioned => (
            "sanctioned",
            profile.sanctioned,
            "受处分且在影响期内的人员",
            "people under the effect of a sanction",
        ),
    };
    (key, answer, Bilingual::new(zh, en))
}
