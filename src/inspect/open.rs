//! Opens a file with the PDF library, for every room that reads foreign PDFs: what one of them sees, all see.
//!
//! Three things the library does not read are put right in a copy, byte for byte as long as the file was: hybrid files whose
//! hidden cross-reference stream names the table before it a second time, objects that are called deleted and stand in their
//! place, and words that are no PDF inside of objects.

use std::{collections::BTreeMap, sync::Arc};

use hayro_syntax::{
    LoadPdfError, Pdf,
    object::{Dict, FromBytes as _},
};

use super::{budget::Budget, deleted, file_kind, mending, structure};
use crate::limits::Limits;

/// Opens a file.
pub(crate) fn open(bytes: impl Into<Arc<Vec<u8>>>, limits: &Limits) -> Result<Pdf, LoadPdfError> {
    let bytes = bytes.into();
    open_known(&bytes, || {
        let signs = file_kind::look(&bytes);
        structure::look(&bytes, signs.header_offset, &mut Budget::new(limits)).offsets
    })
}

/// Opens a file; `offsets` says where its objects stand, and is asked only when no page is found.
pub(super) fn open_known(
    bytes: &Arc<Vec<u8>>,
    offsets: impl FnOnce() -> BTreeMap<u32, usize>,
) -> Result<Pdf, LoadPdfError> {
    let told = told_once(bytes).map_or_else(|| Arc::clone(bytes), Arc::new);
    let told = deleted::undeleted(&told).map_or(told, Arc::new);
    let opened = Pdf::new(told);
    let without_page = match &opened {
        Ok(pdf) => pdf.pages().is_empty(),
        Err(error) => *error == LoadPdfError::Invalid,
    };
    if without_page
        && let Some(mended) = mending::mend(bytes, &offsets())
        && let Ok(pdf) = Pdf::new(mended)
        && !pdf.pages().is_empty()
    {
        return Ok(pdf);
    }
    opened
}

/// Longest trailer or dictionary that is looked at.
const NEAR: usize = 4096;

/// A copy in which the cross-reference stream of a hybrid file (ISO 32000-2, 7.5.8.4) no longer names the table that its
/// trailer names already: the library takes a table met twice for a circle, and gives up every table.
fn told_once(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut copy: Option<Vec<u8>> = None;
    for at in memchr::memmem::find_iter(bytes, b"/XRefStm") {
        let Some(trailer) = before(bytes, at, b"trailer") else {
            continue;
        };
        let Some(dict) = bytes.get(trailer..).and_then(dict_of) else {
            continue;
        };
        let (Some(stream), Some(previous)) = (dict.get::<u32>("XRefStm"), dict.get::<u32>("Prev"))
        else {
            continue;
        };
        let start = stream as usize;
        let head = bytes.get(start..(start + NEAR).min(bytes.len()));
        let head = head.and_then(|head| head.get(..memchr::memmem::find(head, b"stream")?));
        let Some(key) = head.and_then(|head| memchr::memmem::find(head, b"/Prev")) else {
            continue;
        };
        let value = head.and_then(|head| head.get(key + b"/Prev".len()..));
        let value = value.unwrap_or_default();
        let blanks = value.iter().take_while(|b| b.is_ascii_whitespace()).count();
        let digits = value.iter().skip(blanks);
        let digits: Vec<u8> = digits.copied().take_while(u8::is_ascii_digit).collect();
        let told = String::from_utf8_lossy(&digits).parse::<u32>();
        if told != Ok(previous) {
            continue;
        }
        let copy = copy.get_or_insert_with(|| bytes.to_vec());
        let from = start + key;
        let until = from + b"/Prev".len() + blanks + digits.len();
        if let Some(entry) = copy.get_mut(from..until) {
            entry.fill(b' ');
        }
    }
    copy
}

/// Where the word right before `at` ends.
fn before(bytes: &[u8], at: usize, word: &[u8]) -> Option<usize> {
    let from = at.saturating_sub(NEAR);
    let found = memchr::memmem::rfind(bytes.get(from..at)?, word)?;
    Some(from + found + word.len())
}

pub(super) fn dict_of(bytes: &[u8]) -> Option<Dict<'_>> {
    let bytes = bytes.get(..NEAR.min(bytes.len()))?;
    Dict::from_bytes(bytes.trim_ascii_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A hybrid file whose second revision makes the page longer, in an object stream.
    fn hybrid() -> Vec<u8> {
        let mut file = b"%PDF-1.7\n".to_vec();
        let mut places = vec![0];
        for (number, body) in [
            "<</Type/Catalog/Pages 2 0 R>>",
            "<</Type/Pages/MediaBox[0 0 200 300]/Count 1/Kids[3 0 R]>>",
            "<</Type/Page/Parent 2 0 R>>",
        ]
        .iter()
        .enumerate()
        {
            places.push(file.len());
            file.extend_from_slice(format!("{} 0 obj\n{body}\nendobj\n", number + 1).as_bytes());
        }
        let table = file.len();
        file.extend_from_slice(b"xref\n0 4\n0000000000 65535 f \n");
        for place in places.iter().skip(1) {
            file.extend_from_slice(format!("{place:010} 00000 n \n").as_bytes());
        }
        let end = format!("trailer\n<</Root 1 0 R/Size 4>>\nstartxref\n{table}\n%%EOF\n");
        file.extend_from_slice(end.as_bytes());
        let packed = file.len();
        let body = "2 0 <</Type/Pages/MediaBox[0 0 200 350]/Count 1/Kids[3 0 R]>>";
        let stream = format!(
            "4 0 obj\n<</Type/ObjStm/N 1/First 4/Length {}>>\nstream\n{body}\nendstream\nendobj\n",
            body.len()
        );
        file.extend_from_slice(stream.as_bytes());
        let hidden = file.len();
        let rows = format!("02 0004 00 01 {packed:04x} 00 01 {hidden:04x} 00>");
        let stream = format!(
            "5 0 obj\n<</Type/XRef/Index[2 1 4 2]/W[1 2 1]/Size 6/Root 1 0 R/Prev {table}/Filter/ASCIIHexDecode/Length {}>>\nstream\n{rows}\nendstream\nendobj\n",
            rows.len()
        );
        file.extend_from_slice(stream.as_bytes());
        let last = file.len();
        let end = format!(
            "xref\n4 2\n{packed:010} 00000 n \n{hidden:010} 00000 n \ntrailer\n<</Root 1 0 R/Size 6/Prev {table}/XRefStm {hidden}>>\nstartxref\n{last}\n%%EOF\n"
        );
        file.extend_from_slice(end.as_bytes());
        file
    }

    #[test]
    fn the_last_revision_of_a_hybrid_file_is_read() {
        let bytes = hybrid();
        let height = |pdf: &Pdf| pdf.pages().first().map(|page| page.media_box().y1);
        let plain = Pdf::new(bytes.clone()).unwrap();
        assert_eq!(height(&plain), Some(300.0), "the reason for this function");
        let read = open(bytes, &Limits::DEFAULT).unwrap();
        assert_eq!(height(&read), Some(350.0));
    }

    #[test]
    fn other_files_are_not_copied() {
        assert!(told_once(b"trailer <</Prev 9/XRefStm 40>> nothing stands there").is_none());
        assert!(told_once(b"%PDF-1.7 /XRefStm").is_none());
    }
}
