//! Bytes in, answer out, without a network, a database or a secret: structure, signature, claims, log.
//!
//! The order is that of CERTIFICATE §1.2. Nothing here parses leniently; what is not exactly ours is at best "altered".

use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::{Timestamp, ToSpan as _};
use sha2::Sha256;

use super::{
    anchors::Anchors,
    answer::{Answer, Shown, Verification},
    chain, cms, face, pdf,
    policy::Quorum,
    proof::{self, Logged},
    qr, revisions,
    status_list::{HeldStatusList, ListedStatus},
    wrong::Wrong,
};
use crate::{
    certificate::{Claims, FaceCode, Leaf},
    digest::{Digest, Hasher},
};

/// Most attached files looked at in a file that is not ours.
const CANDIDATES: usize = 16;
/// Largest attached file looked at there.
const CANDIDATE_BYTES: usize = 64 * 1024;

/// What a file of ours shows.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) claims: Claims,
    pub(super) commitment: Digest,
    pub(super) logged: Logged,
    /// Whether the QR code on the page could be read; then it is the right one.
    pub(super) qr: bool,
}

/// Verifies a file offline.
pub fn file(bytes: &[u8], anchors: &Anchors) -> Verification {
    looked_at(bytes, anchors).not_checked(
        "撤销状态（离线查验）",
        "whether it was revoked since (offline verification)",
    )
}

/// Verifies a file offline with a status list that the verifier holds; an old list is named as old.
pub fn file_with_status(bytes: &[u8], anchors: &Anchors, list: &HeldStatusList) -> Verification {
    let mut verification = looked_at(bytes, anchors);
    let Some(leaf) = verification.leaf_index else {
        return verification;
    };
    verification.status_as_of = Some(list.at);
    let status = list.of(leaf);
    if status == ListedStatus::Newer {
        verification.status_as_of = None;
        return verification.not_checked(
            "撤销状态：状态清单早于该证书",
            "whether it was revoked since: the status list is older than the certificate",
        );
    }
    if list.is_later_than(anchors.now) {
        verification = verification.not_checked(
            "状态清单的时间晚于本机时钟：请核对时钟",
            "whether this computer's clock is right: the status list is dated later",
        );
    } else if list.is_stale(anchors.now) {
        verification = verification.not_checked(
            "状态清单已超过 24 小时，其后的撤销未查",
            "revocations after the status list, which is older than 24 hours",
        );
    }
    verification = verification.checked("状态清单", "the status list");
    match status {
        ListedStatus::Revoked => verification.with_answer(Answer::Revoked),
        ListedStatus::Superseded => verification.with_answer(Answer::Superseded),
        ListedStatus::InForce | ListedStatus::Newer => verification,
    }
}

fn looked_at(bytes: &[u8], anchors: &Anchors) -> Verification {
    let mut verification = match read(bytes, anchors) {
        Ok(found) => authentic(&found, anchors),
        Err(wrong) => not_as_issued(bytes, wrong, anchors),
    };
    verification.file_sha256 = Some(Digest::of(bytes));
    verification
}

/// Everything that must hold for a file to be as issued.
pub(super) fn read(bytes: &[u8], anchors: &Anchors) -> Result<Found, Wrong> {
    let parts = revisions::read(bytes)?;
    let signer = cms::check(&parts.contents, parts.covered)?;
    let revision_1 = Digest::of(bytes.get(..parts.revision_1_bytes).unwrap_or_default());
    let logged = proof::check(&parts.proof, &anchors.logs, &anchors.witnesses)?;
    let Leaf::Issue(leaf) = logged.leaf.clone() else {
        return Err(contradiction("the leaf is not one of an issue"));
    };
    if leaf.b != revision_1 || leaf.bl != parts.revision_1_bytes as u64 {
        return Err(contradiction("the leaf is for another first revision"));
    }
    if leaf.k != Digest::of(&signer) {
        return Err(contradiction("the leaf names another signer"));
    }
    let claims = Claims::read(&parts.claims)
        .map_err(|e| Wrong::new("claims", "所附事项不是签发格式", &e.to_string()))?;
    let commitment = commitment(&claims);
    if leaf.c != commitment {
        return Err(contradiction("the leaf is for other claims"));
    }
    if claims.value("issued_at") != leaf.at {
        return Err(contradiction(
            "claims and leaf say different instants of issue",
        ));
    }
    let page = parts.page.unwrap_or_default();
    let code = face_code(&claims).ok_or_else(|| contradiction("the claims give no code"))?;
    face::check(&page.text, &claims, &code)?;
    let seen_by: Vec<usize> = logged.witnessed.iter().map(|(_, place)| *place).collect();
    let enough = anchors.quorum.is_met(&seen_by);
    let judged_at = match logged.witnessed.first() {
        Some((seen, _)) if enough && anchors.quorum != Quorum::None => *seen,
        _ => anchors.now,
    };
    chain::check(&signer, &anchors.roots, judged_at)?;
    chain::not_revoked(&signer, &anchors.revoked, judged_at)?;
    if !enough {
        return Err(Wrong::new(
            "witnesses",
            "日志见证不足",
            "fewer witnesses than asked for have seen the log",
        ));
    }
    timely(&leaf.at, &logged.witnessed)?;
    // Last: decoding is somebody else's code, and by now the page is known to be signed by the office.
    let qr = qr::check(&page.codes, &code)?;
    Ok(Found {
        claims,
        commitment,
        logged,
        qr,
    })
}

/// Everything that can be said of a first revision of our own alone: its shape, its claims, that its page says what they say, and
/// that its QR code leads to the office's own page of it.
pub(super) fn revision_1(bytes: &[u8], base_url: &str) -> Result<(), Wrong> {
    let (claims, page) = revisions::read_first_only(bytes)?;
    let page = page.unwrap_or_default();
    let claims = Claims::read(&claims)
        .map_err(|e| Wrong::new("claims", "所附事项不是签发格式", &e.to_string()))?;
    let code = face_code(&claims).ok_or_else(|| contradiction("the claims give no code"))?;
    face::check(&page.text, &claims, &code)?;
    qr::check_own(&page.codes, base_url, &code)
}

/// A witness must have seen the log within a day of the issue, and not before it.
fn timely(at: &str, witnessed: &[(Timestamp, usize)]) -> Result<(), Wrong> {
    let (Some((first, _)), Ok(at)) = (witnessed.first(), at.parse::<Timestamp>()) else {
        return Ok(());
    };
    let latest = at.checked_add(24.hours()).unwrap_or(Timestamp::MAX);
    if *first < at || *first > latest {
        return Err(Wrong::new(
            "backdated",
            "签发时间与见证时间相差过大",
            "it says another time of issue than its witnesses: backdated or delayed",
        ));
    }
    Ok(())
}

fn contradiction(en: &str) -> Wrong {
    Wrong::new("contradiction", "文件各部分互相矛盾", en)
}

/// `SHA-256("juanzong/claims/v1\0" || claims.json)`, by this room's own hand.
pub(super) fn commitment(claims: &Claims) -> Digest {
    let mut hasher = Hasher::default();
    hasher.update(b"juanzong/claims/v1\0");
    hasher.update(claims.text().as_bytes());
    hasher.finish()
}

/// The face code of claims, by this room's own hand.
pub(super) fn face_code(claims: &Claims) -> Option<FaceCode> {
    let mut mac = Hmac::<Sha256>::new_from_slice(&claims.salt()?).ok()?;
    mac.update(b"juanzong/face/v1\0");
    mac.update(commitment(claims).as_bytes());
    Some(FaceCode::from_mac(&mac.finalize().into_bytes().into()))
}

fn authentic(found: &Found, anchors: &Anchors) -> Verification {
    let mut verification = Verification::new(Answer::Authentic)
        .checked("文件的每一个字节", "every byte of the file")
        .checked(
            "数字签名与签名证书",
            "the signature and the signer's certificate",
        )
        .checked(
            "所载事项与日志存证",
            "the claims and their place in the public log",
        );
    verification = if found.qr {
        verification.checked(
            "页面文字与二维码同所载事项一致",
            "that the words and the QR code of the page say what the claims say",
        )
    } else {
        let words = (
            "页面文字同所载事项一致",
            "that the words of the page say what the claims say",
        );
        verification.checked(words.0, words.1).not_checked(
            "页面上的二维码：无法识读",
            "the QR code on the page: it could not be read",
        )
    };
    verification.certificate = Some(Shown::of(&found.claims, found.commitment));
    verification.leaf_index = Some(found.logged.index);
    verification.witnesses = found.logged.witnessed.len() as u32;
    match anchors.revoked_due {
        Some(due) if due >= anchors.now => {
            verification = verification.checked(
                "签名证书未被撤销",
                "that the signer's certificate was not revoked",
            );
        }
        Some(_) => {
            verification = verification.not_checked(
                "签名证书其后是否被撤销：清单已过期",
                "whether the signer's certificate was revoked since: the list is out of date",
            );
        }
        None => {}
    }
    match found.logged.witnessed.as_slice() {
        [] => verification.not_checked(
            "日志未经第三方见证",
            "whether the operator shows others another log: not witnessed",
        ),
        [(first, _), ..] => {
            let count = verification.witnesses;
            let wanted = if anchors.quorum == Quorum::None {
                ("未要求见证", "none was asked for")
            } else {
                ("符合策略", "as many as the policy asks for")
            };
            verification.checked(
                &format!(
                    "日志经 {count} 个第三方见证（{}），最早见证于 {first:.0}",
                    wanted.0
                ),
                &format!(
                    "that {count} witnesses have seen the log ({}), the first at {first:.0}",
                    wanted.1
                ),
            )
        }
    }
}

/// A file that is not as issued: what of it still is.
fn not_as_issued(bytes: &[u8], wrong: Wrong, anchors: &Anchors) -> Verification {
    if wrong.code == "signer_expired"
        || wrong.code == "signer_not_yet_valid"
        || wrong.code == "signer_revoked"
        || wrong.code == "witnesses"
    {
        return Verification::new(Answer::CouldNotTell).because(wrong);
    }
    // A file with something behind it: is there an issued one inside?
    let mark = b"\n%%EOF";
    let ends = bytes
        .windows(mark.len())
        .enumerate()
        .filter(|(_, w)| *w == mark)
        .map(|(at, _)| at + mark.len());
    for end in ends.filter(|end| *end < bytes.len()).take(CANDIDATES) {
        let inside = bytes.get(..end).and_then(|part| read(part, anchors).ok());
        if let Some(found) = inside {
            return altered(&found.claims, wrong);
        }
    }
    // Saved again by another program: the claims and the proof may still be attached.
    let attached = attached(bytes);
    let claims = attached.iter().find_map(|file| Claims::read(file).ok());
    let logged = attached
        .iter()
        .find_map(|file| proof::check(file, &anchors.logs, &anchors.witnesses).ok());
    match (claims, logged) {
        (
            Some(claims),
            Some(Logged {
                leaf: Leaf::Issue(leaf),
                ..
            }),
        ) if leaf.c == commitment(&claims) => altered(&claims, wrong),
        _ => Verification::new(Answer::NotOurs).because(wrong),
    }
}

pub(super) fn altered(claims: &Claims, wrong: Wrong) -> Verification {
    let mut verification = Verification::new(Answer::Altered)
        .because(wrong)
        .checked("所附事项曾签发", "that the attached claims were issued")
        .not_checked(
            "页面上显示的内容：可能已被改动",
            "what the pages show: it may have been changed",
        );
    verification.certificate = Some(Shown::of(claims, commitment(claims)));
    verification
}

/// Claims attached to a file whatever wrote it, when they can be found without parsing it as a whole.
pub(super) fn claims_inside(bytes: &[u8]) -> Option<Claims> {
    if let Ok((claims, _)) = revisions::read_first_only(bytes) {
        return Claims::read(&claims).ok();
    }
    attached(bytes)
        .iter()
        .find_map(|file| Claims::read(file).ok())
}

/// Attached files, found by their mark; at most a few, at most so many bytes each.
fn attached(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mark = b"EmbeddedFile";
    let places = bytes
        .windows(mark.len())
        .enumerate()
        .filter(|(_, w)| *w == mark)
        .map(|(at, _)| at);
    places
        .filter_map(|place| {
            let before = bytes.get(place.saturating_sub(400)..place)?;
            let header = before.windows(7).rposition(|w| w == b" 0 obj\n")?;
            let start = place.saturating_sub(400) + header;
            let digits = bytes
                .get(..start)?
                .iter()
                .rev()
                .take_while(|b| b.is_ascii_digit())
                .count();
            let object = pdf::object_at(bytes, start - digits)?;
            pdf::decoded(bytes, &object, CANDIDATE_BYTES)
        })
        .take(CANDIDATES)
        .collect()
}
