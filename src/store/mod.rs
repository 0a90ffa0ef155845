//! Everything that is kept: metadata in SQLite or PostgreSQL, bytes on disk or in S3-compatible storage. SQL lives only here.
//!
//! Goes in: plain values of the other rooms (ids, JSON text, spooled bytes). Comes out: the same, and errors that
//! say what could not be done. Deliberately absent: any knowledge of what a report, a pack or a certificate means.
//!
//! What was acknowledged is on disk: SQLite runs in WAL mode with `synchronous=FULL`, blobs are written to a
//! temporary file, synced, renamed, and their folder synced. Both engines run the same queries: `$1` placeholders,
//! TEXT and BIGINT, no engine's own functions. What differs between engines is in `engine.rs` alone.

mod applicants;
mod audit;
mod backup;
mod bindings;
mod blobs;
mod bound_before;
mod bucket;
mod census;
mod certificate_log;
mod certificates;
mod dossier_events;
mod dossiers;
mod engine;
mod error;
mod foreign_ends;
mod id;
mod idempotency;
mod jobs;
mod office_batches;
mod office_sessions;
mod online_results;
mod pack_texts;
mod placing;
mod register;
mod reports;
mod retention;
mod schema;
mod sealed;
mod secret;
mod serials;
mod tokens;
mod uploads;
mod wal_index;

pub use applicants::EarlierRow;
pub use audit::AuditEntry;
pub use backup::BackedUp;
pub use bindings::{Binding, BoundFile};
pub use blobs::{Blobs, Spool, Spooled};
pub use bucket::BucketError;
pub use census::Census;
pub use certificate_log::{LogHead, LogTransaction, NewLeaf, PendingCertificate, Published};
pub use certificates::{
    CertificateFilter, CertificateKey, CertificateRow, CertificateStatus, IntegrityRecord,
    NewCertificate,
};
pub use dossier_events::DossierEvent;
pub use dossiers::{DossierChange, DossierRow, NewDossier};
pub(crate) use engine::Db;
pub use error::StoreError;
pub use id::Id;
pub use idempotency::{Answer, Begun, RequestKey};
pub use jobs::{JobCounts, JobKind, JobRow, JobState, LEASE, MOST_ATTEMPTS, NewJob, TakenJob};
pub use office_batches::{BatchLine, BatchOutcome, BatchRecord, BatchState};
pub use office_sessions::OfficeSession;
pub use online_results::OnlineRow;
pub use pack_texts::PackText;
pub use register::{Found, RegisterMark, Search};
pub use reports::{NewReport, ReportRow};
pub use retention::{Forgotten, Retention, days};
pub use schema::Schema;
pub use secret::{Secret, SecretHash};
pub use tokens::{NewToken, Scope, Scopes, TokenRow};
pub use uploads::{NewUpload, UploadRow};
pub use wal_index::Commits;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use sqlx::{
    SqlSafeStr as _,
    migrate::{Migration, MigrationType, Migrator},
};

use engine::Database;
pub use engine::{BlobHold, Engine};

/// Numbered SQL files, oldest first. A file that was ever released is never edited: add the next number.
const MIGRATIONS: &[(i64, &str, &str)] = &[
    (
        1,
        "dossiers",
        include_str!("../../migrations/0001_dossiers.sql"),
    ),
    (
        2,
        "access",
        include_str!("../../migrations/0002_access.sql"),
    ),
    (3, "turns", include_str!("../../migrations/0003_turns.sql")),
    (
        10,
        "certificates",
        include_str!("../../migrations/0010_certificates.sql"),
    ),
    (
        11,
        "certificate_search",
        include_str!("../../migrations/0011_certificate_search.sql"),
    ),
    (
        12,
        "certificate_pending",
        include_str!("../../migrations/0012_certificate_pending.sql"),
    ),
    (
        20,
        "office_sessions",
        include_str!("../../migrations/0020_office_sessions.sql"),
    ),
    (
        21,
        "office_batches",
        include_str!("../../migrations/0021_office_batches.sql"),
    ),
    (
        25,
        "dossier_events",
        include_str!("../../migrations/0025_dossier_events.sql"),
    ),
    (
        30,
        "pack_texts",
        include_str!("../../migrations/0030_pack_texts.sql"),
    ),
    (
        31,
        "reviews",
        include_str!("../../migrations/0031_reviews.sql"),
    ),
    (
        32,
        "bound_before",
        include_str!("../../migrations/0032_bound_before.sql"),
    ),
    (
        45,
        "no_name_mac",
        include_str!("../../migrations/0045_no_name_mac.sql"),
    ),
    (50, "jobs", include_str!("../../migrations/0050_jobs.sql")),
    (
        51,
        "one_holder_one_certificate",
        include_str!("../../migrations/0051_one_holder_one_certificate.sql"),
    ),
    (
        52,
        "foreign_ends",
        include_str!("../../migrations/0052_foreign_ends.sql"),
    ),
    (
        60,
        "ink_margins",
        include_str!("../../migrations/0060_ink_margins.sql"),
    ),
];

/// A column that names blobs.
struct BlobColumn {
    /// Whether a row uses the blob `$1`.
    uses: &'static str,
    /// Every blob that rows use.
    all: &'static str,
}

macro_rules! blob_column {
    ($table:literal, $column:literal) => {
        BlobColumn {
            uses: concat!(
                "SELECT 1 FROM ",
                $table,
                " WHERE ",
                $column,
                " = $1 LIMIT 1"
            ),
            all: concat!("SELECT DISTINCT ", $column, " FROM ", $table),
        }
    };
}

/// Every place a blob can be used from. A room that keeps blobs adds its own line, or they are deleted as unused.
const BLOB_COLUMNS: &[BlobColumn] = &[
    blob_column!("uploads", "sha256"),
    blob_column!("bound_files", "sha256"),
    blob_column!("certificates", "file_sha256"),
    // Work that has ended needs its file no longer.
    BlobColumn {
        uses: "SELECT 1 FROM jobs WHERE blob_sha256 = $1 AND state IN ('waiting', 'running', 'dead') LIMIT 1",
        all: "SELECT DISTINCT blob_sha256 FROM jobs WHERE blob_sha256 IS NOT NULL AND state IN ('waiting', 'running', 'dead')",
    },
];

/// Where things are kept.
#[derive(Clone, Debug)]
pub struct StoreConfig {
    /// The data folder; made when absent. Holds the spool, and, unless the two addresses say otherwise, `juanzong.sqlite` and `blobs/`.
    pub folder: PathBuf,
    /// `postgres://…`, or nothing for SQLite in the data folder.
    pub database_url: Option<String>,
    /// `s3://bucket/prefix`, or nothing for `blobs/` in the data folder.
    pub blob_url: Option<String>,
    /// Key file that blobs are sealed with, or nothing for plain bytes.
    pub blob_key: Option<PathBuf>,
}

impl StoreConfig {
    /// Everything in one folder.
    pub fn in_folder(folder: impl Into<PathBuf>) -> StoreConfig {
        StoreConfig {
            folder: folder.into(),
            database_url: None,
            blob_url: None,
            blob_key: None,
        }
    }
    /// Everything in one folder, its blobs sealed when `JUANZONG_BLOB_KEY_FILE` says so.
    pub fn in_configured_folder(folder: impl Into<PathBuf>) -> StoreConfig {
        let key = crate::config::variable("JUANZONG_BLOB_KEY_FILE");
        StoreConfig {
            blob_key: key.map(PathBuf::from),
            ..StoreConfig::in_folder(folder)
        }
    }
    /// As the environment says: `JUANZONG_DATABASE_URL`, `JUANZONG_BLOB_URL`, `JUANZONG_BLOB_KEY_FILE`; without them all is in
    /// `folder`, in plain bytes.
    pub fn configured(folder: impl Into<PathBuf>) -> StoreConfig {
        StoreConfig {
            database_url: crate::config::variable("JUANZONG_DATABASE_URL"),
            blob_url: crate::config::variable("JUANZONG_BLOB_URL"),
            ..StoreConfig::in_configured_folder(folder)
        }
    }
}

/// The open store. Cheap to clone; all clones are the same store.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    folder: PathBuf,
    blob_key: Option<PathBuf>,
    database: Database,
    blobs: Blobs,
}

impl Store {
    /// Opens the store, makes the folder when absent, and brings the database to the newest migration.
    pub async fn open(config: &StoreConfig) -> Result<Store, StoreError> {
        let store = Store::connect(config).await?;
        migrations().run(store.pool()).await?;
        Ok(store)
    }

    /// Opens the store as it is; a database that is older or newer than this program is left alone.
    pub async fn connect(config: &StoreConfig) -> Result<Store, StoreError> {
        let blobs = Blobs::at(config)?;
        let database = Database::connect(config).await?;
        Ok(Store {
            inner: Arc::new(Inner {
                folder: config.folder.clone(),
                blob_key: config.blob_key.clone(),
                database,
                blobs,
            }),
        })
    }

    /// Which database it is.
    pub fn engine(&self) -> Engine {
        self.inner.database.engine()
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        &self.inner.folder
    }

    /// The bytes that are kept.
    pub fn blobs(&self) -> &Blobs {
        &self.inner.blobs
    }

    /// The state of the embedded database's log: the same twice means that nobody committed anything between. `None` where
    /// that cannot be seen without asking the database. Reads a few bytes of a file that lies in memory, so it may be asked anywhere.
    pub fn commits(&self) -> Option<Commits> {
        self.inner.database.commits()
    }

    /// The connections, for the files of this room.
    pub(crate) fn pool(&self) -> &sqlx::Pool<Db> {
        self.inner.database.pool()
    }

    /// A transaction that may write: takes the write lock at once, so that it never fails half-way for being late.
    pub(crate) async fn begin(&self) -> Result<sqlx::Transaction<'static, Db>, StoreError> {
        self.inner.database.begin().await
    }

    /// [`Store::begin`] whose commit does not wait for the disk; what is committed after it in the ordinary way takes it along.
    pub(crate) async fn begin_lightly(&self) -> Result<sqlx::Transaction<'static, Db>, StoreError> {
        self.inner.database.begin_lightly().await
    }

    /// While held, no blob is deleted: hold it from storing a blob until the row that uses it is written.
    pub async fn hold_blobs(&self) -> Result<BlobHold<'_>, StoreError> {
        self.inner.database.hold_blobs().await
    }

    /// While held, nobody else stores or deletes a blob.
    async fn hold_blobs_alone(&self) -> Result<engine::Alone<'_>, StoreError> {
        self.inner.database.hold_blobs_alone().await
    }

    /// Deletes those of `blobs` that no row uses any more.
    pub async fn delete_unused(
        &self,
        blobs: impl IntoIterator<Item = crate::digest::Digest>,
    ) -> Result<(), StoreError> {
        let alone = self.hold_blobs_alone().await?;
        for digest in blobs {
            let mut used = false;
            for column in BLOB_COLUMNS {
                let row = sqlx::query(column.uses)
                    .bind(digest.to_hex())
                    .fetch_optional(self.pool())
                    .await?;
                used |= row.is_some();
            }
            if !used {
                let blobs = self.blobs().clone();
                tokio::task::spawn_blocking(move || blobs.delete(digest))
                    .await
                    .map_err(std::io::Error::other)??;
            }
        }
        drop(alone);
        Ok(())
    }

    /// What cannot be used at the moment, each with why; for `/readyz`.
    pub async fn unready(&self) -> Vec<(Part, StoreError)> {
        let patient = |what: Part, asked: Result<Result<(), StoreError>, _>| {
            let told: Result<(), StoreError> =
                asked.unwrap_or_else(|_: tokio::time::error::Elapsed| {
                    Err(std::io::Error::from(std::io::ErrorKind::TimedOut).into())
                });
            told.err().map(|error| (what, error))
        };
        let database = async {
            sqlx::query("SELECT 1").fetch_one(self.pool()).await?;
            Ok(())
        };
        let database = tokio::time::timeout(PATIENCE, database).await;
        let blobs = self.blobs().clone();
        let spool = blocking(move || blobs.takes_bytes());
        let spool = tokio::time::timeout(PATIENCE, spool).await;
        let blobs = self.blobs().clone();
        // A name nothing has: that it is not there is an answer.
        let nothing = crate::digest::Digest::of(b"is anybody there");
        let shelf = blocking(move || blobs.contains(nothing).map(drop));
        let shelf = tokio::time::timeout(PATIENCE, shelf).await;
        [
            patient(Part::Database, database),
            patient(Part::Disk, spool),
            patient(Part::Blobs, shelf),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// Moves the write-ahead log into the database file, so that what was deleted is nowhere any more.
    pub async fn checkpoint(&self) -> Result<(), StoreError> {
        self.inner.database.checkpoint().await
    }

    /// Closes all connections; what follows fails.
    pub async fn close(&self) {
        self.inner.database.close().await;
    }
}

/// What the store is made of, as an operator knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// SQLite or PostgreSQL.
    Database,
    /// This node's data folder.
    Disk,
    /// Where kept bytes lie.
    Blobs,
}

/// How long a part may take to say that it is there.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(3);

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    let done = tokio::task::spawn_blocking(work);
    done.await.map_err(std::io::Error::other)?
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").finish_non_exhaustive()
    }
}

fn migrations() -> Migrator {
    let all = MIGRATIONS.iter().map(|&(number, name, sql)| {
        let sql = sql.into_sql_str();
        Migration::new(number, name.into(), MigrationType::Simple, sql, false)
    });
    Migrator::with_migrations(all.collect())
}

/// Milliseconds since 1970 UTC, as the tables keep times.
pub(crate) fn to_ms(at: jiff::Timestamp) -> i64 {
    at.as_millisecond()
}

/// The time of a table's milliseconds.
pub(crate) fn from_ms(ms: i64) -> jiff::Timestamp {
    jiff::Timestamp::from_millisecond(ms).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_store_opens_twice_and_is_durable_by_its_settings() {
        let folder = tempfile::tempdir().unwrap();
        let config = StoreConfig::in_folder(folder.path().join("data"));
        let first = Store::open(&config).await.unwrap();
        let second = Store::open(&config).await.unwrap();
        let (mode,): (String,) = sqlx::query_as("PRAGMA journal_mode")
            .fetch_one(second.pool())
            .await
            .unwrap();
        let (full,): (i64,) = sqlx::query_as("PRAGMA synchronous")
            .fetch_one(second.pool())
            .await
            .unwrap();
        assert_eq!((mode.as_str(), full), ("wal", 2));
        assert!(second.unready().await.is_empty());
        first.close().await;
        second.close().await;
    }

    #[tokio::test]
    async fn a_blob_in_use_stays_and_an_unused_one_goes() {
        let folder = tempfile::tempdir().unwrap();
        let config = StoreConfig::in_folder(folder.path());
        let store = Store::open(&config).await.unwrap();
        let digest = store.blobs().put(b"one").unwrap();
        sqlx::query("INSERT INTO dossiers VALUES ('d','','n','','{}',NULL,1,0,0)")
            .execute(store.pool())
            .await
            .unwrap();
        sqlx::query("INSERT INTO uploads VALUES ('u','d','s',1,'f',NULL,NULL,$1,3,0)")
            .bind(digest.to_hex())
            .execute(store.pool())
            .await
            .unwrap();
        store.delete_unused([digest]).await.unwrap();
        assert!(store.blobs().contains(digest).unwrap());
        sqlx::query("DELETE FROM dossiers")
            .execute(store.pool())
            .await
            .unwrap();
        store.delete_unused([digest]).await.unwrap();
        assert!(!store.blobs().contains(digest).unwrap());
    }
}
