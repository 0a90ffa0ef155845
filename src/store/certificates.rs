//! Rows of certificates and of the integrity record. Claims are text here; their meaning is the `certificate` room's.

use jiff::{Timestamp, civil::Date};
use sqlx::Row as _;

use super::{Id, SecretHash, Store, StoreError, from_ms, to_ms};
use crate::digest::Digest;

/// A certificate to be written.
#[derive(Clone, Debug)]
pub struct NewCertificate {
    /// Its number.
    pub number: String,
    /// Its leaf in the log.
    pub leaf_index: u64,
    /// HMAC of its face code.
    pub code_mac: Digest,
    /// SHA-256 of the file, which is a blob.
    pub file_sha256: Digest,
    /// Length of the file.
    pub file_bytes: u64,
    /// SHA-256 of its first revision.
    pub revision_1_sha256: Digest,
    /// Commitment to its claims.
    pub commitment: Digest,
    /// The claims, canonical JSON.
    pub claims: String,
    /// HMAC of the holder's identity number.
    pub identity_mac: Option<Digest>,
    /// How many witnesses the proof in the file carries.
    pub witnesses: u32,
    /// What is kept of the holder's secret.
    pub holder: SecretHash,
    /// When it was issued.
    pub issued_at: Timestamp,
}

/// A certificate as it stands.
#[derive(Clone, Debug)]
pub struct CertificateRow {
    /// What was written when it was issued.
    pub issued: NewCertificate,
    /// Its status.
    pub status: CertificateStatus,
    /// When its status last changed.
    pub status_at: Timestamp,
    /// Number of the certificate that took its place; stays when it is revoked after that.
    pub superseded_by: Option<String>,
}

/// The status of a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CertificateStatus {
    /// As issued.
    Valid,
    /// Another one took its place.
    Superseded {
        /// Number of the other.
        by: String,
    },
    /// Revoked.
    Revoked {
        /// Reason class.
        reason: String,
        /// From when it counts.
        effect: String,
    },
}

/// An entry of the integrity record.
#[derive(Clone, Debug)]
pub struct IntegrityRecord {
    /// Its id.
    pub id: Id,
    /// Number of the certificate.
    pub number: String,
    /// Who, what was decided, why; JSON text.
    pub record: String,
    /// Day of the decision.
    pub decided_on: Date,
    /// Its last day.
    pub expires_on: Date,
}

/// What to find a certificate by.
#[derive(Clone, Copy, Debug)]
pub enum CertificateKey<'a> {
    /// Its number.
    Number(&'a str),
    /// HMAC of its face code.
    CodeMac(Digest),
    /// SHA-256 of the file.
    File(Digest),
    /// SHA-256 of its first revision.
    Revision1(Digest),
    /// Commitment to its claims.
    Commitment(Digest),
    /// Its leaf in the log.
    Leaf(u64),
}

/// Which certificates to list; what is empty does not matter.
#[derive(Clone, Debug, Default)]
pub struct CertificateFilter {
    /// How the number begins.
    pub number_begins: String,
    /// The status by its name in the table.
    pub status: Option<&'static str>,
    /// Issued then or later.
    pub issued_from: Option<Timestamp>,
    /// Issued before.
    pub issued_before: Option<Timestamp>,
    /// Leaves before this one.
    pub before_leaf: Option<u64>,
    /// Most rows.
    pub most: u32,
}

impl Store {
    /// Certificates that fit, the newest first.
    pub async fn certificates(
        &self,
        filter: &CertificateFilter,
    ) -> Result<Vec<CertificateRow>, StoreError> {
        // `~` follows every sign a number has.
        let rows = sqlx::query(
            "SELECT * FROM certificates WHERE number >= $1 AND number < $2 AND ($3 = '' OR status = $3)
               AND issued_at_ms >= $4 AND issued_at_ms < $5 AND leaf_index < $6
             ORDER BY leaf_index DESC LIMIT $7",
        )
        .bind(&filter.number_begins)
        .bind(format!("{}~", filter.number_begins))
        .bind(filter.status.unwrap_or_default())
        .bind(filter.issued_from.map_or(i64::MIN, to_ms))
        .bind(filter.issued_before.map_or(i64::MAX, to_ms))
        .bind(filter.before_leaf.map_or(i64::MAX, u64::cast_signed))
        .bind(i64::from(filter.most))
        .fetch_all(self.pool())
        .await?;
        rows.iter().map(certificate_row).collect()
    }
    /// Finds a certificate.
    pub async fn certificate(
        &self,
        key: CertificateKey<'_>,
    ) -> Result<Option<CertificateRow>, StoreError> {
        let query = match key {
            CertificateKey::Number(number) => {
                sqlx::query("SELECT * FROM certificates WHERE number = $1").bind(number.to_owned())
            }
            CertificateKey::CodeMac(mac) => {
                sqlx::query("SELECT * FROM certificates WHERE code_mac = $1").bind(mac.to_hex())
            }
            CertificateKey::File(digest) => {
                sqlx::query("SELECT * FROM certificates WHERE file_sha256 = $1")
                    .bind(digest.to_hex())
            }
            CertificateKey::Revision1(digest) => {
                sqlx::query("SELECT * FROM certificates WHERE revision_1_sha256 = $1")
                    .bind(digest.to_hex())
            }
            CertificateKey::Commitment(digest) => {
                sqlx::query("SELECT * FROM certificates WHERE commitment = $1")
                    .bind(digest.to_hex())
            }
            CertificateKey::Leaf(index) => {
                sqlx::query("SELECT * FROM certificates WHERE leaf_index = $1")
                    .bind(index.cast_signed())
            }
        };
        let row = query.fetch_optional(self.pool()).await?;
        row.as_ref().map(certificate_row).transpose()
    }
    /// How many certificates there are.
    pub async fn certificate_count(&self) -> Result<u64, StoreError> {
        let (count,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM certificates")
            .fetch_one(self.pool())
            .await?;
        Ok(count.cast_unsigned())
    }
    /// Entries of the integrity record of one certificate that still stand on `on`.
    pub async fn integrity_records(
        &self,
        number: &str,
        on: Date,
    ) -> Result<Vec<IntegrityRecord>, StoreError> {
        let rows: Vec<(String, String, String, String, String)> = sqlx::query_as(
            "SELECT id, number, record, decided_on, expires_on FROM integrity_records
             WHERE number = $1 AND expires_on > $2 ORDER BY decided_on, id",
        )
        .bind(number)
        .bind(on.to_string())
        .fetch_all(self.pool())
        .await?;
        let unreadable = StoreError::Unreadable {
            place: "integrity_records",
        };
        rows.into_iter()
            .map(|(id, number, record, decided_on, expires_on)| {
                Some(IntegrityRecord {
                    id: id.parse().ok()?,
                    number,
                    record,
                    decided_on: decided_on.parse().ok()?,
                    expires_on: expires_on.parse().ok()?,
                })
            })
            .collect::<Option<Vec<_>>>()
            .ok_or(unreadable)
    }
    /// Deletes entries of the integrity record that have run out on `on`, and says how many.
    pub async fn purge_integrity_records(&self, on: Date) -> Result<u64, StoreError> {
        let done = sqlx::query("DELETE FROM integrity_records WHERE expires_on <= $1")
            .bind(on.to_string())
            .execute(self.pool())
            .await?;
        if done.rows_affected() > 0 {
            self.checkpoint().await?;
        }
        Ok(done.rows_affected())
    }
}

pub(super) fn certificate_row(row: &sqlx::any::AnyRow) -> Result<CertificateRow, StoreError> {
    let text = |column: &'static str| -> Result<String, StoreError> { Ok(row.try_get(column)?) };
    let maybe =
        |column: &'static str| -> Result<Option<String>, StoreError> { Ok(row.try_get(column)?) };
    let number = |column: &'static str| -> Result<i64, StoreError> { Ok(row.try_get(column)?) };
    let digest = |place: &'static str| -> Result<Digest, StoreError> {
        text(place)?
            .parse()
            .map_err(|_| StoreError::Unreadable { place })
    };
    let unreadable = StoreError::Unreadable {
        place: "certificates.status",
    };
    let status = match text("status")?.as_str() {
        "valid" => CertificateStatus::Valid,
        "superseded" => CertificateStatus::Superseded {
            by: maybe("superseded_by")?.unwrap_or_default(),
        },
        "revoked" => CertificateStatus::Revoked {
            reason: maybe("status_reason")?.unwrap_or_default(),
            effect: maybe("status_effect")?.unwrap_or_default(),
        },
        _ => return Err(unreadable),
    };
    Ok(CertificateRow {
        issued: NewCertificate {
            number: text("number")?,
            leaf_index: number("leaf_index")?.cast_unsigned(),
            code_mac: digest("code_mac")?,
            file_sha256: digest("file_sha256")?,
            file_bytes: number("file_bytes")?.cast_unsigned(),
            revision_1_sha256: digest("revision_1_sha256")?,
            commitment: digest("commitment")?,
            claims: text("claims")?,
            identity_mac: maybe("identity_mac")?.and_then(|mac| mac.parse().ok()),
            witnesses: u32::try_from(number("witnesses")?).unwrap_or_default(),
            holder: SecretHash::from_hex(&text("holder_sha256")?, "certificates.holder_sha256")?,
            issued_at: from_ms(number("issued_at_ms")?),
        },
        status,
        status_at: from_ms(number("status_at_ms")?),
        superseded_by: maybe("superseded_by")?,
    })
}
