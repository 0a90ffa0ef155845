//! Sign-ins of the office's pages: kept as digests, end by themselves, by signing out, and with their token.
//!
//! A session's text, which only the browser keeps, is `jzs_<id>_<secret>`.

use jiff::{SignedDuration, Timestamp};

use super::{Id, Secret, SecretHash, Store, StoreError, TokenRow, from_ms, to_ms};

/// Longest sign-in: a working day. Many of these computers are shared.
pub(super) const LONGEST: SignedDuration = SignedDuration::from_hours(8);

const PREFIX: &str = "jzs_";

/// A sign-in that holds.
#[derive(Clone, Debug)]
pub struct OfficeSession {
    /// Its id.
    pub id: Id,
    /// The token it was begun with.
    pub token: TokenRow,
    /// When it ends.
    pub ends_at: Timestamp,
}

impl Store {
    /// Begins a sign-in with a token that was just presented, and gives its text for the cookie.
    pub async fn begin_session(
        &self,
        token: &TokenRow,
        now: Timestamp,
    ) -> Result<(OfficeSession, String), StoreError> {
        let (id, secret) = (Id::random(), Secret::random());
        let longest = now.checked_add(LONGEST).unwrap_or(Timestamp::MAX);
        let ends_at = token.expires_at.map_or(longest, |end| end.min(longest));
        let mut tx = self.begin().await?;
        // Nobody else tidies up: what has ended goes when somebody signs in.
        sqlx::query("DELETE FROM office_sessions WHERE ends_at_ms <= $1")
            .bind(to_ms(now))
            .execute(&mut *tx)
            .await?;
        sqlx::query(
            "INSERT INTO office_sessions (id, secret_sha256, token, began_at_ms, ends_at_ms)
             VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(id.as_str())
        .bind(secret.hash().to_hex())
        .bind(token.id.as_str())
        .bind(to_ms(now))
        .bind(to_ms(ends_at))
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        let text = format!("{PREFIX}{id}_{}", secret.reveal());
        let token = token.clone();
        Ok((OfficeSession { id, token, ends_at }, text))
    }

    /// The sign-in a browser presents, when it has not ended and its token still holds.
    pub async fn session(
        &self,
        text: &str,
        now: Timestamp,
    ) -> Result<Option<OfficeSession>, StoreError> {
        let Some((id, secret)) = text
            .strip_prefix(PREFIX)
            .and_then(|rest| rest.split_once('_'))
        else {
            return Ok(None);
        };
        let Ok(id) = id.parse::<Id>() else {
            return Ok(None);
        };
        let row: Option<(String, String, i64)> = sqlx::query_as(
            "SELECT secret_sha256, token, ends_at_ms FROM office_sessions WHERE id = $1",
        )
        .bind(id.as_str())
        .fetch_optional(self.pool())
        .await?;
        let Some((hash, token, ends_at)) = row else {
            return Ok(None);
        };
        let hash = SecretHash::from_hex(&hash, "office_sessions.secret_sha256")?;
        let ends_at = from_ms(ends_at);
        if !hash.matches(secret) || ends_at <= now {
            return Ok(None);
        }
        let token = self.live_token(&token, now).await?;
        Ok(token.map(|token| OfficeSession { id, token, ends_at }))
    }

    /// Ends a sign-in now.
    pub async fn end_session(&self, id: &Id) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM office_sessions WHERE id = $1")
            .bind(id.as_str())
            .execute(self.pool())
            .await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{NewToken, Scope, Scopes, StoreConfig};

    fn at(hours: i64) -> Timestamp {
        Timestamp::from_second(hours * 3600).unwrap()
    }

    async fn store_with_token(
        expires_at: Option<Timestamp>,
    ) -> (tempfile::TempDir, Store, TokenRow) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&StoreConfig::in_folder(folder.path()))
            .await
            .unwrap();
        let new = NewToken {
            label: "desk".into(),
            scopes: Scopes::of([Scope::Issue]),
            expires_at,
        };
        let (_, text) = store.create_token(&new, at(0)).await.unwrap();
        let token = store.token(&text, at(0)).await.unwrap().unwrap();
        (folder, store, token)
    }

    #[tokio::test]
    async fn a_sign_in_ends_after_a_day_of_work_and_by_signing_out() {
        let (_folder, store, token) = store_with_token(None).await;
        let (session, text) = store.begin_session(&token, at(0)).await.unwrap();
        assert_eq!(session.ends_at, at(8));
        let found = store.session(&text, at(7)).await.unwrap().unwrap();
        assert_eq!(
            (found.id.clone(), found.token.id),
            (session.id, token.id.clone())
        );
        assert!(store.session(&text, at(8)).await.unwrap().is_none());
        for wrong in [
            format!("{text}x"),
            text.replace("jzs_", "jzt_"),
            "jzs_a_b".into(),
        ] {
            assert!(store.session(&wrong, at(1)).await.unwrap().is_none());
        }
        store.end_session(&found.id).await.unwrap();
        assert!(store.session(&text, at(1)).await.unwrap().is_none());
        // What has ended is gone when the next one begins.
        store.begin_session(&token, at(1)).await.unwrap();
        store.begin_session(&token, at(20)).await.unwrap();
        let (left,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM office_sessions")
            .fetch_one(store.pool())
            .await
            .unwrap();
        assert_eq!(left, 1);
    }

    #[tokio::test]
    async fn a_sign_in_ends_with_its_token() {
        let (_folder, store, token) = store_with_token(Some(at(3))).await;
        let (session, text) = store.begin_session(&token, at(0)).await.unwrap();
        assert_eq!(session.ends_at, at(3));
        assert!(store.session(&text, at(2)).await.unwrap().is_some());
        store.revoke_token(&token.id, at(2)).await.unwrap();
        assert!(store.session(&text, at(2)).await.unwrap().is_none());
    }
}
