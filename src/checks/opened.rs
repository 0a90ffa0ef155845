//! What the format checks share: the facts of a file that could be opened, or how a check ends without them.

use super::Subject;
use crate::{
    finding::Outcome,
    inspect::facts::{Opening, PdfFacts},
};

/// The facts of the document, or how a check of them ends when there are none.
pub(super) fn pdf(subject: Subject<'_>) -> Result<&PdfFacts, Outcome> {
    match (&subject.inspection.opening, &subject.inspection.pdf) {
        (Opening::Opened, Some(pdf)) => Ok(pdf),
        (Opening::NotAPdf, _) => Err(Outcome::not_applicable(
            "该文件不是 PDF",
            "the file is not a PDF",
        )),
        _ => Err(Outcome::could_not_tell(
            "文件无法打开",
            "the file could not be opened",
        )),
    }
}
