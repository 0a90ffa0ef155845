//! Foreign bytes in, facts out. The only room, with `bind`, that parses foreign PDF bytes; runs inside the sandbox.

pub mod document;
pub mod facts;
pub mod legibility;
pub mod raster;

pub use facts::Inspection;
