//! One cross-reference section: a table (ISO 32000-2, 7.5.4) or a stream (7.5.8).

use hayro_syntax::object::{Array, Dict, FromBytes as _, Name, Stream};

use super::{
    chain::{Chain, Entry, Next},
    seen::Structure,
};
use crate::inspect::{
    decode, deleted,
    lexer::{self, Lexer, Token},
};

impl Chain {
    /// Reads the section at `at`: its trailer, and where it leads; `None` when it cannot be read.
    pub(super) fn section(
        &mut self,
        bytes: &[u8],
        at: usize,
        seen: &mut Structure,
    ) -> Option<(Vec<u8>, Next)> {
        let here = bytes.get(at..)?;
        let blank = here.iter().take_while(|b| lexer::is_space(**b)).count();
        if here.get(blank..)?.starts_with(b"xref") {
            if blank > 0 {
                seen.repair("xref_whitespace", "white space stands where `xref` should");
            }
            self.table(bytes, at + blank + 4, seen)
        } else {
            self.stream(bytes, at + blank, seen)
        }
    }

    fn table(&mut self, bytes: &[u8], at: usize, seen: &mut Structure) -> Option<(Vec<u8>, Next)> {
        let mut lexer = Lexer::new(bytes, at);
        loop {
            match lexer.next()? {
                Token::Word(b"trailer") => break,
                Token::Int(first) => {
                    let Token::Int(count) = lexer.next()? else {
                        return None;
                    };
                    let first = u32::try_from(first).ok()?;
                    self.subsection(bytes, &mut lexer, first, count, seen)?;
                }
                _ => return None,
            }
        }
        lexer.skip_space();
        let start = lexer.pos;
        let look = lexer::object(bytes, start);
        if look.odd || look.doubled_key {
            seen.repair(
                "trailer_damaged",
                "the trailer dictionary is not clean PDF syntax",
            );
        }
        let text = bytes.get(start..look.end)?;
        let dict = Dict::from_bytes(text)?;
        if self.size.is_none() {
            self.size = dict.get::<i32>("Size").map(i64::from);
            if self.size.is_none() {
                seen.repair("size_missing", "the trailer has no `Size`");
            }
        }
        let next = Next {
            prev: number(&dict, "Prev"),
            hybrid: number(&dict, "XRefStm"),
        };
        if dict.contains_key("Prev") && next.prev.is_none() {
            seen.repair("prev_damaged", "`Prev` of the trailer is not a number");
        }
        Some((text.to_vec(), next))
    }

    fn subsection(
        &mut self,
        bytes: &[u8],
        lexer: &mut Lexer<'_>,
        first: u32,
        count: i64,
        seen: &mut Structure,
    ) -> Option<()> {
        // White space up to the first entry; then entries of exactly 20 bytes.
        lexer.skip_space();
        let mut exact = true;
        for i in 0..count {
            let number = first.checked_add(u32::try_from(i).ok()?)?;
            let line = bytes.get(lexer.pos..lexer.pos + 20);
            let entry = if let Some((entry, clean)) = line.and_then(table_entry) {
                exact &= clean;
                lexer.pos += 20;
                let kept = line.and_then(|row| deleted::still_there(bytes, row, number));
                match kept.filter(|_| !self.entries.contains_key(&number)) {
                    Some((offset, generation)) => {
                        seen.repair(
                            "deleted_in_place",
                            format!("object {number} is called deleted and stands in its place"),
                        );
                        Entry::At(offset, generation)
                    }
                    None => entry,
                }
            } else {
                exact = false;
                let (Token::Int(offset), Token::Int(generation), Token::Word(kind)) =
                    (lexer.next()?, lexer.next()?, lexer.next()?)
                else {
                    return None;
                };
                let entry = match kind {
                    b"n" => Entry::At(usize::try_from(offset).ok()?, generation as u32),
                    b"f" => Entry::Free,
                    _ => return None,
                };
                let mut ahead = lexer.clone();
                ahead.skip_space();
                lexer.pos = ahead.pos;
                entry
            };
            if let Entry::At(0, _) = entry {
                seen.repair(
                    "object_at_zero",
                    format!("object {number} is said to stand at offset 0"),
                );
            }
            self.entries.entry(number).or_insert(entry);
        }
        if !exact {
            seen.repair(
                "xref_entry_length",
                "entries of the cross-reference table are not 20 bytes long",
            );
        }
        Some(())
    }

    fn stream(&mut self, bytes: &[u8], at: usize, seen: &mut Structure) -> Option<(Vec<u8>, Next)> {
        let mut lexer = Lexer::new(bytes, at);
        let (Token::Int(_), Token::Int(_), Token::Word(b"obj")) =
            (lexer.next()?, lexer.next()?, lexer.next()?)
        else {
            return None;
        };
        lexer.skip_space();
        let start = lexer.pos;
        let stream = Stream::from_bytes(bytes.get(start..)?)?;
        let dict = stream.dict();
        if dict.get::<Name<'_>>("Type")?.as_ref() != b"XRef" {
            return None;
        }
        let data = decode::stream(&stream, 1 << 26).bytes()?;
        let widths: Vec<usize> = dict
            .get::<Array<'_>>("W")?
            .iter::<u32>()
            .map(|n| n as usize)
            .collect();
        let [kind_width, second_width, third_width] = widths.as_slice().try_into().ok()?;
        if kind_width > 8 || second_width > 8 || third_width > 8 {
            return None;
        }
        let size = number(dict, "Size")?;
        self.size.get_or_insert(size);
        let index: Vec<i64> = match dict.get::<Array<'_>>("Index") {
            Some(array) => array.iter::<i32>().map(i64::from).collect(),
            None => vec![0, size],
        };
        let mut rows = data.chunks_exact((kind_width + second_width + third_width).max(1));
        let mut compressed = false;
        for pair in index.chunks_exact(2) {
            let [first, count] = pair.try_into().ok()?;
            for number in first..first.saturating_add(count) {
                let Some(row) = rows.next() else {
                    seen.repair(
                        "xref_stream_short",
                        "the cross-reference stream has fewer rows than it says",
                    );
                    break;
                };
                let field = |from: usize, width: usize| {
                    row.iter()
                        .skip(from)
                        .take(width)
                        .fold(0_u64, |n, b| (n << 8) | u64::from(*b))
                };
                let kind = if kind_width == 0 {
                    1
                } else {
                    field(0, kind_width)
                };
                let second = field(kind_width, second_width);
                let third = field(kind_width + second_width, third_width);
                let entry = match kind {
                    0 => Entry::Free,
                    1 => {
                        if second == 0 {
                            seen.repair(
                                "object_at_zero",
                                format!("object {number} is said to stand at offset 0"),
                            );
                        }
                        self.compressed_before_plain |= compressed;
                        Entry::At(usize::try_from(second).ok()?, third as u32)
                    }
                    2 => {
                        compressed = true;
                        Entry::InStream(u32::try_from(second).ok()?)
                    }
                    _ => continue,
                };
                self.entries
                    .entry(u32::try_from(number).ok()?)
                    .or_insert(entry);
            }
        }
        let look = lexer::object(bytes, start);
        let text = bytes.get(start..look.end)?;
        let next = Next {
            prev: number(dict, "Prev"),
            hybrid: None,
        };
        Some((text.to_vec(), next))
    }
}

fn number(dict: &Dict<'_>, key: &str) -> Option<i64> {
    dict.get::<hayro_syntax::object::Number>(key)
        .map(|n| n.as_i64())
}

fn table_entry(line: &[u8]) -> Option<(Entry, bool)> {
    let digits = |from: usize, to: usize| -> Option<u64> {
        line.get(from..to)?.iter().try_fold(0_u64, |n, b| {
            b.is_ascii_digit().then(|| n * 10 + u64::from(b - b'0'))
        })
    };
    let (offset, generation) = (digits(0, 10)?, digits(11, 16)?);
    let clean = line.get(10) == Some(&b' ')
        && line.get(16) == Some(&b' ')
        && matches!(line.get(18..20), Some(b"\r\n" | b" \n" | b" \r"));
    let entry = match line.get(17)? {
        b'n' => Entry::At(usize::try_from(offset).ok()?, generation as u32),
        b'f' => Entry::Free,
        _ => return None,
    };
    line.get(18..20)?
        .iter()
        .all(|b| lexer::is_space(*b))
        .then_some((entry, clean))
}
