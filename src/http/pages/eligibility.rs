//! `/notices/{id}/eligibility`: may I apply? Only what the notice asks is asked; what is still open is asked next.

use std::collections::BTreeSet;

use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Payload},
};
use serde::Serialize;
use serde_json::{Map, Value};

use super::{
    apply,
    form::{self, Fields},
    notice_words::NoticeWords,
    questions::{self, BESIDE, Choice, Kind, QUESTIONS},
    templates,
};
use crate::{
    eligibility::{self, Eligible, Line, Profile},
    http::{Services, problem::Answer},
    lang::Bilingual,
    rulepack::Pack,
};

#[derive(Serialize)]
struct Page {
    notice: NoticeWords,
    open_to_applicants: bool,
    answer: Option<Shown>,
    asked: Vec<Asked>,
    unreadable: Vec<Bilingual>,
}

#[derive(Serialize)]
struct Shown {
    verdict: Eligible,
    title: Option<Bilingual>,
    lines: Vec<Line>,
    still_open: usize,
    judged_on: String,
}

/// One question as the form shows it.
#[derive(Serialize)]
struct Asked {
    key: &'static str,
    name: Bilingual,
    kind: &'static str,
    choices: &'static [Choice],
    given: Vec<String>,
    /// Not asked before.
    fresh: bool,
}

/// The questions of the notice.
pub(in crate::http) async fn show(request: HttpRequest, services: Data<Services>) -> Answer {
    let pack = apply::pack_of_address(&request, &services)?;
    page(&services, &pack, &Fields::default())
}

/// The answer, clause by clause. Nothing of it is kept.
pub(in crate::http) async fn judge(
    request: HttpRequest,
    payload: Payload,
    services: Data<Services>,
) -> Answer {
    let pack = apply::pack_of_address(&request, &services)?;
    let fields = form::fields(&request, payload, &services).await?;
    page(&services, &pack, &fields)
}

fn page(services: &Services, pack: &Pack, fields: &Fields) -> Answer {
    let (profile, unreadable) = profile(fields);
    let on = services.clock.today();
    let answer = eligibility::judge(pack, &profile, on);
    let before: BTreeSet<&str> = fields.pairs().map(|(name, _)| name).collect();
    let mut wanted: BTreeSet<&str> = answer.missing.iter().copied().collect();
    wanted.extend(&before);
    for (key, beside) in BESIDE {
        if wanted.contains(key) {
            wanted.extend(*beside);
        }
    }
    let asked = QUESTIONS
        .iter()
        .filter(|question| wanted.contains(question.key));
    let asked = asked.map(|question| {
        let (kind, choices): (_, &'static [Choice]) = match &question.kind {
            Kind::YesNo => ("yes_no", &[]),
            Kind::Day => ("day", &[]),
            Kind::Number => ("number", &[]),
            Kind::Text => ("text", &[]),
            Kind::One(choices) => ("one", choices),
            Kind::Several(choices) => ("several", choices),
        };
        Asked {
            key: question.key,
            name: question.name(),
            kind,
            choices,
            given: fields.all(question.key).map(str::to_owned).collect(),
            fresh: !before.is_empty() && !before.contains(question.key),
        }
    });
    let status = if unreadable.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let page = Page {
        notice: NoticeWords::of(pack, on),
        open_to_applicants: services.config.open_to_applicants,
        asked: asked.collect(),
        answer: (!before.is_empty()).then(|| Shown {
            verdict: answer.verdict,
            title: answer.title.map(crate::rulepack::eligibility::Title::name),
            still_open: answer.missing.len(),
            lines: answer.lines.into_iter().map(plain).collect(),
            judged_on: on.to_string(),
        }),
        unreadable,
    };
    templates::page_as(status, "eligibility.html", page)
}

/// The form names its questions in words, so the keys of the profile in backticks are left out.
fn plain(mut line: Line) -> Line {
    if let Some(key) = line.key {
        for (text, open, close) in [
            (&mut line.message.zh, "（", "）"),
            (&mut line.message.en, " (", ")"),
        ] {
            *text = text.replace(&format!("{open}`{key}`{close}"), "");
        }
    }
    line
}

/// What the form says, and what of it no profile takes.
fn profile(fields: &Fields) -> (Profile, Vec<Bilingual>) {
    let mut said = Map::new();
    let mut unreadable = Vec::new();
    for question in QUESTIONS {
        let Some(text) = fields.text(question.key) else {
            continue;
        };
        let value = match question.kind {
            Kind::YesNo => Value::from(text == "yes"),
            Kind::Number => text.parse::<u8>().map_or(Value::from(text), Value::from),
            Kind::Day | Kind::Text | Kind::One(_) => Value::from(text),
            Kind::Several(_) => fields
                .all(question.key)
                .filter(|one| *one != "none")
                .collect(),
        };
        // One answer alone, so that one that does not fit takes no other with it.
        let alone = Value::Object(Map::from_iter([(question.key.to_owned(), value.clone())]));
        if serde_json::from_value::<Profile>(alone).is_ok() {
            said.insert(question.key.to_owned(), value);
        } else if let Some(question) = questions::of(question.key) {
            unreadable.push(question.name());
        }
    }
    let profile = serde_json::from_value(Value::Object(said)).unwrap_or_default();
    (profile, unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_does_not_fit_is_named_and_takes_no_other_with_it() {
        let fields = Fields::read(
            "education=bachelor&attained_on=2020-02-31&retired=no&shortcomings=papers&shortcomings=years",
        );
        let (profile, unreadable) = profile(&fields.unwrap());
        assert_eq!(profile.retired, Some(false));
        assert!(profile.education.is_some());
        assert_eq!(profile.shortcomings.len(), 2);
        assert_eq!(unreadable.len(), 1);
        assert_eq!(unreadable[0].zh, "毕业日期");
    }
}
