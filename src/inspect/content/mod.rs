//! Runs the content of a page and notes its text and images with their places, as they are shown.
//!
//! Draws nothing. Every operator, form, piece of text and decoded byte is spent from the budget; nested
//! forms go no deeper than the limit, and a form that shows itself is left out, as readers do.

mod annotations;
mod colours;
mod forms;
mod operators;
mod pictures;
mod reader;
mod resources;
mod type_shown;

pub(crate) use reader::{Content, Cover, Reader};
