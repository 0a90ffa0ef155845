//! A checked dossier in, bound volumes and their manifest out.
//!
//! [`plan()`] decides everything once: order, page numbers, contents rows, bookmarks, links, labels, manifest.
//! The contents pages are typeset from it; [`write_volume`] then copies one source after the other straight into the
//! volume, inside the sandbox. What is kept and what is dropped stands in `docs/binding.md`.

mod annotation;
mod binding;
mod boxes;
mod content;
mod destination;
mod error;
mod field_value;
mod folder;
mod form_field;
mod front;
mod job;
mod layers;
mod layout;
mod manifest;
mod margins;
mod number;
mod outline;
mod output;
mod page;
mod place;
mod plan;
mod print_pack;
mod runner;
mod sandboxed;
mod signature;
mod source;
mod supplement;
mod syntax;
mod volume;
mod warnings;

pub use binding::{Bound, bind, blank_forms, contents_page, mail_subject, number_font};
pub use error::{BindError, Fault, SourceFault, VolumeError};
pub use job::{JobBookmark, Part, Place, VolumeJob, VolumeResult, WrittenPage};
pub use manifest::{
    Manifest, ManifestFile, ManifestItem, ManifestNotice, ManifestPage, ManifestPrevious,
    ManifestSupplement, ManifestVolume, Origin, Warning, leaf, merkle_root,
};
pub use margins::PageMargins;
pub use number::{Counting, NumberPlace, NumberStyle, Placed};
pub use output::Output;
pub use plan::{
    BindOptions, Entry, Fit, Gutter, Leaves, Original, Plan, PlannedPaper, PlannedSheet,
    PlannedVolume, Round, Row, Supplements, pages_text, plan,
};
pub use runner::{BindRunner, InThisProcess, RunError};
pub use sandboxed::{BIND, MARGINS, bind_task, margins_task};
pub use volume::write_volume;
