//! Rows of uploaded files in the slots of dossiers. Places count from 1 in each slot, without gaps.

use jiff::Timestamp;

use super::{
    Id, NewReport, Spooled, Store, StoreError, dossiers::touch, from_ms, reports::write_report,
    to_ms,
};
use crate::digest::Digest;

/// A file to be put in a slot.
#[derive(Clone, Debug)]
pub struct NewUpload {
    /// Its id.
    pub id: Id,
    /// The dossier it belongs to.
    pub dossier: Id,
    /// The slot it belongs in.
    pub slot: String,
    /// Name as the sender gave it; never a path.
    pub file_name: String,
    /// As it shall stand in the contents page.
    pub title: Option<String>,
    /// 备注 of the contents row.
    pub note: Option<String>,
}

/// A file in a slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadRow {
    /// Its id.
    pub id: Id,
    /// The slot it belongs in.
    pub slot: String,
    /// Its place in the slot, from 1.
    pub place: i64,
    /// Name as the sender gave it; never a path.
    pub file_name: String,
    /// As it shall stand in the contents page.
    pub title: Option<String>,
    /// 备注 of the contents row.
    pub note: Option<String>,
    /// SHA-256 of its bytes.
    pub sha256: Digest,
    /// Number of bytes.
    pub size_bytes: u64,
    /// When it came.
    pub uploaded_at: Timestamp,
}

type Columns = (
    String,
    String,
    i64,
    String,
    Option<String>,
    Option<String>,
    String,
    i64,
    i64,
);

impl Store {
    /// Keeps the bytes and the report about them, and puts them last in their slot, or, with `replacing`, in the place of another file,
    /// which is forgotten. Gives the dossier's new revision.
    pub async fn add_upload(
        &self,
        new: &NewUpload,
        bytes: Spooled,
        report: &NewReport,
        replacing: Option<&Id>,
        expected: Option<i64>,
        now: Timestamp,
    ) -> Result<i64, StoreError> {
        let hold = self.hold_blobs().await?;
        let size_bytes = bytes.size_bytes() as i64;
        let blobs = self.blobs().clone();
        let digest = tokio::task::spawn_blocking(move || blobs.keep(bytes))
            .await
            .map_err(std::io::Error::other)??;
        let written = self
            .write_upload(new, digest, size_bytes, report, replacing, expected, now)
            .await;
        drop(hold);
        match written {
            Ok((revision, unused)) => {
                self.delete_unused(unused).await?;
                Ok(revision)
            }
            Err(error) => {
                self.delete_unused([digest]).await?;
                Err(error)
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "one row and what it replaces")]
    /// The rows of [`Store::add_upload`]; gives the new revision and the blobs that may be unused now.
    async fn write_upload(
        &self,
        new: &NewUpload,
        digest: Digest,
        size_bytes: i64,
        report: &NewReport,
        replacing: Option<&Id>,
        expected: Option<i64>,
        now: Timestamp,
    ) -> Result<(i64, Vec<Digest>), StoreError> {
        let mut tx = self.begin().await?;
        let (revision, mut unused) = touch(&mut tx, &new.dossier, expected, now).await?;
        let place = if let Some(old) = replacing {
            let row: Option<(i64, String)> = sqlx::query_as(
                "SELECT place, sha256 FROM uploads WHERE id = $1 AND dossier = $2 AND slot = $3",
            )
            .bind(old.as_str())
            .bind(new.dossier.as_str())
            .bind(&new.slot)
            .fetch_optional(&mut *tx)
            .await?;
            let (place, sha256) = row.ok_or(StoreError::NotFound)?;
            sqlx::query("DELETE FROM uploads WHERE id = $1")
                .bind(old.as_str())
                .execute(&mut *tx)
                .await?;
            unused.extend(sha256.parse::<Digest>().ok());
            place
        } else {
            let (last,): (i64,) = sqlx::query_as(
                "SELECT COALESCE(MAX(place), 0) FROM uploads WHERE dossier = $1 AND slot = $2",
            )
            .bind(new.dossier.as_str())
            .bind(&new.slot)
            .fetch_one(&mut *tx)
            .await?;
            last + 1
        };
        sqlx::query(
            "INSERT INTO uploads (id, dossier, slot, place, file_name, title, note, sha256,
                size_bytes, uploaded_at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        )
        .bind(new.id.as_str())
        .bind(new.dossier.as_str())
        .bind(&new.slot)
        .bind(place)
        .bind(&new.file_name)
        .bind(&new.title)
        .bind(&new.note)
        .bind(digest.to_hex())
        .bind(size_bytes)
        .bind(to_ms(now))
        .execute(&mut *tx)
        .await?;
        write_report(&mut *tx, report).await?;
        tx.commit().await?;
        Ok((revision, unused))
    }

    /// All files of a dossier, by slot id and place.
    pub async fn uploads(&self, dossier: &Id) -> Result<Vec<UploadRow>, StoreError> {
        let rows: Vec<Columns> = sqlx::query_as(
            "SELECT id, slot, place, file_name, title, note, sha256, size_bytes, uploaded_at_ms
             FROM uploads WHERE dossier = $1 ORDER BY slot, place, id",
        )
        .bind(dossier.as_str())
        .fetch_all(self.pool())
        .await?;
        rows.into_iter().map(from_columns).collect()
    }

    /// Removes a file; those behind it move up. Gives the dossier's new revision.
    pub async fn remove_upload(
        &self,
        dossier: &Id,
        upload: &Id,
        expected: Option<i64>,
        now: Timestamp,
    ) -> Result<i64, StoreError> {
        let mut tx = self.begin().await?;
        let (revision, mut unused) = touch(&mut tx, dossier, expected, now).await?;
        let row: Option<(String, i64, String)> = sqlx::query_as(
            "SELECT slot, place, sha256 FROM uploads WHERE id = $1 AND dossier = $2",
        )
        .bind(upload.as_str())
        .bind(dossier.as_str())
        .fetch_optional(&mut *tx)
        .await?;
        let (slot, place, sha256) = row.ok_or(StoreError::NotFound)?;
        sqlx::query("DELETE FROM uploads WHERE id = $1")
            .bind(upload.as_str())
            .execute(&mut *tx)
            .await?;
        sqlx::query(
            "UPDATE uploads SET place = place - 1 WHERE dossier = $1 AND slot = $2 AND place > $3",
        )
        .bind(dossier.as_str())
        .bind(&slot)
        .bind(place)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        unused.extend(sha256.parse::<Digest>().ok());
        self.delete_unused(unused).await?;
        Ok(revision)
    }

    /// Puts the files of a slot in this order, which must name each of them once. Gives the dossier's new revision.
    pub async fn reorder_uploads(
        &self,
        dossier: &Id,
        slot: &str,
        order: &[Id],
        expected: Option<i64>,
        now: Timestamp,
    ) -> Result<i64, StoreError> {
        let mut tx = self.begin().await?;
        let (revision, unused) = touch(&mut tx, dossier, expected, now).await?;
        let there: Vec<(String,)> =
            sqlx::query_as("SELECT id FROM uploads WHERE dossier = $1 AND slot = $2 ORDER BY id")
                .bind(dossier.as_str())
                .bind(slot)
                .fetch_all(&mut *tx)
                .await?;
        let mut wanted: Vec<&str> = order.iter().map(Id::as_str).collect();
        wanted.sort_unstable();
        if !there.iter().map(|(id,)| id.as_str()).eq(wanted) {
            return Err(StoreError::NotFound);
        }
        for (place, id) in (1_i64..).zip(order) {
            sqlx::query("UPDATE uploads SET place = $2 WHERE id = $1")
                .bind(id.as_str())
                .bind(place)
                .execute(&mut *tx)
                .await?;
        }
        tx.commit().await?;
        self.delete_unused(unused).await?;
        Ok(revision)
    }
}

fn from_columns(columns: Columns) -> Result<UploadRow, StoreError> {
    let (id, slot, place, file_name, title, note, sha256, size, uploaded) = columns;
    let unreadable = |place| StoreError::Unreadable { place };
    Ok(UploadRow {
        id: id.parse().map_err(|_| unreadable("uploads.id"))?,
        slot,
        place,
        file_name,
        title,
        note,
        sha256: sha256.parse().map_err(|_| unreadable("uploads.sha256"))?,
        size_bytes: size as u64,
        uploaded_at: from_ms(uploaded),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{NewDossier, Secret, StoreConfig};
    use std::io::Write as _;

    async fn store_with_dossier() -> (tempfile::TempDir, Store, Id) {
        let folder = tempfile::tempdir().unwrap();
        let config = StoreConfig::in_folder(folder.path().to_owned());
        let store = Store::open(&config).await.unwrap();
        let new = NewDossier {
            id: Id::random(),
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
        (folder, store, new.id)
    }

    async fn add(store: &Store, dossier: &Id, bytes: &[u8], replacing: Option<&Id>) -> Id {
        let mut spool = store.blobs().spool().unwrap();
        spool.write_all(bytes).unwrap();
        let new = NewUpload {
            id: Id::random(),
            dossier: dossier.clone(),
            slot: "degree".into(),
            file_name: "../../x.pdf".into(),
            title: None,
            note: None,
        };
        let spooled = spool.finish().unwrap();
        let report = NewReport {
            upload: new.id.clone(),
            judged_on: jiff::civil::date(2024, 8, 20),
            judged_by: "test".into(),
            verdict: "accepted".into(),
            report: "{}".into(),
            margins: None,
        };
        store
            .add_upload(
                &new,
                spooled,
                &report,
                replacing,
                None,
                Timestamp::UNIX_EPOCH,
            )
            .await
            .unwrap();
        new.id
    }

    async fn ids(store: &Store, dossier: &Id) -> Vec<(i64, Id)> {
        let rows = store.uploads(dossier).await.unwrap();
        rows.into_iter().map(|row| (row.place, row.id)).collect()
    }

    #[tokio::test]
    async fn files_keep_their_places_when_replaced_reordered_and_removed() {
        let (_folder, store, dossier) = store_with_dossier().await;
        let now = Timestamp::UNIX_EPOCH;
        let a = add(&store, &dossier, b"a", None).await;
        let b = add(&store, &dossier, b"b", None).await;
        let c = add(&store, &dossier, b"c", None).await;
        let b2 = add(&store, &dossier, b"b2", Some(&b)).await;
        assert_eq!(
            ids(&store, &dossier).await,
            [(1, a.clone()), (2, b2.clone()), (3, c.clone())]
        );
        assert!(!store.blobs().contains(Digest::of(b"b")).unwrap());
        let order = [c.clone(), a.clone(), b2.clone()];
        store
            .reorder_uploads(&dossier, "degree", &order, None, now)
            .await
            .unwrap();
        let short = [c.clone(), c.clone(), a.clone()];
        let refused = store
            .reorder_uploads(&dossier, "degree", &short, None, now)
            .await;
        assert!(matches!(refused, Err(StoreError::NotFound)));
        store.remove_upload(&dossier, &c, None, now).await.unwrap();
        assert_eq!(ids(&store, &dossier).await, [(1, a), (2, b2)]);
        assert!(store.delete_dossier(&dossier).await.unwrap());
        assert!(store.blobs().all().unwrap().is_empty());
    }

    #[tokio::test]
    async fn a_late_change_is_refused_and_changes_nothing() {
        let (_folder, store, dossier) = store_with_dossier().await;
        let a = add(&store, &dossier, b"a", None).await;
        let late = store
            .remove_upload(&dossier, &a, Some(1), Timestamp::UNIX_EPOCH)
            .await;
        assert!(matches!(late, Err(StoreError::Changed { revision: 2 })));
        assert_eq!(ids(&store, &dossier).await.len(), 1);
    }
}
