//! Foreign bytes in, facts out. The only room, with `bind`, that parses foreign PDF bytes; runs inside the sandbox.

pub mod document;
pub mod facts;
pub mod legibility;
pub mod raster;

mod active_content;
mod array_items;
mod attachments;
mod budget;
mod content;
mod decode;
mod encryption;
mod file_kind;
mod fonts;
mod forms;
mod geometry;
mod graphics_state;
mod hidden_text;
mod ink;
mod inspection;
mod layers;
mod lexer;
mod linearization;
mod margins;
mod masking;
mod mending;
mod object_walk;
mod open;
mod page_hash;
mod predefined_cmaps;
mod qr;
mod signatures;
mod structure;
mod text_runs;
mod text_string;
mod user_password;
mod visibility;

pub(crate) use array_items::items;
pub use facts::Inspection;
pub use inspection::inspect;
pub(crate) use inspection::pages_said;
pub use margins::{BAND_MM, Margins, PageMargins, margins_of};
pub use masking::masked;
pub(crate) use open::open;
pub use page_hash::{Difference, PageHash};
pub use qr::codes_of;
