//! The issuing office: its name, where its certificates are verified, how it numbers them, its seal, and its keys.

use std::{path::Path, sync::Arc};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    cosign::Cosigner,
    error::KeyError,
    keys::{self, Keys},
    number::NumberTemplate,
    rollover,
    token::TokenPlace,
};
use crate::digest::Digest;

/// Settings of an office, `office.toml` beside its keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Office {
    /// Its full name, as on the seal.
    pub name: String,
    /// Where certificates are verified, without a slash at the end: `https://zhicheng.example.gov.cn`.
    pub base_url: String,
    /// How certificates are numbered.
    #[serde(default)]
    pub number: NumberTemplate,
    /// Name of the certificate log: a host and path without a scheme.
    pub log_origin: String,
    /// The office's own seal drawing, a file beside this one; without it ring, star and name are drawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seal: Option<String>,
}

/// An office with its keys: what issuing needs.
#[derive(Debug)]
pub struct Issuer {
    office: Office,
    seal_svg: Option<String>,
    keys: Keys,
    /// Signers that are not to be believed any more.
    crl: Option<String>,
    /// The policy that its witnesses stand in.
    policy: Option<String>,
    cosigner: Option<Arc<dyn Cosigner>>,
    /// Held while certificates that wait are finished.
    publishing: tokio::sync::Mutex<()>,
}

/// Largest seal drawing.
const SEAL_BYTES: usize = 256 * 1024;
const SETTINGS: &str = "office.toml";
/// Beside the settings when the log has witnesses.
const POLICY: &str = "policy.txt";

impl Office {
    /// An office of the samples.
    pub fn sample() -> Office {
        Office {
            name: "示例市工业和信息化局".to_owned(),
            base_url: "http://127.0.0.1:8080".to_owned(),
            number: NumberTemplate::default(),
            log_origin: "sample.invalid/certificates".to_owned(),
            seal: None,
        }
    }

    /// Reads the settings of `folder`.
    fn read(folder: &Path) -> Result<Office, KeyError> {
        let text = read(&folder.join(SETTINGS))?;
        let office: Office = toml::from_str(&text).map_err(|e| KeyError::Office(e.to_string()))?;
        office.check()?;
        Ok(office)
    }

    fn check(&self) -> Result<(), KeyError> {
        let wrong = |text: &str| Err(KeyError::Office(text.to_owned()));
        let local = ["http://127.0.0.1", "http://localhost"];
        let scheme = self.base_url.starts_with("https://")
            || local.iter().any(|l| self.base_url.starts_with(l));
        let plain = |c: char| c.is_ascii_alphanumeric() || ".-:/_~".contains(c);
        if !scheme || self.base_url.ends_with('/') || !self.base_url.chars().all(plain) {
            return wrong("`base_url` wants https, plain ASCII and no slash at the end");
        }
        if self.log_origin.is_empty() || !self.log_origin.chars().all(|c| plain(c) && c != ':') {
            return wrong("`log_origin` wants a host and path without a scheme");
        }
        if self.name.is_empty()
            || self.name.chars().count() > 40
            || self.name.chars().any(char::is_control)
        {
            return wrong("`name` wants 1 to 40 characters");
        }
        Ok(())
    }
}

fn read(path: &Path) -> Result<String, KeyError> {
    std::fs::read_to_string(path).map_err(|source| KeyError::File {
        path: path.to_owned(),
        source,
    })
}

impl Issuer {
    /// Makes `office.toml` and new keys in `folder`; refuses when there are keys already.
    pub fn init(folder: &Path, office: &Office, at: Timestamp) -> Result<Issuer, KeyError> {
        office.check()?;
        let path = folder.join(SETTINGS);
        if path.exists() {
            return Err(KeyError::Exists(path));
        }
        keys::init(folder, &office.name, &office.log_origin, at)?;
        let text = toml::to_string_pretty(office).map_err(|e| KeyError::Office(e.to_string()))?;
        crate::digest::write_atomically(&path, text.as_bytes())
            .map_err(|source| KeyError::File { path, source })?;
        Issuer::open(folder)
    }

    /// Reads settings and keys of `folder`.
    pub fn open(folder: &Path) -> Result<Issuer, KeyError> {
        let office = Office::read(folder)?;
        let seal_svg = match &office.seal {
            None => None,
            Some(file) if file.contains(['/', '\\']) => {
                return Err(KeyError::Office(
                    "`seal` wants the name of a file beside it".to_owned(),
                ));
            }
            Some(file) => Some(read(&folder.join(file))?),
        };
        let policy = folder.join(POLICY);
        let policy = policy.exists().then(|| read(&policy)).transpose()?;
        let crl = folder.join(rollover::CRL);
        let crl = crl.exists().then(|| read(&crl)).transpose()?;
        if seal_svg.as_ref().is_some_and(|svg| svg.len() > SEAL_BYTES) {
            return Err(KeyError::Office("`seal` is larger than 256 KiB".to_owned()));
        }
        Ok(Issuer {
            office,
            seal_svg,
            keys: Keys::open(folder)?,
            crl,
            policy,
            cosigner: None,
            publishing: tokio::sync::Mutex::default(),
        })
    }

    /// Makes a new signer for the office of `folder` with the root's key, which lies at `root_key`; gives the SHA-256 of its
    /// certificate. With `into` its key is made in that token. Whoever has opened the folder before goes on with the old one.
    pub fn roll_over(
        folder: &Path,
        root_key: &Path,
        into: Option<&TokenPlace>,
        at: Timestamp,
    ) -> Result<Digest, KeyError> {
        // Without the present keys: a token that is broken is replaced this way.
        rollover::roll_over(folder, &Office::read(folder)?, root_key, into, at)
    }

    /// Puts a signer's certificate on the list of those revoked, or only dates the list anew.
    pub fn revoke_signer(
        folder: &Path,
        root_key: &Path,
        signer: Option<&Path>,
        at: Timestamp,
    ) -> Result<(), KeyError> {
        rollover::revoke_signer(folder, root_key, signer, at)
    }

    /// The list of revoked signers, PEM; nothing when none was made.
    pub fn revoked_signers(&self) -> Option<&str> {
        self.crl.as_deref()
    }

    /// Opens `folder`, or makes it with a sample office when it is not there.
    pub fn open_or_sample(folder: &Path, at: Timestamp) -> Result<Issuer, KeyError> {
        if folder.join(SETTINGS).exists() {
            Issuer::open(folder)
        } else {
            Issuer::init(folder, &Office::sample(), at)
        }
    }

    /// An issuer whose keys are nowhere on disk and come from `seed`: for demonstrations and tests only.
    pub fn for_demonstration(
        office: Office,
        seed: &[u8],
        at: Timestamp,
    ) -> Result<Issuer, KeyError> {
        office.check()?;
        let keys = Keys::from_seed(seed, &office.name, at)?;
        Ok(Issuer::with_keys(office, keys))
    }

    /// An issuer with these keys and nothing else.
    pub(super) fn with_keys(office: Office, keys: Keys) -> Issuer {
        Issuer {
            office,
            seal_svg: None,
            keys,
            crl: None,
            policy: None,
            cosigner: None,
            publishing: tokio::sync::Mutex::default(),
        }
    }

    /// With witnesses: what they must have seen (C2SP tlog-policy), and how they are reached. Nothing is handed out without them.
    #[must_use]
    pub fn with_witnesses(mut self, policy: String, cosigner: Arc<dyn Cosigner>) -> Issuer {
        self.policy = Some(policy);
        self.cosigner = Some(cosigner);
        self
    }
    /// The text of `policy.txt`: which witnesses must have seen the log.
    pub fn policy(&self) -> Option<&str> {
        self.policy.as_deref()
    }
    pub(super) fn cosigner(&self) -> Option<&Arc<dyn Cosigner>> {
        self.cosigner.as_ref()
    }
    pub(super) fn publishing(&self) -> &tokio::sync::Mutex<()> {
        &self.publishing
    }
    /// The office.
    pub fn office(&self) -> &Office {
        &self.office
    }
    /// Its keys.
    pub fn keys(&self) -> &Keys {
        &self.keys
    }
    /// The root certificate as PEM, `issuer.pem`: what a verifier is given.
    pub fn issuer_pem(&self) -> String {
        self.keys.issuer_pem()
    }
    /// The log's public key as one line, `log-key.txt`: what a verifier is given.
    pub fn log_key(&self) -> String {
        self.keys.log(&self.office.log_origin).public_line()
    }
    /// The status list's public key as one line, `status-key.txt`.
    pub fn status_key(&self) -> String {
        let name = super::status_key_name(&self.office.log_origin);
        self.keys.status(&name).public_line()
    }
    pub(super) fn seal_svg(&self) -> Option<&str> {
        self.seal_svg.as_deref()
    }
}
