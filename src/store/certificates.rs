//! Rows of certificates and of the log. Leaves, claims and checkpoints are text here; their meaning is the `certificate` room's.
//!
//! Numbers, leaf indexes and statuses are serialised by the database: [`LogTransaction`] takes the write lock at its start, so two
//! nodes that issue at once wait for each other, and a crash leaves either everything or nothing.

use jiff::{Timestamp, civil::Date};
use sqlx::Row as _;

use super::{Db, Id, SecretHash, Store, StoreError, from_ms, to_ms};
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

/// The newest tree of the log.
#[derive(Clone, Debug)]
pub struct LogHead {
    /// Its leaves.
    pub size: u64,
    /// Its peaks, as text of the `certificate` room.
    pub peaks: String,
    /// Its signed checkpoint.
    pub checkpoint: String,
}

/// What one leaf adds to the log.
#[derive(Clone, Debug)]
pub struct NewLeaf {
    /// Its index.
    pub index: u64,
    /// Its text.
    pub leaf: String,
    /// Level, index and hash of every node finished by it.
    pub nodes: Vec<(u32, u64, Digest)>,
    /// The tree with it.
    pub head: LogHead,
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

/// Changes of certificates and the log, all or nothing.
pub struct LogTransaction {
    inner: sqlx::Transaction<'static, Db>,
}

impl LogTransaction {
    /// Takes the next serial of a scope, from 1.
    pub async fn next_serial(&mut self, scope: &str) -> Result<u64, StoreError> {
        let (serial,): (i64,) = sqlx::query_as(
            "INSERT INTO certificate_serials (scope, next_serial) VALUES ($1, 2)
             ON CONFLICT (scope) DO UPDATE SET next_serial = certificate_serials.next_serial + 1
             RETURNING next_serial - 1",
        )
        .bind(scope)
        .fetch_one(&mut *self.inner)
        .await?;
        Ok(serial.unsigned_abs())
    }
    /// The newest tree; nothing before the first leaf.
    pub async fn head(&mut self) -> Result<Option<LogHead>, StoreError> {
        head(&mut *self.inner).await
    }
    /// Appends a leaf and replaces the head.
    pub async fn append(&mut self, new: &NewLeaf) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO log_leaves (leaf_index, leaf) VALUES ($1, $2)")
            .bind(new.index.cast_signed())
            .bind(&new.leaf)
            .execute(&mut *self.inner)
            .await?;
        for (level, index, hash) in &new.nodes {
            sqlx::query("INSERT INTO log_nodes (level, node_index, hash) VALUES ($1, $2, $3)")
                .bind(i64::from(*level))
                .bind(index.cast_signed())
                .bind(hash.to_hex())
                .execute(&mut *self.inner)
                .await?;
        }
        sqlx::query(
            "INSERT INTO log_head (id, size, peaks, checkpoint) VALUES (1, $1, $2, $3)
             ON CONFLICT (id) DO UPDATE SET size = $1, peaks = $2, checkpoint = $3",
        )
        .bind(new.head.size.cast_signed())
        .bind(&new.head.peaks)
        .bind(&new.head.checkpoint)
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }
    /// Writes a new certificate, valid.
    pub async fn insert(&mut self, new: &NewCertificate) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO certificates (number, leaf_index, code_mac, file_sha256, file_bytes, revision_1_sha256,
                commitment, claims, identity_mac, holder_sha256, issued_at_ms, status, status_at_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'valid', $11)",
        )
        .bind(&new.number)
        .bind(new.leaf_index.cast_signed())
        .bind(new.code_mac.to_hex())
        .bind(new.file_sha256.to_hex())
        .bind(new.file_bytes.cast_signed())
        .bind(new.revision_1_sha256.to_hex())
        .bind(new.commitment.to_hex())
        .bind(&new.claims)
        .bind(new.identity_mac.map(Digest::to_hex))
        .bind(new.holder.to_hex())
        .bind(to_ms(new.issued_at))
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }
    /// A certificate by its number, as this transaction sees it.
    pub async fn certificate(
        &mut self,
        number: &str,
    ) -> Result<Option<CertificateRow>, StoreError> {
        let row = sqlx::query("SELECT * FROM certificates WHERE number = $1")
            .bind(number)
            .fetch_optional(&mut *self.inner)
            .await?;
        row.as_ref().map(certificate_row).transpose()
    }
    /// Sets the status of a certificate.
    pub async fn set_status(
        &mut self,
        number: &str,
        status: &CertificateStatus,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let (name, by, reason, effect) = match status {
            CertificateStatus::Valid => ("valid", None, None, None),
            CertificateStatus::Superseded { by } => ("superseded", Some(by), None, None),
            CertificateStatus::Revoked { reason, effect } => {
                ("revoked", None, Some(reason), Some(effect))
            }
        };
        let done = sqlx::query(
            "UPDATE certificates SET status = $2, status_at_ms = $3, superseded_by = $4, status_reason = $5,
                status_effect = $6 WHERE number = $1",
        )
        .bind(number)
        .bind(name)
        .bind(to_ms(at))
        .bind(by)
        .bind(reason)
        .bind(effect)
        .execute(&mut *self.inner)
        .await?;
        if done.rows_affected() == 1 {
            Ok(())
        } else {
            Err(StoreError::NotFound)
        }
    }
    /// Adds to the integrity record.
    pub async fn add_integrity_record(
        &mut self,
        record: &IntegrityRecord,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO integrity_records (id, number, record, decided_on, expires_on) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(record.id.as_str())
        .bind(&record.number)
        .bind(&record.record)
        .bind(record.decided_on.to_string())
        .bind(record.expires_on.to_string())
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }
    /// Makes all of it lasting.
    pub async fn commit(self) -> Result<(), StoreError> {
        Ok(self.inner.commit().await?)
    }
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

impl Store {
    /// Begins to change certificates or the log; waits until no other node does.
    pub async fn begin_log(&self) -> Result<LogTransaction, StoreError> {
        Ok(LogTransaction {
            inner: self.begin().await?,
        })
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
    /// The newest tree of the log; nothing before the first leaf.
    pub async fn log_head(&self) -> Result<Option<LogHead>, StoreError> {
        head(self.pool()).await
    }
    /// Leaves from `first`, at most `count`, in order.
    pub async fn log_leaves(&self, first: u64, count: u64) -> Result<Vec<String>, StoreError> {
        let rows: Vec<(String,)> = sqlx::query_as(
            "SELECT leaf FROM log_leaves WHERE leaf_index >= $1 AND leaf_index < $2 ORDER BY leaf_index",
        )
        .bind(first.cast_signed())
        .bind(first.saturating_add(count).cast_signed())
        .fetch_all(self.pool())
        .await?;
        Ok(rows.into_iter().map(|(leaf,)| leaf).collect())
    }
    /// Hashes of finished nodes of one level from `first`, at most `count`, in order.
    pub async fn log_nodes(
        &self,
        level: u32,
        first: u64,
        count: u64,
    ) -> Result<Vec<Digest>, StoreError> {
        let rows: Vec<(String,)> = sqlx::query_as(
            "SELECT hash FROM log_nodes WHERE level = $1 AND node_index >= $2 AND node_index < $3
             ORDER BY node_index",
        )
        .bind(i64::from(level))
        .bind(first.cast_signed())
        .bind(first.saturating_add(count).cast_signed())
        .fetch_all(self.pool())
        .await?;
        let unreadable = |_| StoreError::Unreadable {
            place: "log_nodes.hash",
        };
        rows.into_iter()
            .map(|(hash,)| hash.parse().map_err(unreadable))
            .collect()
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

async fn head<'e>(
    executor: impl sqlx::Executor<'e, Database = Db>,
) -> Result<Option<LogHead>, StoreError> {
    let row: Option<(i64, String, String)> =
        sqlx::query_as("SELECT size, peaks, checkpoint FROM log_head WHERE id = 1")
            .fetch_optional(executor)
            .await?;
    Ok(row.map(|(size, peaks, checkpoint)| LogHead {
        size: size.cast_unsigned(),
        peaks,
        checkpoint,
    }))
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
            holder: SecretHash::from_hex(&text("holder_sha256")?, "certificates.holder_sha256")?,
            issued_at: from_ms(number("issued_at_ms")?),
        },
        status,
        status_at: from_ms(number("status_at_ms")?),
    })
}
