//! The manifest of a dossier's last binding. It outlives the bound files, which any change takes back: papers added since
//! then can go to the end of their volume. What it means is the `bind` room's business.

use super::{Id, Store, StoreError};

impl Store {
    /// Keeps the manifest of what was just bound, in place of the one before.
    pub async fn keep_bound(&self, dossier: &Id, manifest: &str) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO bound_before (dossier, manifest) VALUES ($1, $2)
             ON CONFLICT (dossier) DO UPDATE SET manifest = excluded.manifest",
        )
        .bind(dossier.as_str())
        .bind(manifest)
        .execute(self.pool())
        .await?;
        Ok(())
    }

    /// The manifest of the last binding, if the dossier was ever bound.
    pub async fn bound_before(&self, dossier: &Id) -> Result<Option<String>, StoreError> {
        let row: Option<(String,)> =
            sqlx::query_as("SELECT manifest FROM bound_before WHERE dossier = $1")
                .bind(dossier.as_str())
                .fetch_optional(self.pool())
                .await?;
        Ok(row.map(|(manifest,)| manifest))
    }
}
