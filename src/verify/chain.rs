//! From the signer's certificate to a root that the verifier was given: one step, checked by hand.

use der::{Decode as _, Encode as _, asn1::ObjectIdentifier, oid::AssociatedOid as _};
use jiff::Timestamp;
use p256::ecdsa::{Signature, VerifyingKey, signature::Verifier as _};
use x509_cert::{
    Certificate,
    certificate::Rfc5280,
    crl::CertificateList,
    ext::pkix::{
        AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectKeyIdentifier,
    },
};

use super::wrong::Wrong;

const ECDSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const EMAIL_PROTECTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.4");
const DOCUMENT_SIGNING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.36");

fn untrusted(en: &str) -> Wrong {
    Wrong::new("signer", "签名者不是所给发证机关", en)
}

/// Whether a certificate may be a root: a CA that signs certificates, signed by itself.
pub(super) fn root(bytes: &[u8]) -> Result<Certificate, Wrong> {
    let root = Certificate::from_der(bytes)
        .map_err(|_| untrusted("the issuer's certificate cannot be read"))?;
    let tbs = root.tbs_certificate();
    let constraints = tbs.get_extension::<BasicConstraints>().ok().flatten();
    let usage = tbs.get_extension::<KeyUsage>().ok().flatten();
    if !constraints.is_some_and(|(critical, c)| critical && c.ca)
        || !usage.is_some_and(|(_, u)| u.key_cert_sign())
    {
        return Err(untrusted(
            "the issuer's certificate is not one that may sign certificates",
        ));
    }
    signed_by(&root, &root)?;
    Ok(root)
}

/// A signer that its issuer has revoked.
#[derive(Clone, Debug)]
pub(super) struct RevokedSigner {
    issuer: Vec<u8>,
    serial: Vec<u8>,
    at: Timestamp,
}

/// Reads a list of revoked certificates that one of `roots` signed; the instant a newer one is due.
pub(super) fn revoked(
    bytes: &[u8],
    roots: &[Certificate],
) -> Result<(Vec<RevokedSigner>, Timestamp), Wrong> {
    let wrong = |en: &str| Wrong::new("revoked_signers", "已撤销签名证书清单不成立", en);
    let list = CertificateList::<Rfc5280>::from_der(bytes)
        .map_err(|_| wrong("the list of revoked signers cannot be read"))?;
    let tbs = &list.tbs_cert_list;
    let fits = |a: &x509_cert::spki::AlgorithmIdentifierOwned| {
        a.oid == ECDSA_SHA256 && a.parameters.is_none()
    };
    let signed = tbs
        .to_der()
        .ok()
        .filter(|_| fits(&list.signature_algorithm) && fits(&tbs.signature));
    let signature = Signature::from_der(list.signature.raw_bytes()).ok();
    let issued = signed.zip(signature).is_some_and(|(signed, signature)| {
        let mut roots = roots
            .iter()
            .filter(|root| *root.tbs_certificate().subject() == tbs.issuer);
        roots
            .any(|root| public_key(root).is_some_and(|key| key.verify(&signed, &signature).is_ok()))
    });
    if !issued {
        return Err(wrong(
            "the list of revoked signers is not signed by a given issuer",
        ));
    }
    let instant = |time: &x509_cert::time::Time| {
        Timestamp::from_second(time.to_unix_duration().as_secs().cast_signed()).ok()
    };
    let issuer = tbs.issuer.to_der().unwrap_or_default();
    let entries = tbs.revoked_certificates.as_deref().unwrap_or_default();
    let entries = entries.iter().map(|entry| {
        Some(RevokedSigner {
            issuer: issuer.clone(),
            serial: entry.serial_number.to_der().ok()?,
            at: instant(&entry.revocation_date)?,
        })
    });
    let entries = entries.collect::<Option<Vec<_>>>();
    let entries = entries.ok_or_else(|| wrong("the list of revoked signers cannot be read"))?;
    let due = tbs.next_update.as_ref().and_then(instant);
    Ok((entries, due.unwrap_or(Timestamp::MIN)))
}

/// Refuses a signer that was revoked at or before `at`.
pub(super) fn not_revoked(
    signer: &[u8],
    revoked: &[RevokedSigner],
    at: Timestamp,
) -> Result<(), Wrong> {
    let certificate = Certificate::from_der(signer)
        .map_err(|_| untrusted("the signer's certificate cannot be read"))?;
    let tbs = certificate.tbs_certificate();
    let (issuer, serial) = (tbs.issuer().to_der(), tbs.serial_number().to_der());
    let (Ok(issuer), Ok(serial)) = (issuer, serial) else {
        return Err(untrusted("the signer's certificate cannot be read"));
    };
    let found = revoked
        .iter()
        .find(|r| r.issuer == issuer && r.serial == serial);
    if found.is_some_and(|revoked| revoked.at <= at) {
        return Err(Wrong::new(
            "signer_revoked",
            "签名证书已被撤销，没有见证表明在此之前签发",
            "the signer's certificate was revoked, and no witness shows that it was issued before",
        ));
    }
    Ok(())
}

/// Checks that `signer` was certified by one of `roots` for signing documents, and is valid at `at`.
pub(super) fn check(signer: &[u8], roots: &[Certificate], at: Timestamp) -> Result<(), Wrong> {
    let certificate = Certificate::from_der(signer)
        .map_err(|_| untrusted("the signer's certificate cannot be read"))?;
    let tbs = certificate.tbs_certificate();
    let root = roots
        .iter()
        .filter(|root| root.tbs_certificate().subject() == tbs.issuer())
        .find(|root| signed_by(&certificate, root).is_ok())
        .ok_or_else(|| untrusted("the signer was not certified by a given issuer"))?;
    let usage = tbs.get_extension::<KeyUsage>().ok().flatten();
    if !usage
        .is_some_and(|(_, u)| u.digital_signature() && u.non_repudiation() && !u.key_cert_sign())
    {
        return Err(untrusted("the signer's key is not for signing documents"));
    }
    let constraints = tbs
        .get_extension::<BasicConstraints>()
        .map_err(|_| untrusted("the signer's constraints cannot be read"))?;
    if constraints.is_some_and(|(_, c)| c.ca) {
        return Err(untrusted("the signer is a certificate authority itself"));
    }
    let extended = tbs
        .get_extension::<ExtendedKeyUsage>()
        .map_err(|_| untrusted("the signer's key usage cannot be read"))?;
    if extended
        .is_some_and(|(_, u)| !u.0.contains(&EMAIL_PROTECTION) || !u.0.contains(&DOCUMENT_SIGNING))
    {
        return Err(untrusted("the signer's key is for another use"));
    }
    let known = [
        KeyUsage::OID,
        BasicConstraints::OID,
        ExtendedKeyUsage::OID,
        SubjectKeyIdentifier::OID,
        AuthorityKeyIdentifier::OID,
    ];
    let extensions = tbs.extensions().map(Vec::as_slice).unwrap_or_default();
    if extensions
        .iter()
        .any(|e| e.critical && !known.contains(&e.extn_id))
    {
        return Err(untrusted(
            "the signer's certificate has a critical extension that is not known",
        ));
    }
    for certificate in [&certificate, root] {
        valid_at(certificate, at)?;
    }
    Ok(())
}

fn valid_at(certificate: &Certificate, at: Timestamp) -> Result<(), Wrong> {
    let validity = certificate.tbs_certificate().validity();
    let second = |time: x509_cert::time::Time| time.to_unix_duration().as_secs().cast_signed();
    if at.as_second() < second(validity.not_before) {
        return Err(Wrong::new(
            "signer_not_yet_valid",
            "签名证书尚未生效",
            "the signer's certificate was not valid yet",
        ));
    }
    if at.as_second() > second(validity.not_after) {
        return Err(Wrong::new(
            "signer_expired",
            "签名证书已过期，离线无法判断签发时间",
            "the signer's certificate has run out, and nothing a witness signed shows that it was issued before",
        ));
    }
    Ok(())
}

fn signed_by(certificate: &Certificate, issuer: &Certificate) -> Result<(), Wrong> {
    let wrong = || untrusted("the signer was not certified by a given issuer");
    let algorithms = [
        certificate.signature_algorithm(),
        certificate.tbs_certificate().signature(),
    ];
    if algorithms
        .iter()
        .any(|a| a.oid != ECDSA_SHA256 || a.parameters.is_some())
    {
        return Err(wrong());
    }
    let key = public_key(issuer).ok_or_else(wrong)?;
    public_key(certificate).ok_or_else(wrong)?;
    let to_be_signed = certificate
        .tbs_certificate()
        .to_der()
        .map_err(|_| wrong())?;
    let signature =
        Signature::from_der(certificate.signature().raw_bytes()).map_err(|_| wrong())?;
    key.verify(&to_be_signed, &signature).map_err(|_| wrong())
}

fn public_key(certificate: &Certificate) -> Option<VerifyingKey> {
    let info = certificate.tbs_certificate().subject_public_key_info();
    let curve = info
        .algorithm
        .parameters
        .as_ref()?
        .decode_as::<ObjectIdentifier>()
        .ok()?;
    let fits = info.algorithm.oid == EC_PUBLIC_KEY && curve == P256;
    fits.then(|| VerifyingKey::from_sec1_bytes(info.subject_public_key.raw_bytes()).ok())?
}
