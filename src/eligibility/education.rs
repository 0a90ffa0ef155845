//! What an education counts as under a notice: kinds of school, technical schools, 结业生, and the year it was attained.

use jiff::civil::Date;

use super::{Profile, words::Lines};
use crate::{
    lang::Bilingual,
    rulepack::{
        CutoffOf, Pack,
        eligibility::{Education, Eligibility, Recognised, School},
    },
};

/// What the education counts as; `None` when a line says why that is not known.
pub(super) fn counts_as(
    pack: &Pack,
    rules: &Eligibility,
    profile: &Profile,
    lines: &mut Lines<'_>,
) -> Option<Education> {
    let clause = rules.title.first().map_or("", |rule| rule.clause.as_str());
    let Some(mut level) = profile.education else {
        let question = Bilingual::new("最高学历", "the highest education");
        lines.missing(clause, "education", &question);
        return None;
    };
    school(rules, profile, lines);
    if let Some(cutoff) = pack.cutoffs.iter().find(|c| c.of == CutoffOf::Education)
        && let Some(day) = profile.attained_on.filter(|day| *day > cutoff.on)
    {
        lines.not_met(
            &cutoff.clause,
            format!("学历（学位）取得于 {day}，截止时间为 {}", cutoff.on),
            format!(
                "the education was attained on {day}, it counts up to {}",
                cutoff.on
            ),
        );
    }
    if matches!(
        level,
        Education::TechnicalIntermediateClass
            | Education::TechnicalAdvancedClass
            | Education::TechnicalPreparatoryClass
    ) {
        let name = level.name();
        if let Some(rule) = rules.equivalence.iter().find(|rule| rule.from == level) {
            let counts = rule.counts_as.name();
            lines.met(
                &rule.clause,
                format!("{}视同{}", name.zh, counts.zh),
                format!("{} counts as {}", name.en, counts.en),
            );
            level = rule.counts_as;
        } else {
            lines.person(
                None,
                format!("本通知未规定{}视同何种学历", name.zh),
                format!("the notice does not say what {} counts as", name.en),
            );
            return None;
        }
    }
    if profile.completion_only {
        level = completion(rules, level, lines)?;
    }
    if level == Education::Doctor {
        match profile.degree {
            Some(true) => {}
            Some(false) => level = Education::Master,
            None => {
                let question = Bilingual::new(
                    "是否已取得博士学位",
                    "whether the doctor's degree was conferred",
                );
                lines.missing(clause, "degree", &question);
                return None;
            }
        }
    }
    Some(level)
}

fn completion(rules: &Eligibility, level: Education, lines: &mut Lines<'_>) -> Option<Education> {
    let name = level.name();
    let Some(clause) = &rules.completion_one_level_down else {
        lines.person(
            None,
            "本通知未规定结业生如何认定",
            "the notice does not say what completion without graduating counts as",
        );
        return None;
    };
    if let Some(down) = level.one_down() {
        lines.met(
            clause,
            format!("{}结业生降低一个等级，按{}认定", name.zh, down.name().zh),
            format!(
                "completion of {} counts one level lower: {}",
                name.en,
                down.name().en
            ),
        );
        Some(down)
    } else {
        lines.person(
            Some(clause),
            format!("结业规定只涉及大中专，{}结业须人工认定", name.zh),
            format!("the clause on completion does not speak of {}", name.en),
        );
        None
    }
}

fn school(rules: &Eligibility, profile: &Profile, lines: &mut Lines<'_>) {
    let Some(kind) = profile.school.filter(|kind| *kind != School::Ordinary) else {
        return;
    };
    let (zh, en) = match kind {
        School::Military => ("部队院校学历", "education at a military academy"),
        School::Party => ("党校学历", "education at a party school"),
        School::Overseas => ("国（境）外学历", "education abroad"),
        School::Training => ("培训班证书", "certificates of training classes"),
        School::Ordinary => return,
    };
    let Some(rule) = rules.school.iter().find(|rule| rule.kind == kind) else {
        lines.person(
            None,
            format!("本通知未规定{zh}如何认定"),
            format!("the notice does not say what {en} counts as"),
        );
        return;
    };
    let clause = rule.clause.as_str();
    match rule.recognised {
        Recognised::Yes => lines.met(clause, format!("{zh}予以认可"), format!("{en} counts")),
        Recognised::No => lines.not_met(
            clause,
            format!("{zh}不能作为学历依据"),
            format!("{en} does not count as education"),
        ),
        Recognised::IfTwoYears => {
            let question = Bilingual::new("党校学制两年以上", "the course took two years or more");
            let answer = profile.school_years.map(|years| years >= 2);
            lines.ask(clause, "school_years", answer, &question);
        }
        Recognised::IfCertified => {
            let question = Bilingual::new(
                "有教育部留学服务中心学历学位认证书",
                "the certification of the Ministry's service centre is at hand",
            );
            lines.ask(clause, "school_papers", profile.school_papers, &question);
        }
        Recognised::IfProved => {
            let question = Bilingual::new(
                "有本通知所列的部队院校学历证明材料",
                "the papers the notice names for military academies are at hand",
            );
            lines.ask(clause, "school_papers", profile.school_papers, &question);
        }
    }
}

/// Whether the new rules hold for the year the education was attained; a line says why not.
pub(super) fn year(rules: &Eligibility, profile: &Profile, on: Date, lines: &mut Lines<'_>) {
    let Some(transition) = &rules.transition else {
        return;
    };
    let clause = transition.clause.as_str();
    let Some(attained) = profile.attained_on else {
        let question = Bilingual::new("学历（学位）取得日期", "when the education was attained");
        lines.missing(clause, "attained_on", &question);
        return;
    };
    let before = transition.before_year;
    if attained.year() >= before {
        lines.met(
            clause,
            format!(
                "{} 年取得学历，按 {before} 年及以后的条件执行",
                attained.year()
            ),
            format!(
                "attained in {}, the conditions from {before} on hold",
                attained.year()
            ),
        );
        return;
    }
    if transition.unrelated_major_as_new {
        match profile.related_major {
            Some(false) => {
                lines.met(
                    clause,
                    format!(
                        "{} 年取得学历且所学专业与从事专业不符，按同样条件执行",
                        attained.year()
                    ),
                    format!(
                        "attained in {}, in another field: the same conditions hold",
                        attained.year()
                    ),
                );
                return;
            }
            None => {
                let question = Bilingual::new(
                    "所学专业与从事专业是否相符",
                    "whether what was studied is what one works in",
                );
                lines.missing(clause, "related_major", &question);
                return;
            }
            Some(true) => {}
        }
    }
    let over = transition.until.filter(|until| on > *until);
    let (zh, en) = over.map_or((String::new(), String::new()), |until| {
        (
            format!("，过渡期已于 {until} 截止"),
            format!(", and the transition ended on {until}"),
        )
    });
    lines.person(
        Some(clause),
        format!(
            "{} 年取得学历，按省有关规定做好过渡工作，须人工认定{zh}",
            attained.year()
        ),
        format!(
            "attained in {}: the province's transition rules decide{en}",
            attained.year()
        ),
    );
}
