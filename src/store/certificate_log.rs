//! Rows of the certificate log, and the short transactions that numbers, leaves and statuses change in.
//!
//! Numbers, leaf indexes and statuses are serialised by the database: [`LogTransaction`] takes the write lock at its start, so two
//! nodes that issue at once wait for each other, and a crash leaves either everything or nothing. Nothing slow happens inside.

use jiff::Timestamp;
use sqlx::Row as _;

use super::{
    CertificateRow, CertificateStatus, Db, IntegrityRecord, NewCertificate, SecretHash, Store,
    StoreError, certificates::certificate_row, from_ms, to_ms,
};
use crate::digest::Digest;

/// The newest tree of the log.
#[derive(Clone, Debug)]
pub struct LogHead {
    /// Its leaves.
    pub size: u64,
    /// Its peaks, as text of the `certificate` room.
    pub peaks: String,
    /// Its checkpoint, signed by the log.
    pub checkpoint: String,
}

/// The newest tree that was shown to the world.
#[derive(Clone, Debug)]
pub struct Published {
    /// Its leaves.
    pub size: u64,
    /// Its checkpoint, signed by the log and its witnesses.
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
}

/// A certificate that is in the log and waits for its witnesses and its signature.
#[derive(Clone, Debug)]
pub struct PendingCertificate {
    /// What is known of it; the hash and length of the file are not yet.
    pub new: NewCertificate,
    /// The first revision, base64.
    pub revision_1: String,
}

/// Changes of certificates and the log, all or nothing.
pub struct LogTransaction {
    inner: sqlx::Transaction<'static, Db>,
}

impl LogTransaction {
    /// Reserves a serial of a scope for `worker` until an instant: one that was given back or left behind, otherwise the next.
    pub async fn reserve_serial(
        &mut self,
        scope: &str,
        worker: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<u64, StoreError> {
        let free: Option<(i64,)> = sqlx::query_as(
            "SELECT serial FROM certificate_reservations WHERE scope = $1 AND until_ms <= $2 ORDER BY serial LIMIT 1",
        )
        .bind(scope)
        .bind(to_ms(now))
        .fetch_optional(&mut *self.inner)
        .await?;
        let serial = match free {
            Some((serial,)) => serial,
            None => {
                let (serial,): (i64,) = sqlx::query_as(
                    "INSERT INTO certificate_serials (scope, next_serial) VALUES ($1, 2)
                     ON CONFLICT (scope) DO UPDATE SET next_serial = certificate_serials.next_serial + 1
                     RETURNING next_serial - 1",
                )
                .bind(scope)
                .fetch_one(&mut *self.inner)
                .await?;
                serial
            }
        };
        sqlx::query(
            "INSERT INTO certificate_reservations (scope, serial, worker, until_ms) VALUES ($1, $2, $3, $4)
             ON CONFLICT (scope, serial) DO UPDATE SET worker = $3, until_ms = $4",
        )
        .bind(scope)
        .bind(serial)
        .bind(worker)
        .bind(to_ms(until))
        .execute(&mut *self.inner)
        .await?;
        Ok(serial.unsigned_abs())
    }
    /// Uses up a reservation; `false` when it went to somebody else meanwhile.
    pub async fn use_serial(
        &mut self,
        scope: &str,
        serial: u64,
        worker: &str,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "DELETE FROM certificate_reservations WHERE scope = $1 AND serial = $2 AND worker = $3",
        )
        .bind(scope)
        .bind(serial.cast_signed())
        .bind(worker)
        .execute(&mut *self.inner)
        .await?;
        Ok(done.rows_affected() == 1)
    }
    /// Gives a serial back to whoever comes next.
    pub async fn release_serial(
        &mut self,
        scope: &str,
        serial: u64,
        worker: &str,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE certificate_reservations SET until_ms = 0 WHERE scope = $1 AND serial = $2 AND worker = $3",
        )
        .bind(scope)
        .bind(serial.cast_signed())
        .bind(worker)
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }
    /// The newest tree; nothing before the first leaf.
    pub async fn head(&mut self) -> Result<Option<LogHead>, StoreError> {
        head(&mut *self.inner).await
    }
    /// Appends a leaf.
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
        Ok(())
    }
    /// Replaces the head.
    pub async fn set_head(&mut self, head: &LogHead) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO log_head (id, size, peaks, checkpoint) VALUES (1, $1, $2, $3)
             ON CONFLICT (id) DO UPDATE SET size = $1, peaks = $2, checkpoint = $3",
        )
        .bind(head.size.cast_signed())
        .bind(&head.peaks)
        .bind(&head.checkpoint)
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }
    /// Replaces the published tree by a larger one, or by the same with other witnesses.
    pub async fn publish(&mut self, published: &Published) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO log_published (id, size, checkpoint) VALUES (1, $1, $2)
             ON CONFLICT (id) DO UPDATE SET size = $1, checkpoint = $2 WHERE log_published.size <= $1",
        )
        .bind(published.size.cast_signed())
        .bind(&published.checkpoint)
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }
    /// Writes a certificate that waits. Its holder's secret must not be that of another certificate: then somebody issued the
    /// same a moment ago, and nothing of this transaction may stay.
    pub async fn insert_pending(&mut self, pending: &PendingCertificate) -> Result<(), StoreError> {
        let new = &pending.new;
        let before: Option<(i64,)> =
            sqlx::query_as("SELECT leaf_index FROM certificates WHERE holder_sha256 = $1")
                .bind(new.holder.to_hex())
                .fetch_optional(&mut *self.inner)
                .await?;
        if before.is_some() {
            return Err(StoreError::IssuedBefore);
        }
        sqlx::query(
            "INSERT INTO certificate_pending (leaf_index, number, code_mac, revision_1, revision_1_sha256, commitment,
                claims, identity_mac, holder_sha256, issued_at_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        )
        .bind(new.leaf_index.cast_signed())
        .bind(&new.number)
        .bind(new.code_mac.to_hex())
        .bind(&pending.revision_1)
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
    /// Turns a certificate that waits into a finished one; `false` when another node did it before.
    pub async fn finish(&mut self, new: &NewCertificate) -> Result<bool, StoreError> {
        let done = sqlx::query("DELETE FROM certificate_pending WHERE leaf_index = $1")
            .bind(new.leaf_index.cast_signed())
            .execute(&mut *self.inner)
            .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        self.insert(new).await?;
        Ok(true)
    }
    /// Writes a finished certificate, valid.
    pub async fn insert(&mut self, new: &NewCertificate) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO certificates (number, leaf_index, code_mac, file_sha256, file_bytes, revision_1_sha256,
                commitment, claims, identity_mac, holder_sha256, issued_at_ms, status, status_at_ms, witnesses)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'valid', $11, $12)",
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
        .bind(i64::from(new.witnesses))
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
            "UPDATE certificates SET status = $2, status_at_ms = $3, status_reason = $5, status_effect = $6,
                superseded_by = COALESCE($4, superseded_by) WHERE number = $1",
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

impl Store {
    /// Begins to change certificates or the log; waits until no other node does.
    pub async fn begin_log(&self) -> Result<LogTransaction, StoreError> {
        Ok(LogTransaction {
            inner: self.begin().await?,
        })
    }
    /// [`Store::begin_log`] to reserve serials and nothing else. Its commit does not wait for the disk: a reservation that a power
    /// cut undoes was used by nobody, because whoever uses one commits after it and waits.
    pub async fn begin_reserving(&self) -> Result<LogTransaction, StoreError> {
        Ok(LogTransaction {
            inner: self.begin_lightly().await?,
        })
    }
    /// The newest tree of the log; nothing before the first leaf.
    pub async fn log_head(&self) -> Result<Option<LogHead>, StoreError> {
        head(self.pool()).await
    }
    /// The newest tree that was shown to the world.
    pub async fn log_published(&self) -> Result<Option<Published>, StoreError> {
        let row: Option<(i64, String)> =
            sqlx::query_as("SELECT size, checkpoint FROM log_published WHERE id = 1")
                .fetch_optional(self.pool())
                .await?;
        Ok(row.map(|(size, checkpoint)| Published {
            size: size.cast_unsigned(),
            checkpoint,
        }))
    }
    /// Certificates that wait, the oldest first.
    pub async fn pending_certificates(
        &self,
        most: u32,
    ) -> Result<Vec<PendingCertificate>, StoreError> {
        let rows = sqlx::query("SELECT * FROM certificate_pending ORDER BY leaf_index LIMIT $1")
            .bind(i64::from(most))
            .fetch_all(self.pool())
            .await?;
        rows.iter().map(pending_row).collect()
    }
    /// The leaf of a certificate that waits.
    pub async fn pending_leaf(&self, number: &str) -> Result<u64, StoreError> {
        let row: Option<(i64,)> =
            sqlx::query_as("SELECT leaf_index FROM certificate_pending WHERE number = $1")
                .bind(number)
                .fetch_optional(self.pool())
                .await?;
        let (leaf,) = row.ok_or(StoreError::NotFound)?;
        Ok(leaf.cast_unsigned())
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

fn pending_row(row: &sqlx::any::AnyRow) -> Result<PendingCertificate, StoreError> {
    let text = |column: &'static str| -> Result<String, StoreError> { Ok(row.try_get(column)?) };
    let maybe = |column: &'static str| -> Result<Option<Digest>, StoreError> {
        let mac: Option<String> = row.try_get(column)?;
        Ok(mac.and_then(|mac| mac.parse().ok()))
    };
    let number = |column: &'static str| -> Result<i64, StoreError> { Ok(row.try_get(column)?) };
    let digest = |place: &'static str| -> Result<Digest, StoreError> {
        text(place)?
            .parse()
            .map_err(|_| StoreError::Unreadable { place })
    };
    let holder =
        SecretHash::from_hex(&text("holder_sha256")?, "certificate_pending.holder_sha256")?;
    Ok(PendingCertificate {
        revision_1: text("revision_1")?,
        new: NewCertificate {
            number: text("number")?,
            leaf_index: number("leaf_index")?.cast_unsigned(),
            code_mac: digest("code_mac")?,
            // Not known yet.
            file_sha256: Digest::from_bytes([0; 32]),
            file_bytes: 0,
            revision_1_sha256: digest("revision_1_sha256")?,
            commitment: digest("commitment")?,
            claims: text("claims")?,
            identity_mac: maybe("identity_mac")?,
            witnesses: 0,
            holder,
            issued_at: from_ms(number("issued_at_ms")?),
        },
    })
}
