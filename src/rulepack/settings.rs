//! The settings each check can be given by a pack, typed; their keys and ranges are in [`super::known`].

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

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
    /// CH103
    ReportValidity(ReportValiditySettings),
    /// DT101
    PublicNotice(PublicNoticeSettings),
    /// DT102, DT103
    Years(YearsSettings),
    /// DT104
    SocialInsurance(SocialInsuranceSettings),
    /// DT105
    CutOff(CutOffSettings),
    /// TX101, TX102
    Length(LengthSettings),
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

/// How long the online verification of a report must be valid (CH103, predicates P1 to P5); what is absent is not asked.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportValiditySettings {
    /// P1: expiry not before 更新日期 and so many calendar months.
    #[serde(default)]
    pub period_at_least_months: Option<u8>,
    /// P2: expiry at 更新日期 and so many calendar months.
    #[serde(default)]
    pub period_exactly_months: Option<u8>,
    /// P3: expiry not before the day of submission and so many calendar months.
    #[serde(default)]
    pub remaining_at_least_months: Option<u8>,
    /// P4: expiry not before this day.
    #[serde(default)]
    pub valid_through: Option<Date>,
    /// P5: expiry not before the day of submission.
    #[serde(default)]
    pub not_expired: bool,
    /// Slack of P1 and P2 in days: 30 days or a month, 180 or 184 days.
    #[serde(default = "three_days")]
    pub tolerance_days: u8,
    /// What becomes of P5 when the paper prints no expiry and six months, the longest setting, have passed.
    #[serde(default)]
    pub after_six_months: BeyondSixMonths,
}

fn three_days() -> u8 {
    3
}

/// What becomes of a report without expiry after six months: expired, unless its owner extended it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BeyondSixMonths {
    /// An error.
    Error,
    /// A warning.
    #[default]
    Warning,
    /// Could not tell.
    CouldNotTell,
}

/// How long a public notice must stand (DT101).
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicNoticeSettings {
    /// Working days by the State Council's calendar.
    pub working_days: u32,
    /// Whether the day of posting counts (民法典 art. 201: it does not).
    #[serde(default)]
    pub count_first_day: bool,
}

/// Which years must be there (DT102, DT103).
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct YearsSettings {
    /// The last year that must be there; the last one found when absent.
    #[serde(default)]
    pub last_year: Option<u16>,
    /// Number of years back from the last; from the first one found when absent.
    #[serde(default)]
    pub count: Option<u16>,
}

impl YearsSettings {
    /// Years that must be there and are not among `found`, whose first is `first`.
    pub fn lacking(self, first: u16, found: &[u16]) -> Vec<u16> {
        let last = self
            .last_year
            .or_else(|| found.iter().max().copied())
            .unwrap_or(first);
        let from = self
            .count
            .map_or(first, |count| (last + 1).saturating_sub(count));
        (from..=last).filter(|year| !found.contains(year)).collect()
    }
}

/// Months of social insurance wanted (DT104).
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SocialInsuranceSettings {
    /// Consecutive months.
    pub consecutive_months: u32,
}

/// Until when results count (DT105).
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CutOffSettings {
    /// The last day that counts.
    pub not_after: Date,
}

/// How long a text must be (TX101, TX102).
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LengthSettings {
    /// Fewest Chinese characters.
    pub min_characters: u32,
}
