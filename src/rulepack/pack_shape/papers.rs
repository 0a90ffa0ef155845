//! Volumes, slots and parts: where each paper goes, and when it must be there.

use super::{
    super::shape::{Field, Shape, optional, required},
    BILINGUAL, CLAUSE, PAPER, TEXTS,
};

/// The fixed slot ids of DESIGN §7.
pub const SLOT_IDS: &[&str] = &[
    "commitment",
    "public_notice",
    "degree",
    "qualification",
    "appointment",
    "annual_assessment",
    "continuing_education",
    "awards",
    "summary",
    "papers",
    "patents",
    "achievements",
    "review_form",
    "situation_sheet",
    "brief_sheet",
    "identity",
    "consent",
    "social_insurance",
    "dispatch",
    "originals",
];
pub(super) const SLOT_ID: Shape = Shape::Choice(SLOT_IDS);
pub(super) const SLOT_ID_LIST: Shape = Shape::List {
    of: &SLOT_ID,
    at_least: 1,
};

/// Circumstances of an applicant, as they are written.
pub const CIRCUMSTANCES: &[&str] = &[
    "college_or_above",
    "graduated_before_2001",
    "licensed_series",
    "teacher",
    "dispatched_worker",
    "institution_staff",
    "overseas_degree",
    "military_academy",
    "chsi_not_readable",
    "insurance_not_found",
    "verifiable_on_platform",
    "outside_title",
];
/// A list of circumstances.
pub const CIRCUMSTANCE_LIST: Shape = Shape::List {
    of: &Shape::Choice(CIRCUMSTANCES),
    at_least: 1,
};

/// Kinds of document, as they are written.
pub const DOCUMENT_KINDS: &[&str] = &[
    "chsi_education_record",
    "chsi_education_record_en",
    "chsi_student_record",
    "chsi_student_record_en",
    "chsi_degree_report",
    "chsi_degree_report_en",
    "chsi_education_certification",
    "chsi_degree_certification",
    "cdgdc_degree_certification",
    "cscse_foreign",
    "cscse_hongkong",
    "cscse_taiwan",
    "diploma",
    "degree_certificate",
    "qualification_certificate",
    "appointment",
    "annual_assessment",
    "continuing_education_proof",
    "award",
    "paper",
    "patent",
    "identity_card",
    "social_insurance_proof",
    "consent",
    "public_notice_proof",
    "commitment_letter",
    "work_summary",
    "application_form_initial",
    "review_form",
    "situation_sheet",
    "profile_table",
];
/// A list of kinds of document.
pub(in crate::rulepack) const KIND_LIST: Shape = Shape::List {
    of: &Shape::Choice(DOCUMENT_KINDS),
    at_least: 1,
};

const NUMBERING: Shape = Shape::Table(&[
    optional(
        "first",
        Shape::Whole { min: 0, max: 9999 },
        "number of the first body page, 1 by default",
    ),
    optional(
        "contents",
        Shape::Choice(&["unnumbered", "roman", "counted"]),
        "how the contents page is numbered, `unnumbered` by default",
    ),
    optional(
        "position",
        Shape::Choice(&["bottom_right", "bottom_outer", "bottom_centre", "top_right"]),
        "where the number stands, `bottom_right` by default",
    ),
]);

pub(super) const VOLUME: &[Field] = &[
    required("number", Shape::Whole { min: 1, max: 9 }, "1, 2, …"),
    required("title", Shape::Text, "for example `第一分册`"),
    required("contents_title", Shape::Text, "title of its contents page"),
    optional("numbering", NUMBERING, "how its pages are numbered"),
    CLAUSE,
];

const PART: &[Field] = &[
    required("title", BILINGUAL, "name of the paper"),
    required(
        "kinds",
        KIND_LIST,
        "kinds of document that satisfy it, any one of them",
    ),
    optional(
        "when",
        CIRCUMSTANCE_LIST,
        "only wanted when one of these holds",
    ),
    optional(
        "unless",
        CIRCUMSTANCE_LIST,
        "not wanted when one of these holds",
    ),
    CLAUSE,
];

pub(super) const SLOT: &[Field] = &[
    required("id", SLOT_ID, "one of the fixed slot ids"),
    required(
        "title",
        Shape::Text,
        "name of the paper as the notice words it",
    ),
    required("title_en", Shape::Text, "the name in English"),
    optional(
        "aliases",
        TEXTS,
        "other names the same notice uses for the paper",
    ),
    optional(
        "volume",
        Shape::Whole { min: 1, max: 9 },
        "the volume it is bound in; absent for what is not bound",
    ),
    optional(
        "item",
        Shape::Whole { min: 1, max: 99 },
        "item number as the notice counts it; item 1 of a volume is the contents page",
    ),
    required(
        "presence",
        Shape::Choice(&["required", "absent_with_reason", "optional"]),
        "what becomes of the dossier when the slot is empty",
    ),
    optional(
        "when",
        CIRCUMSTANCE_LIST,
        "only wanted when one of these holds",
    ),
    optional(
        "unless",
        CIRCUMSTANCE_LIST,
        "not wanted when one of these holds",
    ),
    optional(
        "copies",
        Shape::Whole { min: 1, max: 100 },
        "copies to hand in, 1 by default",
    ),
    required("paper", PAPER, "paper it is printed on"),
    optional(
        "sides",
        Shape::Choice(&["single", "duplex"]),
        "how it is printed, `single` by default",
    ),
    optional(
        "bound_apart",
        Shape::Flag,
        "whether it is bound on its own, apart from the rest",
    ),
    optional(
        "seal",
        Shape::Flag,
        "whether each paper must carry the unit's seal",
    ),
    optional(
        "originals_shown",
        Shape::Flag,
        "whether the originals are shown too",
    ),
    optional(
        "files_min",
        Shape::Whole { min: 1, max: 200 },
        "fewest files when it is not empty, 1 by default",
    ),
    optional("files_max", Shape::Whole { min: 1, max: 200 }, "most files"),
    optional(
        "kinds",
        KIND_LIST,
        "kinds of document that belong here; absent for any",
    ),
    optional(
        "part",
        Shape::List {
            of: &Shape::Table(PART),
            at_least: 1,
        },
        "papers that must be among its files",
    ),
    optional(
        "uploaded",
        Shape::Flag,
        "whether it is uploaded, `true` by default; originals are only listed, some forms are printed by us",
    ),
    optional("note", BILINGUAL, "what the notice says more"),
    CLAUSE,
];
