//! Windows of every shape, and the days up to which something counts.

use super::{
    super::shape::{Field, Form, Shape, Variant, optional, required},
    BILINGUAL, CLAUSE,
};

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

pub(super) const WINDOW: Shape = Shape::Tagged {
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

pub(super) const CUTOFF: &[Field] = &[
    required(
        "of",
        Shape::Choice(&["seniority", "achievements", "papers", "education"]),
        "what counts up to this day",
    ),
    required("on", Shape::Day, "the last day that counts"),
    CLAUSE,
];
