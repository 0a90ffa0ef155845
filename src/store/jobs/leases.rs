//! Work is taken, kept, ended and given back, each under the lease of this very taking.

use jiff::{SignedDuration, Timestamp};

use super::{JobState, MOST_ATTEMPTS, TakenJob};
use crate::store::{Answer, Engine, Id, Store, StoreError, to_ms};

/// How long a taker has until he must say that he still lives.
pub const LEASE: SignedDuration = SignedDuration::from_secs(30);
/// No row waits longer than this for its next attempt, and no lease lasts so long.
pub(super) const FAR: SignedDuration = SignedDuration::from_mins(10);

impl Store {
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
        if self.engine() != Engine::Sqlite {
            return Ok(0);
        }
        let done =
            sqlx::query("UPDATE jobs SET due_ms = 0, moved_at_ms = $1 WHERE state = 'running'")
                .bind(to_ms(now))
                .execute(self.pool())
                .await?;
        Ok(done.rows_affected())
    }
}
