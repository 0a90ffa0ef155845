#![doc = include_str!("education_year_missing.md")]

use super::{
    Check, Findings, Rule, Subject,
    missing_years::{self, YearlyPapers},
};
use crate::{
    finding::{Code, Outcome, Severity},
    inspect::document::DocumentKind,
};

static RULE: Rule = Rule {
    code: Code::new("DT103"),
    name: "education-year-missing",
    severity: Severity::Warning,
    required: false,
    for_every_upload: false,
    doc: include_str!("education_year_missing.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

const PAPERS: YearlyPapers = YearlyPapers {
    kind: DocumentKind::ContinuingEducationProof,
    lacking: [
        "本文件的继续教育证明缺少 {} 年度",
        "the proofs of continuing education in this file lack {}",
    ],
    hint: [
        "请补充所缺年度的继续教育合格证明（已在其他文件中提供的除外）",
        "add the proofs of the years that are missing, unless another file has them",
    ],
};

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    missing_years::judge(&PAPERS, subject, out)
}
