//! Long work as rows: taken by whoever is free, given back when its taker dies, ended once.
//!
//! A row is taken under a lease that its taker renews while it works. Whoever comes after the lease has run out takes the row
//! over; what the first one may still want to write is refused, for it names a lease that is no longer the row's. A row that was
//! taken [`MOST_ATTEMPTS`] times without an end is dead, until an operator says otherwise.
//!
//! A lease far in the future was given before the clock was set back: it counts as run out.

mod leases;
mod rows;
#[cfg(test)]
mod tests;

pub use leases::LEASE;

use jiff::Timestamp;
use serde::Serialize;

use super::{Answer, Id};
use crate::digest::Digest;

/// How often a row is taken before it is dead: with the pauses between, three minutes in which a database or a bucket may be away.
pub const MOST_ATTEMPTS: i64 = 8;
/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobKind {
    /// A file is judged.
    Validation,
    /// A dossier is bound.
    Binding,
    /// A list of certificates is checked or issued.
    Batch,
}

/// Where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// Nobody works on it yet, or not yet again.
    Waiting,
    /// Somebody works on it.
    Running,
    /// It has its result.
    Done,
    /// What was asked for cannot be done; the result says why.
    Refused,
    /// It was tried too often; an operator looks at it.
    Dead,
    /// It was called off.
    Cancelled,
}

impl JobKind {
    const ALL: [JobKind; 3] = [JobKind::Validation, JobKind::Binding, JobKind::Batch];
    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            JobKind::Validation => "validation",
            JobKind::Binding => "binding",
            JobKind::Batch => "batch",
        }
    }
}

impl JobState {
    /// All states.
    pub const ALL: [JobState; 6] = [
        JobState::Waiting,
        JobState::Running,
        JobState::Done,
        JobState::Refused,
        JobState::Dead,
        JobState::Cancelled,
    ];
    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            JobState::Waiting => "waiting",
            JobState::Running => "running",
            JobState::Done => "done",
            JobState::Refused => "refused",
            JobState::Dead => "dead",
            JobState::Cancelled => "cancelled",
        }
    }
    /// Whether nothing will happen to it by itself any more.
    pub const fn is_ended(self) -> bool {
        !matches!(self, JobState::Waiting | JobState::Running)
    }
}

/// Work to be done.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// Its id.
    pub id: Id,
    /// What is to be done.
    pub kind: JobKind,
    /// Who asked: `token:<id>` or `dossier:<id>`.
    pub owner: String,
    /// The dossier it is about, and goes with.
    pub dossier: Option<Id>,
    /// All that is needed to do it, JSON.
    pub input: String,
    /// Steps it has.
    pub total: u64,
}

/// Work as it stands.
#[derive(Clone, Debug)]
pub struct JobRow {
    /// Its id.
    pub id: Id,
    /// What is to be done.
    pub kind: JobKind,
    /// Where it stands.
    pub state: JobState,
    /// Who asked.
    pub owner: String,
    /// The dossier it is about.
    pub dossier: Option<Id>,
    /// All that is needed to do it, JSON.
    pub input: String,
    /// The file it is about.
    pub blob: Option<Digest>,
    /// How often it was taken.
    pub attempts: i64,
    /// Steps done.
    pub done: u64,
    /// Steps it has.
    pub total: u64,
    /// Code of what went wrong last.
    pub trouble: Option<String>,
    /// What came of it.
    pub result: Option<Answer>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When something last happened to it.
    pub moved_at: Timestamp,
}

/// Work that was taken.
#[derive(Clone, Debug)]
pub struct TakenJob {
    /// The work.
    pub job: JobRow,
    /// Names this taking of it.
    pub lease: Id,
}

/// How many there are in each state, in the order of [`JobState::ALL`].
pub type JobCounts = [(JobState, u64); 6];
