//! The settings each check can be given by a pack, typed and with their ranges.
//!
//! [`KNOWN`] has one line for every code there is: a check adds its line here, and, if it has settings, a struct, a variant
//! of [`CheckSettings`] and the table of its keys. A test holds this list against the registry of checks.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    pack_shape,
    shape::{Field, Shape, required},
};
use crate::{
    inspect::facts::Paper,
    units::{Dpi, Mm, Pt},
};

/// Settings by check.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum CheckSettings {
    /// The check has no settings.
    None,
    /// PG101
    Paper(PaperSettings),
    /// CH102
    ReportAge(ReportAgeSettings),
    /// LG101
    Resolution(ResolutionSettings),
    /// LG106
    Skew(SkewSettings),
    /// LG109
    TypeSize(TypeSizeSettings),
}

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

/// All codes there are, in code order.
pub const KNOWN: &[Known] = &[
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
    plain("DS101"),
    plain("DS102"),
    plain("DS103"),
    plain("DS104"),
    plain("DS105"),
    plain("DS106"),
    plain("DS107"),
    plain("DS108"),
    plain("DS201"),
    plain("DS202"),
    plain("DS203"),
    plain("DS301"),
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
];

/// The line of a code.
pub fn known(code: &str) -> Option<&'static Known> {
    KNOWN.iter().find(|known| known.code == code)
}

/// Which papers a page may have (PG101).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaperSettings {
    /// Papers accepted.
    pub papers: Vec<Paper>,
    /// Allowed difference in each direction; GB/T 148 gives ±2 mm for 150–600 mm.
    pub tolerance_mm: Mm,
}

/// How old a report may be on the day of submission (CH102, predicate P6 of the field).
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportAgeSettings {
    /// Calendar months, with end-of-month clamp.
    pub within_months: u8,
}

/// How coarse a scan may be (LG101).
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResolutionSettings {
    /// Below it a scan is refused.
    pub error_below_dpi: Dpi,
    /// Below it a scan is pointed out.
    pub warning_below_dpi: Dpi,
}

impl Default for ResolutionSettings {
    fn default() -> ResolutionSettings {
        ResolutionSettings {
            error_below_dpi: Dpi::new(150.0),
            warning_below_dpi: Dpi::new(200.0),
        }
    }
}

/// How far a page may be skewed (LG106).
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SkewSettings {
    /// Degrees from which a page is pointed out.
    pub most_deg: f64,
}

/// How small type may be (LG109).
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TypeSizeSettings {
    /// The smallest type accepted.
    pub least_pt: Pt,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_ascend_and_so_stand_once() {
        assert!(KNOWN.windows(2).all(|pair| pair[0].code < pair[1].code));
    }
}
