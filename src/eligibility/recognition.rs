//! 考核认定: only for those who do not fit the ordinary way, with outstanding achievements, in a listed specialty.

use super::{
    Profile,
    judge::{excluded, needs},
    series::plain,
    words::Lines,
};
use crate::{
    lang::Bilingual,
    rulepack::{
        Pack, Way,
        eligibility::{Eligibility, Title},
    },
};

pub(super) fn recognition(
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
    needs(rules, Way::Recognition, profile, lines);
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
        lines.person(
            None,
            format!("已有{}职称，本通知未写明能否再申报考核认定", held.name().zh),
            format!(
                "holds the {} already; the notice does not speak of it",
                held.name().en
            ),
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
