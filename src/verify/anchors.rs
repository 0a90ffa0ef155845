//! What a verifier trusts: issuer certificates, log keys, witnesses. Given from outside, never taken from the file.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use x509_cert::Certificate;

use super::{
    chain,
    policy::{Policy, Quorum},
    proof::NoteKey,
    wrong::Wrong,
};

/// What a verifier was given, as text: what goes to a worker, and what [`Anchors`] are made of.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Trust {
    /// Certificates of issuers, PEM, one after the other.
    pub issuer_pem: String,
    /// Public key lines of logs.
    pub log_keys: Vec<String>,
    /// Logs, witnesses and how many of them are wanted (C2SP tlog-policy).
    pub policy: Option<String>,
    /// Signers that an issuer has revoked, PEM.
    pub revoked_signers: Option<String>,
    /// A status list that the verifier holds.
    pub status_list: Option<GivenStatusList>,
    /// The instant to judge at.
    pub now: Timestamp,
}

/// A status list with the key it must be signed with.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GivenStatusList {
    /// The signed note.
    pub note: String,
    /// The list file.
    pub file: Vec<u8>,
    /// Public key line of the status list.
    pub key: NoteKey,
}

impl Trust {
    /// An issuer's certificate and its log's key, nothing more.
    pub fn new(issuer_pem: String, log_key: String, now: Timestamp) -> Trust {
        Trust {
            issuer_pem,
            log_keys: vec![log_key],
            policy: None,
            revoked_signers: None,
            status_list: None,
            now,
        }
    }
    /// The anchors, or what is wrong with what was given.
    pub fn anchors(&self) -> Result<Anchors, Wrong> {
        let keys: Vec<&str> = self.log_keys.iter().map(String::as_str).collect();
        let mut anchors = Anchors::new(&self.issuer_pem, &keys, self.now)?;
        if let Some(policy) = &self.policy {
            let policy: Policy = policy.parse()?;
            anchors
                .logs
                .extend(policy.logs.into_iter().map(|log| log.key));
            anchors.witnesses = policy.witnesses.into_iter().map(|w| w.key).collect();
            anchors.quorum = policy.quorum;
        }
        if let Some(list) = &self.revoked_signers {
            let unreadable = || {
                Wrong::new(
                    "revoked_signers",
                    "已撤销签名证书清单无法读取",
                    "the list of revoked signers cannot be read",
                )
            };
            let (label, bytes) = der::pem::decode_vec(list.as_bytes()).map_err(|_| unreadable())?;
            if label != "X509 CRL" {
                return Err(unreadable());
            }
            let (revoked, due) = chain::revoked(&bytes, &anchors.roots)?;
            anchors.revoked = revoked;
            anchors.revoked_due = Some(due);
        }
        Ok(anchors)
    }
}

/// Trust anchors and the instant to judge at.
#[derive(Clone, Debug)]
pub struct Anchors {
    pub(super) roots: Vec<Certificate>,
    pub(super) logs: Vec<NoteKey>,
    pub(super) witnesses: Vec<NoteKey>,
    /// Which witnesses must have seen the log.
    pub(super) quorum: Quorum,
    pub(super) revoked: Vec<chain::RevokedSigner>,
    /// When a newer list of revoked signers is due; none without a list.
    pub(super) revoked_due: Option<Timestamp>,
    pub(super) now: Timestamp,
}

impl Anchors {
    /// Issuers from the certificates of `issuer_pem`, logs from key lines.
    pub fn new(issuer_pem: &str, log_keys: &[&str], now: Timestamp) -> Result<Anchors, Wrong> {
        let parsed = Certificate::load_pem_chain(issuer_pem.as_bytes()).map_err(|_| {
            Wrong::new(
                "issuer",
                "发证机关证书无法读取",
                "the issuer file holds no readable certificate",
            )
        })?;
        let roots = parsed
            .iter()
            .map(|certificate| chain::root(&der::Encode::to_der(certificate).unwrap_or_default()))
            .collect::<Result<Vec<_>, _>>()?;
        let logs = log_keys
            .iter()
            .map(|line| line.parse::<NoteKey>())
            .collect::<Result<Vec<_>, _>>()
            .map_err(|e| Wrong::new("log_key", "日志公钥无法读取", &e.to_string()))?;
        Ok(Anchors {
            roots,
            logs,
            witnesses: Vec::new(),
            quorum: Quorum::None,
            revoked: Vec::new(),
            revoked_due: None,
            now,
        })
    }
    /// Adds witnesses, of whom `wanted` must have seen the log.
    #[must_use]
    pub fn with_witnesses(mut self, witnesses: Vec<NoteKey>, wanted: u32) -> Anchors {
        self.quorum = if wanted == 0 {
            Quorum::None
        } else {
            Quorum::Of(wanted, (0..witnesses.len()).map(Quorum::Witness).collect())
        };
        self.witnesses = witnesses;
        self
    }
}
