//! A certificate in, a verdict out: recomputed here, with none of the code that made it.
//!
//! Takes from `certificate` the formats people and files exchange (claims, codes, numbers, leaves) and nothing that signs, typesets or
//! writes. [`offline`] and everything under it is pure and safe on hostile bytes: it needs no database and may run in the sandbox worker.

mod anchors;
mod answer;
mod chain;
mod cms;
mod face;
mod file;
mod first_revision;
mod online;
mod pdf;
mod pdf_objects;
mod policy;
mod proof;
mod qr;
mod revisions;
mod sandboxed;
mod scanned;
mod second_revision;
mod status_list;
#[cfg(test)]
mod tests;
mod wrong;

pub use anchors::{Anchors, GivenStatusList, Trust};
pub use answer::{Answer, Revocation, Shown, Verification};
pub use file::{file as offline, file_with_status as offline_with_status};
pub use online::{
    anchors, by_code, by_sha256, file_parsed_here, refused, registered, self_check, trust,
    unregistered,
};
pub use policy::{Party, Policy, Quorum};
pub use proof::{NotANoteKey, NoteKey};
pub use sandboxed::{LookedAt, VERIFY, verify_task};
pub use scanned::scanned;
pub use status_list::{HeldStatusList, ListedStatus};
pub use wrong::Wrong;
