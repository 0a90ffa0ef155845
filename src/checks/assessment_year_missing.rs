#![doc = include_str!("assessment_year_missing.md")]

use super::{
    Check, Findings, Rule, Subject,
    missing_years::{self, YearlyPapers},
};
use crate::{
    finding::{Code, Outcome, Severity},
    inspect::document::DocumentKind,
};

static RULE: Rule = Rule {
    code: Code::new("DT102"),
    name: "assessment-year-missing",
    severity: Severity::Warning,
    required: false,
    for_every_upload: false,
    doc: include_str!("assessment_year_missing.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

const PAPERS: YearlyPapers = YearlyPapers {
    kind: DocumentKind::AnnualAssessment,
    lacking: [
        "本文件的年度考核缺少 {} 年度",
        "the annual assessments in this file lack {}",
    ],
    hint: [
        "请补齐所缺年度的考核表（已在其他文件中提供的除外）",
        "add the assessments of the years that are missing, unless another file has them",
    ],
};

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    missing_years::judge(&PAPERS, subject, out)
}
