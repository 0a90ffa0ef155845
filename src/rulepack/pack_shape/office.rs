//! What an office says beside the papers: specialties, fee, penalties, mail, certificate, place, corrections.

use super::{
    super::shape::{Field, Form, Shape, optional, required},
    BILINGUAL, CLAUSE, GRADE,
    papers::SLOT_ID,
};

pub(super) const SPECIALTY: &[Field] = &[
    required("name", Shape::Text, "for example `石油化工工程`"),
    optional("short", Shape::Text, "short name where the notice has one"),
    CLAUSE,
];

pub(super) const FEE: &[Field] = &[
    required("grade", GRADE, "for which level"),
    required(
        "yuan",
        Shape::Whole {
            min: 0,
            max: 100_000,
        },
        "元 a person",
    ),
    CLAUSE,
];

pub(super) const PENALTY: &[Field] = &[
    required("words", BILINGUAL, "what follows on untruth"),
    optional("years", Shape::Whole { min: 1, max: 50 }, "years it lasts"),
    optional(
        "counted_from",
        Shape::Choice(&["finding", "year_after_finding"]),
        "when these years begin",
    ),
    CLAUSE,
];

pub(super) const MAIL: &[Field] = &[
    required("to", Shape::Formed(Form::Mail), "where it goes"),
    required(
        "subject",
        Shape::Text,
        "its subject; `{specialty_short}` and `{name}` are filled in",
    ),
    required("slot", SLOT_ID, "slot of the form that is sent"),
    CLAUSE,
];

pub(super) const CERTIFICATE: &[Field] = &[
    required("level", Shape::Text, "for example `中级`"),
    required(
        "gained_by",
        Shape::Choice(&["初定", "评审", "考核认定", "考试", "比照认定"]),
        "how the title was gained",
    ),
    required("committee", Shape::Text, "评审委员会 or 认定机构"),
    optional("more", Shape::Texts, "title names by specialty"),
    CLAUSE,
];

pub(super) const CONTACT: &[Field] = &[
    required("office", Shape::Text, "the office, never a person"),
    required("address", Shape::Text, "address"),
    optional("phone", Shape::Text, "telephone of the office"),
    CLAUSE,
];

pub(super) const CORRECTIONS: &[Field] = &[
    required(
        "consequence",
        BILINGUAL,
        "what follows when papers are not mended in time, as it ends a sentence",
    ),
    CLAUSE,
];
