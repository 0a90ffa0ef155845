//! Files that change their slot, and their words in the contents page.

use jiff::Timestamp;

use super::{Id, NewReport, Store, StoreError, dossiers::touch, reports::write_report};

impl Store {
    /// Puts a file last in another slot with the report it gets there; those behind it in the old slot move up.
    /// Gives the dossier's new revision.
    pub async fn place_upload(
        &self,
        dossier: &Id,
        upload: &Id,
        slot: &str,
        report: &NewReport,
        expected: Option<i64>,
        now: Timestamp,
    ) -> Result<i64, StoreError> {
        let mut tx = self.begin().await?;
        let (revision, unused) = touch(&mut tx, dossier, expected, now).await?;
        let row: Option<(String, i64)> =
            sqlx::query_as("SELECT slot, place FROM uploads WHERE id = $1 AND dossier = $2")
                .bind(upload.as_str())
                .bind(dossier.as_str())
                .fetch_optional(&mut *tx)
                .await?;
        let (old_slot, old_place) = row.ok_or(StoreError::NotFound)?;
        let (last,): (i64,) = sqlx::query_as(
            "SELECT COALESCE(MAX(place), 0) FROM uploads
             WHERE dossier = $1 AND slot = $2 AND id <> $3",
        )
        .bind(dossier.as_str())
        .bind(slot)
        .bind(upload.as_str())
        .fetch_one(&mut *tx)
        .await?;
        sqlx::query("UPDATE uploads SET slot = $2, place = $3 WHERE id = $1")
            .bind(upload.as_str())
            .bind(slot)
            .bind(last + 1)
            .execute(&mut *tx)
            .await?;
        sqlx::query(
            "UPDATE uploads SET place = place - 1 WHERE dossier = $1 AND slot = $2 AND place > $3",
        )
        .bind(dossier.as_str())
        .bind(&old_slot)
        .bind(old_place)
        .execute(&mut *tx)
        .await?;
        write_report(&mut *tx, report).await?;
        tx.commit().await?;
        self.delete_unused(unused).await?;
        Ok(revision)
    }

    /// Gives a file another title and note for the contents page. Gives the dossier's new revision.
    pub async fn describe_upload(
        &self,
        dossier: &Id,
        upload: &Id,
        title: Option<&str>,
        note: Option<&str>,
        expected: Option<i64>,
        now: Timestamp,
    ) -> Result<i64, StoreError> {
        let mut tx = self.begin().await?;
        let (revision, unused) = touch(&mut tx, dossier, expected, now).await?;
        let changed =
            sqlx::query("UPDATE uploads SET title = $3, note = $4 WHERE id = $1 AND dossier = $2")
                .bind(upload.as_str())
                .bind(dossier.as_str())
                .bind(title)
                .bind(note)
                .execute(&mut *tx)
                .await?
                .rows_affected();
        if changed == 0 {
            return Err(StoreError::NotFound);
        }
        tx.commit().await?;
        self.delete_unused(unused).await?;
        Ok(revision)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;
    use crate::{
        digest::Digest,
        store::{NewDossier, NewUpload, Secret, StoreConfig},
    };

    fn report(upload: &Id) -> NewReport {
        NewReport {
            upload: upload.clone(),
            judged_on: jiff::civil::date(2024, 8, 20),
            judged_by: "test".into(),
            verdict: "accepted".into(),
            report: "{}".into(),
            margins: None,
        }
    }

    #[tokio::test]
    async fn a_file_goes_to_another_slot_and_the_others_move_up() {
        let folder = tempfile::tempdir().unwrap();
        let config = StoreConfig::in_folder(folder.path());
        let store = Store::open(&config).await.unwrap();
        let now = Timestamp::UNIX_EPOCH;
        let new = NewDossier {
            id: Id::random(),
            secret: Secret::random().hash(),
            notice: "n".into(),
            pack_sha256: Digest::of(b"pack"),
            statement: "{}".into(),
            judged_on: None,
        };
        store.create_dossier(&new, now).await.unwrap();
        let mut ids = Vec::new();
        for (slot, bytes) in [("", b"a"), ("", b"b"), ("degree", b"c")] {
            let mut spool = store.blobs().spool().unwrap();
            spool.write_all(bytes).unwrap();
            let upload = NewUpload {
                id: Id::random(),
                dossier: new.id.clone(),
                slot: slot.into(),
                file_name: "x.pdf".into(),
                title: None,
                note: None,
            };
            let kept = NewReport {
                margins: Some("[]".into()),
                ..report(&upload.id)
            };
            let spooled = spool.finish().unwrap();
            let added = store.add_upload(&upload, spooled, &kept, None, None, now);
            added.await.unwrap();
            ids.push(upload.id);
        }
        let kept = report(&ids[0]);
        let late = store.place_upload(&new.id, &ids[0], "degree", &kept, Some(1), now);
        assert!(matches!(late.await, Err(StoreError::Changed { .. })));
        let moved = store.place_upload(&new.id, &ids[0], "degree", &kept, None, now);
        moved.await.unwrap();
        store
            .describe_upload(&new.id, &ids[0], Some("本科毕业证书"), None, None, now)
            .await
            .unwrap();
        // What was seen of the pages' margins stays when the file is judged anew for another slot.
        let margins = store.reports(&new.id).await.unwrap();
        assert!(
            margins
                .iter()
                .all(|kept| kept.margins.as_deref() == Some("[]"))
        );
        let rows = store.uploads(&new.id).await.unwrap();
        let places: Vec<(&str, i64, &Id, Option<&str>)> = rows
            .iter()
            .map(|row| (row.slot.as_str(), row.place, &row.id, row.title.as_deref()))
            .collect();
        assert_eq!(
            places,
            [
                ("", 1, &ids[1], None),
                ("degree", 1, &ids[2], None),
                ("degree", 2, &ids[0], Some("本科毕业证书")),
            ]
        );
        let nobody = Id::random();
        let gone = store.describe_upload(&new.id, &nobody, None, None, None, now);
        assert!(matches!(gone.await, Err(StoreError::NotFound)));
    }
}
