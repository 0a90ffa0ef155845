//! Work is written down, looked at, called off, tried again and forgotten.

use jiff::Timestamp;

use super::{JobCounts, JobKind, JobRow, JobState, NewJob};
use crate::{
    digest::Digest,
    store::{Answer, Id, Spooled, Store, StoreError, from_ms, to_ms},
};

const COLUMNS: &str = "id, kind, state, owner, dossier, input, blob_sha256, attempts, done, total, trouble, status, location, result, created_at_ms, moved_at_ms";

impl Store {
    /// Writes work down. `false` when there is work with this id already.
    pub async fn add_job(&self, new: &NewJob, now: Timestamp) -> Result<bool, StoreError> {
        self.insert_job(new, None, now).await
    }

    /// Writes work about a file down, and keeps the file until the work has ended.
    pub async fn add_job_with(
        &self,
        new: &NewJob,
        bytes: Spooled,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let hold = self.hold_blobs().await?;
        let blobs = self.blobs().clone();
        let digest = tokio::task::spawn_blocking(move || blobs.keep(bytes))
            .await
            .map_err(std::io::Error::other)??;
        let added = self.insert_job(new, Some(digest), now).await;
        drop(hold);
        if !matches!(added, Ok(true)) {
            self.delete_unused([digest]).await?;
        }
        added
    }

    async fn insert_job(
        &self,
        new: &NewJob,
        blob: Option<Digest>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let added = sqlx::query(
            "INSERT INTO jobs (id, kind, state, owner, dossier, input, blob_sha256, attempts, due_ms, done, total,
                created_at_ms, moved_at_ms)
             VALUES ($1, $2, 'waiting', $3, $4, $5, $6, 0, 0, 0, $7, $8, $8) ON CONFLICT (id) DO NOTHING",
        )
        .bind(new.id.as_str())
        .bind(new.kind.as_str())
        .bind(&new.owner)
        .bind(new.dossier.as_ref().map(Id::as_str))
        .bind(&new.input)
        .bind(blob.map(Digest::to_hex))
        .bind(new.total.cast_signed())
        .bind(to_ms(now))
        .execute(self.pool())
        .await?;
        Ok(added.rows_affected() == 1)
    }

    /// Work by its id.
    pub async fn job(&self, id: &Id) -> Result<Option<JobRow>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM jobs WHERE id = $1");
        let row = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(id.as_str())
            .fetch_optional(self.pool())
            .await?;
        row.as_ref().map(job_row).transpose()
    }

    /// The newest work in one state, or in any.
    pub async fn jobs(
        &self,
        state: Option<JobState>,
        most: u32,
    ) -> Result<Vec<JobRow>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM jobs WHERE state = $1 OR $1 = '' ORDER BY created_at_ms DESC, id LIMIT $2"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(state.map_or("", JobState::as_str))
            .bind(i64::from(most))
            .fetch_all(self.pool())
            .await?;
        rows.iter().map(job_row).collect()
    }

    /// How many there are in each state.
    pub async fn count_jobs(&self) -> Result<JobCounts, StoreError> {
        let rows: Vec<(String, i64)> =
            sqlx::query_as("SELECT state, COUNT(*) FROM jobs GROUP BY state")
                .fetch_all(self.pool())
                .await?;
        let count = |state: JobState| {
            let row = rows.iter().find(|(name, _)| name == state.as_str());
            row.map_or(0, |(_, count)| count.unsigned_abs())
        };
        Ok(JobState::ALL.map(|state| (state, count(state))))
    }

    /// Calls work off that has not ended; `false` when it has. What a batch has issued stays issued.
    pub async fn cancel_job(&self, id: &Id, now: Timestamp) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "UPDATE jobs SET state = 'cancelled', lease = NULL, input = '{}', moved_at_ms = $2
             WHERE id = $1 AND state IN ('waiting', 'running', 'dead')",
        )
        .bind(id.as_str())
        .bind(to_ms(now))
        .execute(self.pool())
        .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        if let Some(job) = self.job(id).await? {
            self.let_go_of_file(&job).await?;
        }
        Ok(true)
    }

    /// Lets dead work be tried again from its beginning; `false` when it is not dead.
    pub async fn retry_job(&self, id: &Id, now: Timestamp) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "UPDATE jobs SET state = 'waiting', attempts = 0, due_ms = 0, moved_at_ms = $2 WHERE id = $1 AND state = 'dead'",
        )
        .bind(id.as_str())
        .bind(to_ms(now))
        .execute(self.pool())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Begins work anew that has ended in any way; `false` when it has not.
    pub async fn renew_job(&self, new: &NewJob, now: Timestamp) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "UPDATE jobs SET state = 'waiting', attempts = 0, due_ms = 0, input = $2, total = $3, done = 0, status = NULL,
                location = NULL, result = NULL, trouble = NULL, moved_at_ms = $4
             WHERE id = $1 AND state NOT IN ('waiting', 'running')",
        )
        .bind(new.id.as_str())
        .bind(&new.input)
        .bind(new.total.cast_signed())
        .bind(to_ms(now))
        .execute(self.pool())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Forgets work that ended, or died, before an instant, and files that a node did not get to delete.
    pub(in crate::store) async fn purge_jobs(
        &self,
        before: Timestamp,
        dead_before: Timestamp,
    ) -> Result<u64, StoreError> {
        let dead: Vec<(String,)> =
            sqlx::query_as("SELECT id FROM jobs WHERE state = 'dead' AND moved_at_ms < $1")
                .bind(to_ms(dead_before))
                .fetch_all(self.pool())
                .await?;
        for (id,) in dead {
            let id: Id = id
                .parse()
                .map_err(|_| StoreError::Unreadable { place: "jobs.id" })?;
            self.cancel_job(&id, dead_before).await?;
        }
        let sql = format!(
            "SELECT {COLUMNS} FROM jobs WHERE blob_sha256 IS NOT NULL AND state IN ('done', 'refused', 'cancelled')"
        );
        for row in &sqlx::query(sqlx::AssertSqlSafe(sql))
            .fetch_all(self.pool())
            .await?
        {
            self.let_go_of_file(&job_row(row)?).await?;
        }
        let gone = sqlx::query(
            "DELETE FROM jobs WHERE moved_at_ms < $1 AND blob_sha256 IS NULL AND state IN ('done', 'refused', 'cancelled')",
        )
        .bind(to_ms(before))
        .execute(self.pool())
        .await?;
        Ok(gone.rows_affected())
    }

    /// Deletes the file of work that has ended. A row in an ended state does not count as a use of it.
    pub(super) async fn let_go_of_file(&self, job: &JobRow) -> Result<(), StoreError> {
        let Some(digest) = job.blob else {
            return Ok(());
        };
        self.delete_unused([digest]).await?;
        sqlx::query("UPDATE jobs SET blob_sha256 = NULL WHERE id = $1")
            .bind(job.id.as_str())
            .execute(self.pool())
            .await?;
        Ok(())
    }
}

fn job_row(row: &sqlx::any::AnyRow) -> Result<JobRow, StoreError> {
    use sqlx::Row as _;
    let text = |column: &'static str| -> Result<String, StoreError> { Ok(row.try_get(column)?) };
    let maybe =
        |column: &'static str| -> Result<Option<String>, StoreError> { Ok(row.try_get(column)?) };
    let number = |column: &'static str| -> Result<i64, StoreError> { Ok(row.try_get(column)?) };
    let unreadable = |place| StoreError::Unreadable { place };
    let (kind, state) = (text("kind")?, text("state")?);
    let kind = JobKind::ALL.into_iter().find(|one| one.as_str() == kind);
    let state = JobState::ALL.into_iter().find(|one| one.as_str() == state);
    let status: Option<i64> = row.try_get("status")?;
    let (location, body) = (maybe("location")?, maybe("result")?);
    let result = status.map(|status| Answer {
        status: status as u16,
        location,
        body: body.unwrap_or_default(),
    });
    let dossier = maybe("dossier")?.map(|id| id.parse());
    Ok(JobRow {
        id: text("id")?.parse().map_err(|_| unreadable("jobs.id"))?,
        kind: kind.ok_or_else(|| unreadable("jobs.kind"))?,
        state: state.ok_or_else(|| unreadable("jobs.state"))?,
        owner: text("owner")?,
        dossier: dossier
            .transpose()
            .map_err(|_| unreadable("jobs.dossier"))?,
        input: text("input")?,
        blob: maybe("blob_sha256")?.and_then(|hex| hex.parse().ok()),
        attempts: number("attempts")?,
        done: number("done")?.unsigned_abs(),
        total: number("total")?.unsigned_abs(),
        trouble: maybe("trouble")?,
        result,
        created_at: from_ms(number("created_at_ms")?),
        moved_at: from_ms(number("moved_at_ms")?),
    })
}
