//! Compares the rows with the blobs: what a row needs and is not there, what is there and no row needs, and, when
//! asked to read everything, what is not the bytes its name says.

use std::collections::BTreeSet;

use super::{BLOB_COLUMNS, Store, StoreError};
use crate::digest::Digest;

/// What a comparison of rows and blobs found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Census {
    /// Blobs that rows need.
    pub needed: usize,
    /// Needed and not there.
    pub missing: Vec<Digest>,
    /// There and needed by no row.
    pub orphans: Vec<Digest>,
    /// There, with other bytes than their name says.
    pub altered: Vec<Digest>,
}

impl Store {
    /// Compares rows and blobs; with `read`, reads every needed blob again.
    pub async fn census(&self, read: bool) -> Result<Census, StoreError> {
        let needed = self.blobs_needed().await?;
        let blobs = self.blobs().clone();
        let counted = tokio::task::spawn_blocking(move || {
            let kept: BTreeSet<Digest> = blobs.all()?.into_iter().collect();
            let mut census = Census {
                needed: needed.len(),
                missing: needed.difference(&kept).copied().collect(),
                orphans: kept.difference(&needed).copied().collect(),
                altered: Vec::new(),
            };
            if read {
                for &digest in needed.intersection(&kept) {
                    match blobs.open(digest).and_then(hash) {
                        Ok(same) if same == digest => {}
                        Ok(_) | Err(StoreError::BlobAltered { .. }) => census.altered.push(digest),
                        Err(error) => return Err(error),
                    }
                }
            }
            Ok::<_, StoreError>(census)
        });
        counted.await.map_err(std::io::Error::other)?
    }

    /// Digests of every blob a row needs.
    pub async fn blobs_needed(&self) -> Result<BTreeSet<Digest>, StoreError> {
        let mut needed = BTreeSet::new();
        for column in BLOB_COLUMNS {
            let rows: Vec<(String,)> = sqlx::query_as(column.all).fetch_all(self.pool()).await?;
            for (hex,) in rows {
                let digest = hex.parse().map_err(|_| StoreError::Unreadable {
                    place: "a blob's name",
                })?;
                needed.insert(digest);
            }
        }
        Ok(needed)
    }
}

fn hash(mut file: std::fs::File) -> Result<Digest, StoreError> {
    let mut hashing = crate::digest::HashingWriter::new(std::io::sink());
    std::io::copy(&mut file, &mut hashing)?;
    Ok(hashing.finish().1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::StoreConfig;

    #[tokio::test]
    async fn what_is_missing_left_over_or_altered_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&StoreConfig::in_folder(folder.path()))
            .await
            .unwrap();
        sqlx::query(
            "INSERT INTO dossiers (id, secret_sha256, notice, pack_sha256, statement, revision, created_at_ms, changed_at_ms)
             VALUES ('d', '', 'n', '', '{}', 1, 0, 0)",
        )
        .execute(store.pool())
        .await
        .unwrap();
        let (sound, altered) = (
            store.blobs().put(b"sound").unwrap(),
            store.blobs().put(b"altered").unwrap(),
        );
        let (missing, orphan) = (
            Digest::of(b"missing"),
            store.blobs().put(b"orphan").unwrap(),
        );
        for (id, digest) in [("a", sound), ("b", altered), ("c", missing)] {
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
        let hex = altered.to_hex();
        let place = folder
            .path()
            .join("blobs")
            .join(hex.get(..2).unwrap())
            .join(&hex);
        crate::digest::write_atomically(&place, b"something else").unwrap();
        let quick = store.census(false).await.unwrap();
        assert_eq!(
            quick,
            Census {
                needed: 3,
                missing: vec![missing],
                orphans: vec![orphan],
                altered: vec![]
            }
        );
        assert_eq!(store.census(true).await.unwrap().altered, [altered]);
    }
}
