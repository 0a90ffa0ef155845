//! Objects that a cross-reference table calls deleted and that stand in their place all the same.
//!
//! By ISO 32000-2, 7.5.4 they read as null, and a real deletion names the next free object where the offset was. Most viewers
//! show such an object; what people see is what is judged and bound.

use super::{
    lexer::{Lexer, Token},
    structure::object_head,
};

/// Bytes of a row of a table.
const ROW: usize = 20;
/// Where the last `startxref` is looked for.
const END: usize = 2048;
/// Most sections that are followed.
const MAX_SECTIONS: usize = 512;
/// Most subsections that are remembered: a file with more is made to keep somebody busy, and read as it says.
const MAX_SUBSECTIONS: usize = 4096;

/// Where the object `number` stands that this row of a table calls deleted; `None` when it does, or is not there.
pub(super) fn still_there(bytes: &[u8], row: &[u8], number: u32) -> Option<(usize, u32)> {
    if row.get(17) != Some(&b'f') {
        return None;
    }
    let digits = |from: usize, to: usize| -> Option<usize> {
        std::str::from_utf8(row.get(from..to)?).ok()?.parse().ok()
    };
    let (offset, generation) = (digits(0, 10)?, digits(11, 16)? as u32);
    object_head(bytes, offset, number, generation)?;
    (offset > 0).then_some((offset, generation))
}

/// A copy in which objects that stand in their place are not called deleted; none where there are none.
pub(super) fn undeleted(bytes: &[u8]) -> Option<Vec<u8>> {
    let end = bytes.len().saturating_sub(END);
    let word = b"startxref";
    let found = memchr::memmem::rfind(bytes.get(end..)?, word)?;
    let Token::Int(mut at) = Lexer::new(bytes, end + found + word.len()).next()? else {
        return None;
    };
    let mut tables = Tables::default();
    for _ in 0..MAX_SECTIONS {
        let place = usize::try_from(at).ok();
        let Some(older) = place.and_then(|place| tables.read(bytes, place)) else {
            break;
        };
        at = older;
    }
    if tables.kinds.is_empty() {
        return None;
    }
    let mut copy = bytes.to_vec();
    for at in tables.kinds {
        *copy.get_mut(at)? = b'n';
    }
    Some(copy)
}

/// The tables of a file, from the newest to the oldest.
#[derive(Default)]
struct Tables {
    /// First object and number of objects of the subsections read.
    told: Vec<(u32, u32)>,
    /// Where the letters stand that say `f` and should say `n`.
    kinds: Vec<usize>,
}

impl Tables {
    /// Reads the table at `at`; where the older one stands.
    fn read(&mut self, bytes: &[u8], at: usize) -> Option<i64> {
        let mut lexer = Lexer::new(bytes, at);
        if lexer.next()? != Token::Word(b"xref") {
            return None;
        }
        let newer = self.told.len();
        loop {
            match lexer.next()? {
                Token::Int(first) => {
                    if self.told.len() == MAX_SUBSECTIONS {
                        return None;
                    }
                    let Token::Int(count) = lexer.next()? else {
                        return None;
                    };
                    let (first, count) = (u32::try_from(first).ok()?, u32::try_from(count).ok()?);
                    lexer.skip_space();
                    lexer.pos = self.rows(bytes, lexer.pos, (first, count), newer)?;
                    self.told.push((first, count));
                }
                Token::Word(b"trailer") => {
                    lexer.skip_space();
                    let dict = super::open::dict_of(bytes.get(lexer.pos..)?)?;
                    return dict.get::<i32>("Prev").map(i64::from);
                }
                _ => return None,
            }
        }
    }

    /// Reads rows from `at` on, of which the first `newer` subsections have said nothing yet; where they end.
    fn rows(
        &mut self,
        bytes: &[u8],
        at: usize,
        (first, count): (u32, u32),
        newer: usize,
    ) -> Option<usize> {
        let end = at.checked_add(ROW.checked_mul(count as usize)?)?;
        for (i, row) in bytes.get(at..end)?.chunks_exact(ROW).enumerate() {
            let number = first.checked_add(i as u32)?;
            if still_there(bytes, row, number).is_some() {
                let mut told = self.told.iter().take(newer);
                if !told
                    .any(|(first, count)| (*first..first.saturating_add(*count)).contains(&number))
                {
                    self.kinds.push(at + i * ROW + 17);
                }
            }
        }
        Some(end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{inspect, limits::Limits};

    /// A file whose page is called deleted, in rows of `kind`; `more` is written behind it.
    fn file(row_of_page: &str) -> Vec<u8> {
        let mut file = b"%PDF-1.7\n".to_vec();
        let mut rows = String::new();
        for (number, body) in [
            (1, "<</Type/Catalog/Pages 2 0 R>>"),
            (
                2,
                "<</Type/Pages/MediaBox[0 0 200 300]/Count 1/Kids[3 0 R]>>",
            ),
            (3, "<</Type/Page/Parent 2 0 R/Contents 4 0 R>>"),
            (4, "<</Length 12>>\nstream\n0 0 9 9 re f\nendstream"),
        ] {
            let place = file.len();
            rows += &match number {
                4 => row_of_page.replace("HERE", &format!("{place:010}")),
                _ => format!("{place:010} 00000 n \n"),
            };
            file.extend_from_slice(format!("{number} 0 obj\n{body}\nendobj\n").as_bytes());
        }
        let table = file.len();
        let end = format!(
            "xref\n0 5\n0000000000 65535 f \n{rows}trailer\n<</Root 1 0 R/Size 5>>\nstartxref\n{table}\n%%EOF\n"
        );
        file.extend_from_slice(end.as_bytes());
        file
    }

    fn content(bytes: Vec<u8>) -> Vec<u8> {
        let pdf = inspect::open(bytes, &Limits::DEFAULT).unwrap();
        let pages = pdf.pages();
        let page = pages.first().unwrap();
        page.page_stream().unwrap_or_default().to_vec()
    }

    #[test]
    fn what_stands_in_its_place_is_read_though_it_is_called_deleted() {
        let shown = content(file("HERE 00000 n \n"));
        assert!(shown.starts_with(b"0 0 9 9 re"));
        assert_eq!(content(file("HERE 00000 f \n")), shown);
    }

    #[test]
    fn what_was_really_deleted_stays_so() {
        for row in [
            "0000000000 00001 f \n",
            "HERE 00001 f \n",
            "0000000012 00000 f \n",
        ] {
            assert!(undeleted(&file(row)).is_none(), "{row:?}");
        }
        assert!(undeleted(b"%PDF-1.7 startxref 99").is_none());
    }

    #[test]
    fn a_table_of_endless_subsections_is_read_as_it_says() {
        let many = |subsections: usize| {
            let text = String::from_utf8(file("HERE 00000 f \n")).unwrap();
            let empty = format!("xref\n{}0 5\n", "9 0\n".repeat(subsections));
            undeleted(text.replacen("xref\n0 5\n", &empty, 1).as_bytes())
        };
        assert!(many(100).is_some());
        assert!(many(MAX_SUBSECTIONS).is_none());
    }

    #[test]
    fn a_newer_table_is_believed() {
        let old = file("HERE 00000 f \n");
        let mut bytes = old.clone();
        let table = memchr::memmem::rfind(&old, b"xref\n0 5").unwrap();
        let newer = bytes.len();
        let end = format!(
            "xref\n4 1\n0000000000 00001 f \ntrailer\n<</Root 1 0 R/Size 5/Prev {table}>>\nstartxref\n{newer}\n%%EOF\n"
        );
        bytes.extend_from_slice(end.as_bytes());
        assert!(undeleted(&bytes).is_none());
    }
}
