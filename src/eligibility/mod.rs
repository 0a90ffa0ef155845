//! May this person apply, and for which title: a profile and a notice in; decided, not eligible, or needs a person out.
//!
//! Every answer goes clause by clause: what is met, what is not, what the profile does not say, and what no table can
//! decide. Nothing is guessed: a question the notice asks and the profile leaves open is never a pass.

mod education;
mod judge;
mod profile;
mod recognition;
mod review;
mod series;
mod words;

pub use judge::judge;
pub use profile::{Profile, ProfileError, Shortcoming, read, read_json, read_text};

use jiff::civil::Date;
use serde::Serialize;

use crate::{
    finding::NoticeRef,
    lang::Bilingual,
    rulepack::{WindowState, eligibility::Title},
};

/// The answer to one profile.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = EligibilityAnswer)]
pub struct Answer {
    /// The notice.
    pub notice: NoticeRef,
    /// The day it was judged at.
    #[schema(value_type = String, format = Date)]
    pub judged_on: Date,
    /// How it came out.
    pub verdict: Eligible,
    /// The title one may apply for; only when decided.
    pub title: Option<Title>,
    /// Clause by clause.
    pub lines: Vec<Line>,
    /// Keys of the profile that were wanted and not there, sorted.
    pub missing: Vec<&'static str>,
    /// The windows of the notice on that day.
    pub windows: Vec<WindowOnDay>,
}

/// How an answer came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Eligible {
    /// One may apply for the title named.
    Decided,
    /// Something is missing in the profile, or no table can decide it.
    NeedsPerson,
    /// A clause stands against it.
    NotEligible,
}

/// One clause and how it came out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = EligibilityLine)]
pub struct Line {
    /// How.
    pub outcome: LineOutcome,
    /// In words: one sentence, no full stop.
    pub message: Bilingual,
    /// The clause, cited; `None` where the notice is silent.
    pub source: Option<String>,
    /// The key of the profile it looked at.
    pub key: Option<&'static str>,
}

/// How one clause came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LineOutcome {
    /// It holds.
    Met,
    /// It stands against the application.
    NotMet,
    /// The profile does not say.
    Missing,
    /// A person must decide.
    Person,
}

/// A window on the day judged at.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct WindowOnDay {
    /// In words.
    pub title: Bilingual,
    /// How it stands.
    #[serde(flatten)]
    pub state: WindowState,
    /// Whether anybody accepts on that very day, working days considered; `None` for a year without a calendar.
    pub accepts_today: Option<bool>,
    /// The clause, cited.
    pub source: String,
}
