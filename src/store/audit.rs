//! Who did what, when: append only, without a name, a personal number, a code or a secret.

use jiff::Timestamp;
use serde::Serialize;

use super::{Id, Store, StoreError, from_ms, to_ms};

/// One line of the audit record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AuditEntry {
    /// When.
    pub at: Timestamp,
    /// Who: `token:<id>`, `dossier:<id>` (who holds its secret), `cli`, `anonymous`.
    pub actor: String,
    /// What, for example `dossier.created`.
    pub action: String,
    /// To what, for example `dossier:<id>`.
    pub subject: String,
    /// The request it came with; empty on the command line.
    pub request_id: String,
}

impl Store {
    /// Adds a line.
    pub async fn audit(&self, entry: &AuditEntry) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO audit (id, at_ms, actor, action, subject, request_id)
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(Id::random().as_str())
        .bind(to_ms(entry.at))
        .bind(&entry.actor)
        .bind(&entry.action)
        .bind(&entry.subject)
        .bind(&entry.request_id)
        .execute(self.pool())
        .await?;
        Ok(())
    }

    /// How often something was done to a subject since an instant.
    pub async fn audited_since(
        &self,
        action: &str,
        subject: &str,
        since: jiff::Timestamp,
    ) -> Result<u64, StoreError> {
        let (count,): (i64,) = sqlx::query_as(
            "SELECT COUNT(*) FROM audit WHERE at_ms >= $1 AND action = $2 AND subject = $3",
        )
        .bind(super::to_ms(since))
        .bind(action)
        .bind(subject)
        .fetch_one(self.pool())
        .await?;
        Ok(count.unsigned_abs())
    }
    /// The newest lines, newest first.
    pub async fn audit_entries(&self, most: u32) -> Result<Vec<AuditEntry>, StoreError> {
        self.audit_page("", 0, most).await
    }

    /// At most `most` lines whose action begins with `action`, newest first, after the first `skip` of them.
    pub async fn audit_page(
        &self,
        action: &str,
        skip: u32,
        most: u32,
    ) -> Result<Vec<AuditEntry>, StoreError> {
        let rows: Vec<(i64, String, String, String, String)> = sqlx::query_as(
            "SELECT at_ms, actor, action, subject, request_id FROM audit WHERE action LIKE $1
             ORDER BY at_ms DESC, id LIMIT $2 OFFSET $3",
        )
        .bind(format!("{action}%"))
        .bind(i64::from(most))
        .bind(i64::from(skip))
        .fetch_all(self.pool())
        .await?;
        Ok(rows.into_iter().map(entry).collect())
    }

    /// Everything that was done to `subject`, oldest first.
    pub async fn audit_of(&self, subject: &str) -> Result<Vec<AuditEntry>, StoreError> {
        let rows: Vec<(i64, String, String, String, String)> = sqlx::query_as(
            "SELECT at_ms, actor, action, subject, request_id FROM audit WHERE subject = $1
             ORDER BY at_ms, id",
        )
        .bind(subject)
        .fetch_all(self.pool())
        .await?;
        Ok(rows.into_iter().map(entry).collect())
    }
}

fn entry(
    (at, actor, action, subject, request_id): (i64, String, String, String, String),
) -> AuditEntry {
    AuditEntry {
        at: from_ms(at),
        actor,
        action,
        subject,
        request_id,
    }
}
