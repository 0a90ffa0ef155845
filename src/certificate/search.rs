//! Looks certificates up for the office that issued them: a listing by number, status and day of issue, and one search that
//! understands what people type.
//!
//! The office may see its whole register, so words are looked for in parts of names too; what is typed comes in a form or a body, never
//! in an address. Identity numbers are nowhere but as HMACs under the office's pepper: a whole one finds its certificates, and each such
//! search is written down; whether one is the holder's is answered a few times an hour ([`identity_matches`]).

use jiff::{Timestamp, ToSpan as _, civil::Date};
use unicode_normalization::UnicodeNormalization as _;

use super::{code::FaceCode, error::IssueError, keys::Keys, number::Number, office::Issuer};
use crate::{
    clock::shanghai,
    store::{AuditEntry, CertificateFilter, CertificateRow, Search, Store, StoreError},
};

/// Which certificates to list; everything that is given must hold.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    /// The number, or how it begins.
    pub number: Option<String>,
    /// `valid`, `superseded` or `revoked`.
    pub status: Option<StatusName>,
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

/// What somebody of the office typed: a face code, an identity number, the beginning of a certificate number, or words.
pub fn meant(issuer: &Issuer, typed: &str) -> Search {
    let keys = issuer.keys();
    let compact: String = typed.nfkc().filter(|c| !c.is_whitespace()).collect();
    if compact.is_empty() {
        return Search::All;
    }
    if let Ok(code) = compact.parse::<FaceCode>() {
        return Search::Code(keys.mac("code", code.as_str()));
    }
    if is_identity_number(&compact) {
        return Search::Identity(identity_mac(keys, &compact));
    }
    if compact.is_ascii() {
        return Search::Number(compact.to_ascii_uppercase());
    }
    // As claims are written.
    Search::Words(typed.trim().nfc().collect())
}

/// 17 digits and a digit or X: the shape is enough, for the search compares the whole.
fn is_identity_number(text: &str) -> bool {
    let body = text.get(..17);
    let digits = body.is_some_and(|body| body.bytes().all(|sign| sign.is_ascii_digit()));
    let last = text.get(17..).unwrap_or_default();
    let ends = last.len() == 1
        && last
            .bytes()
            .all(|s| s.is_ascii_digit() || s.eq_ignore_ascii_case(&b'x'));
    digits && ends
}

/// Certificates that fit, the newest first.
pub async fn list(store: &Store, search: &Listing) -> Result<Vec<CertificateRow>, StoreError> {
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
        issued_from: from,
        issued_before: until.and_then(|day| begin(day).ok()),
        before_leaf: search.before_leaf,
        most: search.most.clamp(1, MOST_ROWS),
    };
    store.certificates(&filter).await
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificate::Office;

    #[test]
    fn what_is_typed_is_understood() {
        let at = Timestamp::UNIX_EPOCH;
        let issuer = Issuer::for_demonstration(Office::sample(), b"search", at).unwrap();
        let keys = issuer.keys();
        let meant = |typed: &str| meant(&issuer, typed);
        assert_eq!(meant("  "), Search::All);
        let code = FaceCode::from_mac(&[7; 32]);
        let mac = Search::Code(keys.mac("code", code.as_str()));
        assert_eq!(meant(code.as_str()), mac);
        assert_eq!(meant(&code.grouped().to_lowercase()), mac);
        let person = Search::Identity(identity_mac(keys, "00000019900101000X"));
        assert_eq!(meant("00000019900101000x"), person);
        assert_eq!(meant("０００000 19900101 000X"), person);
        assert_eq!(
            meant("jz2024 0000"),
            Search::Number("JZ20240000".to_owned())
        );
        assert_eq!(meant(" 欧阳 "), Search::Words("欧阳".to_owned()));
        assert!(!is_identity_number("3207001990030712"));
        assert!(!is_identity_number("JZ2024000000330001"));
    }
}
