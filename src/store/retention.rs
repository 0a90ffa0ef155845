//! How long each kind of data is kept, and what forgets it when its time is over.
//!
//! Nothing here looks at what the data say. What others rely on for ever (certificates, the log, its keys) has no time and is not
//! touched. Bytes that no row uses are deleted too: a node that died between storing them and writing their row left them.

use jiff::{SignedDuration, Timestamp, civil::Date};
use serde::Serialize;

use super::{Id, Store, StoreError, to_ms};
use crate::digest::Digest;

/// How long each kind is kept; nothing is for as long as nobody deletes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Dossiers that nobody has changed.
    pub dossiers: Option<SignedDuration>,
    /// Lists of certificates to issue, and what became of their rows.
    pub lists: Option<SignedDuration>,
    /// The audit record.
    pub audit: Option<SignedDuration>,
    /// Long work that has ended, with its result.
    pub jobs: SignedDuration,
    /// Long work that was tried too often, with the file it is about.
    pub dead_jobs: SignedDuration,
    /// Answers to be given again.
    pub answers: SignedDuration,
}

impl Default for Retention {
    fn default() -> Retention {
        Retention {
            dossiers: None,
            lists: Some(days(365)),
            audit: None,
            jobs: days(1),
            dead_jobs: days(30),
            answers: days(1),
        }
    }
}

/// So many days.
pub const fn days(count: u16) -> SignedDuration {
    SignedDuration::from_hours(24 * count as i64)
}

/// How much was forgotten.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Forgotten {
    /// Dossiers with all their bytes.
    pub dossiers: u64,
    /// Lists.
    pub lists: u64,
    /// Lines of the audit record.
    pub audit: u64,
    /// Long work.
    pub jobs: u64,
    /// Remembered answers.
    pub answers: u64,
    /// Sign-ins that have ended.
    pub sessions: u64,
    /// Integrity records whose day has come.
    pub integrity_records: u64,
    /// Files that nothing used.
    pub orphans: u64,
}

impl Forgotten {
    /// Whether there was anything.
    pub fn is_anything(&self) -> bool {
        *self != Forgotten::default()
    }
}

impl Store {
    /// Forgets whatever has been kept long enough. Any node may do it at any time; `today` is the day in Shanghai.
    pub async fn purge(
        &self,
        keep: &Retention,
        now: Timestamp,
        today: Date,
    ) -> Result<Forgotten, StoreError> {
        let before = |kept: SignedDuration| now.saturating_sub(kept).unwrap_or(Timestamp::MIN);
        let mut forgotten = Forgotten::default();
        if let Some(kept) = keep.dossiers {
            let old: Vec<(String,)> =
                sqlx::query_as("SELECT id FROM dossiers WHERE changed_at_ms < $1")
                    .bind(to_ms(before(kept)))
                    .fetch_all(self.pool())
                    .await?;
            for (id,) in old {
                let id: Id = id.parse().map_err(|_| StoreError::Unreadable {
                    place: "dossiers.id",
                })?;
                forgotten.dossiers += u64::from(self.delete_dossier(&id).await?);
            }
        }
        if let Some(kept) = keep.lists {
            forgotten.lists = self
                .forget(
                    "DELETE FROM office_batches WHERE moved_at_ms < $1",
                    before(kept),
                )
                .await?;
        }
        if let Some(kept) = keep.audit {
            forgotten.audit = self
                .forget("DELETE FROM audit WHERE at_ms < $1", before(kept))
                .await?;
        }
        forgotten.jobs = self
            .purge_jobs(before(keep.jobs), before(keep.dead_jobs))
            .await?;
        forgotten.answers = self
            .forget(
                "DELETE FROM idempotency WHERE began_at_ms < $1",
                before(keep.answers),
            )
            .await?;
        forgotten.sessions = self
            .forget("DELETE FROM office_sessions WHERE ends_at_ms < $1", now)
            .await?;
        // What a list would have granted and nobody issued for a day.
        self.forget(
            "UPDATE office_batch_rows SET content = NULL WHERE content IS NOT NULL AND batch IN
             (SELECT id FROM office_batches WHERE moved_at_ms < $1)",
            before(days(1)),
        )
        .await?;
        forgotten.integrity_records = self.purge_integrity_records(today).await?;
        forgotten.orphans = self.delete_orphans().await?;
        if forgotten.is_anything() {
            self.checkpoint().await?;
        }
        Ok(forgotten)
    }

    async fn forget(&self, statement: &'static str, before: Timestamp) -> Result<u64, StoreError> {
        let done = sqlx::query(statement)
            .bind(to_ms(before))
            .execute(self.pool())
            .await?;
        Ok(done.rows_affected())
    }

    /// Deletes every file that no row uses. Nobody stores one meanwhile, so that none is between its bytes and its row.
    async fn delete_orphans(&self) -> Result<u64, StoreError> {
        let alone = self.hold_blobs_alone().await?;
        let needed = self.blobs_needed().await?;
        let blobs = self.blobs().clone();
        let deleted = tokio::task::spawn_blocking(move || {
            let kept = blobs.all()?;
            let orphans: Vec<Digest> = kept
                .into_iter()
                .filter(|one| !needed.contains(one))
                .collect();
            for orphan in &orphans {
                blobs.delete(*orphan)?;
            }
            Ok::<_, StoreError>(orphans.len() as u64)
        });
        let deleted = deleted.await.map_err(std::io::Error::other)?;
        drop(alone);
        deleted
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Answer, JobKind, JobState, NewJob, StoreConfig};

    fn at(days: i64) -> Timestamp {
        Timestamp::from_second(2_000_000_000 + days * 86_400).unwrap()
    }

    #[tokio::test]
    async fn what_has_been_kept_long_enough_is_forgotten_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&StoreConfig::in_folder(folder.path()))
            .await
            .unwrap();
        let old = store.blobs().put(b"old paper").unwrap();
        let young = store.blobs().put(b"young paper").unwrap();
        store.blobs().put(b"left by a node that died").unwrap();
        for (id, changed, digest) in [("0000000000000001", 0, old), ("0000000000000002", 9, young)]
        {
            sqlx::query("INSERT INTO dossiers VALUES ($1,'','n','','{}',NULL,1,$2,$2)")
                .bind(id)
                .bind(to_ms(at(changed)))
                .execute(store.pool())
                .await
                .unwrap();
            sqlx::query("INSERT INTO uploads VALUES ($1,$1,'s',1,'f',NULL,NULL,$2,3,0)")
                .bind(id)
                .bind(digest.to_hex())
                .execute(store.pool())
                .await
                .unwrap();
        }
        let job = NewJob {
            id: Id::random(),
            kind: JobKind::Validation,
            owner: "token:x".into(),
            dossier: None,
            input: "{}".into(),
            total: 1,
        };
        store.add_job(&job, at(8)).await.unwrap();
        let taken = store.take_job(at(8)).await.unwrap().unwrap();
        let answer = Answer {
            status: 200,
            location: None,
            body: "{}".into(),
        };
        store
            .end_job(&taken, JobState::Done, &answer, at(8))
            .await
            .unwrap();
        let keep = Retention::default();
        let today = jiff::civil::date(2033, 5, 20);
        let first = store.purge(&keep, at(10), today).await.unwrap();
        let want = Forgotten {
            jobs: 1,
            orphans: 1,
            ..Forgotten::default()
        };
        assert_eq!(
            first, want,
            "by default dossiers stay until somebody deletes them"
        );
        let keep = Retention {
            dossiers: Some(days(5)),
            ..keep
        };
        let second = store.purge(&keep, at(10), today).await.unwrap();
        assert_eq!((second.dossiers, second.orphans), (1, 0));
        assert_eq!(store.blobs().all().unwrap(), [young]);
        assert!(
            !store
                .purge(&keep, at(10), today)
                .await
                .unwrap()
                .is_anything()
        );
    }
}
