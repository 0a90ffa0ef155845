//! Bearer tokens with scopes: kept as digests, may expire, may be revoked.
//!
//! A token's text is `jzt_<id>_<secret>`. The id finds the row; the secret is compared in constant time.

use std::{collections::BTreeSet, fmt, str::FromStr};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Id, Secret, SecretHash, Store, StoreError, from_ms, to_ms};

/// What a token may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Validate files.
    Validate,
    /// Make dossiers and bind them.
    Bind,
    /// Issue certificates.
    Issue,
    /// Revoke and supersede certificates.
    Revoke,
    /// Read what the service counts.
    Observe,
    /// Everything, and tokens themselves.
    Admin,
}

impl Scope {
    /// All scopes.
    pub const ALL: [Scope; 6] = [
        Scope::Validate,
        Scope::Bind,
        Scope::Issue,
        Scope::Revoke,
        Scope::Observe,
        Scope::Admin,
    ];
    /// Its name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Scope::Validate => "validate",
            Scope::Bind => "bind",
            Scope::Issue => "issue",
            Scope::Revoke => "revoke",
            Scope::Observe => "observe",
            Scope::Admin => "admin",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text is not a scope.
#[derive(Debug, thiserror::Error)]
#[error("a scope is one of `validate`, `bind`, `issue`, `revoke`, `observe`, `admin`")]
pub struct NotAScope;

impl FromStr for Scope {
    type Err = NotAScope;
    fn from_str(text: &str) -> Result<Scope, NotAScope> {
        Scope::ALL
            .into_iter()
            .find(|scope| scope.as_str() == text)
            .ok_or(NotAScope)
    }
}

/// Several scopes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Scopes(BTreeSet<Scope>);

impl Scopes {
    /// These scopes.
    pub fn of(scopes: impl IntoIterator<Item = Scope>) -> Scopes {
        Scopes(scopes.into_iter().collect())
    }
    /// Whether `scope` is among them; `admin` stands for all.
    pub fn allow(&self, scope: Scope) -> bool {
        self.0.contains(&scope) || self.0.contains(&Scope::Admin)
    }
    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = Scope> {
        self.0.iter().copied()
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.iter().map(Scope::as_str).collect();
        f.write_str(&names.join(" "))
    }
}

/// A token to be made.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// Who uses it, for the person who reads the list.
    pub label: String,
    /// What it may be used for.
    pub scopes: Scopes,
    /// When it ends; `None` for never.
    pub expires_at: Option<Timestamp>,
}

/// A token as the list shows it; its secret is not kept.
#[derive(Clone, Debug, Serialize)]
pub struct TokenRow {
    /// Its id.
    pub id: Id,
    /// Who uses it.
    pub label: String,
    /// What it may be used for.
    pub scopes: Scopes,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

impl TokenRow {
    /// Whether it is neither expired nor revoked.
    fn holds(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }
}

type Columns = (
    String,
    String,
    String,
    String,
    i64,
    Option<i64>,
    Option<i64>,
);

const PREFIX: &str = "jzt_";

impl Store {
    /// Makes a token and gives its text, which is shown this once.
    pub async fn create_token(
        &self,
        new: &NewToken,
        now: Timestamp,
    ) -> Result<(Id, String), StoreError> {
        let (id, secret) = (Id::random(), Secret::random());
        sqlx::query(
            "INSERT INTO tokens (id, secret_sha256, label, scopes, created_at_ms, expires_at_ms)
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(id.as_str())
        .bind(secret.hash().to_hex())
        .bind(&new.label)
        .bind(new.scopes.to_string())
        .bind(to_ms(now))
        .bind(new.expires_at.map(to_ms))
        .execute(self.pool())
        .await?;
        let text = format!("{PREFIX}{id}_{}", secret.reveal());
        Ok((id, text))
    }

    /// The token somebody presents, when it is known, not expired and not revoked.
    pub async fn token(&self, text: &str, now: Timestamp) -> Result<Option<TokenRow>, StoreError> {
        let Some((id, secret)) = text
            .strip_prefix(PREFIX)
            .and_then(|rest| rest.split_once('_'))
        else {
            return Ok(None);
        };
        let Some(row) = self.token_columns(id).await? else {
            return Ok(None);
        };
        let hash = SecretHash::from_hex(&row.1, "tokens.secret_sha256")?;
        let token = from_columns(row)?;
        Ok((hash.matches(secret) && token.holds(now)).then_some(token))
    }

    /// The token with this id, when it is not expired and not revoked.
    pub(super) async fn live_token(
        &self,
        id: &str,
        now: Timestamp,
    ) -> Result<Option<TokenRow>, StoreError> {
        let row = self
            .token_columns(id)
            .await?
            .map(from_columns)
            .transpose()?;
        Ok(row.filter(|token| token.holds(now)))
    }

    async fn token_columns(&self, id: &str) -> Result<Option<Columns>, StoreError> {
        let row = sqlx::query_as(
            "SELECT id, secret_sha256, label, scopes, created_at_ms, expires_at_ms, revoked_at_ms
             FROM tokens WHERE id = $1",
        )
        .bind(id)
        .fetch_optional(self.pool())
        .await?;
        Ok(row)
    }

    /// All tokens, oldest first.
    pub async fn tokens(&self) -> Result<Vec<TokenRow>, StoreError> {
        let rows: Vec<Columns> = sqlx::query_as(
            "SELECT id, secret_sha256, label, scopes, created_at_ms, expires_at_ms, revoked_at_ms
             FROM tokens ORDER BY created_at_ms, id",
        )
        .fetch_all(self.pool())
        .await?;
        rows.into_iter().map(from_columns).collect()
    }

    /// Ends a token now; `false` when there is none with this id.
    pub async fn revoke_token(&self, id: &Id, now: Timestamp) -> Result<bool, StoreError> {
        let changed = sqlx::query(
            "UPDATE tokens SET revoked_at_ms = COALESCE(revoked_at_ms, $2) WHERE id = $1",
        )
        .bind(id.as_str())
        .bind(to_ms(now))
        .execute(self.pool())
        .await?;
        Ok(changed.rows_affected() > 0)
    }
}

fn from_columns(columns: Columns) -> Result<TokenRow, StoreError> {
    let (id, _, label, scopes, created, expires, revoked) = columns;
    let unreadable = |place| StoreError::Unreadable { place };
    let scopes: Result<BTreeSet<Scope>, _> = scopes.split_whitespace().map(str::parse).collect();
    Ok(TokenRow {
        id: id.parse().map_err(|_| unreadable("tokens.id"))?,
        label,
        scopes: Scopes(scopes.map_err(|_| unreadable("tokens.scopes"))?),
        created_at: from_ms(created),
        expires_at: expires.map(from_ms),
        revoked_at: revoked.map(from_ms),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::StoreConfig;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    #[tokio::test]
    async fn a_token_works_until_it_expires_or_is_revoked() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&StoreConfig::in_folder(folder.path().to_owned()))
            .await
            .unwrap();
        let new = NewToken {
            label: "portal".into(),
            scopes: Scopes::of([Scope::Validate, Scope::Bind]),
            expires_at: Some(at(100)),
        };
        let (id, text) = store.create_token(&new, at(0)).await.unwrap();
        let found = store.token(&text, at(99)).await.unwrap().unwrap();
        assert!(found.scopes.allow(Scope::Bind) && !found.scopes.allow(Scope::Issue));
        assert!(store.token(&text, at(100)).await.unwrap().is_none());
        let wrong = format!("{text}x");
        assert!(store.token(&wrong, at(1)).await.unwrap().is_none());
        assert!(store.token("jzt_", at(1)).await.unwrap().is_none());
        assert!(store.revoke_token(&id, at(1)).await.unwrap());
        assert!(store.token(&text, at(2)).await.unwrap().is_none());
        assert!(!store.revoke_token(&Id::random(), at(1)).await.unwrap());
    }

    #[test]
    fn admin_stands_for_all() {
        let admin = Scopes::of([Scope::Admin]);
        assert!(Scope::ALL.into_iter().all(|scope| admin.allow(scope)));
        assert_eq!("revoke".parse::<Scope>().unwrap(), Scope::Revoke);
        assert!("Revoke".parse::<Scope>().is_err());
    }
}
