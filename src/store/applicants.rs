//! Whose dossier it is, as a digest: for finding what the same applicant filed in earlier years. Gone with the dossier.

use jiff::Timestamp;

use super::{Id, Store, StoreError, from_ms};
use crate::digest::Digest;

/// A file of another dossier of the same applicant, with its report.
#[derive(Clone, Debug)]
pub struct EarlierRow {
    /// When that dossier was begun.
    pub begun_at: Timestamp,
    /// The slot the file stood in.
    pub slot: String,
    /// Its name.
    pub file_name: String,
    /// SHA-256 of its bytes.
    pub sha256: Digest,
    /// Its report, JSON.
    pub report: String,
}

impl Store {
    /// Notes whose dossier it is; `None` when the applicant did not say enough to be told from another.
    pub async fn put_applicant(&self, dossier: &Id, key: Option<Digest>) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query("DELETE FROM applicants WHERE dossier = $1")
            .bind(dossier.as_str())
            .execute(&mut *tx)
            .await?;
        if let Some(key) = key {
            sqlx::query(
                "INSERT INTO applicants (dossier, key) SELECT id, $2 FROM dossiers WHERE id = $1",
            )
            .bind(dossier.as_str())
            .bind(key.to_hex())
            .execute(&mut *tx)
            .await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// The files of other dossiers of the same applicant begun before `before`, the latest first, at most a thousand.
    pub async fn earlier_papers(
        &self,
        dossier: &Id,
        key: Digest,
        before: Timestamp,
    ) -> Result<Vec<EarlierRow>, StoreError> {
        let rows: Vec<(i64, String, String, String, String)> = sqlx::query_as(
            "SELECT dossiers.created_at_ms, uploads.slot, uploads.file_name, uploads.sha256, reports.report
             FROM applicants
             JOIN dossiers ON dossiers.id = applicants.dossier
             JOIN uploads ON uploads.dossier = dossiers.id
             JOIN reports ON reports.upload = uploads.id
             WHERE applicants.key = $1 AND dossiers.id <> $2 AND dossiers.created_at_ms < $3
             ORDER BY dossiers.created_at_ms DESC, uploads.id LIMIT 1000",
        )
        .bind(key.to_hex())
        .bind(dossier.as_str())
        .bind(super::to_ms(before))
        .fetch_all(self.pool())
        .await?;
        rows.into_iter()
            .map(|(begun, slot, file_name, sha256, report)| {
                Ok(EarlierRow {
                    begun_at: from_ms(begun),
                    slot,
                    file_name,
                    sha256: sha256.parse().map_err(|_| StoreError::Unreadable {
                        place: "uploads.sha256",
                    })?,
                    report,
                })
            })
            .collect()
    }
}
