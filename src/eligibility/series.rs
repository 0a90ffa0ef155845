//! What holds for a series: 以考代评, 考评结合, licences, conditions of its own.

use unicode_normalization::UnicodeNormalization as _;

use super::{Profile, words::Lines};
use crate::{
    lang::Bilingual,
    rulepack::eligibility::{Eligibility, SeriesRuleKind},
};

/// Series whose junior and intermediate titles are gained by national examination in every notice that lists them;
/// a notice that lists none is not taken to allow them.
const NATIONAL_EXAMINATIONS: [&str; 9] = [
    "经济",
    "会计",
    "统计",
    "审计",
    "卫生技术",
    "船舶",
    "翻译",
    "出版",
    "通信",
];

/// Folded for comparison: NFKC, no spaces, no brackets.
pub(super) fn plain(text: &str) -> String {
    text.nfkc()
        .filter(|c| !c.is_whitespace() && !"()".contains(*c))
        .collect()
}

/// The rules of the series. `senior` says whether a senior title is applied for.
pub(super) fn series(rules: &Eligibility, profile: &Profile, senior: bool, lines: &mut Lines<'_>) {
    let Some(first) = rules.series.first() else {
        return;
    };
    if profile.series.is_none() && profile.specialty.is_none() {
        let question = Bilingual::new("申报系列（专业）", "the series one applies in");
        lines.missing(&first.clause, "series", &question);
        return;
    }
    let own: Vec<String> = [&profile.series, &profile.specialty]
        .into_iter()
        .flatten()
        .map(|name| plain(name))
        .collect();
    let listed = rules
        .series
        .iter()
        .any(|rule| rule.rule == SeriesRuleKind::Examination);
    if !listed
        && !senior
        && let Some(name) = NATIONAL_EXAMINATIONS
            .iter()
            .find(|name| own.contains(&plain(name)))
    {
        lines.person(
            None,
            format!("本通知未列以考代评专业，而{name}的初、中级已实行全国统一考试"),
            format!("the notice lists no series that are examined nationally, but {name} is one"),
        );
    }
    let licence = Bilingual::new("已取得相应的执业（准入）资格", "the licence is held");
    let mut licensed = false;
    for rule in &rules.series {
        let clause = rule.clause.as_str();
        // 教师 stands for every kind of teacher; other series are told apart by their whole name (船舶 is not 船舶与海洋工程).
        let holds = |name: &&String| match rule.rule {
            SeriesRuleKind::Licence => own.iter().any(|own| own.contains(&plain(name))),
            _ => own.contains(&plain(name)),
        };
        let named = rule.names.iter().find(holds);
        match (rule.rule, named) {
            (SeriesRuleKind::Examination, Some(name)) if !senior => lines.not_met(
                clause,
                format!("{name}的初、中级职称以考代评，不再初定或评审"),
                format!("{name}: junior and intermediate titles are gained by examination only"),
            ),
            (SeriesRuleKind::ExaminationAndReview, Some(_)) if senior => {
                let question = Bilingual::new(
                    "国家统一考试合格且在有效期内",
                    "the national examination is passed and still valid",
                );
                lines.ask(
                    clause,
                    "examination_passed",
                    profile.examination_passed,
                    &question,
                );
            }
            (SeriesRuleKind::Licence, Some(_)) => {
                licensed = true;
                lines.ask(clause, "licence", profile.licence, &licence);
            }
            (SeriesRuleKind::OwnConditions, Some(name)) => lines.person(
                Some(clause),
                format!("{name}以本专业资格条件为准，须人工认定"),
                format!("{name}: the conditions of the specialty decide"),
            ),
            (SeriesRuleKind::LicenceIfAny, _) if !licensed => match profile.licence_needed {
                Some(true) => lines.ask(clause, "licence", profile.licence, &licence),
                Some(false) => {
                    lines.met(clause, "本专业无行业准入要求", "the trade needs no licence");
                }
                None => {
                    let question = Bilingual::new(
                        "本专业有无行业准入要求",
                        "whether the trade needs a licence",
                    );
                    lines.missing(clause, "licence_needed", &question);
                }
            },
            _ => {}
        }
    }
}
