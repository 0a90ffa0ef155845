//! A checked dossier in, bound volumes and their manifest out.
//!
//! [`plan()`] decides everything once: order, page numbers, contents rows, bookmarks, links, labels, manifest.
//! The contents pages are typeset from it; [`write_volume`] then copies one source after the other straight into the
//! volume, inside the sandbox. What is kept and what is dropped stands in `docs/binding.md`.

mod annotation;
mod appearance;
mod binding;
mod boxes;
mod content;
mod contents;
mod covers;
mod destination;
mod error;
mod field_value;
mod folder;
mod follow;
mod form_field;
mod front;
mod job;
mod layers;
mod layout;
mod manifest;
mod number;
mod number_style;
mod options;
mod outline;
mod output;
mod page;
mod page_tree;
mod papers;
mod place;
mod plan;
mod print_forms;
mod print_pack;
mod rows;
mod runner;
mod sandboxed;
mod signature;
mod source;
mod supplement;
mod syntax;
mod volume;
mod volume_job;
mod volumes;
mod warnings;

pub use binding::{Bound, bind, blank_forms, mail_subject};
pub use contents::{contents_page, number_font};
pub use error::{BindError, Fault, SourceFault, VolumeError};
pub use job::{JobBookmark, Part, Place, VolumeJob, VolumeResult, WrittenPage};
pub use manifest::{
    Manifest, ManifestFile, ManifestItem, ManifestNotice, ManifestPage, ManifestPrevious,
    ManifestSupplement, ManifestVolume, Origin, Warning, leaf, merkle_root,
};
pub use number_style::{Counting, NumberPlace, NumberStyle, Placed};
pub use options::{BindOptions, Fit, Gutter, Leaves, Supplements};
pub use output::Output;
pub use plan::{Entry, Plan, PlannedPaper, PlannedSheet, PlannedVolume, Round, plan};
pub use rows::{Row, pages_text};
pub use runner::{BindRunner, InThisProcess, RunError};
pub use sandboxed::{BIND, bind_task};
pub use volume::{Input, write_volume};
