//! Rows of dossiers. What an applicant says is JSON text here; what it means is the `dossier` room's business.

use jiff::{Timestamp, civil::Date};

use super::{Id, SecretHash, Store, StoreError, from_ms, to_ms};
use crate::digest::Digest;

/// A dossier to be made.
#[derive(Clone, Debug)]
pub struct NewDossier {
    /// Its id.
    pub id: Id,
    /// What is kept of its secret.
    pub secret: SecretHash,
    /// Pack id.
    pub notice: String,
    /// SHA-256 of the pack it was begun with.
    pub pack_sha256: Digest,
    /// What the applicant says (who applies, what is absent and why), JSON.
    pub statement: String,
    /// The day it is judged at; `None` for the day of each request.
    pub judged_on: Option<Date>,
}

/// A dossier as it stands.
#[derive(Clone, Debug)]
pub struct DossierRow {
    /// Its id.
    pub id: Id,
    /// What is kept of its secret.
    pub secret: SecretHash,
    /// Pack id.
    pub notice: String,
    /// SHA-256 of the pack it was begun with.
    pub pack_sha256: Digest,
    /// What the applicant says (who applies, what is absent and why), JSON.
    pub statement: String,
    /// The day it is judged at; `None` for the day of each request.
    pub judged_on: Option<Date>,
    /// Counts every change of the dossier or its files, from 1.
    pub revision: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub changed_at: Timestamp,
}

/// What shall be different; `None` stays as it is.
#[derive(Clone, Debug, Default)]
pub struct DossierChange {
    /// What the applicant says, JSON.
    pub statement: Option<String>,
    /// The day it is judged at; `Some(None)` for the day of each request.
    pub judged_on: Option<Option<Date>>,
    /// SHA-256 of the pack it is moved to.
    pub pack_sha256: Option<Digest>,
}

type Columns = (
    String,
    String,
    String,
    String,
    String,
    Option<String>,
    i64,
    i64,
    i64,
);

impl Store {
    /// Makes a dossier.
    pub async fn create_dossier(&self, new: &NewDossier, now: Timestamp) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO dossiers (id, secret_sha256, notice, pack_sha256, statement, judged_on,
                revision, created_at_ms, changed_at_ms) VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $7)",
        )
        .bind(new.id.as_str())
        .bind(new.secret.to_hex())
        .bind(&new.notice)
        .bind(new.pack_sha256.to_hex())
        .bind(&new.statement)
        .bind(new.judged_on.map(|day| day.to_string()))
        .bind(to_ms(now))
        .execute(self.pool())
        .await?;
        Ok(())
    }

    /// The dossier with this id.
    pub async fn dossier(&self, id: &Id) -> Result<Option<DossierRow>, StoreError> {
        let row: Option<Columns> = sqlx::query_as(
            "SELECT id, secret_sha256, notice, pack_sha256, statement, judged_on, revision,
                created_at_ms, changed_at_ms FROM dossiers WHERE id = $1",
        )
        .bind(id.as_str())
        .fetch_optional(self.pool())
        .await?;
        row.map(from_columns).transpose()
    }

    /// Changes a dossier, takes back what was bound of it, and gives its new revision.
    /// With `expected`, only when it still has that revision.
    pub async fn change_dossier(
        &self,
        id: &Id,
        change: &DossierChange,
        expected: Option<i64>,
        now: Timestamp,
    ) -> Result<i64, StoreError> {
        let mut tx = self.begin().await?;
        let (revision, unbound) = touch(&mut tx, id, expected, now).await?;
        if let Some(statement) = &change.statement {
            sqlx::query("UPDATE dossiers SET statement = $2 WHERE id = $1")
                .bind(id.as_str())
                .bind(statement)
                .execute(&mut *tx)
                .await?;
        }
        if let Some(pack) = change.pack_sha256 {
            sqlx::query("UPDATE dossiers SET pack_sha256 = $2 WHERE id = $1")
                .bind(id.as_str())
                .bind(pack.to_hex())
                .execute(&mut *tx)
                .await?;
        }
        if let Some(judged_on) = change.judged_on {
            sqlx::query("UPDATE dossiers SET judged_on = $2 WHERE id = $1")
                .bind(id.as_str())
                .bind(judged_on.map(|day| day.to_string()))
                .execute(&mut *tx)
                .await?;
        }
        tx.commit().await?;
        self.delete_unused(unbound).await?;
        Ok(revision)
    }

    /// Deletes a dossier and every byte of it: rows, files, reports, what was bound, remembered answers.
    /// `false` when there was none.
    pub async fn delete_dossier(&self, id: &Id) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let blobs: Vec<(String,)> = sqlx::query_as(
            "SELECT sha256 FROM uploads WHERE dossier = $1
             UNION SELECT sha256 FROM bound_files WHERE dossier = $1
             UNION SELECT blob_sha256 FROM jobs WHERE dossier = $1 AND blob_sha256 IS NOT NULL",
        )
        .bind(id.as_str())
        .fetch_all(&mut *tx)
        .await?;
        let deleted = sqlx::query("DELETE FROM dossiers WHERE id = $1")
            .bind(id.as_str())
            .execute(&mut *tx)
            .await?
            .rows_affected();
        tx.commit().await?;
        self.delete_unused(digests(blobs)).await?;
        self.checkpoint().await?;
        Ok(deleted > 0)
    }

    /// Number of dossiers.
    pub async fn count_dossiers(&self) -> Result<i64, StoreError> {
        let (count,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM dossiers")
            .fetch_one(self.pool())
            .await?;
        Ok(count)
    }
}

/// Counts a change up, takes back what was bound, and gives the new revision and the blobs that may be unused now.
pub(super) async fn touch(
    tx: &mut sqlx::Transaction<'static, super::Db>,
    id: &Id,
    expected: Option<i64>,
    now: Timestamp,
) -> Result<(i64, Vec<Digest>), StoreError> {
    let row: Option<(i64,)> = sqlx::query_as("SELECT revision FROM dossiers WHERE id = $1")
        .bind(id.as_str())
        .fetch_optional(&mut **tx)
        .await?;
    let (revision,) = row.ok_or(StoreError::NotFound)?;
    if expected.is_some_and(|expected| expected != revision) {
        return Err(StoreError::Changed { revision });
    }
    sqlx::query("UPDATE dossiers SET revision = $2, changed_at_ms = $3 WHERE id = $1")
        .bind(id.as_str())
        .bind(revision + 1)
        .bind(to_ms(now))
        .execute(&mut **tx)
        .await?;
    let unbound = super::bindings::unbind(tx, id).await?;
    Ok((revision + 1, unbound))
}

/// The digests of a query's only column; what is none is skipped, for it can name no blob.
pub(super) fn digests(rows: Vec<(String,)>) -> Vec<Digest> {
    let parsed = rows.into_iter().filter_map(|(hex,)| hex.parse().ok());
    parsed.collect()
}

fn from_columns(columns: Columns) -> Result<DossierRow, StoreError> {
    let (id, secret, notice, pack, statement, judged_on, revision, created, changed) = columns;
    let unreadable = |place| StoreError::Unreadable { place };
    let judged_on = judged_on.map(|day| day.parse()).transpose();
    Ok(DossierRow {
        id: id.parse().map_err(|_| unreadable("dossiers.id"))?,
        secret: SecretHash::from_hex(&secret, "dossiers.secret_sha256")?,
        notice,
        pack_sha256: pack
            .parse()
            .map_err(|_| unreadable("dossiers.pack_sha256"))?,
        statement,
        judged_on: judged_on.map_err(|_| unreadable("dossiers.judged_on"))?,
        revision,
        created_at: from_ms(created),
        changed_at: from_ms(changed),
    })
}
