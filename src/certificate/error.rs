//! What can go wrong while issuing, revoking and keeping keys.

use std::path::PathBuf;

use super::{
    claims::ClaimsError,
    cosign::Unwitnessed,
    number::{BadTemplate, Number},
};
use crate::{store::StoreError, typeset::TypesetError};

/// Why keys cannot be made or used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// There are keys already.
    #[error("`{}` is there already: keys are never overwritten", .0.display())]
    Exists(PathBuf),
    /// A file cannot be read or written.
    #[error("`{}` cannot be read or written", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// The cause.
        #[source]
        source: std::io::Error,
    },
    /// Other people of this computer may read a secret.
    #[error("`{}` may be read by others: only its owner may (chmod 600)", .0.display())]
    TooOpen(PathBuf),
    /// A file is not what it should be.
    #[error("`{}` is not {wanted}", path.display())]
    NotAKey {
        /// Which.
        path: PathBuf,
        /// What it should be.
        wanted: &'static str,
    },
    /// The signer's certificate does not belong to its key or its root, or has run out.
    #[error("the signer's certificate {0}")]
    Certificate(&'static str),
    /// The token that holds the signer's key cannot be used.
    #[error("the token of the signer's key: {0}")]
    Token(String),
    /// The office's settings cannot stand.
    #[error("the office's settings: {0}")]
    Office(String),
    /// The number template cannot stand.
    #[error("the template of certificate numbers cannot stand: {0}")]
    Number(#[from] BadTemplate),
}

/// Why a certificate was not issued, or its status not changed. No text holds anything of a person.
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    /// The claims cannot stand.
    #[error(transparent)]
    Claims(#[from] ClaimsError),
    /// The page could not be typeset, for example because no font has a character of the name.
    #[error(transparent)]
    Typeset(#[from] TypesetError),
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Every serial of the number template is used.
    #[error("every serial of the template of certificate numbers is used: make it wider")]
    SerialsUsedUp,
    /// The photo is neither JPEG nor PNG, or larger than allowed.
    #[error("the photo must be a JPEG or PNG image of at most {limit_kib} KiB")]
    Photo {
        /// Most KiB.
        limit_kib: usize,
    },
    /// No certificate has this number.
    #[error("no certificate has this number")]
    NoSuchCertificate,
    /// The status cannot change like that.
    #[error("the certificate is {0}")]
    Status(&'static str),
    /// It is in the log and numbered, but cannot be handed out yet; it will be finished when the cause is gone.
    #[error("certificate {number} is in the log and waits: {why}")]
    Waits {
        /// Its number.
        number: Number,
        /// Its leaf.
        leaf_index: u64,
        /// What it waits for.
        why: String,
    },
    /// Too few witnesses.
    #[error(transparent)]
    Unwitnessed(#[from] Unwitnessed),
    /// The page took so long that its number went to another; nothing was issued.
    #[error("it took so long that its number went to another: try again")]
    TooSlow,
    /// What struck the whole batch.
    #[error("{0}")]
    Batch(String),
    /// An identity number was compared too often.
    #[error("the identity number of this certificate was asked too often: come back in an hour")]
    AskedTooOften,
    /// The finished file did not pass our own verification; nothing was issued.
    #[error("the finished certificate did not pass verification: {0}")]
    SelfCheck(String),
    /// The second revision could not be written.
    #[error("the certificate could not be signed: {0}")]
    Revision(String),
}
