//! Fonts as the file carries them, and the way from a character code to a width and to Unicode.
//!
//! Font programs are read by the PDF library, after [`measure`] allowed it.

mod book;
mod facts;
mod loaded;
mod measure;
mod simple_names;

pub(crate) use book::FontBook;

use hayro_syntax::object::{Array, Dict};

/// The CID font of a composite font.
fn descendant<'a>(dict: &Dict<'a>) -> Option<Dict<'a>> {
    dict.get::<Array<'_>>("DescendantFonts")?
        .iter::<Dict<'_>>()
        .next()
}
