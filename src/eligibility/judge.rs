//! A profile against a notice, clause by clause.

use jiff::{ToSpan as _, civil::Date};
use unicode_normalization::UnicodeNormalization as _;

use super::{
    Answer, Eligible, LineOutcome, Profile, WindowOnDay, education,
    words::{self, Lines},
};
use crate::{
    finding::NoticeRef,
    lang::Bilingual,
    rulepack::{
        CutoffOf, Pack, Way,
        eligibility::{Eligibility, SeriesRuleKind, Title, Who},
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
    needs(rules, profile, lines);
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
        lines.not_met(
            &rule.clause,
            format!("已有{}职称，不低于可初定的{}", held.name().zh, name.zh),
            format!(
                "holds the {} already, which is not below the {}",
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

fn excluded(rules: &Eligibility, profile: &Profile, lines: &mut Lines<'_>) {
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

fn needs(rules: &Eligibility, profile: &Profile, lines: &mut Lines<'_>) {
    for need in &rules.need {
        let (key, answer, question) = words::need(need.what, profile);
        lines.ask(&need.clause, key, answer, &question);
    }
}

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

fn plain(text: &str) -> String {
    text.nfkc()
        .filter(|c| !c.is_whitespace() && !"()".contains(*c))
        .collect()
}

/// The rules of the series. `senior` says whether a senior title is applied for.
fn series(rules: &Eligibility, profile: &Profile, senior: bool, lines: &mut Lines<'_>) {
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

fn review(
    pack: &Pack,
    rules: &Eligibility,
    profile: &Profile,
    lines: &mut Lines<'_>,
) -> Option<Title> {
    let Some(clause) = &rules.review_by_conditions else {
        lines.person(None, "本通知不办理评审", "this notice is not about reviews");
        return None;
    };
    excluded(rules, profile, lines);
    let Some(target) = profile.target else {
        let question = Bilingual::new("申报的职称层级", "the title applied for");
        lines.missing(clause, "target", &question);
        return None;
    };
    series(rules, profile, target > Title::Intermediate, lines);
    needs(rules, profile, lines);
    let _ = education::counts_as(pack, rules, profile, lines);
    if let Some(outside) = rules
        .outside_title_papers
        .as_ref()
        .filter(|_| profile.outside_title == Some(true))
    {
        let question = Bilingual::new(
            "有外地职称证书、评审申报表或评审通过文件",
            "certificate, review form or document of approval of the title from elsewhere are at hand",
        );
        lines.ask(
            outside,
            "outside_title_papers",
            profile.outside_title_papers,
            &question,
        );
    }
    if target == Title::Intermediate {
        local_title(rules, profile, lines);
    }
    if profile.current_title.is_some_and(|held| held > target) {
        lines.not_met(
            clause,
            "所申报的层级低于现职称",
            "the title applied for is below the one held",
        );
    }
    lines.person(
        Some(clause),
        "是否符合由各系列（专业）资格条件决定，一般应按层级逐级申报",
        "the conditions of the series decide, as a rule level by level",
    );
    None
}

fn local_title(rules: &Eligibility, profile: &Profile, lines: &mut Lines<'_>) {
    let Some(held) = profile.local_title else {
        return;
    };
    let Some(rule) = rules.local_title.iter().find(|rule| rule.held == held) else {
        return;
    };
    let name = held.name();
    match profile.local_title_years {
        Some(years) if years >= rule.years => lines.met(
            &rule.clause,
            format!(
                "地方{}职称满 {} 年（{years} 年），可作为学历破格申报中级",
                name.zh, rule.years
            ),
            format!(
                "a local {} title held {years} years, {} wanted, is an exception from education",
                name.en, rule.years
            ),
        ),
        Some(years) => lines.person(
            Some(&rule.clause),
            format!(
                "地方{}职称 {years} 年，须满 {} 年才可学历破格",
                name.zh, rule.years
            ),
            format!(
                "a local {} title held {years} years, wants {}",
                name.en, rule.years
            ),
        ),
        None => {
            let question = Bilingual::new(
                "地方职称已取得的年数",
                "how many years the local title has been held",
            );
            lines.missing(&rule.clause, "local_title_years", &question);
        }
    }
}

fn recognition(
    pack: &Pack,
    rules: &Eligibility,
    profile: &Profile,
    lines: &mut Lines<'_>,
) -> Option<Title> {
    let Some(ordinary) = &rules.recognition_not_for_ordinary else {
        lines.person(
            None,
            "本通知不办理考核认定",
            "this notice is not about recognition",
        );
        return None;
    };
    excluded(rules, profile, lines);
    needs(rules, profile, lines);
    let question = Bilingual::new(
        "不符合常规申报条件",
        "one does not fit the ordinary conditions",
    );
    lines.ask(
        ordinary,
        "fits_ordinary_way",
        profile.fits_ordinary_way.map(|fits| !fits),
        &question,
    );
    if let Some(clause) = &rules.shortcoming {
        if profile.shortcomings.is_empty() {
            let question =
                Bilingual::new("属于所列哪种情形", "which of the listed shortcomings holds");
            lines.missing(clause, "shortcomings", &question);
        } else {
            lines.met(
                clause,
                "符合所列情形之一",
                "one of the listed shortcomings holds",
            );
        }
    }
    if let Some(clause) = &rules.outstanding {
        let question = Bilingual::new(
            "业绩、成果和贡献高于中级破格条件（由单位说明，评委会认定）",
            "achievements above the exceptional conditions, as the unit states; the committee judges",
        );
        lines.ask(clause, "outstanding", profile.outstanding, &question);
    }
    if let Some(clause) = &rules.specialty_matches_post {
        let question = Bilingual::new(
            "申报专业与现从事专业相匹配",
            "the specialty is that of the post",
        );
        lines.ask(
            clause,
            "specialty_matches_post",
            profile.specialty_matches_post,
            &question,
        );
    }
    specialty(pack, profile, lines);
    if let Some((held, target)) = profile.current_title.zip(rules.target)
        && held >= target
    {
        lines.not_met(
            ordinary,
            format!("已有{}职称", held.name().zh),
            format!("holds the {} already", held.name().en),
        );
    }
    if rules.target.is_none() {
        lines.person(
            Some(ordinary),
            "考核认定的层级由实施办法决定",
            "the level is set by the measures on recognition",
        );
    }
    rules.target
}

fn specialty(pack: &Pack, profile: &Profile, lines: &mut Lines<'_>) {
    let Some(first) = pack.specialties.first() else {
        return;
    };
    let Some(wanted) = &profile.specialty else {
        let question = Bilingual::new("申报专业", "the specialty");
        lines.missing(&first.clause, "specialty", &question);
        return;
    };
    let named = plain(wanted);
    let known = pack.specialties.iter().any(|one| {
        plain(&one.name) == named
            || one
                .short
                .as_deref()
                .is_some_and(|short| plain(short) == named)
    });
    if known {
        lines.met(
            &first.clause,
            format!("`{wanted}`在所列专业之内"),
            format!("`{wanted}` is listed"),
        );
    } else {
        lines.not_met(
            &first.clause,
            format!("`{wanted}`不在所列专业之内"),
            format!("`{wanted}` is not listed"),
        );
    }
}
