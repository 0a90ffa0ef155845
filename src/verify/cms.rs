//! The signature of a certificate, read by rebuilding it: from digest, signer's certificate, *r* and *s* there is one CMS only, and the
//! bytes in the file must be that one.
//!
//! The gap of a PDF signature is covered by nothing. Other verifiers accept lower-case digits, *n − s*, further certificates and
//! unsigned attributes there; here each of them is another file.

use der::{Decode as _, Encode as _};
use p256::ecdsa::{Signature, VerifyingKey, signature::Verifier as _};
use x509_cert::Certificate;

use super::wrong::{Wrong, signature};
use crate::digest::Digest;

const SHA256: &[u8] = &[
    0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01,
];
const ECDSA_SHA256: &[u8] = &[
    0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02,
];
const DATA: &[u8] = &[
    0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01,
];
const SIGNED_DATA: &[u8] = &[
    0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02,
];
const CONTENT_TYPE: &[u8] = &[
    0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x03,
];
const MESSAGE_DIGEST: &[u8] = &[
    0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x04,
];
const SIGNING_CERTIFICATE: &[u8] = &[
    0x06, 0x0b, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02, 0x2f,
];

/// Checks the gap's bytes against the digest of what they sign; the signer's certificate (DER), not yet trusted.
pub(super) fn check(contents: &[u8], covered: Digest) -> Result<Vec<u8>, Wrong> {
    let encoding = |en: &str| signature("signature_encoding", en);
    let (certificate, value) = find(contents)
        .ok_or_else(|| encoding("the signature is not one CMS object of our shape"))?;
    let signed = Signature::from_der(value)
        .map_err(|_| encoding("the signature value is not one of P-256"))?;
    if signed.normalize_s() != signed || signed.to_der().as_bytes() != value {
        return Err(encoding(
            "the signature value is not the canonical one of the two",
        ));
    }
    let parsed = Certificate::from_der(certificate)
        .map_err(|_| encoding("the signer's certificate cannot be read"))?;
    let attributes = attributes(covered, Digest::of(certificate));
    let rebuilt = rebuild(&parsed, certificate, &attributes, value)
        .ok_or_else(|| encoding("the signer's certificate cannot be read"))?;
    let padding = contents.strip_prefix(rebuilt.as_slice()).ok_or_else(|| {
        signature(
            "signature_content",
            "the signature is for other bytes, or not written as we write it",
        )
    })?;
    if padding.iter().any(|byte| *byte != 0) {
        return Err(encoding("something stands behind the signature"));
    }
    let point = parsed
        .tbs_certificate()
        .subject_public_key_info()
        .subject_public_key
        .raw_bytes();
    let key = VerifyingKey::from_sec1_bytes(point)
        .map_err(|_| encoding("the signer's key is not a point of P-256"))?;
    key.verify(&part(0x31, &[&attributes]), &signed)
        .map_err(|_| {
            signature(
                "signature_value",
                "the signature was not made with the signer's key",
            )
        })?;
    Ok(certificate.to_vec())
}

fn attributes(covered: Digest, certificate: Digest) -> Vec<u8> {
    let value = |bytes: &[u8]| part(0x31, &[bytes]);
    let hash = part(0x04, &[certificate.as_bytes()]);
    let reference = part(0x30, &[&part(0x30, &[&part(0x30, &[&hash])])]);
    [
        part(0x30, &[CONTENT_TYPE, &value(DATA)]),
        part(
            0x30,
            &[MESSAGE_DIGEST, &value(&part(0x04, &[covered.as_bytes()]))],
        ),
        part(0x30, &[SIGNING_CERTIFICATE, &value(&reference)]),
    ]
    .concat()
}

fn rebuild(
    parsed: &Certificate,
    certificate: &[u8],
    attributes: &[u8],
    value: &[u8],
) -> Option<Vec<u8>> {
    let tbs = parsed.tbs_certificate();
    let identity = part(
        0x30,
        &[
            &tbs.issuer().to_der().ok()?,
            &tbs.serial_number().to_der().ok()?,
        ],
    );
    let one: &[u8] = &[0x02, 0x01, 0x01];
    let signer = part(
        0x30,
        &[
            one,
            &identity,
            SHA256,
            &part(0xa0, &[attributes]),
            ECDSA_SHA256,
            &part(0x04, &[value]),
        ],
    );
    let signed = part(
        0x30,
        &[
            one,
            &part(0x31, &[SHA256]),
            &part(0x30, &[DATA]),
            &part(0xa0, &[certificate]),
            &part(0x31, &[&signer]),
        ],
    );
    Some(part(0x30, &[SIGNED_DATA, &part(0xa0, &[&signed])]))
}

/// The certificate and the signature value, where they would stand. Nothing else is believed here: [`check`] rebuilds it all.
fn find(contents: &[u8]) -> Option<(&[u8], &[u8])> {
    let (outer, _) = enter(contents, 0x30)?;
    let (_, rest) = enter(outer, 0x06)?;
    let (explicit, _) = enter(rest, 0xa0)?;
    let (signed, _) = enter(explicit, 0x30)?;
    let (_, rest) = enter(signed, 0x02)?;
    let (_, rest) = enter(rest, 0x31)?;
    let (_, rest) = enter(rest, 0x30)?;
    let (certificate, rest) = enter(rest, 0xa0)?;
    let (signers, _) = enter(rest, 0x31)?;
    let (signer, _) = enter(signers, 0x30)?;
    let (_, rest) = enter(signer, 0x02)?;
    let (_, rest) = enter(rest, 0x30)?;
    let (_, rest) = enter(rest, 0x30)?;
    let (_, rest) = enter(rest, 0xa0)?;
    let (_, rest) = enter(rest, 0x30)?;
    let (value, _) = enter(rest, 0x04)?;
    Some((certificate, value))
}

/// The content of the element with this tag at the beginning, and what follows it.
fn enter(bytes: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (first, rest) = bytes.split_first()?;
    let (length, rest) = rest.split_first()?;
    let (length, rest) = match length {
        0..=0x7f => (usize::from(*length), rest),
        0x81 => (usize::from(*rest.first()?), rest.get(1..)?),
        0x82 => (
            usize::from(*rest.first()?) << 8 | usize::from(*rest.get(1)?),
            rest.get(2..)?,
        ),
        _ => return None,
    };
    if *first == tag {
        rest.split_at_checked(length)
    } else {
        None
    }
}

/// Tag, shortest length, parts.
fn part(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|p| p.len()).sum();
    let mut out = Vec::with_capacity(length + 4);
    out.push(tag);
    match length {
        0..=0x7f => out.push(length as u8),
        0x80..=0xff => out.extend([0x81, length as u8]),
        _ => out.extend([0x82, (length >> 8) as u8, length as u8]),
    }
    for part in parts {
        out.extend_from_slice(part);
    }
    out
}
