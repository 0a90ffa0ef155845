//! Runs `inspect` and `bind` in locked-down worker processes, so that no foreign byte is parsed where it could hurt.
//!
//! A worker is this same program with the hidden subcommand `worker`, started ahead of need, one per core. Before it
//! sees a foreign byte it has given up: paths (landlock), new files, programs and the network (seccomp), memory
//! and processor time beyond [`crate::limits`] (rlimits). Files reach it as open descriptors over a socket; what
//! it answers comes back as one length-prefixed frame. A worker that dies, hangs or overruns is killed and
//! replaced, and the job ends with [`SandboxError::LimitMet`], which names the limit.
//!
//! A program of somebody else's that works on what a worker made (the recogniser) runs behind the same fences, as a process
//! of its own that is gone after one answer ([`Program`]).
//!
//! Deliberately absent: anything that knows what a PDF is, apart from the typed calls in `inspecting`.

mod error;
mod inspecting;
mod lockdown;
mod pool;
mod process;
mod program;
mod standard_error;
mod wire;
mod worker;

pub use error::SandboxError;
pub use inspecting::{
    INSPECT, Inspected, MARGINS, MEASURE, QR_CODES, READABLE, RENDER, RenderRequest, STRIPS,
};
pub use lockdown::Lockdown;
pub use pool::{Done, Pool, PoolConfig, PoolState};
pub use program::{Program, confined};
pub use worker::{Answer, AnswerBody, Files, Handler, serve, socket_from_stdin};
