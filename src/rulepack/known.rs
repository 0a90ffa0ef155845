//! Every code that a pack may have an entry for, with the keys of its settings and their ranges.
//!
//! [`KNOWN`] has one line for every code there is: a check adds its line here, and, if it has settings, a struct and a variant
//! of [`CheckSettings`]. A test holds this list against the registry of checks.

use serde_json::Value;

use super::{
    CheckSettings, pack_shape,
    shape::{Field, Shape, optional, required},
};

/// A code that packs may have an entry for.
#[derive(Debug)]
pub struct Known {
    /// The code.
    pub code: &'static str,
    /// Its own keys beside `code severity slots required clause`.
    pub fields: &'static [Field],
    /// Reads them.
    pub read: fn(Value) -> Result<CheckSettings, serde_json::Error>,
}

const fn plain(code: &'static str) -> Known {
    Known {
        code,
        fields: &[],
        read: |_| Ok(CheckSettings::None),
    }
}

const MONTHS: Shape = Shape::Whole { min: 1, max: 60 };
const YEARS: &[Field] = &[
    optional(
        "last_year",
        Shape::Whole {
            min: 1990,
            max: 2100,
        },
        "the last year that must be there",
    ),
    optional(
        "count",
        Shape::Whole { min: 1, max: 40 },
        "number of years back from the last",
    ),
];

/// All codes there are, in code order.
pub const KNOWN: &[Known] = &[
    plain("AC101"),
    plain("AC102"),
    plain("AC103"),
    plain("AC104"),
    plain("AC105"),
    plain("AC106"),
    plain("AC107"),
    plain("AC108"),
    plain("AC109"),
    plain("AC110"),
    plain("CH101"),
    Known {
        code: "CH102",
        fields: &[required(
            "within_months",
            Shape::Whole { min: 1, max: 60 },
            "calendar months, with end-of-month clamp",
        )],
        read: |value| serde_json::from_value(value).map(CheckSettings::ReportAge),
    },
    Known {
        code: "CH103",
        fields: &[
            optional(
                "period_at_least_months",
                MONTHS,
                "P1: validity set to at least so many months",
            ),
            optional(
                "period_exactly_months",
                MONTHS,
                "P2: validity set to exactly so many months",
            ),
            optional(
                "remaining_at_least_months",
                MONTHS,
                "P3: so many months left on the day of submission",
            ),
            optional("valid_through", Shape::Day, "P4: valid on this day"),
            optional(
                "not_expired",
                Shape::Flag,
                "P5: valid on the day of submission",
            ),
            optional(
                "tolerance_days",
                Shape::Whole { min: 0, max: 7 },
                "slack of P1 and P2, 3 when absent",
            ),
            optional(
                "after_six_months",
                Shape::Choice(&["error", "warning", "could_not_tell"]),
                "what becomes of P5 more than six months after a report without expiry, `warning` when absent",
            ),
        ],
        read: |value| serde_json::from_value(value).map(CheckSettings::ReportValidity),
    },
    plain("CH104"),
    plain("CH105"),
    plain("CH106"),
    plain("CH107"),
    plain("CH108"),
    plain("CH109"),
    plain("CH110"),
    plain("DS101"),
    plain("DS102"),
    plain("DS103"),
    plain("DS104"),
    plain("DS105"),
    plain("DS106"),
    plain("DS107"),
    plain("DS108"),
    plain("DS109"),
    plain("DS201"),
    plain("DS202"),
    plain("DS203"),
    plain("DS204"),
    plain("DS205"),
    plain("DS206"),
    plain("DS207"),
    plain("DS208"),
    plain("DS209"),
    plain("DS210"),
    plain("DS301"),
    plain("DS302"),
    Known {
        code: "DT101",
        fields: &[
            required(
                "working_days",
                Shape::Whole { min: 1, max: 60 },
                "working days the notice must stand",
            ),
            optional(
                "count_first_day",
                Shape::Flag,
                "whether the day of posting counts, `false` when absent",
            ),
        ],
        read: |value| serde_json::from_value(value).map(CheckSettings::PublicNotice),
    },
    Known {
        code: "DT102",
        fields: YEARS,
        read: |value| serde_json::from_value(value).map(CheckSettings::Years),
    },
    Known {
        code: "DT103",
        fields: YEARS,
        read: |value| serde_json::from_value(value).map(CheckSettings::Years),
    },
    Known {
        code: "DT104",
        fields: &[required(
            "consecutive_months",
            Shape::Whole { min: 1, max: 600 },
            "consecutive months wanted",
        )],
        read: |value| serde_json::from_value(value).map(CheckSettings::SocialInsurance),
    },
    Known {
        code: "DT105",
        fields: &[required(
            "not_after",
            Shape::Day,
            "the last day that counts",
        )],
        read: |value| serde_json::from_value(value).map(CheckSettings::CutOff),
    },
    plain("FM101"),
    plain("FM102"),
    plain("FM103"),
    plain("FM104"),
    plain("FM105"),
    plain("FM106"),
    plain("FM107"),
    plain("FM108"),
    plain("FM109"),
    plain("FM110"),
    plain("FM111"),
    plain("FM112"),
    plain("FM113"),
    plain("FM114"),
    plain("FM115"),
    plain("FM116"),
    plain("ID101"),
    plain("ID102"),
    plain("ID103"),
    plain("ID104"),
    Known {
        code: "LG101",
        fields: &[
            required(
                "error_below_dpi",
                Shape::Number {
                    min: 30.0,
                    max: 600.0,
                },
                "resolution below which a scan is refused",
            ),
            required(
                "warning_below_dpi",
                Shape::Number {
                    min: 30.0,
                    max: 600.0,
                },
                "resolution below which a scan is pointed out",
            ),
        ],
        read: |value| serde_json::from_value(value).map(CheckSettings::Resolution),
    },
    plain("LG102"),
    plain("LG103"),
    plain("LG104"),
    plain("LG105"),
    Known {
        code: "LG106",
        fields: &[required(
            "most_deg",
            Shape::Number {
                min: 0.5,
                max: 10.0,
            },
            "degrees from which a page is pointed out",
        )],
        read: |value| serde_json::from_value(value).map(CheckSettings::Skew),
    },
    plain("LG107"),
    plain("LG108"),
    Known {
        code: "LG109",
        fields: &[required(
            "least_pt",
            Shape::Number {
                min: 3.0,
                max: 14.0,
            },
            "smallest type accepted",
        )],
        read: |value| serde_json::from_value(value).map(CheckSettings::TypeSize),
    },
    plain("LM101"),
    plain("LM102"),
    plain("LM103"),
    plain("LM104"),
    plain("LM105"),
    Known {
        code: "PG101",
        fields: &[
            required(
                "papers",
                Shape::List {
                    of: &pack_shape::PAPER,
                    at_least: 1,
                },
                "papers accepted",
            ),
            required(
                "tolerance_mm",
                Shape::Number {
                    min: 0.0,
                    max: 20.0,
                },
                "how far each side may differ",
            ),
        ],
        read: |value| serde_json::from_value(value).map(CheckSettings::Paper),
    },
    plain("PG102"),
    plain("SE101"),
    plain("SE102"),
    Known {
        code: "TX101",
        fields: &[required(
            "min_characters",
            Shape::Whole {
                min: 1,
                max: 20_000,
            },
            "fewest Chinese characters of the text",
        )],
        read: |value| serde_json::from_value(value).map(CheckSettings::Length),
    },
    Known {
        code: "TX102",
        fields: &[required(
            "min_characters",
            Shape::Whole { min: 1, max: 500 },
            "fewest Chinese characters beyond consent",
        )],
        read: |value| serde_json::from_value(value).map(CheckSettings::Length),
    },
    plain("TX103"),
];

/// The line of a code.
pub fn known(code: &str) -> Option<&'static Known> {
    KNOWN.iter().find(|known| known.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_ascend_and_so_stand_once() {
        assert!(KNOWN.windows(2).all(|pair| pair[0].code < pair[1].code));
    }
}
