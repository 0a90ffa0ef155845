//! The pack language as one table: every key of `rules/<id>.toml`, what may stand there, and what it means.

mod committees;
mod eligibility;
mod markdown;
mod office;
mod papers;
mod time;

pub use eligibility::{EDUCATIONS, SCHOOLS, TITLES};
pub use markdown::markdown;
pub use papers::{CIRCUMSTANCE_LIST, CIRCUMSTANCES, DOCUMENT_KINDS, SLOT_IDS};

use serde_json::{Value, json};

use self::{
    committees::COMMITTEES,
    eligibility::ELIGIBILITY,
    office::{CERTIFICATE, CONTACT, CORRECTIONS, FEE, MAIL, PENALTY, SPECIALTY},
    papers::{SLOT, SLOT_ID_LIST, VOLUME},
    time::{CUTOFF, WINDOW},
};
use super::{
    known,
    shape::{Field, Form, Shape, Variant, optional, required},
};

macro_rules! tables {
    ($fields:expr) => {
        Shape::List {
            of: &Shape::Table($fields),
            at_least: 0,
        }
    };
}
use tables;

const TEXTS: Shape = Shape::List {
    of: &Shape::Text,
    at_least: 0,
};
const BILINGUAL: Shape = Shape::Table(&[
    required("zh", Shape::Text, "in Chinese"),
    required("en", Shape::Text, "in English"),
]);
const CLAUSE: Field = required(
    "clause",
    Shape::Text,
    "the clause of the notice, for example `五(一)2(3)`",
);
pub(in crate::rulepack) const SEVERITY: Shape = Shape::Choice(&["error", "warning", "info"]);
pub(in crate::rulepack) const PAPER: Shape =
    Shape::Choice(&["A3", "A4", "A5", "B4", "B5", "Letter", "Legal", "16K"]);
const GRADE: Shape = Shape::Choice(&["junior", "intermediate", "senior"]);

fn check_variants() -> Vec<Variant> {
    known::KNOWN
        .iter()
        .map(|known| Variant {
            name: known.code,
            fields: known.fields,
        })
        .collect()
}

const CHECK: Shape = Shape::Tagged {
    tag: "code",
    doc: "code of a known check",
    common: &[
        optional("severity", SEVERITY, "the weight chosen here"),
        optional("slots", SLOT_ID_LIST, "slots it holds for; absent for all"),
        optional(
            "required",
            Shape::Flag,
            "whether `could not tell` leaves the file undecided",
        ),
        CLAUSE,
    ],
    variants: check_variants,
};

/// Every key of a pack.
pub const PACK: &[Field] = &[
    required(
        "id",
        Shape::Formed(Form::Id),
        "stable id, also the file name",
    ),
    required(
        "version",
        Shape::Whole { min: 1, max: 9999 },
        "version of the pack's text; a new one for each change that matters to a dossier",
    ),
    required("title", BILINGUAL, "title of the notice"),
    optional(
        "document_number",
        Shape::Text,
        "for example `连工信职称〔2024〕12号`",
    ),
    required(
        "cite_as",
        Shape::Text,
        "how a clause of it is cited; the document number where it has one",
    ),
    required("issuer", Shape::Text, "the office that issued it"),
    optional("issued_on", Shape::Day, "day it was issued"),
    required(
        "way",
        Shape::Choice(&["initial", "review", "recognition"]),
        "the way to a title: 初定, 评审, 考核认定",
    ),
    optional("volume", tables!(VOLUME), "volumes that are bound"),
    required(
        "slot",
        Shape::List {
            of: &Shape::Table(SLOT),
            at_least: 1,
        },
        "places for papers, in binding order",
    ),
    required(
        "window",
        Shape::List {
            of: &WINDOW,
            at_least: 1,
        },
        "when what can be done",
    ),
    optional(
        "cutoff",
        tables!(CUTOFF),
        "days up to which something counts",
    ),
    optional(
        "specialty",
        tables!(SPECIALTY),
        "specialties one may apply for",
    ),
    required(
        "check",
        Shape::List {
            of: &CHECK,
            at_least: 1,
        },
        "settings of checks",
    ),
    optional("fee", tables!(FEE), "what it costs"),
    optional("penalty", tables!(PENALTY), "what follows on untruth"),
    optional("mail", Shape::Table(MAIL), "the mail with the spreadsheet"),
    optional(
        "certificate",
        Shape::Table(CERTIFICATE),
        "what a certificate says",
    ),
    optional(
        "contact",
        Shape::Table(CONTACT),
        "where papers are handed in",
    ),
    optional("eligibility", Shape::Table(ELIGIBILITY), "who may apply"),
    optional(
        "committees",
        Shape::Table(COMMITTEES),
        "the table of committees",
    ),
    optional(
        "corrections",
        Shape::Table(CORRECTIONS),
        "what the notice says of papers that must be mended",
    ),
];

/// The pack language as JSON Schema (draft 2020-12).
pub fn json_schema() -> Value {
    let mut schema = Shape::Table(PACK).json_schema();
    if let Some(object) = schema.as_object_mut() {
        object.insert(
            "$schema".into(),
            json!("https://json-schema.org/draft/2020-12/schema"),
        );
        object.insert("title".into(), json!("juanzong rule pack"));
    }
    schema
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{inspect::document::DocumentKind, rulepack::Circumstance};

    #[test]
    fn the_words_of_the_language_are_those_of_the_types() {
        let words: Vec<&str> = Circumstance::ALL.iter().map(|(_, word)| *word).collect();
        assert_eq!(words, CIRCUMSTANCES);
        for (one, word) in Circumstance::ALL {
            assert_eq!(serde_json::to_value(one).unwrap(), word);
        }
        for kind in DOCUMENT_KINDS {
            serde_json::from_value::<DocumentKind>((*kind).into()).unwrap();
        }
    }
}
