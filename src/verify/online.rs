//! Asks the registry: by face code, by the file's hash, or with the file.
//!
//! An unknown code, a wrong code and a code of somebody else are answered alike. A hash alone opens no personal data. The registry is
//! not believed either: its row must agree with the public log.

use jiff::Timestamp;

use super::{
    anchors::Anchors,
    answer::{Answer, Revocation, Shown, Verification},
    file::{altered, claims_inside, commitment, face_code, file as offline},
    wrong::Wrong,
};
use crate::{
    certificate::{Claims, Effect, FaceCode, Issuer, Leaf, ReasonClass},
    digest::Digest,
    store::{CertificateKey, CertificateRow, CertificateStatus, Store, StoreError},
};

/// The anchors of an office that verifies what it issued itself.
pub fn anchors(issuer: &Issuer, now: Timestamp) -> Result<Anchors, Wrong> {
    Anchors::new(&issuer.issuer_pem(), &[&issuer.log_key()], now)
}

/// What [`crate::certificate::issue`] asks before it hands a file out: is it authentic for this office's own anchors?
pub fn self_check(issuer: &Issuer, bytes: &[u8], at: Timestamp) -> Result<(), String> {
    let anchors = anchors(issuer, at).map_err(|wrong| wrong.message.en)?;
    let verification = offline(bytes, &anchors);
    match verification.reason {
        None if verification.answer == Answer::Authentic => Ok(()),
        Some(wrong) => Err(wrong.message.en),
        None => Err(verification.message.en),
    }
}

/// By face code.
pub async fn by_code(
    issuer: &Issuer,
    store: &Store,
    code: &FaceCode,
    now: Timestamp,
) -> Result<Verification, StoreError> {
    let mac = issuer.keys().mac("code", code.as_str());
    let Some(row) = store.certificate(CertificateKey::CodeMac(mac)).await? else {
        return Ok(unknown(now));
    };
    let mut verification = registered(store, &row, Some(code), now).await?;
    if verification.answer != Answer::CouldNotTell {
        verification = verification
            .checked(
                "登记与公开日志一致",
                "that the registry agrees with the public log",
            )
            .not_checked(
                "您手中的纸件或文件是否与登记一致：请逐项核对",
                "whether the paper or file before you says the same: compare it",
            );
    }
    Ok(verification)
}

/// By the SHA-256 of the file: answers the status, and nothing of the person.
pub async fn by_sha256(
    store: &Store,
    sha256: Digest,
    now: Timestamp,
) -> Result<Verification, StoreError> {
    let row = store.certificate(CertificateKey::File(sha256)).await?;
    let mut verification = match row {
        Some(row) => registered(store, &row, None, now).await?,
        None => unknown(now),
    };
    verification.certificate = None;
    verification.file_sha256 = Some(sha256);
    Ok(verification)
}

/// With the file. A file whose hash is registered is as issued; of every other we say what we can.
pub async fn file(
    issuer: &Issuer,
    store: &Store,
    bytes: &[u8],
    now: Timestamp,
) -> Result<Verification, StoreError> {
    let sha256 = Digest::of(bytes);
    if let Some(row) = store.certificate(CertificateKey::File(sha256)).await? {
        let mut verification = registered(store, &row, None, now)
            .await?
            .checked("文件的每一个字节", "every byte of the file");
        verification.file_sha256 = Some(sha256);
        return Ok(verification);
    }
    let mut verification = match anchors(issuer, now) {
        Ok(anchors) => unregistered(store, bytes, &anchors).await?,
        Err(wrong) => Verification::new(Answer::CouldNotTell).because(wrong),
    };
    verification.status_as_of = Some(now);
    verification.file_sha256 = Some(sha256);
    Ok(verification)
}

async fn unregistered(
    store: &Store,
    bytes: &[u8],
    anchors: &Anchors,
) -> Result<Verification, StoreError> {
    let verification = offline(bytes, anchors);
    if verification.answer == Answer::Authentic {
        let wrong = Wrong::new(
            "not_registered",
            "签名与日志存证成立，但登记簿中没有此文件",
            "signature and log proof hold, but the registry does not have this file",
        );
        return Ok(verification
            .with_answer(Answer::CouldNotTell)
            .because(wrong));
    }
    // Claims that were issued, in a file that was not.
    let Some(claims) = claims_inside(bytes) else {
        return Ok(verification);
    };
    let key = CertificateKey::Commitment(commitment(&claims));
    match store.certificate(key).await? {
        Some(_) => {
            let reason = verification.reason.unwrap_or_else(unregistered_file);
            Ok(altered(&claims, reason))
        }
        None => Ok(verification),
    }
}

fn unregistered_file() -> Wrong {
    Wrong::new(
        "not_registered",
        "登记簿中没有此文件",
        "the registry does not have this file",
    )
}

fn unknown(now: Timestamp) -> Verification {
    let mut verification = Verification::new(Answer::NotOurs);
    verification.status_as_of = Some(now);
    verification
}

/// The answer for a row, after the row was compared with the log and, when one was typed, with the code.
async fn registered(
    store: &Store,
    row: &CertificateRow,
    code: Option<&FaceCode>,
    now: Timestamp,
) -> Result<Verification, StoreError> {
    let contradicts = || {
        let wrong = Wrong::new(
            "registry",
            "登记簿与公开日志不一致",
            "the registry and the public log contradict each other",
        );
        let mut verification = Verification::new(Answer::CouldNotTell).because(wrong);
        verification.status_as_of = Some(now);
        verification
    };
    let leaves = store.log_leaves(row.issued.leaf_index, 1).await?;
    let leaf = leaves
        .first()
        .and_then(|text| Leaf::read(text.as_bytes()).ok());
    let (Some(Leaf::Issue(leaf)), Ok(claims)) = (leaf, Claims::read(row.issued.claims.as_bytes()))
    else {
        return Ok(contradicts());
    };
    let commitment = commitment(&claims);
    let same = leaf.c == commitment
        && row.issued.commitment == commitment
        && leaf.b == row.issued.revision_1_sha256
        && claims.value("number") == row.issued.number
        && code.is_none_or(|code| face_code(&claims).as_ref() == Some(code));
    if !same {
        return Ok(contradicts());
    }
    let answer = match row.status {
        CertificateStatus::Valid => Answer::Authentic,
        CertificateStatus::Superseded { .. } => Answer::Superseded,
        CertificateStatus::Revoked { .. } => Answer::Revoked,
    };
    let mut verification =
        Verification::new(answer).checked("登记状态", "the status in the registry");
    verification.revocation = revocation(row);
    verification.certificate = Some(Shown::of(&claims, commitment));
    verification.status_as_of = Some(now);
    verification.leaf_index = Some(row.issued.leaf_index);
    Ok(verification.not_checked(
        "日志未经第三方见证",
        "whether the operator shows others another log: not witnessed",
    ))
}

fn revocation(row: &CertificateRow) -> Option<Revocation> {
    let CertificateStatus::Revoked { reason, effect } = &row.status else {
        return None;
    };
    let reason = match reason.as_str() {
        "fraud" => ReasonClass::Fraud,
        "error" => ReasonClass::Error,
        "key" => ReasonClass::Key,
        _ => ReasonClass::Other,
    };
    let effect = match effect.as_str() {
        "ab_initio" => Effect::AbInitio,
        _ => Effect::FromDate,
    };
    Some(Revocation {
        at: row.status_at,
        reason,
        effect,
    })
}
