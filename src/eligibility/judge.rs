//! A profile against a notice, clause by clause.

use jiff::{ToSpan as _, civil::Date};

use super::{
    Answer, Eligible, LineOutcome, Profile, WindowOnDay, education,
    recognition::recognition,
    review::review,
    series::series,
    words::{self, Lines},
};
use crate::{
    finding::NoticeRef,
    lang::Bilingual,
    rulepack::{
        CutoffOf, Pack, Way,
        eligibility::{Eligibility, Need, Title, Who},
        workdays::Workdays,
    },
};

/// Holds a profile against a notice on a day of Asia/Shanghai.
pub fn judge(pack: &Pack, profile: &Profile, on: Date) -> Answer {
    let mut lines = Lines::new(pack);
    let title = if let Some(rules) = &pack.eligibility {
        match profile.way.unwrap_or(pack.way) {
            Way::Initial => initial(pack, rules, profile, on, &mut lines),
            Way::Review => review(pack, rules, profile, &mut lines),
            Way::Recognition => recognition(pack, rules, profile, &mut lines),
        }
    } else {
        lines.person(
            None,
            "本通知的规则包未载明申报条件",
            "the pack of this notice says nothing about who may apply",
        );
        None
    };
    let has = |outcome| lines.all.iter().any(|line| line.outcome == outcome);
    let verdict = if has(LineOutcome::NotMet) {
        Eligible::NotEligible
    } else if has(LineOutcome::Missing) || has(LineOutcome::Person) || title.is_none() {
        Eligible::NeedsPerson
    } else {
        Eligible::Decided
    };
    let mut missing: Vec<&'static str> = lines.all.iter().filter_map(|line| line.key).collect();
    missing.sort_unstable();
    missing.dedup();
    let windows = pack
        .windows
        .iter()
        .map(|window| WindowOnDay {
            title: window.title.clone(),
            state: window.state(on),
            accepts_today: window.accepts(on, Workdays::builtin()),
            source: pack.source(&window.clause),
        })
        .collect();
    Answer {
        notice: NoticeRef {
            id: pack.id.clone(),
            pack_sha256: pack.sha256,
        },
        judged_on: on,
        verdict,
        title: title.filter(|_| verdict == Eligible::Decided),
        lines: lines.all,
        missing,
        windows,
    }
}

fn initial(
    pack: &Pack,
    rules: &Eligibility,
    profile: &Profile,
    on: Date,
    lines: &mut Lines<'_>,
) -> Option<Title> {
    if rules.title.is_empty() {
        lines.person(
            None,
            "本通知不办理初定",
            "this notice is not about initial conferment",
        );
        return None;
    }
    excluded(rules, profile, lines);
    series(rules, profile, false, lines);
    needs(rules, Way::Initial, profile, lines);
    education::year(rules, profile, on, lines);
    let level = education::counts_as(pack, rules, profile, lines)?;
    let Some(rule) = rules
        .title
        .iter()
        .find(|rule| rule.education.contains(&level))
    else {
        let clause = rules.title.first().map_or("", |rule| rule.clause.as_str());
        lines.not_met(
            clause,
            format!("{}不在可初定的学历之列", level.name().zh),
            format!(
                "{} is no education that a title can be conferred on",
                level.name().en
            ),
        );
        return None;
    };
    let until = pack
        .cutoffs
        .iter()
        .find(|cutoff| cutoff.of == CutoffOf::Seniority);
    let until_day = until.map_or(on, |cutoff| cutoff.on);
    if rule.months_in_post > 0 {
        months(rule.months_in_post, &rule.clause, until_day, profile, lines);
    }
    let name = rule.title.name();
    if let Some(held) = profile.current_title.filter(|held| *held >= rule.title) {
        // No notice says what becomes of somebody who holds as much in another series.
        lines.person(
            None,
            format!(
                "已有{}职称，不低于可初定的{}，本通知未写明能否再初定",
                held.name().zh,
                name.zh
            ),
            format!(
                "holds the {} already, which is not below the {}; the notice does not speak of it",
                held.name().en,
                name.en
            ),
        );
    }
    lines.met(
        &rule.clause,
        format!("{}可初定{}", level.name().zh, name.zh),
        format!("{} may be conferred the {}", level.name().en, name.en),
    );
    Some(rule.title)
}

/// 见习期满: the day before the months are over counts as the last one needed.
fn months(months: i32, clause: &str, until: Date, profile: &Profile, lines: &mut Lines<'_>) {
    let Some(since) = profile.in_post_since else {
        let question = Bilingual::new(
            "在本专业技术岗位工作的起始日期",
            "since when one is in the professional post",
        );
        lines.missing(clause, "in_post_since", &question);
        return;
    };
    let all = months + 12 * i32::from(profile.years_not_counted);
    let full = since
        .checked_add(all.months())
        .and_then(|day| day.checked_sub(1.day()));
    match full {
        Ok(full) if full <= until => lines.met(
            clause,
            format!("自 {since} 起，至 {until} 见习已满 {months} 个月"),
            format!("in post since {since}, {months} months are full by {until}"),
        ),
        Ok(full) => lines.not_met(
            clause,
            format!("自 {since} 起，{full} 才满 {months} 个月，计算到 {until}"),
            format!(
                "in post since {since}, {months} months are full on {full}, counted up to {until}"
            ),
        ),
        Err(_) => lines.person(
            Some(clause),
            format!("起始日期 {since} 无法计算"),
            format!("{since} cannot be counted from"),
        ),
    }
}

pub(super) fn excluded(rules: &Eligibility, profile: &Profile, lines: &mut Lines<'_>) {
    for who in [Who::CivilServant, Who::Retired, Who::Sanctioned] {
        let (key, answer, name) = words::who(who, profile);
        let rule = rules.excluded.iter().find(|rule| rule.who == who);
        match (rule, answer) {
            (Some(rule), Some(true)) => lines.not_met(
                &rule.clause,
                format!("{}不得申报", name.zh),
                format!("{} may not apply", name.en),
            ),
            (Some(rule), Some(false)) => lines.met(
                &rule.clause,
                format!("不属于{}", name.zh),
                format!("is none of the {}", name.en),
            ),
            (Some(rule), None) => {
                let question = Bilingual::new(
                    format!("是否属于{}", name.zh),
                    format!("whether one is among the {}", name.en),
                );
                lines.missing(&rule.clause, key, &question);
            }
            (None, Some(true)) => lines.person(
                None,
                format!("本通知未写明{}能否申报", name.zh),
                format!("the notice does not say whether {} may apply", name.en),
            ),
            (None, _) => {}
        }
    }
}

pub(super) fn needs(rules: &Eligibility, way: Way, profile: &Profile, lines: &mut Lines<'_>) {
    let wanted = |need: &&Need| need.ways.is_empty() || need.ways.contains(&way);
    for need in rules.need.iter().filter(wanted) {
        let (key, answer, question) = words::need(need.what, profile);
        lines.ask(&need.clause, key, answer, &question);
    }
    if let Some(clause) = &rules.failed_years_not_counted {
        failed_years(clause, profile, lines);
    }
}

/// 考核基本合格或不合格的年度不计算资历: such a year bars nobody, it only does not count.
fn failed_years(clause: &str, profile: &Profile, lines: &mut Lines<'_>) {
    let passed = Bilingual::new(
        "年度考核是否均在合格以上",
        "whether every annual assessment is passed",
    );
    let how_many = Bilingual::new(
        "有几个年度考核基本合格或不合格",
        "how many years were assessed as barely passed or failed",
    );
    match (profile.assessments_passed, profile.years_not_counted) {
        (None, _) => lines.missing(clause, "assessments_passed", &passed),
        (Some(false), 0) => lines.missing(clause, "years_not_counted", &how_many),
        (Some(true), _) => lines.met(
            clause,
            "年度考核均在合格以上，各年度均计算资历",
            "every annual assessment is passed, every year counts",
        ),
        (Some(false), years) => lines.met(
            clause,
            format!("{years} 个年度考核未达合格，不计算资历"),
            format!("{years} year(s) whose assessment was not passed do not count"),
        ),
    }
}
