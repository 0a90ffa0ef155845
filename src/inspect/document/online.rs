//! What a reviewer saw when looking a report up on its issuer's site: a fact that no file can hold.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A recorded result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct OnlineResult {
    /// What the page said.
    pub state: OnlineState,
    /// The day it was looked up.
    #[schema(value_type = String, format = Date)]
    pub checked_on: Date,
    /// The last day of the online verification, when the page said so.
    #[schema(value_type = Option<String>, format = Date)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Date>,
    /// Who recorded it: the token's id.
    pub recorded_by: String,
}

/// What the issuer's page said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnlineState {
    /// The report is there and says what is printed.
    Valid,
    /// Its verification has run out.
    Expired,
    /// Its owner closed it.
    Closed,
    /// There is none with this code.
    NotFound,
}

impl OnlineState {
    /// As on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            OnlineState::Valid => "valid",
            OnlineState::Expired => "expired",
            OnlineState::Closed => "closed",
            OnlineState::NotFound => "not_found",
        }
    }
    /// The state of that word.
    pub fn of_word(word: &str) -> Option<OnlineState> {
        [
            OnlineState::Valid,
            OnlineState::Expired,
            OnlineState::Closed,
            OnlineState::NotFound,
        ]
        .into_iter()
        .find(|state| state.word() == word)
    }
}

impl OnlineResult {
    /// Whether the report is known to be valid on a day.
    pub fn valid_on(&self, day: Date) -> bool {
        self.state == OnlineState::Valid && self.valid_until.unwrap_or(self.checked_on) >= day
    }
}
