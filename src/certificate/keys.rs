//! The office's keys: files that only their owner may read. Root, signer, log and status list have different keys.
//!
//! ```text
//! issuer.pem        root certificate: what a verifier is given
//! root-key.pem      take it offline after `keys init`
//! signer.pem        certificate of the signer
//! signer-key.pem    PKCS#8, P-256; or, when the key is in a PKCS#11 token:
//! signer-token.toml where it is there
//! log-key.pem       PKCS#8, Ed25519; log-key.txt is its public line
//! status-key.pem    PKCS#8, Ed25519; status-key.txt is its public line
//! pepper.hex        256 random bits: face codes and identity numbers are kept only as HMACs under it
//! ```

use std::path::Path;

use data_encoding::HEXLOWER;
use der::{Decode as _, Encode as _, pem::LineEnding};
use ed25519_dalek::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _};
use jiff::Timestamp;
use p256::ecdsa::{SigningKey, VerifyingKey};
use x509_cert::Certificate;

use super::{
    cms::{self, SignerIdentity},
    error::KeyError,
    key_seeds::{Made, Seeds},
    note::NoteSigner,
    revision::CONTENTS_BYTES,
    signer::Signer,
    token::{self, Token, TokenSettings},
    x509,
};
use crate::digest::Digest;

/// The keys that issuing needs, and the root's certificate.
pub struct Keys {
    root: Vec<u8>,
    signer: Signer,
    signer_certificate: Vec<u8>,
    signer_issuer: Vec<u8>,
    signer_serial: Vec<u8>,
    log: ed25519_dalek::SigningKey,
    status: ed25519_dalek::SigningKey,
    pepper: [u8; 32],
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keys({})", self.signer_sha256())
    }
}

pub(super) const ROOT: &str = "issuer.pem";
const ROOT_KEY: &str = "root-key.pem";
pub(super) const SIGNER: &str = "signer.pem";
pub(super) const SIGNER_KEY: &str = "signer-key.pem";
const LOG_KEY: &str = "log-key.pem";
const STATUS_KEY: &str = "status-key.pem";
const PEPPER: &str = "pepper.hex";

/// Makes new keys in `folder`: refuses when any is there.
pub(super) fn init(
    folder: &Path,
    office: &str,
    origin: &str,
    at: Timestamp,
) -> Result<(), KeyError> {
    std::fs::create_dir_all(folder).map_err(|source| file_error(folder, source))?;
    for name in [
        ROOT, ROOT_KEY, SIGNER, SIGNER_KEY, LOG_KEY, STATUS_KEY, PEPPER,
    ] {
        let path = folder.join(name);
        if path.exists() {
            return Err(KeyError::Exists(path));
        }
    }
    let seeds = Seeds::random();
    let made = Made::new(&seeds, office, at)?;
    let pem = |what: &'static str, text: Result<String, ()>| {
        text.map_err(|()| KeyError::NotAKey {
            path: folder.to_owned(),
            wanted: what,
        })
    };
    let p256_text = |key: &SigningKey| {
        let secret = p256::SecretKey::from(key);
        secret
            .to_pkcs8_pem(LineEnding::LF)
            .map(|t| t.to_string())
            .map_err(|_| ())
    };
    let ed_text = |key: &ed25519_dalek::SigningKey| {
        key.to_pkcs8_pem(LineEnding::LF)
            .map(|t| t.to_string())
            .map_err(|_| ())
    };
    let secrets = [
        (ROOT_KEY, pem("a P-256 key", p256_text(&made.root_key))?),
        (SIGNER_KEY, pem("a P-256 key", p256_text(&made.signer_key))?),
        (LOG_KEY, pem("an Ed25519 key", ed_text(&made.log))?),
        (STATUS_KEY, pem("an Ed25519 key", ed_text(&made.status))?),
        (PEPPER, format!("{}\n", HEXLOWER.encode(&seeds.pepper))),
    ];
    for (name, text) in secrets {
        write_secret(&folder.join(name), text.as_bytes())?;
    }
    let log = NoteSigner {
        name: origin,
        key: &made.log,
    };
    let status_name = super::status_key_name(origin);
    let status = NoteSigner {
        name: &status_name,
        key: &made.status,
    };
    let public = [
        (ROOT, certificate_pem(&made.root)),
        (SIGNER, certificate_pem(&made.signer)),
        ("log-key.txt", format!("{}\n", log.public_line())),
        ("status-key.txt", format!("{}\n", status.public_line())),
    ];
    for (name, text) in public {
        let path = folder.join(name);
        crate::digest::write_atomically(&path, text.as_bytes())
            .map_err(|source| file_error(&path, source))?;
    }
    Ok(())
}

impl Keys {
    /// Reads the keys of a folder; refuses secrets that others may read.
    pub(super) fn open(folder: &Path) -> Result<Keys, KeyError> {
        let p256_key = |name: &str| {
            let path = folder.join(name);
            let text = read_secret(&path)?;
            let key = p256::SecretKey::from_pkcs8_pem(&text);
            key.map(SigningKey::from).map_err(|_| KeyError::NotAKey {
                path,
                wanted: "a P-256 key in PKCS#8",
            })
        };
        let ed_key = |name: &str| {
            let path = folder.join(name);
            let text = read_secret(&path)?;
            ed25519_dalek::SigningKey::from_pkcs8_pem(&text).map_err(|_| KeyError::NotAKey {
                path,
                wanted: "an Ed25519 key in PKCS#8",
            })
        };
        let certificate = |name: &str| {
            let path = folder.join(name);
            let text = std::fs::read(&path).map_err(|source| file_error(&path, source))?;
            let (label, bytes) = der::pem::decode_vec(&text).map_err(|_| KeyError::NotAKey {
                path: path.clone(),
                wanted: "a certificate",
            })?;
            (label == "CERTIFICATE")
                .then_some(bytes)
                .ok_or(KeyError::NotAKey {
                    path,
                    wanted: "a certificate",
                })
        };
        let pepper_path = folder.join(PEPPER);
        let pepper = HEXLOWER
            .decode(read_secret(&pepper_path)?.trim().as_bytes())
            .ok()
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or(KeyError::NotAKey {
                path: pepper_path,
                wanted: "64 hex digits",
            })?;
        let in_token = folder.join(token::SETTINGS);
        let signer = if in_token.exists() {
            Signer::Token(Box::new(Token::open(&TokenSettings::read(&in_token)?)?))
        } else {
            p256_key(SIGNER_KEY)?.into()
        };
        Keys::together(
            certificate(ROOT)?,
            certificate(SIGNER)?,
            signer,
            ed_key(LOG_KEY)?,
            ed_key(STATUS_KEY)?,
            pepper,
        )
    }

    /// Keys that are nowhere on disk, for tests and samples: the same seed gives the same keys.
    pub(super) fn from_seed(seed: &[u8], office: &str, at: Timestamp) -> Result<Keys, KeyError> {
        let seeds = Seeds::derived(seed);
        let made = Made::new(&seeds, office, at)?;
        Keys::together(
            made.root,
            made.signer,
            made.signer_key.into(),
            made.log,
            made.status,
            seeds.pepper,
        )
    }

    pub(super) fn together(
        root: Vec<u8>,
        signer_certificate: Vec<u8>,
        signer: Signer,
        log: ed25519_dalek::SigningKey,
        status: ed25519_dalek::SigningKey,
        pepper: [u8; 32],
    ) -> Result<Keys, KeyError> {
        let parsed = Certificate::from_der(&signer_certificate)
            .map_err(|_| KeyError::Certificate("cannot be read"))?;
        let tbs = parsed.tbs_certificate();
        let point = tbs.subject_public_key_info().subject_public_key.raw_bytes();
        if point != signer.public().to_sec1_point(false).as_bytes() {
            return Err(KeyError::Certificate("does not belong to the signer's key"));
        }
        let issuer = tbs.issuer().to_der();
        let serial = tbs.serial_number().to_der();
        let (Ok(signer_issuer), Ok(signer_serial)) = (issuer, serial) else {
            return Err(KeyError::Certificate("cannot be read"));
        };
        let named = signer_issuer.len() + signer_serial.len();
        if signer_certificate.len() + named + cms::MOST_BESIDES > CONTENTS_BYTES {
            return Err(KeyError::Certificate(
                "is too long for the place kept for signatures",
            ));
        }
        Ok(Keys {
            root,
            signer,
            signer_certificate,
            signer_issuer,
            signer_serial,
            log,
            status,
            pepper,
        })
    }

    /// The root certificate as PEM: what a verifier is given.
    pub fn issuer_pem(&self) -> String {
        certificate_pem(&self.root)
    }
    /// SHA-256 of the signer's certificate.
    pub fn signer_sha256(&self) -> Digest {
        Digest::of(&self.signer_certificate)
    }
    pub(super) fn signer(&self) -> &Signer {
        &self.signer
    }
    pub(super) fn identity(&self) -> SignerIdentity<'_> {
        SignerIdentity {
            certificate: &self.signer_certificate,
            issuer: &self.signer_issuer,
            serial: &self.signer_serial,
        }
    }
    pub(super) fn log<'a>(&'a self, origin: &'a str) -> NoteSigner<'a> {
        NoteSigner {
            name: origin,
            key: &self.log,
        }
    }
    pub(super) fn status<'a>(&'a self, name: &'a str) -> NoteSigner<'a> {
        NoteSigner {
            name,
            key: &self.status,
        }
    }
    /// HMAC-SHA-256 under the pepper, with a purpose so that no value serves twice.
    pub(crate) fn mac(&self, purpose: &str, value: &str) -> Digest {
        use hmac::{Hmac, KeyInit as _, Mac as _};
        #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(&self.pepper).expect("any length");
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(value.as_bytes());
        Digest::from_bytes(mac.finalize().into_bytes().into())
    }
}

/// A new signer under a root: its certificate (DER) and its key (PKCS#8, PEM).
pub(super) fn new_signer(
    office: &str,
    root_key: &SigningKey,
    at: Timestamp,
) -> Result<(Vec<u8>, String), KeyError> {
    let failed = || KeyError::Certificate("could not be made, try again");
    let key = SigningKey::from_slice(&rand::random::<[u8; 32]>()).map_err(|_| failed())?;
    let certificate = signer_of(office, key.verifying_key(), root_key, at);
    let text = p256::SecretKey::from(&key).to_pkcs8_pem(LineEnding::LF);
    Ok((certificate, text.map_err(|_| failed())?.to_string()))
}

/// The certificate (DER) of a signer whose key is made already.
pub(super) fn signer_of(
    office: &str,
    key: &VerifyingKey,
    root_key: &SigningKey,
    at: Timestamp,
) -> Vec<u8> {
    x509::signer(office, key, root_key, &rand::random(), at)
}

pub(super) fn certificate_pem(bytes: &[u8]) -> String {
    der::pem::encode_string("CERTIFICATE", LineEnding::LF, bytes).unwrap_or_default()
}

fn file_error(path: &Path, source: std::io::Error) -> KeyError {
    KeyError::File {
        path: path.to_owned(),
        source,
    }
}

/// A new file that only its owner may read and write, from its first byte on.
pub(super) fn write_secret(path: &Path, bytes: &[u8]) -> Result<(), KeyError> {
    use std::{io::Write as _, os::unix::fs::OpenOptionsExt as _};
    let file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path);
    let mut file = file.map_err(|source| match source.kind() {
        std::io::ErrorKind::AlreadyExists => KeyError::Exists(path.to_owned()),
        _ => file_error(path, source),
    })?;
    file.write_all(bytes)
        .and_then(|()| file.sync_all())
        .map_err(|source| file_error(path, source))
}

pub(super) fn read_secret(path: &Path) -> Result<String, KeyError> {
    use std::os::unix::fs::PermissionsExt as _;
    let data = std::fs::metadata(path).map_err(|source| file_error(path, source))?;
    if data.permissions().mode() & 0o077 != 0 {
        return Err(KeyError::TooOpen(path.to_owned()));
    }
    std::fs::read_to_string(path).map_err(|source| file_error(path, source))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn keys_are_made_once_read_again_and_refused_when_open_to_others() {
        let folder = tempfile::tempdir().unwrap();
        let at = "2024-12-01T00:00:00Z".parse().unwrap();
        init(
            folder.path(),
            "示例市工业和信息化局",
            "example.invalid/log",
            at,
        )
        .unwrap();
        let keys = Keys::open(folder.path()).unwrap();
        assert!(keys.issuer_pem().starts_with("-----BEGIN CERTIFICATE-----"));
        assert!(matches!(
            init(folder.path(), "示例", "example.invalid/log", at),
            Err(KeyError::Exists(_))
        ));
        let path = folder.path().join(SIGNER_KEY);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(
            Keys::open(folder.path()),
            Err(KeyError::TooOpen(_))
        ));
    }

    #[test]
    fn a_seed_gives_the_same_keys_and_another_seed_others() {
        let at = "2024-12-01T00:00:00Z".parse().unwrap();
        let keys = |seed: &[u8]| Keys::from_seed(seed, "示例局", at).unwrap();
        assert_eq!(keys(b"a").signer_sha256(), keys(b"a").signer_sha256());
        assert_ne!(keys(b"a").signer_sha256(), keys(b"b").signer_sha256());
        assert_ne!(keys(b"a").mac("code", "x"), keys(b"a").mac("id", "x"));
    }
}
