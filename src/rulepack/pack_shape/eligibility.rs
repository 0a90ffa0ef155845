//! Who may apply: education against title, series, schools, needs.

use super::{
    super::shape::{Field, Shape, optional, required},
    CLAUSE, GRADE, TEXTS, tables,
};

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
    optional(
        "ways",
        Shape::List {
            of: &Shape::Choice(&["initial", "review", "recognition"]),
            at_least: 1,
        },
        "the ways it is wanted for; absent for every way of the notice",
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

pub(super) const ELIGIBILITY: &[Field] = &[
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
        "failed_years_not_counted",
        Shape::Text,
        "clause by which a year whose assessment was not passed does not count, instead of barring the application",
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
