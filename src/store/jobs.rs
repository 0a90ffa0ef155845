//! Long work as rows: taken by whoever is free, given back when its taker dies, ended once.
//!
//! A row is taken under a lease that its taker renews while it works. Whoever comes after the lease has run out takes the row
//! over; what the first one may still want to write is refused, for it names a lease that is no longer the row's. A row that was
//! taken [`MOST_ATTEMPTS`] times without an end is dead, until an operator says otherwise.
//!
//! A lease far in the future was given before the clock was set back: it counts as run out.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::{Answer, Id, Spooled, Store, StoreError, from_ms, to_ms};
use crate::digest::Digest;

/// How often a row is taken before it is dead: with the pauses between, three minutes in which a database or a bucket may be away.
pub const MOST_ATTEMPTS: i64 = 8;
/// How long a taker has until he must say that he still lives.
pub const LEASE: SignedDuration = SignedDuration::from_secs(30);
/// No row waits longer than this for its next attempt, and no lease lasts so long.
const FAR: SignedDuration = SignedDuration::from_mins(10);

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

    /// Takes the oldest work that is due, if there is any. Work that was taken too often is dead from now on.
    pub async fn take_job(&self, now: Timestamp) -> Result<Option<TakenJob>, StoreError> {
        const DUE: &str = "SELECT id, state, attempts FROM jobs
             WHERE state IN ('waiting', 'running') AND (due_ms <= $1 OR due_ms > $2) ORDER BY created_at_ms, id LIMIT 1";
        let far = to_ms(now.saturating_add(FAR).unwrap_or(Timestamp::MAX));
        let due = || {
            sqlx::query_as::<_, (String, String, i64)>(DUE)
                .bind(to_ms(now))
                .bind(far)
        };
        // Without the turn to write first: most looks find nothing.
        if due().fetch_optional(self.pool()).await?.is_none() {
            return Ok(None);
        }
        let mut tx = self.begin().await?;
        let taken = loop {
            let Some((id, state, attempts)) = due().fetch_optional(&mut *tx).await? else {
                break None;
            };
            let lost = state == JobState::Running.as_str();
            if attempts >= MOST_ATTEMPTS {
                sqlx::query(
                    "UPDATE jobs SET state = 'dead', lease = NULL, trouble = $2, moved_at_ms = $3 WHERE id = $1",
                )
                .bind(&id)
                .bind("worker_lost")
                .bind(to_ms(now))
                .execute(&mut *tx)
                .await?;
                continue;
            }
            let lease = Id::random();
            let until = now.saturating_add(LEASE).unwrap_or(Timestamp::MAX);
            sqlx::query(
                "UPDATE jobs SET state = 'running', lease = $2, due_ms = $3, attempts = attempts + 1,
                    trouble = CASE WHEN $5 = 1 THEN 'worker_lost' ELSE trouble END, moved_at_ms = $4 WHERE id = $1",
            )
            .bind(&id)
            .bind(lease.as_str())
            .bind(to_ms(until))
            .bind(to_ms(now))
            .bind(i64::from(lost))
            .execute(&mut *tx)
            .await?;
            break Some((id, lease));
        };
        tx.commit().await?;
        let Some((id, lease)) = taken else {
            return Ok(None);
        };
        let id: Id = id
            .parse()
            .map_err(|_| StoreError::Unreadable { place: "jobs.id" })?;
        // Its dossier may have been deleted meanwhile, and the work with it.
        let job = self.job(&id).await?;
        Ok(job.map(|job| TakenJob { job, lease }))
    }

    /// Says that whoever took the work still lives; `false` when it is his no longer: it was called off, or given to another.
    pub async fn keep_job(&self, taken: &TakenJob, now: Timestamp) -> Result<bool, StoreError> {
        let until = now.saturating_add(LEASE).unwrap_or(Timestamp::MAX);
        let kept = sqlx::query(
            "UPDATE jobs SET due_ms = $3 WHERE id = $1 AND lease = $2 AND state = 'running'",
        )
        .bind(taken.job.id.as_str())
        .bind(taken.lease.as_str())
        .bind(to_ms(until))
        .execute(self.pool())
        .await?;
        Ok(kept.rows_affected() == 1)
    }

    /// Says how far the work is; `false` when it is his no longer.
    pub async fn advance_job(
        &self,
        taken: &TakenJob,
        done: u64,
        total: u64,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let until = now.saturating_add(LEASE).unwrap_or(Timestamp::MAX);
        let kept = sqlx::query(
            "UPDATE jobs SET done = $3, total = $4, due_ms = $5, moved_at_ms = $6
             WHERE id = $1 AND lease = $2 AND state = 'running'",
        )
        .bind(taken.job.id.as_str())
        .bind(taken.lease.as_str())
        .bind(done.cast_signed())
        .bind(total.cast_signed())
        .bind(to_ms(until))
        .bind(to_ms(now))
        .execute(self.pool())
        .await?;
        Ok(kept.rows_affected() == 1)
    }

    /// Writes the result; `false` when it was no longer his to write. `state` is `Done` or `Refused`.
    pub async fn end_job(
        &self,
        taken: &TakenJob,
        state: JobState,
        answer: &Answer,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let ended = sqlx::query(
            "UPDATE jobs SET state = $3, status = $4, location = $5, result = $6, moved_at_ms = $7, lease = NULL, input = '{}',
                trouble = NULL, done = total
             WHERE id = $1 AND lease = $2 AND state = 'running'",
        )
        .bind(taken.job.id.as_str())
        .bind(taken.lease.as_str())
        .bind(state.as_str())
        .bind(i64::from(answer.status))
        .bind(answer.location.as_deref())
        .bind(&answer.body)
        .bind(to_ms(now))
        .execute(self.pool())
        .await?;
        if ended.rows_affected() == 0 {
            return Ok(false);
        }
        self.let_go_of_file(&taken.job).await?;
        Ok(true)
    }

    /// The attempt failed for a reason that may pass: it waits for the next, longer each time, or is dead after the last.
    pub async fn fail_job(
        &self,
        taken: &TakenJob,
        trouble: &str,
        now: Timestamp,
    ) -> Result<JobState, StoreError> {
        let last = taken.job.attempts >= MOST_ATTEMPTS;
        let state = if last {
            JobState::Dead
        } else {
            JobState::Waiting
        };
        let pause = SignedDuration::from_secs(1 << taken.job.attempts.clamp(0, 6));
        let due = now.saturating_add(pause).unwrap_or(Timestamp::MAX);
        sqlx::query(
            "UPDATE jobs SET state = $3, lease = NULL, due_ms = $4, trouble = $5, moved_at_ms = $6
             WHERE id = $1 AND lease = $2 AND state = 'running'",
        )
        .bind(taken.job.id.as_str())
        .bind(taken.lease.as_str())
        .bind(state.as_str())
        .bind(to_ms(due))
        .bind(trouble)
        .bind(to_ms(now))
        .execute(self.pool())
        .await?;
        Ok(state)
    }

    /// Gives work back as if it had not been taken: this node is about to end.
    pub async fn give_back_job(&self, taken: &TakenJob, now: Timestamp) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE jobs SET state = 'waiting', lease = NULL, due_ms = 0, attempts = attempts - 1, moved_at_ms = $3
             WHERE id = $1 AND lease = $2 AND state = 'running'",
        )
        .bind(taken.job.id.as_str())
        .bind(taken.lease.as_str())
        .bind(to_ms(now))
        .execute(self.pool())
        .await?;
        Ok(())
    }

    /// Gives all work back that this node had when it died: only where no other node uses the database.
    pub async fn take_up_jobs(&self, now: Timestamp) -> Result<u64, StoreError> {
        if self.engine() != super::Engine::Sqlite {
            return Ok(0);
        }
        let done =
            sqlx::query("UPDATE jobs SET due_ms = 0, moved_at_ms = $1 WHERE state = 'running'")
                .bind(to_ms(now))
                .execute(self.pool())
                .await?;
        Ok(done.rows_affected())
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
    pub(super) async fn purge_jobs(
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
    async fn let_go_of_file(&self, job: &JobRow) -> Result<(), StoreError> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::StoreConfig;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_000_000 + seconds).unwrap()
    }

    fn new() -> NewJob {
        NewJob {
            id: Id::random(),
            kind: JobKind::Validation,
            owner: "token:x".into(),
            dossier: None,
            input: "{\"a\":1}".into(),
            total: 1,
        }
    }

    fn answer(body: &str) -> Answer {
        Answer {
            status: 200,
            location: None,
            body: body.into(),
        }
    }

    async fn store() -> (tempfile::TempDir, Store) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&StoreConfig::in_folder(folder.path())).await;
        (folder, store.unwrap())
    }

    #[tokio::test]
    async fn work_of_a_dead_taker_goes_to_another_and_has_one_result() {
        let (_folder, store) = store().await;
        let new = new();
        assert!(store.add_job(&new, at(0)).await.unwrap());
        assert!(
            !store.add_job(&new, at(0)).await.unwrap(),
            "the same id twice"
        );
        let first = store.take_job(at(1)).await.unwrap().unwrap();
        assert!(
            store.take_job(at(30)).await.unwrap().is_none(),
            "two at once"
        );
        let second = store.take_job(at(31)).await.unwrap().unwrap();
        assert_eq!(second.job.trouble.as_deref(), Some("worker_lost"));
        assert!(!store.keep_job(&first, at(32)).await.unwrap());
        assert!(!store.advance_job(&first, 1, 1, at(32)).await.unwrap());
        let done = JobState::Done;
        assert!(
            !store
                .end_job(&first, done, &answer("1"), at(33))
                .await
                .unwrap()
        );
        assert!(
            store
                .end_job(&second, done, &answer("2"), at(33))
                .await
                .unwrap()
        );
        assert!(
            !store
                .end_job(&second, done, &answer("3"), at(34))
                .await
                .unwrap()
        );
        let ended = store.job(&new.id).await.unwrap().unwrap();
        assert_eq!((ended.state, ended.result), (done, Some(answer("2"))));
        assert_eq!(ended.input, "{}", "what it was about is still there");
        assert!(store.take_job(at(99_999)).await.unwrap().is_none());
    }

    #[tokio::test]
    async fn work_that_fails_waits_longer_each_time_and_is_dead_at_last() {
        let (_folder, store) = store().await;
        let new = new();
        store.add_job(&new, at(0)).await.unwrap();
        let mut now = 0;
        for attempt in 1..=MOST_ATTEMPTS {
            let taken = store.take_job(at(now)).await.unwrap().unwrap();
            assert_eq!(taken.job.attempts, attempt);
            let state = store.fail_job(&taken, "internal", at(now)).await.unwrap();
            assert_eq!(state == JobState::Dead, attempt == MOST_ATTEMPTS);
            let pause = 1 << attempt.min(6);
            assert!(store.take_job(at(now + pause - 1)).await.unwrap().is_none());
            now += pause;
        }
        assert!(store.take_job(at(now)).await.unwrap().is_none());
        let counts = store.count_jobs().await.unwrap();
        assert!(counts.contains(&(JobState::Dead, 1)), "{counts:?}");
        assert_eq!(store.jobs(Some(JobState::Dead), 9).await.unwrap().len(), 1);
        assert!(store.retry_job(&new.id, at(now)).await.unwrap());
        assert_eq!(
            store.take_job(at(now)).await.unwrap().unwrap().job.attempts,
            1
        );
    }

    #[tokio::test]
    async fn work_that_kills_every_taker_is_dead_too() {
        let (_folder, store) = store().await;
        store.add_job(&new(), at(0)).await.unwrap();
        for attempt in 0..MOST_ATTEMPTS {
            assert!(store.take_job(at(attempt * 100)).await.unwrap().is_some());
        }
        assert!(store.take_job(at(10_000)).await.unwrap().is_none());
        let dead = store.jobs(None, 9).await.unwrap();
        assert_eq!(dead[0].state, JobState::Dead);
    }

    #[tokio::test]
    async fn work_called_off_is_nobodys_and_its_file_goes() {
        let (_folder, store) = store().await;
        let new = new();
        let spooled = || {
            let mut spool = store.blobs().spool().unwrap();
            std::io::Write::write_all(&mut spool, b"paper").unwrap();
            spool.finish().unwrap()
        };
        store.add_job_with(&new, spooled(), at(0)).await.unwrap();
        assert!(!store.add_job_with(&new, spooled(), at(0)).await.unwrap());
        let digest = Digest::of(b"paper");
        let taken = store.take_job(at(0)).await.unwrap().unwrap();
        assert_eq!(taken.job.blob, Some(digest));
        assert!(store.blobs().contains(digest).unwrap());
        assert!(store.cancel_job(&new.id, at(1)).await.unwrap());
        assert!(!store.cancel_job(&new.id, at(1)).await.unwrap());
        assert!(!store.blobs().contains(digest).unwrap());
        assert!(!store.keep_job(&taken, at(1)).await.unwrap());
        assert_eq!(store.purge_jobs(at(2), at(2)).await.unwrap(), 1);
        assert!(store.job(&new.id).await.unwrap().is_none());
    }

    #[tokio::test]
    async fn a_clock_set_back_a_day_holds_nothing_up() {
        let (_folder, store) = store().await;
        let day = 86_400;
        store.add_job(&new(), at(day)).await.unwrap();
        store.take_job(at(day)).await.unwrap().unwrap();
        assert!(store.take_job(at(0)).await.unwrap().is_some());
    }

    #[tokio::test]
    async fn work_given_back_has_not_been_tried() {
        let (_folder, store) = store().await;
        store.add_job(&new(), at(0)).await.unwrap();
        let taken = store.take_job(at(0)).await.unwrap().unwrap();
        store.give_back_job(&taken, at(0)).await.unwrap();
        assert_eq!(
            store.take_job(at(0)).await.unwrap().unwrap().job.attempts,
            1
        );
    }
}
