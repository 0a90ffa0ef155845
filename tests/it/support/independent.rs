//! What an independent reader (`pdf-extract`) finds on single pages of what we print.
//!
//! It panics on fonts that applicants' own papers may use (`UniGB-UCS2-H`), so only pages of ours are given to it.

use pdf_extract::{Document, PlainTextOutput, output_doc_page};

/// The text of page `number`, from 1, without white space.
pub fn page_text(pdf: &[u8], number: u32) -> String {
    let document = Document::load_mem(pdf).unwrap();
    let mut text = String::new();
    output_doc_page(&document, &mut PlainTextOutput::new(&mut text), number).unwrap();
    text.chars().filter(|c| !c.is_whitespace()).collect()
}
