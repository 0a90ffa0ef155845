//! Whose papers they are, across all papers of a dossier: names, sex, birth date and identity number must not contradict.
//!
//! Takes the judged papers, gives pairs that cannot both be right, each with both places. What a picture only seemed to say is
//! left out, and so are papers that name others beside the applicant (articles, patents).

use crate::{
    checks::person_name::same_name,
    inspect::document::{Certainty, DocumentKind, Evidence},
};

use super::CheckedItem;

/// Two papers that say unlike things of one person.
#[derive(Clone, Debug)]
pub(super) struct Contradiction<'a> {
    /// `name`, `sex`, `born_on` or `id_number_masked`.
    pub(super) field: &'static str,
    pub(super) first: Said<'a>,
    pub(super) other: Said<'a>,
}

/// What a paper says, and where.
#[derive(Clone, Copy, Debug)]
pub(super) struct Said<'a> {
    pub(super) paper: &'a CheckedItem,
    pub(super) value: &'a str,
    pub(super) evidence: &'a Evidence,
}

/// The fields, in the order in which they are told.
const FIELDS: [&str; 4] = ["name", "sex", "born_on", "id_number_masked"];

/// All contradictions: each paper that differs from what most papers say, against the first of those.
pub(super) fn contradictions(papers: &[CheckedItem]) -> Vec<Contradiction<'_>> {
    let mut found = Vec::new();
    for field in FIELDS {
        let said: Vec<Said<'_>> = papers
            .iter()
            .filter_map(|paper| said(paper, field))
            .collect();
        let alike = |a: &Said<'_>, b: &Said<'_>| agree(field, a.value, b.value);
        let votes = |one: &Said<'_>| said.iter().filter(|other| alike(one, other)).count();
        // The identity card decides; else most papers, the earlier of equals.
        let card = said
            .iter()
            .find(|said| kind(said.paper) == DocumentKind::IdentityCard);
        let most = said.iter().map(votes).max().unwrap_or_default();
        let Some(first) = card.or_else(|| said.iter().find(|one| votes(one) == most)) else {
            continue;
        };
        for other in said.iter().filter(|other| !alike(first, other)) {
            found.push(Contradiction {
                field,
                first: *first,
                other: *other,
            });
        }
    }
    found
}

fn kind(paper: &CheckedItem) -> DocumentKind {
    let document = paper.report.facts.document.as_ref();
    document.map_or(DocumentKind::Unknown, |document| document.kind)
}

fn said<'a>(paper: &'a CheckedItem, field: &str) -> Option<Said<'a>> {
    if matches!(
        kind(paper),
        DocumentKind::Unknown | DocumentKind::Paper | DocumentKind::Patent
    ) {
        return None;
    }
    let document = paper.report.facts.document.as_ref()?;
    let value = document.fields.get(field)?;
    let evidence = document.evidence.get(field)?;
    // A Latin name says nothing about the Chinese one.
    let comparable = field != "name" || !value.is_ascii();
    (evidence.certainty != Certainty::Suspect && comparable).then_some(Said {
        paper,
        value,
        evidence,
    })
}

fn agree(field: &str, a: &str, b: &str) -> bool {
    match field {
        "name" => same_name(a, b),
        // 1992-04 and 1992-04-18 do not contradict.
        "born_on" => a.starts_with(b) || b.starts_with(a),
        "sex" => sex(a) == sex(b),
        _ => a == b,
    }
}

fn sex(text: &str) -> Option<char> {
    match text.to_ascii_lowercase().as_str() {
        "male" | "m" => Some('男'),
        "female" | "f" => Some('女'),
        _ => text.chars().next(),
    }
}
