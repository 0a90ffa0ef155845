//! The one CMS a certificate's signature has (PAdES B-B, RFC 5652, RFC 5035): no byte of it is free.
//!
//! Definite DER; one certificate, one signer; signed attributes exactly contentType, messageDigest and signingCertificateV2;
//! no unsigned attributes; *s* low. `verify` rebuilds these bytes with its own code and compares.

use super::{
    asn1::{SET, algorithm, low_s, object_id, octets, oid, sequence, tlv, unsigned},
    error::KeyError,
    signer::Signer,
};
use crate::digest::Digest;

/// Most bytes of a CMS besides the signer's certificate, issuer and serial number.
pub(super) const MOST_BESIDES: usize = 400;

/// What the CMS names its signer by.
pub(super) struct SignerIdentity<'a> {
    /// The signer's certificate, DER.
    pub(super) certificate: &'a [u8],
    /// Its issuer name, DER.
    pub(super) issuer: &'a [u8],
    /// Its serial number, INTEGER with tag and length.
    pub(super) serial: &'a [u8],
}

/// Signs the digest of the covered bytes.
pub(super) fn sign(
    content: Digest,
    signer: &SignerIdentity<'_>,
    key: &Signer,
) -> Result<Vec<u8>, KeyError> {
    let attribute = |id: &[u8], value: &[u8]| sequence(&[&object_id(id), &tlv(SET, &[value])]);
    let certificate_hash = Digest::of(signer.certificate);
    let attributes = [
        attribute(oid::CONTENT_TYPE, &object_id(oid::DATA)),
        attribute(oid::MESSAGE_DIGEST, &octets(content.as_bytes())),
        attribute(
            oid::SIGNING_CERTIFICATE_V2,
            &sequence(&[&sequence(&[&sequence(&[&octets(
                certificate_hash.as_bytes(),
            )])])]),
        ),
    ]
    .concat();
    let signature = key.sign(&tlv(SET, &[&attributes]))?;
    let signer_info = sequence(&[
        &unsigned(&[1]),
        &sequence(&[signer.issuer, signer.serial]),
        &algorithm(oid::SHA256),
        &tlv(0xa0, &[&attributes]),
        &algorithm(oid::ECDSA_SHA256),
        &octets(&low_s(signature)),
    ]);
    let signed_data = sequence(&[
        &unsigned(&[1]),
        &tlv(SET, &[&algorithm(oid::SHA256)]),
        &sequence(&[&object_id(oid::DATA)]),
        &tlv(0xa0, &[signer.certificate]),
        &tlv(SET, &[&signer_info]),
    ]);
    Ok(sequence(&[
        &object_id(oid::SIGNED_DATA),
        &tlv(0xa0, &[&signed_data]),
    ]))
}
