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
mod batch;
mod cms;
mod commitment;
mod cosign;
mod error;
mod face;
mod issue;
mod keys;
mod log;
mod note;
mod office;
mod publish;
mod revision;
mod rollover;
mod search;
mod status;
mod status_list;
mod table;
#[cfg(test)]
mod tests;
mod tiles;
pub mod tree;
mod x509;

pub use audit::{LogProblem, audit};
pub use batch::{
    Batch, BatchRow, HeadingError, RowOutcome, RowProblem, RowResult, heading, issue_batch,
    rehearse_batch,
};
pub use claims::{Claims, ClaimsError, Level, Method};
pub use code::{FaceCode, NotACode};
pub use cosign::{CosignRequest, Cosigner, Unwitnessed};
pub use error::{IssueError, KeyError};
pub use issue::{
    Finished, Grant, Issued, Order, SelfCheck, issue, issue_each, issue_with_salt, rehearse, show,
};
pub use keys::Keys;
pub use leaf::{Effect, IssueLeaf, Leaf, ReasonClass};
pub use log::proof_of_leaf;
pub use number::{Number, NumberTemplate};
pub use office::{Issuer, Office};
pub use publish::publish;
pub use search::{IDENTITY_TRIES, MOST_ROWS, Search, StatusName, identity_matches, search};
pub use status::{Decision, reinstate, revoke};
pub use status_list::{StatusList, StatusLists, status_list};
pub use table::{Cell, TABLE, TABLE_BYTES, Table, TableError, table_task};
pub use tiles::{LogPath, NotALogPath, log_file, log_paths};

/// Name of the key that signs the status list of a log.
pub fn status_key_name(origin: &str) -> String {
    format!("{origin}/status")
}
