//! Revokes and reinstates: a leaf and a row in one transaction. The certificate's file stays as it is.

use jiff::{Timestamp, ToSpan as _, civil::Date};
use serde::{Deserialize, Serialize};

use super::{
    claims::instant,
    error::IssueError,
    leaf::{Effect, Leaf, ReasonClass},
    log::append,
    number::Number,
    office::Issuer,
};
use crate::store::{CertificateStatus, Id, IntegrityRecord, LogTransaction, Store};

/// What the integrity record keeps for three years (notices 001, 002, 004). In the database only; `Debug` shows nothing of it.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// Day of the decision.
    pub decided_on: Date,
    /// Number of the decision.
    pub decision_number: String,
    /// Its reason in words.
    pub reason: String,
}

impl std::fmt::Debug for Decision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Decision({})", self.decided_on)
    }
}

impl Decision {
    /// The day from which the record is gone: three calendar years later, the month's end clamped.
    pub fn expires_on(&self) -> Date {
        self.decided_on.checked_add(3.years()).unwrap_or(Date::MAX)
    }
}

/// Revokes a certificate, once. Returns the leaf of the revocation.
pub async fn revoke(
    issuer: &Issuer,
    store: &Store,
    number: &Number,
    reason: ReasonClass,
    effect: Effect,
    decision: Option<&Decision>,
    at: Timestamp,
) -> Result<u64, IssueError> {
    let mut log = store.begin_log().await?;
    let row = log
        .certificate(number.as_str())
        .await?
        .ok_or(IssueError::NoSuchCertificate)?;
    if let CertificateStatus::Revoked { .. } = row.status {
        return Err(IssueError::Status("revoked already"));
    }
    let leaf = Leaf::Revoke {
        of: row.issued.leaf_index,
        r: reason,
        eff: effect,
        at: instant(at),
    };
    let index = append_one(&mut log, issuer, leaf).await?;
    let status = CertificateStatus::Revoked {
        reason: reason.name().to_owned(),
        effect: effect.name().to_owned(),
    };
    log.set_status(number.as_str(), &status, at).await?;
    if let Some(decision) = decision {
        let record = serde_json::to_string(decision).unwrap_or_default();
        log.add_integrity_record(&IntegrityRecord {
            id: Id::random(),
            number: number.to_string(),
            record,
            decided_on: decision.decided_on,
            expires_on: decision.expires_on(),
        })
        .await?;
    }
    log.commit().await?;
    Ok(index)
}

/// Takes a revocation back: what was superseded before is superseded again. Returns the leaf that says so.
pub async fn reinstate(
    issuer: &Issuer,
    store: &Store,
    number: &Number,
    at: Timestamp,
) -> Result<u64, IssueError> {
    let mut log = store.begin_log().await?;
    let row = log
        .certificate(number.as_str())
        .await?
        .ok_or(IssueError::NoSuchCertificate)?;
    if !matches!(row.status, CertificateStatus::Revoked { .. }) {
        return Err(IssueError::Status("not revoked"));
    }
    let leaf = Leaf::Reinstate {
        of: row.issued.leaf_index,
        at: instant(at),
    };
    let index = append_one(&mut log, issuer, leaf).await?;
    let status = match row.superseded_by {
        Some(by) => CertificateStatus::Superseded { by },
        None => CertificateStatus::Valid,
    };
    log.set_status(number.as_str(), &status, at).await?;
    log.commit().await?;
    Ok(index)
}

async fn append_one(
    log: &mut LogTransaction,
    issuer: &Issuer,
    leaf: Leaf,
) -> Result<u64, IssueError> {
    let indexes = append(log, issuer, &[leaf]).await?;
    indexes
        .first()
        .copied()
        .ok_or_else(super::publish::cut_short)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn f7_the_record_ends_three_calendar_years_later() {
        let decision = |decided_on| Decision {
            decided_on,
            decision_number: String::new(),
            reason: String::new(),
        };
        assert_eq!(decision(date(2024, 2, 29)).expires_on(), date(2027, 2, 28));
        assert_eq!(decision(date(2024, 9, 1)).expires_on(), date(2027, 9, 1));
    }
}
