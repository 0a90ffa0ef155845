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
mod batch_rows;
mod cms;
mod commitment;
mod cosign;
mod error;
mod face;
mod gaps;
mod grant;
mod issue;
mod key_seeds;
mod keys;
mod log;
mod note;
mod office;
mod page;
mod publish;
mod revision;
mod rollover;
mod search;
mod signer;
mod status;
mod status_list;
mod table;
#[cfg(test)]
mod tests;
mod tiles;
mod token;
pub mod tree;
mod x509;

pub use audit::{LogProblem, audit};
pub use batch::{RowOutcome, RowResult, issue_batch, rehearse_batch, row_problems};
pub use batch_rows::{Batch, BatchRow, HeadingError, RowProblem, heading};
pub use claims::{Claims, ClaimsError, Level, Method};
pub use code::{FaceCode, NotACode};
pub(crate) use commitment::face_code;
pub use cosign::{CosignRequest, Cosigner, Unwitnessed};
pub use error::{IssueError, KeyError};
pub use grant::{Grant, Issued, Order};
pub use issue::{Finished, SelfCheck, issue, issue_each, issue_with_salt, show};
pub use keys::Keys;
pub use leaf::{Effect, IssueLeaf, Leaf, ReasonClass};
pub use log::proof_of_leaf;
pub use number::{Number, NumberTemplate};
pub use office::{Issuer, Office};
pub use page::rehearse;
pub use publish::publish;
pub use revision::sign_without_leaf;
pub use search::{IDENTITY_TRIES, Listing, MOST_ROWS, StatusName, identity_matches, list, meant};
pub use status::{Decision, reinstate, revoke};
pub use status_list::{StatusList, StatusLists, status_list};
pub use table::{Cell, TABLE, TABLE_BYTES, Table, TableError, table_task};
pub use tiles::{LogPath, NotALogPath, log_file, log_paths};
pub use token::TokenPlace;

/// Name of the key that signs the status list of a log.
pub fn status_key_name(origin: &str) -> String {
    format!("{origin}/status")
}
