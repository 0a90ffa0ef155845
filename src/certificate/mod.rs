//! Claims in, a signed and logged certificate out.
//!
//! What is hashed, signed and logged, and in which order, is written in `docs/certificate.md`. Nothing contains its own hash:
//! claims → face code → revision 1 → leaf → proof → signature, each only looks back.
//! Types and texts (claims, codes, numbers, leaves) are shared with `verify`; what makes a certificate is not.

pub mod canonical;
pub mod check_sign;
pub mod claims;
pub mod code;
pub mod leaf;
pub mod number;

mod asn1;
mod audit;
mod cms;
mod commitment;
mod error;
mod face;
mod issue;
mod keys;
mod log;
mod note;
mod office;
mod revision;
mod status;
mod status_list;
mod tiles;
pub mod tree;
mod x509;

pub use audit::{LogProblem, audit};
pub use claims::{Claims, ClaimsError, Level, Method};
pub use code::{FaceCode, NotACode};
pub use error::{IssueError, KeyError};
pub use issue::{Grant, Issued, Order, SelfCheck, issue, issue_with_salt, rehearse, show};
pub use keys::Keys;
pub use leaf::{Effect, IssueLeaf, Leaf, ReasonClass};
pub use log::proof_of_leaf;
pub use number::{Number, NumberTemplate};
pub use office::{Issuer, Office};
pub use status::{Decision, reinstate, revoke};
pub use status_list::{StatusList, status_list};
pub use tiles::{LogPath, NotALogPath, log_file, log_paths};

/// Name of the key that signs the status list of a log.
pub fn status_key_name(origin: &str) -> String {
    format!("{origin}/status")
}
