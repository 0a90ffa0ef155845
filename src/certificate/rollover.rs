//! A new signer under the same root, and the list of signers that are not to be believed any more. Both need the root's key, which
//! lies offline: it is read from where the office brings it and written nowhere.
//!
//! Certificates of older signers stay as they are: each carries its signer's certificate, and witnesses have dated it.

use std::path::Path;

use der::{Decode as _, Encode as _, pem::LineEnding};
use jiff::{Timestamp, ToSpan as _};
use p256::{ecdsa::SigningKey, pkcs8::DecodePrivateKey as _};
use x509_cert::{Certificate, crl::CertificateList};

use super::{
    error::KeyError,
    keys::{self, ROOT, SIGNER, SIGNER_KEY},
    office::Office,
    token::{self, TokenPlace},
    x509::{self, Revoked},
};
use crate::digest::{Digest, write_atomically};

/// The list of revoked signers, beside the keys.
pub(super) const CRL: &str = "issuer.crl";
/// Certificates of signers before.
const BEFORE: &str = "signers";
/// Days until a new list is due.
const CRL_DAYS: i64 = 180;

/// Makes a new signer, its key in a file or in a token; the old one's certificate goes to the folder `signers`, its key is deleted
/// when it was a file. Gives the SHA-256 of the new.
pub(super) fn roll_over(
    folder: &Path,
    office: &Office,
    root_key: &Path,
    into: Option<&TokenPlace>,
    at: Timestamp,
) -> Result<Digest, KeyError> {
    let root_key = root(folder, root_key)?;
    let old = certificate(&folder.join(SIGNER))?;
    let name = &office.name;
    let (certificate, key, key_file, gone) = match into {
        None => {
            let (certificate, key) = keys::new_signer(name, &root_key, at)?;
            (certificate, key, SIGNER_KEY, token::SETTINGS)
        }
        Some(place) => {
            let (settings, public) = token::generate(place)?;
            let certificate = keys::signer_of(name, &public, &root_key, at);
            (certificate, settings.text()?, token::SETTINGS, SIGNER_KEY)
        }
    };
    let kept = folder.join(BEFORE);
    std::fs::create_dir_all(&kept).map_err(|source| file_error(&kept, source))?;
    let path = kept.join(format!("{}.pem", Digest::of(&old)));
    write(&path, &keys::certificate_pem(&old))?;
    // Both are on disk before either takes its place: what a power cut leaves half done can be finished by hand.
    let (new_certificate, new_key) = (folder.join("signer.new"), folder.join("signer-key.new"));
    write(&new_certificate, &keys::certificate_pem(&certificate))?;
    keys::write_secret(&new_key, key.as_bytes())?;
    for (from, to) in [(new_key, key_file), (new_certificate, SIGNER)] {
        let to = folder.join(to);
        std::fs::rename(&from, &to).map_err(|source| file_error(&to, source))?;
    }
    let gone = folder.join(gone);
    if gone.exists() {
        std::fs::remove_file(&gone).map_err(|source| file_error(&gone, source))?;
    }
    Ok(Digest::of(&certificate))
}

/// Adds a signer to the list of those revoked, or, without one, only dates the list anew.
pub(super) fn revoke_signer(
    folder: &Path,
    root_key: &Path,
    signer: Option<&Path>,
    at: Timestamp,
) -> Result<(), KeyError> {
    let root_certificate = certificate(&folder.join(ROOT))?;
    let root_key = root(folder, root_key)?;
    let path = folder.join(CRL);
    let mut revoked = if path.exists() {
        read(&path)?
    } else {
        Vec::new()
    };
    if let Some(signer) = signer {
        let bytes = certificate(signer)?;
        let parsed =
            Certificate::from_der(&bytes).map_err(|_| KeyError::Certificate("cannot be read"))?;
        let serial = parsed.tbs_certificate().serial_number().to_der();
        let serial = serial.map_err(|_| KeyError::Certificate("cannot be read"))?;
        if revoked.iter().any(|one| one.serial == serial) {
            return Err(KeyError::Certificate("is revoked already"));
        }
        revoked.push(Revoked { serial, at });
    }
    let due = at
        .checked_add((CRL_DAYS * 24).hours())
        .unwrap_or(Timestamp::MAX);
    let parsed = Certificate::from_der(&root_certificate)
        .map_err(|_| KeyError::Certificate("of the root cannot be read"))?;
    let issuer = parsed.tbs_certificate().subject().to_der();
    let issuer = issuer.map_err(|_| KeyError::Certificate("of the root cannot be read"))?;
    let list = x509::crl(&issuer, &root_key, &revoked, at, due);
    let text = der::pem::encode_string("X509 CRL", LineEnding::LF, &list).unwrap_or_default();
    write(&path, &text)
}

fn read(path: &Path) -> Result<Vec<Revoked>, KeyError> {
    let unreadable = || KeyError::NotAKey {
        path: path.to_owned(),
        wanted: "a list of revoked certificates",
    };
    let text = std::fs::read(path).map_err(|source| file_error(path, source))?;
    let (_, bytes) = der::pem::decode_vec(&text).map_err(|_| unreadable())?;
    let list = CertificateList::<x509_cert::certificate::Rfc5280>::from_der(&bytes);
    let list = list.map_err(|_| unreadable())?;
    let entries = list.tbs_cert_list.revoked_certificates.unwrap_or_default();
    entries
        .iter()
        .map(|entry| {
            let seconds = entry.revocation_date.to_unix_duration().as_secs();
            Some(Revoked {
                serial: entry.serial_number.to_der().ok()?,
                at: Timestamp::from_second(i64::try_from(seconds).ok()?).ok()?,
            })
        })
        .collect::<Option<_>>()
        .ok_or_else(unreadable)
}

/// The root's key, if it is the root's.
fn root(folder: &Path, path: &Path) -> Result<SigningKey, KeyError> {
    let not_it = |wanted| KeyError::NotAKey {
        path: path.to_owned(),
        wanted,
    };
    let key = p256::SecretKey::from_pkcs8_pem(&keys::read_secret(path)?);
    let key = SigningKey::from(key.map_err(|_| not_it("a P-256 key in PKCS#8"))?);
    let root = certificate(&folder.join(ROOT))?;
    let parsed = Certificate::from_der(&root).map_err(|_| not_it("the key of the root"))?;
    let info = parsed.tbs_certificate().subject_public_key_info();
    if info.subject_public_key.raw_bytes() == key.verifying_key().to_sec1_point(false).as_bytes() {
        Ok(key)
    } else {
        Err(not_it("the key of the root"))
    }
}

fn certificate(path: &Path) -> Result<Vec<u8>, KeyError> {
    let text = std::fs::read(path).map_err(|source| file_error(path, source))?;
    match der::pem::decode_vec(&text) {
        Ok(("CERTIFICATE", bytes)) => Ok(bytes),
        _ => Err(KeyError::NotAKey {
            path: path.to_owned(),
            wanted: "a certificate",
        }),
    }
}

fn write(path: &Path, text: &str) -> Result<(), KeyError> {
    write_atomically(path, text.as_bytes()).map_err(|source| file_error(path, source))
}

fn file_error(path: &Path, source: std::io::Error) -> KeyError {
    KeyError::File {
        path: path.to_owned(),
        source,
    }
}
