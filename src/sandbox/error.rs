//! What can go wrong between us and a worker.

use std::io;

/// A job that gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The worker met a limit and was replaced.
    #[error("the file met the limit `{limit}` ({allowed})")]
    LimitMet {
        /// Name of the limit in `limits.rs`.
        limit: &'static str,
        /// Its value, in the unit the table states.
        allowed: u64,
    },
    /// The worker died for another reason and was replaced.
    #[error("the worker died while it read the file")]
    Died {
        /// The signal, or what it last said; for the log.
        how: String,
    },
    /// The job was done, but answered that it could not.
    #[error("{0}")]
    Refused(String),
    /// Workers cannot be started or spoken to.
    #[error("the sandbox does not work")]
    Broken(#[source] io::Error),
    /// The answer was not what the job promises.
    #[error("the worker's answer could not be read")]
    Answer(#[source] serde_json::Error),
}

impl SandboxError {
    /// Whether the file is to blame (a finding), not we (an error).
    pub fn is_a_finding(&self) -> bool {
        matches!(
            self,
            SandboxError::LimitMet { .. } | SandboxError::Died { .. }
        )
    }
}
