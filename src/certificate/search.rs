//! Looks certificates up for the office that issued them: by number, status, day of issue, and by a name that is typed in full.
//!
//! A name is compared as an HMAC under the office's pepper: whoever asks must know it, nothing completes it. Identity numbers are
//! compared one certificate at a time ([`identity_matches`]), and only a few times an hour.

use jiff::{Timestamp, ToSpan as _, civil::Date};
use unicode_normalization::UnicodeNormalization as _;

use super::{error::IssueError, keys::Keys, number::Number, office::Issuer};
use crate::{
    clock::shanghai,
    store::{AuditEntry, CertificateFilter, CertificateRow, Store, StoreError},
};

/// What to look for; everything that is given must hold.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// The number, or how it begins.
    pub number: Option<String>,
    /// `valid`, `superseded` or `revoked`.
    pub status: Option<StatusName>,
    /// The holder's name, all of it.
    pub name: Option<String>,
    /// Issued on this day (Shanghai) or later.
    pub issued_from: Option<Date>,
    /// Issued on this day or before.
    pub issued_to: Option<Date>,
    /// Only leaves before this one: the last of the page before.
    pub before_leaf: Option<u64>,
    /// Most rows, up to 200.
    pub most: u32,
}

/// A status by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatusName {
    /// In force.
    Valid,
    /// Another took its place.
    Superseded,
    /// Revoked.
    Revoked,
}

impl StatusName {
    /// As in the register.
    pub const fn as_str(self) -> &'static str {
        match self {
            StatusName::Valid => "valid",
            StatusName::Superseded => "superseded",
            StatusName::Revoked => "revoked",
        }
    }
}

/// Most rows of one answer.
pub const MOST_ROWS: u32 = 200;
/// How often in an hour one certificate may be asked for its identity number.
pub const IDENTITY_TRIES: u64 = 10;

/// Certificates that fit, the newest first.
pub async fn search(
    issuer: &Issuer,
    store: &Store,
    search: &Search,
) -> Result<Vec<CertificateRow>, StoreError> {
    let begin = |day: Date| day.to_zoned(shanghai()).map(|zoned| zoned.timestamp());
    let from = search.issued_from.and_then(|day| begin(day).ok());
    let until = search.issued_to.and_then(|day| day.tomorrow().ok());
    let number = search.number.as_deref().map(|typed| {
        let signs = typed.nfkc().filter(|c| !c.is_whitespace());
        signs.map(|c| c.to_ascii_uppercase()).collect::<String>()
    });
    let filter = CertificateFilter {
        number_begins: number.unwrap_or_default(),
        status: search.status.map(StatusName::as_str),
        name_mac: search
            .name
            .as_deref()
            .map(|name| name_mac(issuer.keys(), name)),
        issued_from: from,
        issued_before: until.and_then(|day| begin(day).ok()),
        before_leaf: search.before_leaf,
        most: search.most.clamp(1, MOST_ROWS),
    };
    store.certificates(&filter).await
}

/// HMAC of a name as people type it: blanks left out, one form for each character.
pub(super) fn name_mac(keys: &Keys, name: &str) -> crate::digest::Digest {
    let plain: String = name.nfc().filter(|c| !c.is_whitespace()).collect();
    keys.mac("name", &plain)
}

/// HMAC of an identity number as people type it.
pub(super) fn identity_mac(keys: &Keys, number: &str) -> crate::digest::Digest {
    let signs = number.nfkc().filter(|c| !c.is_whitespace() && *c != '-');
    let plain: String = signs.map(|c| c.to_ascii_uppercase()).collect();
    keys.mac("identity", &plain)
}

/// Whether the identity number that `actor` typed is the holder's; nothing when none was given at issue. Each question is
/// written down, and after [`IDENTITY_TRIES`] in an hour there is no answer.
pub async fn identity_matches(
    issuer: &Issuer,
    store: &Store,
    number: &Number,
    typed: &str,
    actor: &str,
    at: Timestamp,
) -> Result<Option<bool>, IssueError> {
    const ACTION: &str = "certificate.identity_asked";
    let row = super::show(store, number).await?;
    let subject = format!("leaf:{}", row.issued.leaf_index);
    let hour_ago = at.checked_sub(1.hour()).unwrap_or(Timestamp::MIN);
    let tries = store.audited_since(ACTION, &subject, hour_ago).await?;
    if tries >= IDENTITY_TRIES {
        return Err(IssueError::AskedTooOften);
    }
    let entry = AuditEntry {
        at,
        actor: actor.to_owned(),
        action: ACTION.to_owned(),
        subject,
        request_id: String::new(),
    };
    store.audit(&entry).await?;
    let typed = identity_mac(issuer.keys(), typed);
    Ok(row.issued.identity_mac.map(|mac| {
        use subtle::ConstantTimeEq as _;
        mac.as_bytes().ct_eq(typed.as_bytes()).into()
    }))
}
