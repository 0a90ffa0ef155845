//! What was asked with an `Idempotency-Key`: the same request asked again gets the same answer and does nothing.
//!
//! A row is written before the work begins and filled when it is done. Answers are kept for a day.

use jiff::{SignedDuration, Timestamp};

use super::{Id, Store, StoreError, to_ms};
use crate::digest::Digest;

/// How long an answer is remembered.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(24);
/// How long nobody says that a request is under way before another may begin it anew: its server has died.
const ABANDONED: SignedDuration = SignedDuration::from_mins(1);

/// Who asked, with which key, for what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestKey {
    /// Who asked: a token's id or a dossier's; keys of different owners never meet.
    pub owner: String,
    /// SHA-256 of the key; the key itself is not kept.
    pub key: Digest,
    /// SHA-256 of method, path, query and body.
    pub request: Digest,
}

/// An answer to be given again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// `Location`, if it had one.
    pub location: Option<String>,
    /// JSON body.
    pub body: String,
}

/// What became of a request with a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begun {
    /// It is new: do the work, then call [`Store::finish_request`] or [`Store::abandon_request`].
    New,
    /// It was done before: answer this.
    Done(Answer),
    /// It is being done right now.
    InProgress,
    /// The key was used for another request.
    OtherRequest,
}

/// Request, status, location, body.
type Columns = (String, Option<i64>, Option<String>, Option<String>);

impl Store {
    /// Begins a request, or says what became of it before.
    pub async fn begin_request(
        &self,
        key: &RequestKey,
        now: Timestamp,
    ) -> Result<Begun, StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query(
            "DELETE FROM idempotency WHERE began_at_ms < $1 OR (status IS NULL AND began_at_ms < $2)",
        )
        .bind(to_ms(now.saturating_sub(REMEMBERED).unwrap_or(now)))
        .bind(to_ms(now.saturating_sub(ABANDONED).unwrap_or(now)))
        .execute(&mut *tx)
        .await?;
        let row: Option<Columns> = sqlx::query_as(
            "SELECT request_sha256, status, location, body FROM idempotency
             WHERE owner = $1 AND key_sha256 = $2",
        )
        .bind(&key.owner)
        .bind(key.key.to_hex())
        .fetch_optional(&mut *tx)
        .await?;
        let begun = match row {
            Some((request, ..)) if request != key.request.to_hex() => Begun::OtherRequest,
            Some((_, Some(status), location, body)) => Begun::Done(Answer {
                status: status as u16,
                location,
                body: body.unwrap_or_default(),
            }),
            Some(_) => Begun::InProgress,
            None => {
                sqlx::query(
                    "INSERT INTO idempotency (owner, key_sha256, request_sha256, began_at_ms)
                     VALUES ($1, $2, $3, $4)",
                )
                .bind(&key.owner)
                .bind(key.key.to_hex())
                .bind(key.request.to_hex())
                .bind(to_ms(now))
                .execute(&mut *tx)
                .await?;
                Begun::New
            }
        };
        tx.commit().await?;
        Ok(begun)
    }

    /// Says that a request is still under way.
    pub async fn keep_request(&self, key: &RequestKey, now: Timestamp) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE idempotency SET began_at_ms = $3 WHERE owner = $1 AND key_sha256 = $2 AND status IS NULL",
        )
        .bind(&key.owner)
        .bind(key.key.to_hex())
        .bind(to_ms(now))
        .execute(self.pool())
        .await?;
        Ok(())
    }

    /// Remembers the answer. With `dossier`, it is forgotten together with that dossier.
    pub async fn finish_request(
        &self,
        key: &RequestKey,
        answer: &Answer,
        dossier: Option<&Id>,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE idempotency SET status = $3, location = $4, body = $5,
                dossier = (SELECT id FROM dossiers WHERE id = $6)
             WHERE owner = $1 AND key_sha256 = $2",
        )
        .bind(&key.owner)
        .bind(key.key.to_hex())
        .bind(i64::from(answer.status))
        .bind(&answer.location)
        .bind(&answer.body)
        .bind(dossier.map(Id::as_str))
        .execute(self.pool())
        .await?;
        Ok(())
    }

    /// Forgets a request that made nothing, so that it can be asked again.
    pub async fn abandon_request(&self, key: &RequestKey) -> Result<(), StoreError> {
        sqlx::query(
            "DELETE FROM idempotency WHERE owner = $1 AND key_sha256 = $2 AND status IS NULL",
        )
        .bind(&key.owner)
        .bind(key.key.to_hex())
        .execute(self.pool())
        .await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::StoreConfig;

    #[tokio::test]
    async fn a_request_is_done_once() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&StoreConfig::in_folder(folder.path().to_owned()))
            .await
            .unwrap();
        let now = Timestamp::from_second(1_000_000).unwrap();
        let key = RequestKey {
            owner: "token".into(),
            key: Digest::of(b"k"),
            request: Digest::of(b"POST /"),
        };
        let other = RequestKey {
            request: Digest::of(b"POST /other"),
            ..key.clone()
        };
        let answer = Answer {
            status: 201,
            location: Some("/x".into()),
            body: "{}".into(),
        };
        assert_eq!(store.begin_request(&key, now).await.unwrap(), Begun::New);
        assert_eq!(
            store.begin_request(&key, now).await.unwrap(),
            Begun::InProgress
        );
        store.abandon_request(&key).await.unwrap();
        assert_eq!(store.begin_request(&key, now).await.unwrap(), Begun::New);
        // Under way as long as somebody says so; then its server has died.
        let after = |seconds| now + SignedDuration::from_secs(seconds);
        store.keep_request(&key, after(50)).await.unwrap();
        let again = store.begin_request(&key, after(100)).await.unwrap();
        assert_eq!(again, Begun::InProgress);
        let again = store.begin_request(&key, after(111)).await.unwrap();
        assert_eq!(again, Begun::New);
        store.finish_request(&key, &answer, None).await.unwrap();
        assert_eq!(
            store.begin_request(&key, now).await.unwrap(),
            Begun::Done(answer)
        );
        assert_eq!(
            store.begin_request(&other, now).await.unwrap(),
            Begun::OtherRequest
        );
        let next_day = now + SignedDuration::from_hours(25);
        assert_eq!(
            store.begin_request(&key, next_day).await.unwrap(),
            Begun::New
        );
    }
}
