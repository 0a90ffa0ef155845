//! Templates and data in, PDF out. The typesetter lives only here.
//!
//! A template is `templates/print/<name>.typ`; its data are the virtual file `data.json` beside it. There is no network,
//! no package, no other file and no font but those of `fonts/`, so the same data give the same bytes on any machine.
//! Deliberately absent: what the pages mean, and where they go.

mod coverage;
mod engine;
mod error;
mod fonts;
pub mod forms;
mod pdf_form;
mod run;
mod templates;

pub use coverage::{Repertoire, missing_characters, repertoires};
pub use engine::Typesetter;
pub use error::{Fault, TypesetError};
pub use pdf_form::{Attachment, PdfForm, Relationship, Standard, Typeset};
pub use templates::TemplateSource;
