//! A copy of an embedded store, taken while the service runs; the copy is laid out as a data folder itself.
//!
//! First the database in one consistent snapshot, then every blob its rows need: blobs never change, so that one copied
//! later is the same one. A blob whose row was deleted in between is gone for good, and is counted as such.

use std::{
    fs::{self, File},
    io,
    path::Path,
};

use super::{Engine, Store, StoreConfig, StoreError};

/// What was copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BackedUp {
    /// Blobs in the copy.
    pub blobs: usize,
    /// Blobs of rows that were deleted while the copy was made.
    pub deleted_meanwhile: usize,
}

impl Store {
    /// Copies the database and all blobs into a folder that does not exist yet or is empty. Only for the embedded store.
    pub async fn back_up(&self, out: &Path) -> Result<BackedUp, StoreError> {
        if self.engine() != Engine::Sqlite {
            let words =
                "PostgreSQL and a bucket are backed up by their own tools: see docs/operations.md";
            return Err(io::Error::new(io::ErrorKind::Unsupported, words).into());
        }
        fs::create_dir_all(out)?;
        if fs::read_dir(out)?.next().is_some() {
            return Err(io::Error::from(io::ErrorKind::DirectoryNotEmpty).into());
        }
        let database = out.join("juanzong.sqlite");
        sqlx::query("VACUUM INTO $1")
            .bind(database.to_string_lossy().into_owned())
            .execute(self.pool())
            .await?;
        File::open(&database)?.sync_all()?;
        // Sealed with the same key: a copy shows no more than what it is a copy of.
        let to = StoreConfig {
            blob_key: self.inner.blob_key.clone(),
            ..StoreConfig::in_folder(out)
        };
        let copy = Store::connect(&to).await?;
        let needed = copy.blobs_needed().await?;
        let (from, to) = (self.blobs().clone(), copy.blobs().clone());
        let copied = tokio::task::spawn_blocking(move || {
            let mut done = BackedUp {
                blobs: 0,
                deleted_meanwhile: 0,
            };
            for digest in needed {
                match from.open(digest) {
                    Ok(file) => {
                        let kept = to.put_file(&file)?;
                        if kept != digest {
                            return Err(StoreError::BlobAltered { sha256: digest });
                        }
                        done.blobs += 1;
                    }
                    Err(StoreError::BlobMissing { .. }) => done.deleted_meanwhile += 1,
                    Err(error) => return Err(error),
                }
            }
            File::open(to.spool_folder())?.sync_all()?;
            Ok(done)
        });
        let done = copied.await.map_err(io::Error::other)?;
        copy.checkpoint().await?;
        copy.close().await;
        done
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::Digest;

    #[tokio::test]
    async fn a_copy_is_a_store_with_the_same_rows_and_blobs() {
        let outer = tempfile::tempdir().unwrap();
        let folder = outer.path().join("data");
        let store = Store::open(&StoreConfig::in_folder(&folder)).await.unwrap();
        sqlx::query(
            "INSERT INTO dossiers (id, secret_sha256, notice, pack_sha256, statement, revision, created_at_ms, changed_at_ms)
             VALUES ('d', '', 'n', '', '{}', 1, 0, 0)",
        )
        .execute(store.pool())
        .await
        .unwrap();
        let (kept, gone) = (store.blobs().put(b"kept").unwrap(), Digest::of(b"gone"));
        for (id, digest) in [("a", kept), ("b", gone)] {
            sqlx::query(
                "INSERT INTO uploads (id, dossier, slot, place, file_name, sha256, size_bytes, uploaded_at_ms)
                 VALUES ($1, 'd', 's', 1, 'f', $2, 1, 0)",
            )
            .bind(id)
            .bind(digest.to_hex())
            .execute(store.pool())
            .await
            .unwrap();
        }
        let out = outer.path().join("copy");
        let done = store.back_up(&out).await.unwrap();
        assert_eq!((done.blobs, done.deleted_meanwhile), (1, 1));
        let copy = Store::open(&StoreConfig::in_folder(&out)).await.unwrap();
        assert_eq!(copy.blobs().read(kept).unwrap(), b"kept");
        assert_eq!(copy.blobs_needed().await.unwrap().len(), 2);
        assert!(
            store.back_up(&out).await.is_err(),
            "a full folder was written into"
        );
    }
}
