//! A checked dossier in, bound volumes and their manifest out.
//!
//! [`plan()`] decides everything once: order, page numbers, contents rows, bookmarks, links, labels, manifest.
//! The contents pages are typeset from it; [`write_volume`] then copies one source after the other straight into the
//! volume, inside the sandbox. What is kept and what is dropped stands in `docs/binding.md`.

mod annotation;
mod boxes;
mod content;
mod destination;
mod error;
mod folder;
mod form_field;
mod front;
mod job;
mod layers;
mod lists;
mod manifest;
mod number;
mod outline;
mod output;
mod page;
mod plan;
mod runner;
mod sandboxed;
mod source;
mod syntax;
mod volume;

pub use error::{BindError, Fault, SourceFault, VolumeError};
pub use folder::{Bound, bind, mail_subject, number_font};
pub use job::{JobBookmark, Part, Place, VolumeJob, VolumeResult, WrittenPage};
pub use manifest::{
    Manifest, ManifestFile, ManifestItem, ManifestNotice, ManifestPage, ManifestVolume, Origin,
    leaf, merkle_root,
};
pub use number::{Counting, NumberPlace, NumberStyle};
pub use output::Output;
pub use plan::{
    BindOptions, Entry, Leaves, Original, Plan, PlannedPaper, PlannedSheet, PlannedVolume, Row,
    pages_text, plan,
};
pub use runner::{BindRunner, InThisProcess, RunError};
pub use sandboxed::{BIND, bind_task};
pub use volume::write_volume;
