//! The settings each check can be given by a pack, typed and with their ranges.
//!
//! One variant a check that has settings; a check that has none takes [`CheckSettings::None`].
//! A check adds its own variant here, with a struct that refuses unknown keys.

use serde::{Deserialize, Serialize};

use crate::{inspect::facts::Paper, units::Mm};

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
