//! What happened to a dossier, numbered, so that whoever watches it can go on where he left off.

use super::{Id, Store, StoreError};

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DossierEvent {
    /// Counts from 1 in each dossier.
    pub number: i64,
    /// For example `file.received`.
    pub kind: String,
    /// What is to be known about it, JSON.
    pub data: String,
}

/// How many are kept: enough for whoever was away for a moment; who was away longer looks at the dossier itself.
const KEPT: i64 = 200;

impl Store {
    /// Tells whoever watches the dossier. One that is gone is watched by nobody.
    pub async fn tell(&self, dossier: &Id, kind: &str, data: &str) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let there: Option<(i64,)> = sqlx::query_as("SELECT revision FROM dossiers WHERE id = $1")
            .bind(dossier.as_str())
            .fetch_optional(&mut *tx)
            .await?;
        if there.is_none() {
            return Ok(());
        }
        let (last,): (i64,) = sqlx::query_as(
            "SELECT COALESCE(MAX(number), 0) FROM dossier_events WHERE dossier = $1",
        )
        .bind(dossier.as_str())
        .fetch_one(&mut *tx)
        .await?;
        sqlx::query(
            "INSERT INTO dossier_events (dossier, number, kind, data) VALUES ($1, $2, $3, $4)",
        )
        .bind(dossier.as_str())
        .bind(last + 1)
        .bind(kind)
        .bind(data)
        .execute(&mut *tx)
        .await?;
        sqlx::query("DELETE FROM dossier_events WHERE dossier = $1 AND number <= $2")
            .bind(dossier.as_str())
            .bind(last + 1 - KEPT)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// What happened after `number`, oldest first.
    pub async fn told_since(
        &self,
        dossier: &Id,
        number: i64,
    ) -> Result<Vec<DossierEvent>, StoreError> {
        let rows: Vec<(i64, String, String)> = sqlx::query_as(
            "SELECT number, kind, data FROM dossier_events
             WHERE dossier = $1 AND number > $2 ORDER BY number",
        )
        .bind(dossier.as_str())
        .bind(number)
        .fetch_all(self.pool())
        .await?;
        let events =
            rows.into_iter()
                .map(|(number, kind, data)| DossierEvent { number, kind, data });
        Ok(events.collect())
    }

    /// The number of the last thing that happened, 0 when nothing did.
    pub async fn last_told(&self, dossier: &Id) -> Result<i64, StoreError> {
        let (last,): (i64,) = sqlx::query_as(
            "SELECT COALESCE(MAX(number), 0) FROM dossier_events WHERE dossier = $1",
        )
        .bind(dossier.as_str())
        .fetch_one(self.pool())
        .await?;
        Ok(last)
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::{
        digest::Digest,
        store::{NewDossier, Secret, StoreConfig},
    };

    #[tokio::test]
    async fn who_was_away_goes_on_where_he_left_off_and_old_things_are_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let config = StoreConfig::in_folder(folder.path());
        let store = Store::open(&config).await.unwrap();
        let id = Id::random();
        store.tell(&id, "file.received", "{}").await.unwrap();
        assert_eq!(store.last_told(&id).await.unwrap(), 0);
        let new = NewDossier {
            id: id.clone(),
            secret: Secret::random().hash(),
            notice: "n".into(),
            pack_sha256: Digest::of(b"pack"),
            statement: "{}".into(),
            judged_on: None,
        };
        store
            .create_dossier(&new, Timestamp::UNIX_EPOCH)
            .await
            .unwrap();
        for n in 0..KEPT + 5 {
            let data = n.to_string();
            store.tell(&id, "file.received", &data).await.unwrap();
        }
        let since = store.told_since(&id, KEPT + 3).await.unwrap();
        let data: Vec<&str> = since.iter().map(|event| event.data.as_str()).collect();
        assert_eq!(data, ["203", "204"]);
        let all = store.told_since(&id, 0).await.unwrap();
        assert_eq!(all.len() as i64, KEPT);
        assert_eq!(all[0].number, 6);
        store.delete_dossier(&id).await.unwrap();
        assert!(store.told_since(&id, 0).await.unwrap().is_empty());
    }
}
