//! The office's own small CA: a root for ten years that stays offline, a signer for two years under it.
//!
//! The signer's extended key usage is emailProtection *and* documentSigning: with documentSigning alone Poppler's NSS says
//! "unknown issue" and OpenSSL wants a special flag.

use jiff::{Timestamp, ToSpan as _, tz::TimeZone};
use p256::ecdsa::{Signature, SigningKey, VerifyingKey, signature::Signer as _};

use super::asn1::{SET, algorithm, bits, low_s, object_id, octets, oid, sequence, tlv, unsigned};
use crate::digest::Digest;

/// Years a root is valid.
const ROOT_YEARS: i32 = 10;
/// Years a signer is valid.
const SIGNER_YEARS: i32 = 2;

/// A self-signed root, DER.
pub(super) fn root(office: &str, key: &SigningKey, serial: &[u8; 16], from: Timestamp) -> Vec<u8> {
    let subject = name(office, "根证书 Root");
    let id = key_id(key.verifying_key());
    let extensions = [
        extension(oid::SUBJECT_KEY_ID, false, &octets(&id)),
        extension(
            oid::AUTHORITY_KEY_ID,
            false,
            &sequence(&[&tlv(0x80, &[&id])]),
        ),
        // CA, and no CA below it.
        extension(
            oid::BASIC_CONSTRAINTS,
            true,
            &sequence(&[&[0x01, 0x01, 0xff], &unsigned(&[0])]),
        ),
        // keyCertSign, cRLSign.
        extension(oid::KEY_USAGE, true, &bits(1, &[0x06])),
    ];
    certificate(
        &Parts {
            serial,
            issuer: &subject,
            subject: &subject,
            years: ROOT_YEARS,
            from,
            subject_key: key.verifying_key(),
            extensions: &extensions,
        },
        key,
    )
}

/// A signer under `root_key`, DER.
pub(super) fn signer(
    office: &str,
    key: &VerifyingKey,
    root_key: &SigningKey,
    serial: &[u8; 16],
    from: Timestamp,
) -> Vec<u8> {
    let extensions = [
        extension(oid::SUBJECT_KEY_ID, false, &octets(&key_id(key))),
        extension(
            oid::AUTHORITY_KEY_ID,
            false,
            &sequence(&[&tlv(0x80, &[&key_id(root_key.verifying_key())])]),
        ),
        extension(oid::BASIC_CONSTRAINTS, true, &sequence(&[])),
        // digitalSignature, nonRepudiation.
        extension(oid::KEY_USAGE, true, &bits(6, &[0xc0])),
        extension(
            oid::EXT_KEY_USAGE,
            false,
            &sequence(&[
                &object_id(oid::EMAIL_PROTECTION),
                &object_id(oid::DOCUMENT_SIGNING),
            ]),
        ),
    ];
    certificate(
        &Parts {
            serial,
            issuer: &name(office, "根证书 Root"),
            subject: &name(office, "证书签发 Signer"),
            years: SIGNER_YEARS,
            from,
            subject_key: key,
            extensions: &extensions,
        },
        root_key,
    )
}

/// A certificate that is not to be believed from an instant on.
#[derive(Clone, Debug)]
pub(super) struct Revoked {
    /// Its serial number, INTEGER with tag and length.
    pub(super) serial: Vec<u8>,
    /// Since when.
    pub(super) at: Timestamp,
}

/// A list of revoked certificates (RFC 5280, 5), DER. Its number is the second it was made in.
pub(super) fn crl(
    issuer: &[u8],
    root_key: &SigningKey,
    revoked: &[Revoked],
    at: Timestamp,
    due: Timestamp,
) -> Vec<u8> {
    let entries: Vec<Vec<u8>> = revoked
        .iter()
        .map(|one| sequence(&[&one.serial, &time(one.at, 0)]))
        .collect();
    let entries: Vec<&[u8]> = entries.iter().map(Vec::as_slice).collect();
    let list = if entries.is_empty() {
        Vec::new()
    } else {
        sequence(&entries)
    };
    let id = key_id(root_key.verifying_key());
    let number = at.as_second().unsigned_abs().to_be_bytes();
    let extensions = sequence(&[
        &extension(
            oid::AUTHORITY_KEY_ID,
            false,
            &sequence(&[&tlv(0x80, &[&id])]),
        ),
        &extension(oid::CRL_NUMBER, false, &unsigned(&number)),
    ]);
    let to_be_signed = sequence(&[
        &unsigned(&[1]),
        &algorithm(oid::ECDSA_SHA256),
        issuer,
        &time(at, 0),
        &time(due, 0),
        &list,
        &tlv(0xa0, &[&extensions]),
    ]);
    let signature: Signature = root_key.sign(&to_be_signed);
    sequence(&[
        &to_be_signed,
        &algorithm(oid::ECDSA_SHA256),
        &bits(0, &low_s(signature)),
    ])
}

/// What a certificate says.
pub(super) struct Parts<'a> {
    pub(super) serial: &'a [u8; 16],
    pub(super) issuer: &'a [u8],
    pub(super) subject: &'a [u8],
    pub(super) years: i32,
    pub(super) from: Timestamp,
    pub(super) subject_key: &'a VerifyingKey,
    pub(super) extensions: &'a [Vec<u8>],
}

/// A certificate, signed.
pub(super) fn certificate(parts: &Parts<'_>, issuer_key: &SigningKey) -> Vec<u8> {
    // The first bit clear and the first byte not zero: a positive serial of always 16 bytes.
    let mut serial = *parts.serial;
    serial[0] = serial[0] & 0x7f | 0x40;
    let extensions: Vec<&[u8]> = parts.extensions.iter().map(Vec::as_slice).collect();
    let point = parts.subject_key.to_sec1_point(false);
    let to_be_signed = sequence(&[
        &tlv(0xa0, &[&unsigned(&[2])]),
        &unsigned(&serial),
        &algorithm(oid::ECDSA_SHA256),
        parts.issuer,
        &sequence(&[&time(parts.from, 0), &time(parts.from, parts.years)]),
        parts.subject,
        &sequence(&[
            &sequence(&[&object_id(oid::EC_PUBLIC_KEY), &object_id(oid::P256)]),
            &bits(0, point.as_bytes()),
        ]),
        &tlv(0xa3, &[&sequence(&extensions)]),
    ]);
    let signature: Signature = issuer_key.sign(&to_be_signed);
    sequence(&[
        &to_be_signed,
        &algorithm(oid::ECDSA_SHA256),
        &bits(0, &low_s(signature)),
    ])
}

/// A name as ours are.
pub(super) fn name(office: &str, role: &str) -> Vec<u8> {
    let part = |id: &[u8], tag: u8, text: &str| {
        tlv(
            SET,
            &[&sequence(&[&object_id(id), &tlv(tag, &[text.as_bytes()])])],
        )
    };
    sequence(&[
        &part(oid::COUNTRY, 0x13, "CN"),
        &part(oid::ORGANIZATION, 0x0c, office),
        &part(oid::COMMON_NAME, 0x0c, &format!("{office} {role}")),
    ])
}

/// The first 20 bytes of SHA-256 of the public key (RFC 7093, method 1).
fn key_id(key: &VerifyingKey) -> Vec<u8> {
    let digest = Digest::of(key.to_sec1_point(false).as_bytes());
    digest.as_bytes().iter().take(20).copied().collect()
}

/// One extension.
pub(super) fn extension(id: &[u8], critical: bool, value: &[u8]) -> Vec<u8> {
    let mark: &[u8] = if critical { &[0x01, 0x01, 0xff] } else { &[] };
    sequence(&[&object_id(id), mark, &octets(value)])
}

/// UTCTime to 2049, GeneralizedTime from 2050 (RFC 5280, 4.1.2.5).
fn time(from: Timestamp, years: i32) -> Vec<u8> {
    let civil = from.to_zoned(TimeZone::UTC).datetime();
    let at = civil.checked_add(years.years()).unwrap_or(civil);
    let rest = format!(
        "{:02}{:02}{:02}{:02}{:02}Z",
        at.month(),
        at.day(),
        at.hour(),
        at.minute(),
        at.second()
    );
    if (1950..2050).contains(&at.year()) {
        tlv(0x17, &[format!("{:02}{rest}", at.year() % 100).as_bytes()])
    } else {
        tlv(0x18, &[format!("{:04}{rest}", at.year()).as_bytes()])
    }
}
