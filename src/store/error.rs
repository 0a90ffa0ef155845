//! What can go wrong while keeping things.

use crate::error_code::ErrorCode;

/// The store could not do it. The text may be shown; the cause is for the log.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused or is away.
    #[error("the database could not do it")]
    Database(#[from] sqlx::Error),
    /// A migration failed.
    #[error("the database could not be brought to the newest version")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The disk refused.
    #[error("the disk could not do it")]
    Disk(#[from] std::io::Error),
    /// The bucket refused or is away.
    #[error(transparent)]
    Bucket(#[from] super::BucketError),
    /// A row holds what we never wrote.
    #[error("the database holds a value that was not written by this program")]
    Unreadable {
        /// Table and column.
        place: &'static str,
    },
    /// The blob of a row is not there.
    #[error("stored bytes are missing")]
    BlobMissing {
        /// Which.
        sha256: crate::digest::Digest,
    },
    /// A blob holds other bytes than its name says.
    #[error("stored bytes were altered")]
    BlobAltered {
        /// Which.
        sha256: crate::digest::Digest,
    },
    /// A blob is sealed, and no key was given.
    #[error("stored bytes are sealed and there is no key for them")]
    BlobSealed {
        /// Which.
        sha256: crate::digest::Digest,
    },
    /// The key file of blobs cannot be used.
    #[error("the key file `{}` {why}", path.display())]
    BlobKey {
        /// Which.
        path: std::path::PathBuf,
        /// What is wrong with it.
        why: &'static str,
    },
    /// Nothing with this id.
    #[error("there is no such thing here")]
    NotFound,
    /// The certificate of this holder's secret is there already.
    #[error("it was issued a moment ago")]
    IssuedBefore,
    /// Somebody else changed it in between.
    #[error("it was changed in between")]
    Changed {
        /// The revision it has now.
        revision: i64,
    },
}

impl StoreError {
    /// Its stable name.
    pub fn code(&self) -> ErrorCode {
        match self {
            StoreError::NotFound => ErrorCode::NotFound,
            StoreError::Changed { .. } => ErrorCode::Changed,
            // Whoever asks again finds it.
            StoreError::IssuedBefore => ErrorCode::Busy,
            error if error.is_disk_full() => ErrorCode::StorageFull,
            error if error.is_read_only() => ErrorCode::NotReady,
            error if error.is_away() => ErrorCode::NotReady,
            StoreError::Database(sqlx::Error::PoolTimedOut) => ErrorCode::Busy,
            StoreError::Database(_)
            | StoreError::Migration(_)
            | StoreError::Disk(_)
            | StoreError::Bucket(_)
            | StoreError::Unreadable { .. }
            | StoreError::BlobMissing { .. }
            | StoreError::BlobAltered { .. }
            | StoreError::BlobSealed { .. }
            | StoreError::BlobKey { .. } => ErrorCode::Internal,
        }
    }
    /// Whether nothing can be written where things are kept.
    fn is_read_only(&self) -> bool {
        match self {
            StoreError::Disk(error) => error.kind() == std::io::ErrorKind::ReadOnlyFilesystem,
            StoreError::Database(sqlx::Error::Database(error)) => {
                // SQLITE_READONLY with its extended codes, and PostgreSQL's read_only_sql_transaction.
                error.code().is_some_and(|code| {
                    let sqlite = code.parse::<u32>().is_ok_and(|code| code & 0xff == 8);
                    code == "25006" || sqlite && code.len() < 5
                })
            }
            _ => false,
        }
    }
    /// Whether the database or the bucket cannot be reached, or is stopping or starting: the same may work a moment later.
    fn is_away(&self) -> bool {
        match self {
            StoreError::Database(sqlx::Error::Io(_) | sqlx::Error::PoolClosed) => true,
            // PostgreSQL's connection exceptions, and an operator's intervention: shut down, crashed, not started yet.
            StoreError::Database(sqlx::Error::Database(error)) => {
                error.code().is_some_and(|code| {
                    code.len() == 5 && (code.starts_with("08") || code.starts_with("57P"))
                })
            }
            // What no number of tries brought; a missing object has an error of its own.
            StoreError::Bucket(super::BucketError::Storage(error)) => {
                matches!(error, object_store::Error::Generic { .. })
            }
            _ => false,
        }
    }
    /// Whether the disk is full.
    pub fn is_disk_full(&self) -> bool {
        match self {
            StoreError::Disk(error) => error.kind() == std::io::ErrorKind::StorageFull,
            StoreError::Database(sqlx::Error::Database(error)) => {
                // SQLITE_FULL, and PostgreSQL's disk_full.
                error
                    .code()
                    .is_some_and(|code| code == "13" || code == "53100")
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn storage_that_cannot_be_reached_is_no_fault_inside() {
        let away = || std::io::Error::from(std::io::ErrorKind::ConnectionReset);
        let bucket = |error| StoreError::from(super::super::BucketError::Storage(error));
        for (error, code) in [
            (sqlx::Error::Io(away()).into(), ErrorCode::NotReady),
            (sqlx::Error::PoolClosed.into(), ErrorCode::NotReady),
            (sqlx::Error::PoolTimedOut.into(), ErrorCode::Busy),
            (sqlx::Error::RowNotFound.into(), ErrorCode::Internal),
            (
                bucket(object_store::Error::Generic {
                    store: "S3",
                    source: Box::new(away()),
                }),
                ErrorCode::NotReady,
            ),
            (
                bucket(object_store::Error::NotFound {
                    path: String::new(),
                    source: Box::new(away()),
                }),
                ErrorCode::Internal,
            ),
        ] {
            let error: StoreError = error;
            assert_eq!(error.code(), code, "{error:?}");
        }
    }
}
