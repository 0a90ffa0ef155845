//! Rows of what was bound of a dossier. Any change of the dossier takes it back, so what can be downloaded is
//! always bound of what is there.

use jiff::{Timestamp, civil::Date};

use super::{Db, Id, Store, StoreError, dossiers::digests, from_ms, to_ms};
use crate::digest::Digest;

/// What was bound of a dossier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// Revision of the dossier it was bound of.
    pub revision: i64,
    /// The day it was judged at.
    pub judged_on: Date,
    /// When it was bound.
    pub bound_at: Timestamp,
    /// Its files, by path.
    pub files: Vec<BoundFile>,
}

/// One file of the bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoundFile {
    /// Path in the bundle, for example `评审材料袋/第一分册.pdf`. A name for people and the ZIP, never a path on our disk.
    pub path: String,
    /// For example `application/pdf`.
    pub media_type: String,
    /// SHA-256 of its bytes, which are kept as a blob.
    pub sha256: Digest,
    /// Number of bytes.
    pub size_bytes: u64,
}

impl Store {
    /// Keeps what was bound, in place of what was bound before. The caller holds the blobs
    /// ([`Store::hold_blobs`]). Fails when the dossier was changed since `binding.revision`.
    pub async fn put_binding(
        &self,
        dossier: &Id,
        binding: &Binding,
    ) -> Result<Vec<Digest>, StoreError> {
        let mut tx = self.begin().await?;
        let row: Option<(i64,)> = sqlx::query_as("SELECT revision FROM dossiers WHERE id = $1")
            .bind(dossier.as_str())
            .fetch_optional(&mut *tx)
            .await?;
        let (revision,) = row.ok_or(StoreError::NotFound)?;
        if revision != binding.revision {
            return Err(StoreError::Changed { revision });
        }
        let unused = unbind(&mut tx, dossier).await?;
        sqlx::query(
            "INSERT INTO bindings (dossier, revision, judged_on, bound_at_ms) VALUES ($1, $2, $3, $4)",
        )
        .bind(dossier.as_str())
        .bind(binding.revision)
        .bind(binding.judged_on.to_string())
        .bind(to_ms(binding.bound_at))
        .execute(&mut *tx)
        .await?;
        for file in &binding.files {
            sqlx::query(
                "INSERT INTO bound_files (dossier, path, media_type, sha256, size_bytes)
                 VALUES ($1, $2, $3, $4, $5)",
            )
            .bind(dossier.as_str())
            .bind(&file.path)
            .bind(&file.media_type)
            .bind(file.sha256.to_hex())
            .bind(file.size_bytes as i64)
            .execute(&mut *tx)
            .await?;
        }
        tx.commit().await?;
        Ok(unused)
    }

    /// What was bound of a dossier, if anything.
    pub async fn binding(&self, dossier: &Id) -> Result<Option<Binding>, StoreError> {
        let row: Option<(i64, String, i64)> = sqlx::query_as(
            "SELECT revision, judged_on, bound_at_ms FROM bindings WHERE dossier = $1",
        )
        .bind(dossier.as_str())
        .fetch_optional(self.pool())
        .await?;
        let Some((revision, judged_on, bound_at)) = row else {
            return Ok(None);
        };
        let rows: Vec<(String, String, String, i64)> = sqlx::query_as(
            "SELECT path, media_type, sha256, size_bytes FROM bound_files
             WHERE dossier = $1 ORDER BY path",
        )
        .bind(dossier.as_str())
        .fetch_all(self.pool())
        .await?;
        let unreadable = |place| StoreError::Unreadable { place };
        let mut files = Vec::new();
        for (path, media_type, sha256, size) in rows {
            files.push(BoundFile {
                path,
                media_type,
                sha256: sha256
                    .parse()
                    .map_err(|_| unreadable("bound_files.sha256"))?,
                size_bytes: size as u64,
            });
        }
        Ok(Some(Binding {
            revision,
            judged_on: judged_on
                .parse()
                .map_err(|_| unreadable("bindings.judged_on"))?,
            bound_at: from_ms(bound_at),
            files,
        }))
    }
}

/// Takes back what was bound and gives the blobs that may be unused now.
pub(super) async fn unbind(
    tx: &mut sqlx::Transaction<'static, Db>,
    dossier: &Id,
) -> Result<Vec<Digest>, StoreError> {
    let blobs: Vec<(String,)> = sqlx::query_as("SELECT sha256 FROM bound_files WHERE dossier = $1")
        .bind(dossier.as_str())
        .fetch_all(&mut **tx)
        .await?;
    sqlx::query("DELETE FROM bindings WHERE dossier = $1")
        .bind(dossier.as_str())
        .execute(&mut **tx)
        .await?;
    Ok(digests(blobs))
}
