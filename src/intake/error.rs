//! Why an upload was not taken.

use std::time::Duration;

use crate::{digest::Digest, error_code::ErrorCode, store::StoreError, units::ByteLen};

/// Why an upload was not taken.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// More bytes than allowed.
    #[error("the file has more than the {limit} allowed")]
    TooLarge {
        /// Most bytes taken.
        limit: ByteLen,
    },
    /// The connection ended early, or what carries the bytes is broken.
    #[error("the upload ended before it was complete")]
    Truncated,
    /// The sender fell silent.
    #[error("no byte arrived for {} s", patience.as_secs())]
    TooSlow {
        /// Longest wait.
        patience: Duration,
    },
    /// The bytes are not those the sender promised.
    #[error("the bytes received have SHA-256 `{received}`, the sender promised `{promised}`")]
    DigestMismatch {
        /// What was promised.
        promised: Digest,
        /// What came.
        received: Digest,
    },
    /// The digest sent along cannot be read.
    #[error("`Content-Digest` is not like `sha-256=:<base64>:` (RFC 9530)")]
    DigestUnreadable,
    /// The store could not take it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl IntakeError {
    /// Its stable name.
    pub fn code(&self) -> ErrorCode {
        match self {
            IntakeError::TooLarge { .. } => ErrorCode::UploadTooLarge,
            IntakeError::Truncated => ErrorCode::UploadTruncated,
            IntakeError::TooSlow { .. } => ErrorCode::RequestTimeout,
            IntakeError::DigestMismatch { .. } => ErrorCode::DigestMismatch,
            IntakeError::DigestUnreadable => ErrorCode::HeaderUnreadable,
            IntakeError::Store(error) => error.code(),
        }
    }
}
