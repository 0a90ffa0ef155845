//! What issuing asks of witnesses: to sign a checkpoint they found to be a continuation of what they saw before.
//!
//! The office's own keys say what the log is; witnesses say that it is the same log for everybody. How they are reached is the
//! room `witness`.

use jiff::Timestamp;

use crate::{digest::Digest, store::StoreError};

/// What witnesses are shown.
pub struct CosignRequest<'a> {
    /// The signed note of the newest tree.
    pub checkpoint: &'a str,
    /// Its leaves.
    pub size: u64,
    /// No cosignature may be earlier: the newest certificate that waits was issued then.
    pub not_before: Timestamp,
    /// Proof that the tree of so many leaves is the beginning of this one.
    pub consistency: &'a (dyn Fn(u64) -> Result<Vec<Digest>, StoreError> + Sync),
}

impl std::fmt::Debug for CosignRequest<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CosignRequest({} leaves)", self.size)
    }
}

/// Not enough witnesses signed; the text says which did not, and why.
#[derive(Debug, thiserror::Error)]
#[error("too few witnesses have seen the log: {0}")]
pub struct Unwitnessed(pub String);

/// Reaches the witnesses of an office. Blocks.
pub trait Cosigner: Send + Sync + std::fmt::Debug {
    /// Signature lines of witnesses, as many as the policy wants.
    fn cosign(&self, request: &CosignRequest<'_>) -> Result<Vec<String>, Unwitnessed>;
}
