//! What a verifier trusts: issuer certificates, log keys, witnesses. Given from outside, never taken from the file.

use jiff::Timestamp;
use x509_cert::Certificate;

use super::{chain, proof::NoteKey, wrong::Wrong};

/// Trust anchors and the instant to judge at.
#[derive(Clone, Debug)]
pub struct Anchors {
    pub(super) roots: Vec<Certificate>,
    pub(super) logs: Vec<NoteKey>,
    pub(super) witnesses: Vec<NoteKey>,
    /// How many witnesses must have seen the log.
    pub(super) quorum: u32,
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
            quorum: 0,
            now,
        })
    }
    /// Adds witnesses, of whom `quorum` must have seen the log.
    #[must_use]
    pub fn with_witnesses(mut self, witnesses: Vec<NoteKey>, quorum: u32) -> Anchors {
        self.witnesses = witnesses;
        self.quorum = quorum;
        self
    }
}
