//! Witnesses of certificate logs (C2SP tlog-witness): asking those of others to sign our log, and being one for theirs.
//!
//! A witness remembers one tree of each log it knows and signs another only when that is its continuation. So no log can show
//! different people different trees, or begin again, without every witness of its policy taking part. Goes in: a checkpoint and a
//! proof. Comes out: a dated signature, or a refusal. Deliberately absent: any look at what the leaves say.

mod asking;
mod keeping;
mod request;

pub use asking::{NoWitnesses, Witnesses};
pub use keeping::{Reply, Witness, WitnessError};
