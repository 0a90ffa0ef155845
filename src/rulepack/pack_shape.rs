//! The pack language as one table: every key of `rules/<id>.toml`, what may stand there, and what it means.

use serde_json::{Value, json};

use super::{
    settings,
    shape::{Field, Form, Shape, Variant, optional, required},
};

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
pub(super) const SEVERITY: Shape = Shape::Choice(&["error", "warning", "info"]);
pub(super) const PAPER: Shape =
    Shape::Choice(&["A3", "A4", "A5", "B4", "B5", "Letter", "Legal", "16K"]);
const GRADE: Shape = Shape::Choice(&["junior", "intermediate", "senior"]);

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
const SLOT_ID: Shape = Shape::Choice(SLOT_IDS);
const SLOT_ID_LIST: Shape = Shape::List {
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
pub(super) const KIND_LIST: Shape = Shape::List {
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

const VOLUME: &[Field] = &[
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

const SLOT: &[Field] = &[
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

const HOURS: &[Field] = &[
    required(
        "from",
        Shape::Formed(Form::ClockTime),
        "for example `09:00`",
    ),
    required("to", Shape::Formed(Form::ClockTime), "for example `12:00`"),
];

const MONTHS: Shape = Shape::List {
    of: &Shape::Whole { min: 1, max: 12 },
    at_least: 1,
};

const DAY_OF_MONTH: Shape = Shape::Whole { min: 1, max: 28 };
const FIXED_WINDOW: &[Field] = &[
    required("from", Shape::Day, "first day"),
    required("to", Shape::Day, "last day"),
];
const QUARTERLY_WINDOW: &[Field] = &[
    required("from_day", DAY_OF_MONTH, "day of the quarter's first month"),
    required("to_day", DAY_OF_MONTH, "day of the quarter's last month"),
];
const MONTHLY_WINDOW: &[Field] = &[required("months", MONTHS, "months, 1–12, each whole")];
const HALF_YEARLY_WINDOW: &[Field] = &[
    required(
        "first_half",
        Shape::List {
            of: &Shape::Whole { min: 1, max: 6 },
            at_least: 1,
        },
        "months of the first half year",
    ),
    required(
        "second_half",
        Shape::List {
            of: &Shape::Whole { min: 7, max: 12 },
            at_least: 1,
        },
        "months of the second half year",
    ),
];

fn window_shapes() -> Vec<Variant> {
    [
        ("fixed", FIXED_WINDOW),
        ("quarterly", QUARTERLY_WINDOW),
        ("monthly", MONTHLY_WINDOW),
        ("half_yearly", HALF_YEARLY_WINDOW),
    ]
    .map(|(name, fields)| Variant { name, fields })
    .to_vec()
}

const WINDOW: Shape = Shape::Tagged {
    tag: "shape",
    doc: "which days",
    common: &[
        required("id", Shape::Formed(Form::Id), "name within the pack"),
        required(
            "step",
            Shape::Choice(&["filing_online", "filing_on_site", "filing", "assessment"]),
            "what can be done in it",
        ),
        required("title", BILINGUAL, "in words"),
        optional(
            "workdays_only",
            Shape::Flag,
            "only on working days of the State Council's calendar",
        ),
        optional(
            "hours",
            Shape::List {
                of: &Shape::Table(HOURS),
                at_least: 1,
            },
            "office hours; absent for the whole day",
        ),
        CLAUSE,
    ],
    variants: window_shapes,
};

const CUTOFF: &[Field] = &[
    required(
        "of",
        Shape::Choice(&["seniority", "achievements", "papers", "education"]),
        "what counts up to this day",
    ),
    required("on", Shape::Day, "the last day that counts"),
    CLAUSE,
];

const SPECIALTY: &[Field] = &[
    required("name", Shape::Text, "for example `石油化工工程`"),
    optional("short", Shape::Text, "short name where the notice has one"),
    CLAUSE,
];

const FEE: &[Field] = &[
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

const PENALTY: &[Field] = &[
    required("words", BILINGUAL, "what follows on untruth"),
    optional("years", Shape::Whole { min: 1, max: 50 }, "years it lasts"),
    optional(
        "counted_from",
        Shape::Choice(&["finding", "year_after_finding"]),
        "when these years begin",
    ),
    CLAUSE,
];

const MAIL: &[Field] = &[
    required("to", Shape::Formed(Form::Mail), "where it goes"),
    required(
        "subject",
        Shape::Text,
        "its subject; `{specialty_short}` and `{name}` are filled in",
    ),
    required("slot", SLOT_ID, "slot of the form that is sent"),
    CLAUSE,
];

const CERTIFICATE: &[Field] = &[
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

const CONTACT: &[Field] = &[
    required("office", Shape::Text, "the office, never a person"),
    required("address", Shape::Text, "address"),
    optional("phone", Shape::Text, "telephone of the office"),
    CLAUSE,
];

const TITLE: Shape = Shape::Choice(TITLES);
/// Titles, as they are written.
pub const TITLES: &[&str] = &[
    "technician",
    "assistant",
    "intermediate",
    "associate_senior",
    "senior",
];
/// Levels of education, as they are written.
pub const EDUCATIONS: &[&str] = &[
    "lower",
    "high_school",
    "secondary_vocational",
    "junior_college",
    "bachelor",
    "second_bachelor",
    "master",
    "doctor",
    "technical_intermediate_class",
    "technical_advanced_class",
    "technical_preparatory_class",
];
const EDUCATION: Shape = Shape::Choice(EDUCATIONS);
/// Kinds of school, as they are written.
pub const SCHOOLS: &[&str] = &["ordinary", "military", "party", "overseas", "training"];

const EXCLUDED: &[Field] = &[
    required(
        "who",
        Shape::Choice(&["civil_servant", "retired", "sanctioned"]),
        "who may not apply",
    ),
    CLAUSE,
];
const SERIES_RULE: &[Field] = &[
    required(
        "rule",
        Shape::Choice(&[
            "examination",
            "examination_and_review",
            "licence",
            "licence_if_any",
            "own_conditions",
        ]),
        "which rule",
    ),
    required(
        "names",
        TEXTS,
        "series and specialties it holds for; empty for `licence_if_any` only",
    ),
    CLAUSE,
];
const TITLE_RULE: &[Field] = &[
    required(
        "education",
        Shape::List {
            of: &EDUCATION,
            at_least: 1,
        },
        "levels of education",
    ),
    required(
        "months_in_post",
        Shape::Whole { min: 0, max: 600 },
        "months in the post",
    ),
    required("title", TITLE, "the title one may apply for"),
    CLAUSE,
];
const TRANSITION: &[Field] = &[
    required(
        "before_year",
        Shape::Whole {
            min: 1950,
            max: 2100,
        },
        "the first year of the new rules",
    ),
    required(
        "unrelated_major_as_new",
        Shape::Flag,
        "whether the new rules hold all the same when what was studied is not what one works in",
    ),
    optional("until", Shape::Day, "last day of the transition"),
    CLAUSE,
];
const EQUIVALENCE: &[Field] = &[
    required("from", EDUCATION, "class of a technical school"),
    required("as", EDUCATION, "what it counts as"),
    CLAUSE,
];
const SCHOOL_RULE: &[Field] = &[
    required("kind", Shape::Choice(SCHOOLS), "kind of school"),
    required(
        "recognised",
        Shape::Choice(&["yes", "no", "if_two_years", "if_certified", "if_proved"]),
        "whether its education counts",
    ),
    CLAUSE,
];
const NEED: &[Field] = &[
    required(
        "what",
        Shape::Choice(&[
            "employed_here",
            "insured_here",
            "assessments_passed",
            "continuing_education",
            "no_second_application",
            "integrity",
        ]),
        "what else must hold",
    ),
    CLAUSE,
];
const LOCAL_TITLE: &[Field] = &[
    required("held", GRADE, "level of the local title"),
    required(
        "years",
        Shape::Whole { min: 0, max: 60 },
        "years it has been held",
    ),
    CLAUSE,
];

macro_rules! tables {
    ($fields:expr) => {
        Shape::List {
            of: &Shape::Table($fields),
            at_least: 0,
        }
    };
}

const ELIGIBILITY: &[Field] = &[
    optional("excluded", tables!(EXCLUDED), "who may not apply"),
    optional(
        "series",
        tables!(SERIES_RULE),
        "series with rules of their own",
    ),
    optional(
        "title",
        tables!(TITLE_RULE),
        "education and months in post against title",
    ),
    optional(
        "transition",
        Shape::Table(TRANSITION),
        "education attained before a year",
    ),
    optional(
        "equivalence",
        tables!(EQUIVALENCE),
        "classes of technical schools",
    ),
    optional("school", tables!(SCHOOL_RULE), "schools of other kinds"),
    optional("need", tables!(NEED), "what else must hold"),
    optional(
        "local_title",
        tables!(LOCAL_TITLE),
        "local titles that open the way to an intermediate title",
    ),
    optional(
        "completion_one_level_down",
        Shape::Text,
        "clause by which 结业生 count one level lower",
    ),
    optional(
        "outside_title_papers",
        Shape::Text,
        "clause that asks for papers of titles gained elsewhere",
    ),
    optional(
        "review_by_conditions",
        Shape::Text,
        "clause by which the conditions of each series decide a review",
    ),
    optional(
        "recognition_not_for_ordinary",
        Shape::Text,
        "clause that keeps those who fit the ordinary way out of recognition",
    ),
    optional(
        "outstanding",
        Shape::Text,
        "clause that asks for outstanding achievements",
    ),
    optional(
        "shortcoming",
        Shape::Text,
        "clause that lists the shortcomings recognition is for",
    ),
    optional(
        "specialty_matches_post",
        Shape::Text,
        "clause by which the specialty must be that of the post",
    ),
    optional("target", TITLE, "the one title that recognition gives"),
];

const ROW_NUMBER: Shape = Shape::Whole { min: 1, max: 999 };
const COLUMNS: Shape = Shape::List {
    of: &Shape::Choice(&["office", "phone", "address", "accepts", "reviews"]),
    at_least: 1,
};
const COMMITTEE: &[Field] = &[
    required("number", ROW_NUMBER, "序号"),
    required("specialty", Shape::Text, "专业名称"),
    optional("office", Shape::Text, "评委会办事机构"),
    optional("phone", TEXTS, "联系电话, of the office"),
    optional("address", Shape::Text, "材料报送地址"),
    optional("accepts", Shape::Text, "申报材料受理时间, as printed"),
    optional("reviews", Shape::Text, "计划评审时间, as printed"),
    optional(
        "merged",
        COLUMNS,
        "columns whose value stands in a merged cell printed beside another row",
    ),
    optional("lost", COLUMNS, "columns that the copy does not show"),
    optional("note", BILINGUAL, "what is to be known about the row"),
];
const MISSING_ROWS: &[Field] = &[
    required("from", ROW_NUMBER, "first row that the copy lacks"),
    required("to", ROW_NUMBER, "last row that the copy lacks"),
    required("why", BILINGUAL, "why"),
];
const COMMITTEES: &[Field] = &[
    required("rows", ROW_NUMBER, "rows of the printed table"),
    optional("missing", tables!(MISSING_ROWS), "rows that the copy lacks"),
    required("row", tables!(COMMITTEE), "rows, by number"),
    CLAUSE,
];

fn check_variants() -> Vec<Variant> {
    settings::KNOWN
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
    optional(
        "volume",
        Shape::List {
            of: &Shape::Table(VOLUME),
            at_least: 0,
        },
        "volumes that are bound",
    ),
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
        Shape::List {
            of: &Shape::Table(CUTOFF),
            at_least: 0,
        },
        "days up to which something counts",
    ),
    optional(
        "specialty",
        Shape::List {
            of: &Shape::Table(SPECIALTY),
            at_least: 0,
        },
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
    optional(
        "fee",
        Shape::List {
            of: &Shape::Table(FEE),
            at_least: 0,
        },
        "what it costs",
    ),
    optional(
        "penalty",
        Shape::List {
            of: &Shape::Table(PENALTY),
            at_least: 0,
        },
        "what follows on untruth",
    ),
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

/// The tables of `docs/rule-packs.md`: every key, what may stand there, and what it means.
pub fn markdown() -> String {
    let mut out = String::new();
    table("", "A pack", PACK, &mut out);
    out
}

fn table(path: &str, title: &str, fields: &[Field], out: &mut String) {
    let mut below: Vec<(String, Shape)> = Vec::new();
    out.push_str(&format!(
        "\n### {title}\n\n| key | | value | meaning |\n|---|---|---|---|\n"
    ));
    for field in fields {
        let needed = if field.required { "required" } else { "" };
        let (_, value) = field.shape.described();
        let value = match inner(&field.shape) {
            Some(Shape::Table(_) | Shape::Tagged { .. }) => {
                below.push((format!("{path}{}", field.key), field.shape));
                match field.shape {
                    Shape::List { .. } => format!("`[[{path}{}]]`, see below", field.key),
                    _ => format!("`[{path}{}]`, see below", field.key),
                }
            }
            _ => value,
        };
        out.push_str(&format!(
            "| `{}` | {needed} | {value} | {} |\n",
            field.key, field.doc
        ));
    }
    for (name, shape) in below {
        match inner(&shape) {
            Some(Shape::Table(fields)) if !is_bilingual(fields) => {
                table(&format!("{name}."), &format!("`{name}`"), fields, out);
            }
            Some(Shape::Tagged {
                tag,
                doc,
                common,
                variants,
            }) => {
                table(
                    &format!("{name}."),
                    &format!("`{name}`, with `{tag}`: {doc}"),
                    common,
                    out,
                );
                for variant in variants() {
                    if !variant.fields.is_empty() {
                        let title = format!("`{name}` with `{tag} = \"{}\"`", variant.name);
                        table(&format!("{name}."), &title, variant.fields, out);
                    }
                }
            }
            _ => {}
        }
    }
}

/// The table behind a shape, through lists; bilingual texts are values.
fn inner(shape: &Shape) -> Option<Shape> {
    match shape {
        Shape::List { of, .. } => inner(of),
        Shape::Table(fields) if is_bilingual(fields) => None,
        Shape::Table(_) | Shape::Tagged { .. } => Some(*shape),
        _ => None,
    }
}

fn is_bilingual(fields: &[Field]) -> bool {
    matches!(fields, [a, b] if a.key == "zh" && b.key == "en")
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
