//! 评审: what a table can say of a review; the conditions of each series decide, so a person does.

use super::{
    Profile, education,
    judge::{excluded, needs},
    series::series,
    words::Lines,
};
use crate::{
    lang::Bilingual,
    rulepack::{
        Pack, Way,
        eligibility::{Eligibility, Title},
    },
};

pub(super) fn review(
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
    needs(rules, Way::Review, profile, lines);
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
        lines.person(
            Some(clause),
            "所申报的层级低于现职称，而一般应按层级逐级申报",
            "the title applied for is below the one held, though one goes up level by level as a rule",
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
