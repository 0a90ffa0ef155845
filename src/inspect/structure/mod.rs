//! The file as bytes: header, cross-references, revisions, linearisation, trailing bytes, and what has to be mended to read it.
//!
//! The PDF library mends silently; this is our own strict look, so that a report can say what was mended.
//! It decides nothing: a file with repairs is still readable.

mod chain;
mod ends;
mod objects;
mod packed;
mod sections;
mod seen;

pub(super) use objects::object_head;
pub(crate) use seen::{Structure, look};
