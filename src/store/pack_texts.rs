//! Texts of rule packs that dossiers began with. What they mean is the `rulepack` room's business.

use jiff::Timestamp;

use super::{Store, StoreError, to_ms};
use crate::digest::Digest;

/// The text of a pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackText {
    /// SHA-256 of the text.
    pub sha256: Digest,
    /// Pack id.
    pub id: String,
    /// Its version.
    pub version: u32,
    /// The text.
    pub text: String,
}

impl Store {
    /// Keeps the text of a pack; one that is kept already stays as it is.
    pub async fn keep_pack(&self, pack: &PackText, now: Timestamp) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO pack_texts (sha256, id, version, text, kept_at_ms) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (sha256) DO NOTHING",
        )
        .bind(pack.sha256.to_hex())
        .bind(&pack.id)
        .bind(i64::from(pack.version))
        .bind(&pack.text)
        .bind(to_ms(now))
        .execute(self.pool())
        .await?;
        Ok(())
    }

    /// The text of the pack with this digest, if a dossier ever began with it.
    pub async fn pack_text(&self, sha256: Digest) -> Result<Option<PackText>, StoreError> {
        let row: Option<(String, i64, String)> =
            sqlx::query_as("SELECT id, version, text FROM pack_texts WHERE sha256 = $1")
                .bind(sha256.to_hex())
                .fetch_optional(self.pool())
                .await?;
        row.map(|(id, version, text)| {
            let version = u32::try_from(version).map_err(|_| StoreError::Unreadable {
                place: "pack_texts.version",
            })?;
            // What is kept under a digest is what it is the digest of, or nothing at all.
            if Digest::of(text.as_bytes()) != sha256 {
                return Err(StoreError::Unreadable {
                    place: "pack_texts.text",
                });
            }
            Ok(PackText {
                sha256,
                id,
                version,
                text,
            })
        })
        .transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::StoreConfig;

    fn pack(text: &str) -> PackText {
        PackText {
            sha256: Digest::of(text.as_bytes()),
            id: "sample".to_owned(),
            version: 2,
            text: text.to_owned(),
        }
    }

    #[tokio::test]
    async fn a_text_is_kept_once_and_given_back_by_its_digest() {
        let folder = tempfile::tempdir().unwrap();
        let config = StoreConfig::in_folder(folder.path().to_owned());
        let store = Store::open(&config).await.unwrap();
        let now = Timestamp::UNIX_EPOCH;
        for _ in 0..2 {
            store.keep_pack(&pack("a"), now).await.unwrap();
        }
        let sha256 = Digest::of(b"a");
        assert_eq!(store.pack_text(sha256).await.unwrap(), Some(pack("a")));
        assert_eq!(store.pack_text(Digest::of(b"b")).await.unwrap(), None);
        // A row whose text was changed behind our back is an error, never another pack.
        sqlx::query("UPDATE pack_texts SET text = 'c'")
            .execute(store.pool())
            .await
            .unwrap();
        assert!(store.pack_text(sha256).await.is_err());
    }
}
