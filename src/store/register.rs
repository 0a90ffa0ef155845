//! The register of certificates as an office looks through it: by number, by words, by state, page by page.

use sqlx::Row as _;

use super::{CertificateRow, Store, StoreError, certificates::certificate_row};
use crate::digest::Digest;

/// What is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Search {
    /// Everything.
    All,
    /// Numbers that begin so.
    Number(String),
    /// These words somewhere in the claims.
    Words(String),
    /// The certificate with this HMAC of its face code.
    Code(Digest),
    /// Certificates of the person with this HMAC of the identity number.
    Identity(Digest),
}

/// One page of what was found.
#[derive(Clone, Debug)]
pub struct Found {
    /// Newest first.
    pub rows: Vec<CertificateRow>,
    /// How many there are on all pages.
    pub total: u64,
}

/// The query for one page, and the one that counts all pages.
macro_rules! queries {
    ($condition:literal) => {
        (
            concat!(
                "SELECT * FROM certificates WHERE ",
                $condition,
                " AND ($2 = '' OR status = $2) ORDER BY leaf_index DESC LIMIT $3 OFFSET $4"
            ),
            concat!(
                "SELECT COUNT(*) FROM certificates WHERE ",
                $condition,
                " AND ($2 = '' OR status = $2)"
            ),
        )
    };
}

/// A state of register and log: another one means that something was issued, revoked, reinstated, superseded or published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegisterMark {
    leaves: i64,
    published: i64,
    checkpoint: Digest,
}

impl Store {
    /// The state of register and log right now.
    pub async fn register_mark(&self) -> Result<RegisterMark, StoreError> {
        let (leaves, published, checkpoint): (i64, i64, String) = sqlx::query_as(
            "SELECT COALESCE((SELECT size FROM log_head WHERE id = 1), 0),
                COALESCE((SELECT size FROM log_published WHERE id = 1), 0),
                COALESCE((SELECT checkpoint FROM log_published WHERE id = 1), '')",
        )
        .fetch_one(self.pool())
        .await?;
        Ok(RegisterMark {
            leaves,
            published,
            checkpoint: Digest::of(checkpoint.as_bytes()),
        })
    }

    /// Certificates that fit, newest first, without the first `skip`, at most `most`; of one state when `status` says which
    /// (`valid`, `superseded`, `revoked`).
    pub async fn search_certificates(
        &self,
        search: &Search,
        status: Option<&str>,
        skip: u64,
        most: u32,
    ) -> Result<Found, StoreError> {
        let ((rows, count), value) = match search {
            Search::All => (queries!("$1 = ''"), String::new()),
            Search::Number(number) => (
                queries!(r"number LIKE $1 ESCAPE '\'"),
                format!("{}%", literally(number)),
            ),
            Search::Words(words) => (
                queries!(r"claims LIKE $1 ESCAPE '\'"),
                format!("%{}%", literally(words)),
            ),
            Search::Code(mac) => (queries!("code_mac = $1"), mac.to_hex()),
            Search::Identity(mac) => (queries!("identity_mac = $1"), mac.to_hex()),
        };
        let status = status.unwrap_or_default();
        let rows = sqlx::query(rows)
            .bind(&value)
            .bind(status)
            .bind(i64::from(most))
            .bind(skip.cast_signed())
            .fetch_all(self.pool())
            .await?;
        let count = sqlx::query(count)
            .bind(&value)
            .bind(status)
            .fetch_one(self.pool())
            .await?;
        let total: i64 = count.try_get(0)?;
        Ok(Found {
            rows: rows.iter().map(certificate_row).collect::<Result<_, _>>()?,
            total: total.cast_unsigned(),
        })
    }

    /// Certificates from this leaf on, in the order they were issued, at most `most`: to write the whole register.
    pub async fn certificates_from(
        &self,
        leaf_index: u64,
        most: u32,
    ) -> Result<Vec<CertificateRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT * FROM certificates WHERE leaf_index >= $1 ORDER BY leaf_index LIMIT $2",
        )
        .bind(leaf_index.cast_signed())
        .bind(i64::from(most))
        .fetch_all(self.pool())
        .await?;
        rows.iter().map(certificate_row).collect()
    }
}

/// What was typed as a pattern that fits just that.
fn literally(typed: &str) -> String {
    let mut pattern = String::with_capacity(typed.len());
    for sign in typed.chars() {
        if matches!(sign, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(sign);
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{CertificateStatus, NewCertificate, SecretHash, StoreConfig};

    fn certificate(leaf_index: u64, number: &str, name: &str) -> NewCertificate {
        let digest = |what: &str| Digest::of(format!("{what}{number}").as_bytes());
        NewCertificate {
            number: number.to_owned(),
            leaf_index,
            code_mac: digest("code"),
            file_sha256: digest("file"),
            file_bytes: 1,
            revision_1_sha256: digest("revision"),
            commitment: digest("claims"),
            claims: format!("{{\"name\":\"{name}\"}}"),
            identity_mac: Some(Digest::of(name.as_bytes())),
            witnesses: 0,
            holder: SecretHash::of_text(number),
            issued_at: jiff::Timestamp::UNIX_EPOCH,
        }
    }

    #[tokio::test]
    async fn a_search_finds_what_was_meant_and_pages_through_it() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&StoreConfig::in_folder(folder.path()))
            .await
            .unwrap();
        let mut log = store.begin_log().await.unwrap();
        for (leaf, number, name) in [
            (0, "JZ01", "甲一"),
            (1, "JZ02", "乙%二"),
            (3, "JX03", "甲一"),
        ] {
            log.insert(&certificate(leaf, number, name)).await.unwrap();
        }
        let revoked = CertificateStatus::Revoked {
            reason: "error".into(),
            effect: "from_date".into(),
        };
        let at = jiff::Timestamp::UNIX_EPOCH;
        log.set_status("JZ01", &revoked, at).await.unwrap();
        log.commit().await.unwrap();
        let numbers = async |search, status, skip, most| {
            let found = store.search_certificates(&search, status, skip, most).await;
            let found: Found = found.unwrap();
            let numbers: Vec<_> = found
                .rows
                .iter()
                .map(|row| row.issued.number.clone())
                .collect();
            (numbers.join(" "), found.total)
        };
        let words = |text: &str| Search::Words(text.to_owned());
        let number = |text: &str| Search::Number(text.to_owned());
        let is = |text: &str, total| (text.to_owned(), total);
        assert_eq!(numbers(Search::All, None, 0, 2).await, is("JX03 JZ02", 3));
        assert_eq!(numbers(Search::All, None, 2, 2).await, is("JZ01", 3));
        assert_eq!(
            numbers(Search::All, Some("revoked"), 0, 9).await,
            is("JZ01", 1)
        );
        assert_eq!(numbers(number("JZ"), None, 0, 9).await, is("JZ02 JZ01", 2));
        assert_eq!(numbers(number("J_0"), None, 0, 9).await, is("", 0));
        assert_eq!(
            numbers(words("甲"), Some("valid"), 0, 9).await,
            is("JX03", 1)
        );
        assert_eq!(numbers(words("%"), None, 0, 9).await, is("JZ02", 1));
        let code = Search::Code(Digest::of(b"codeJZ02"));
        assert_eq!(numbers(code, None, 0, 9).await, is("JZ02", 1));
        let person = Search::Identity(Digest::of("甲一".as_bytes()));
        assert_eq!(numbers(person, None, 0, 9).await, is("JX03 JZ01", 2));
        let from = store.certificates_from(1, 9).await.unwrap();
        assert_eq!(from.len(), 2);
    }
}
