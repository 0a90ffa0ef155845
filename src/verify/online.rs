//! Asks the registry: by face code, by the file's hash, or with the file.
//!
//! An unknown code, a wrong code and a code of somebody else are answered alike. A hash alone opens no personal data. The registry is
//! not believed either: its row must agree with the public log.

use jiff::Timestamp;

use super::{
    anchors::{Anchors, Trust},
    answer::{Answer, Revocation, Shown, Verification},
    file::{altered, commitment, face_code, file, revision_1},
    sandboxed::LookedAt,
    wrong::Wrong,
};
use crate::{
    certificate::{Claims, Effect, FaceCode, Finished, Issuer, Leaf, ReasonClass},
    digest::Digest,
    store::{CertificateKey, CertificateRow, CertificateStatus, Store, StoreError},
};

/// What an office trusts that verifies what it issued itself.
pub fn trust(issuer: &Issuer, now: Timestamp) -> Trust {
    Trust {
        policy: issuer.policy().map(str::to_owned),
        revoked_signers: issuer.revoked_signers().map(str::to_owned),
        ..Trust::new(issuer.issuer_pem(), issuer.log_key(), now)
    }
}

/// The anchors of an office that verifies what it issued itself.
pub fn anchors(issuer: &Issuer, now: Timestamp) -> Result<Anchors, Wrong> {
    trust(issuer, now).anchors()
}

/// What [`crate::certificate::issue`] asks before a leaf stands in the log, and again before it hands the file out: is it what
/// this office's own anchors and witnesses accept?
pub fn self_check(issuer: &Issuer, made: Finished<'_>, at: Timestamp) -> Result<(), String> {
    match made {
        Finished::Revision1(bytes) => {
            let base_url = &issuer.office().base_url;
            revision_1(bytes, base_url).map_err(|wrong| wrong.message.en)
        }
        Finished::File(bytes) => {
            let anchors = anchors(issuer, at).map_err(|wrong| wrong.message.en)?;
            let verification = file(bytes, &anchors);
            match verification.reason {
                None if verification.answer == Answer::Authentic => Ok(()),
                Some(wrong) => Err(wrong.message.en),
                None => Err(verification.message.en),
            }
        }
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
    let mut verification = of_row(store, &row, Some(code), now).await?;
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
        Some(row) => of_row(store, &row, None, now).await?,
        None => unknown(now),
    };
    verification.certificate = None;
    verification.file_sha256 = Some(sha256);
    Ok(verification)
}

/// A file whose hash is registered is as issued: its bytes need not be looked at.
pub async fn registered(
    store: &Store,
    sha256: Digest,
    now: Timestamp,
) -> Result<Option<Verification>, StoreError> {
    let Some(row) = store.certificate(CertificateKey::File(sha256)).await? else {
        return Ok(None);
    };
    let mut verification = of_row(store, &row, None, now)
        .await?
        .checked("文件的每一个字节", "every byte of the file");
    verification.file_sha256 = Some(sha256);
    Ok(Some(verification))
}

/// Of a file whose hash is not registered we say what we can, from what a worker saw in it ([`Trust::look_in`]).
pub async fn unregistered(
    store: &Store,
    sha256: Digest,
    looked: LookedAt,
    now: Timestamp,
) -> Result<Verification, StoreError> {
    let mut verification = looked.verification;
    if verification.answer == Answer::Authentic {
        let wrong = Wrong::new(
            "not_registered",
            "签名与日志存证成立，但登记簿中没有此文件",
            "signature and log proof hold, but the registry does not have this file",
        );
        verification = verification
            .with_answer(Answer::CouldNotTell)
            .because(wrong);
    } else if let Some(commitment) = looked.commitment
        && let Some(row) = store
            .certificate(CertificateKey::Commitment(commitment))
            .await?
        // Claims that were issued, in a file that was not: what is shown comes from the register.
        && let Ok(claims) = Claims::read(row.issued.claims.as_bytes())
    {
        let reason = verification.reason.unwrap_or_else(unregistered_file);
        verification = altered(&claims, reason);
    }
    verification.status_as_of = Some(now);
    verification.file_sha256 = Some(sha256);
    Ok(verification)
}

/// With the file, parsed in this very process: for programs that verify what they made themselves. A service uses
/// [`registered`] and [`unregistered`] with a worker between them.
pub async fn file_parsed_here(
    issuer: &Issuer,
    store: &Store,
    bytes: &[u8],
    now: Timestamp,
) -> Result<Verification, StoreError> {
    let sha256 = Digest::of(bytes);
    match registered(store, sha256, now).await? {
        Some(verification) => Ok(verification),
        None => unregistered(store, sha256, trust(issuer, now).look(bytes), now).await,
    }
}

/// Not ours, for a reason that was seen without asking the register.
pub fn refused(wrong: Wrong, now: Timestamp) -> Verification {
    unknown(now).because(wrong)
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
async fn of_row(
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
    verification.witnesses = row.issued.witnesses;
    Ok(match row.issued.witnesses {
        0 => verification.not_checked(
            "日志未经第三方见证",
            "whether the operator shows others another log: not witnessed",
        ),
        count => verification.not_checked(
            &format!("文件所附存证含 {count} 个第三方见证：请用文件离线核对其签名"),
            &format!("the signatures of the {count} witnesses in the file: verify the file offline with a policy"),
        ),
    })
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
