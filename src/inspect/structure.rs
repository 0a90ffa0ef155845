//! The file as bytes: header, cross-references, revisions, linearisation, trailing bytes, and what has to be mended to read it.
//!
//! The PDF library mends silently; this is our own strict look, so that a report can say what was mended.
//! It decides nothing: a file with repairs is still readable.

use std::collections::{BTreeMap, BTreeSet};

use hayro_syntax::{
    Pdf,
    object::{Array, Dict, FromBytes as _, Name, Stream},
};
use memchr::memmem;

use super::{
    budget::Budget,
    decode,
    facts::Repair,
    lexer::{self, Lexer, StreamLength, Token},
    linearization,
};

/// Most sections of a cross-reference chain that are followed.
const MAX_SECTIONS: usize = 512;
/// Most objects looked at one by one.
const MAX_OBJECTS_READ: usize = 200_000;

/// What was seen.
#[derive(Debug, Default)]
pub(crate) struct Structure {
    /// The version in the header, if it has one.
    pub(crate) header_version: Option<String>,
    /// Bytes after the last `%%EOF`, white space apart.
    pub(crate) trailing_bytes: u64,
    /// Revisions after the first one.
    pub(crate) incremental_updates: u32,
    /// It has a linearisation dictionary that belongs to the whole file or its first revision.
    pub(crate) linearized: bool,
    /// What has to be mended.
    pub(crate) repairs: Vec<Repair>,
    /// The dictionary of the newest trailer, as bytes.
    pub(crate) trailer: Option<Vec<u8>>,
    /// Where objects stand, by number.
    pub(crate) offsets: BTreeMap<u32, usize>,
    /// Lines end in NUL bytes: no common reader opens it.
    pub(crate) lines_end_in_nul: bool,
    /// A stream that the PDF library would decode on opening gives more than allowed.
    pub(crate) too_large_to_open: bool,
}

impl Structure {
    /// Whether the cross-reference could be read, and its trailer names another catalog than the one in use:
    /// then the library found the catalog by searching, which common readers do not do in a sound file.
    pub(crate) fn names_another_root(&self, pdf: &Pdf) -> bool {
        let rebuilt = self.repairs.iter().any(|repair| {
            matches!(
                repair.what.as_str(),
                "xref_rebuilt" | "startxref_missing" | "object_misplaced"
            )
        });
        let named = self
            .trailer
            .as_deref()
            .and_then(Dict::from_bytes)
            .and_then(|trailer| trailer.get_ref("Root"));
        !rebuilt && named.is_some_and(|root| root.obj_number != pdf.xref().root_id().obj_number)
    }
    fn repair(&mut self, what: &str, detail: impl Into<String>) {
        if self.repairs.iter().all(|known| known.what != what) {
            self.repairs.push(Repair {
                what: what.to_owned(),
                detail: detail.into(),
            });
        }
    }
}

/// Looks at `bytes`; `header` is where `%PDF-` stands.
pub(crate) fn look(bytes: &[u8], header: Option<usize>, budget: &mut Budget<'_>) -> Structure {
    let mut seen = Structure::default();
    seen.lines_end_in_nul = lines_end_in_nul(bytes);
    header_version(bytes, header, &mut seen);
    tail(bytes, &mut seen);
    measure_object_streams(bytes, budget, &mut seen);
    if seen.too_large_to_open {
        return seen;
    }
    let mut chain = Chain::default();
    // Offsets count from the header, but files with bytes before it are found both ways.
    let base = header.unwrap_or(0);
    match start_of_chain(bytes) {
        None => seen.repair(
            "startxref_missing",
            "no startxref with an offset at the end",
        ),
        Some(start) => {
            let read = chain.read(bytes, start, 0, &mut seen);
            let shifted = if read || base == 0 {
                read
            } else {
                let mut again = Chain::default();
                let read = again.read(bytes, start.saturating_add(base), base, &mut seen);
                if read {
                    chain = again;
                }
                read
            };
            if !shifted {
                seen.repair(
                    "xref_rebuilt",
                    format!("no cross-reference section at offset {start}: objects were found by searching"),
                );
            }
        }
    }
    chain.judge(bytes, budget, &mut seen);
    if let Some(seen_linear) = linearization::look(bytes, &chain.first_section, &seen.offsets) {
        seen.linearized = true;
        seen.incremental_updates = seen.incremental_updates.saturating_sub(1);
        if chain.compressed_before_plain {
            seen.repair(
                "linearization_stale",
                "the first page's cross-reference lists a plain object after a packed one",
            );
        }
        if let Some(stale) = seen_linear.stale {
            seen.repair("linearization_stale", stale);
        }
    }
    seen
}

fn header_version(bytes: &[u8], header: Option<usize>, seen: &mut Structure) {
    let text = header.and_then(|at| bytes.get(at..)).unwrap_or_default();
    let version = text.strip_prefix(b"%PDF-").and_then(|rest| match rest {
        [major @ b'0'..=b'9', b'.', minor @ b'0'..=b'9', ..] => {
            Some(format!("{}.{}", char::from(*major), char::from(*minor)))
        }
        _ => None,
    });
    if version.is_none() {
        seen.repair(
            "header_damaged",
            "no `%PDF-n.m` with a version in the first 1024 bytes",
        );
    }
    seen.header_version = version;
}

fn tail(bytes: &[u8], seen: &mut Structure) {
    match memmem::rfind(bytes, b"%%EOF") {
        Some(at) => {
            let rest = bytes.get(at + 5..).unwrap_or_default();
            seen.trailing_bytes =
                rest.iter()
                    .rposition(|b| !lexer::is_space(*b))
                    .map_or(0, |last| {
                        let lead = rest.iter().take_while(|b| lexer::is_space(**b)).count();
                        (last + 1 - lead) as u64
                    });
        }
        None => seen.repair("eof_missing", "no `%%EOF` at the end"),
    }
}

fn start_of_chain(bytes: &[u8]) -> Option<usize> {
    let at = memmem::rfind(bytes, b"startxref")?;
    let mut lexer = Lexer::new(bytes, at + 9);
    match lexer.next()? {
        Token::Int(n) => usize::try_from(n).ok(),
        _ => None,
    }
}

/// `startxref` that is followed by NUL bytes where a line should end. NUL is white space by the letter of the
/// standard, but no common reader finds its way in a file written like that.
fn lines_end_in_nul(bytes: &[u8]) -> bool {
    memmem::rfind(bytes, b"startxref").is_some_and(|at| bytes.get(at + 9) == Some(&0))
}

/// Measures the streams that the PDF library decodes on opening: object streams and cross-reference streams.
fn measure_object_streams(bytes: &[u8], budget: &mut Budget<'_>, seen: &mut Structure) {
    for at in memmem::find_iter(bytes, b"stream") {
        if at >= 3 && bytes.get(at - 3..at) == Some(b"end") {
            continue;
        }
        let from = at.saturating_sub(4096);
        let before = bytes.get(from..at).unwrap_or_default();
        let Some(obj) = memmem::rfind(before, b"obj") else {
            continue;
        };
        let text = before.get(obj + 3..).unwrap_or_default();
        let Some(dict) = memmem::find(text, b"<<")
            .and_then(|open| text.get(open..))
            .and_then(Dict::from_bytes)
        else {
            continue;
        };
        let kind = dict.get::<Name<'_>>("Type");
        let opened = kind
            .as_ref()
            .is_some_and(|kind| matches!(kind.as_ref(), b"ObjStm" | b"XRef"));
        if !opened {
            continue;
        }
        let data_at = at + 6;
        let rest = bytes.get(data_at..).unwrap_or_default();
        let end = memmem::find(rest, b"endstream").unwrap_or(rest.len());
        let raw = rest.get(..end).unwrap_or_default();
        let steps = decode::steps(&dict);
        let allowed = budget.decodable();
        if decode::surely_within(raw.len(), &steps, allowed) {
            continue;
        }
        let start = raw
            .iter()
            .take(2)
            .take_while(|b| matches!(b, b'\r' | b'\n'))
            .count();
        let data = raw.get(start..).unwrap_or_default().to_vec();
        match decode::raw(data, &steps, allowed) {
            decode::Decoded::TooLarge => {
                budget.meet_decoded(None);
                seen.too_large_to_open = true;
                return;
            }
            decode::Decoded::Whole(out) | decode::Decoded::Damaged(out) => {
                budget.decoded(out.len());
            }
            decode::Decoded::NotData => {}
        }
    }
}

/// An entry of the cross-reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Entry {
    Free,
    At(usize, u32),
    InStream(u32),
}

/// The cross-reference sections from the newest to the oldest.
#[derive(Default)]
struct Chain {
    entries: BTreeMap<u32, Entry>,
    visited: BTreeSet<usize>,
    /// Offsets of the sections, newest first, hybrid streams apart.
    sections: Vec<usize>,
    size: Option<i64>,
    newest_trailer: Option<Vec<u8>>,
    base: usize,
    compressed_before_plain: bool,
    /// Offsets of the objects of the newest section: of a linearised file those of the first page.
    first_section: Vec<usize>,
}

impl Chain {
    /// Reads the section at `start` and all it leads to; false when the first one cannot be read.
    fn read(&mut self, bytes: &[u8], start: usize, base: usize, seen: &mut Structure) -> bool {
        self.base = base;
        let mut todo = vec![(start, true)];
        let mut first = true;
        while let Some((at, counts)) = todo.pop() {
            if !self.visited.insert(at) || self.visited.len() > MAX_SECTIONS {
                seen.repair(
                    "xref_loop",
                    "the chain of cross-reference sections runs in a circle",
                );
                continue;
            }
            let Some((trailer, next)) = self.section(bytes, at, seen) else {
                if first {
                    return false;
                }
                seen.repair(
                    "xref_rebuilt",
                    format!("an older cross-reference section at offset {at} cannot be read"),
                );
                continue;
            };
            if first {
                self.newest_trailer = Some(trailer);
                self.first_section = self
                    .entries
                    .values()
                    .filter_map(|entry| match entry {
                        Entry::At(offset, _) => Some(*offset),
                        Entry::Free | Entry::InStream(_) => None,
                    })
                    .collect();
                first = false;
            }
            if counts {
                self.sections.push(at);
            }
            // The older sections of a hybrid stream are those of its table, which are read anyway.
            let prev = next
                .prev
                .filter(|_| counts)
                .and_then(|n| usize::try_from(n).ok());
            let hybrid = next.hybrid.and_then(|n| usize::try_from(n).ok());
            if let Some(prev) = prev {
                todo.push((prev.saturating_add(base), true));
            }
            // The hybrid stream outranks the older sections, so it is read first.
            if let Some(hybrid) = hybrid {
                todo.push((hybrid.saturating_add(base), false));
            }
        }
        true
    }

    fn section(
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
                entry
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

    /// Compares what the chain says with what stands in the file.
    fn judge(&mut self, bytes: &[u8], budget: &mut Budget<'_>, seen: &mut Structure) {
        seen.trailer = self.newest_trailer.take();
        seen.incremental_updates = self.sections.len().saturating_sub(1) as u32;
        if let (Some(size), Some((highest, _))) = (self.size, self.entries.last_key_value())
            && size != i64::from(*highest) + 1
        {
            seen.repair(
                "size_wrong",
                format!("`Size` is {size}, the highest object is {highest}"),
            );
        }
        let base = self.base;
        let mut misplaced = 0_u32;
        for (number, entry) in &self.entries {
            let Entry::At(offset, generation) = *entry else {
                continue;
            };
            if offset == 0 {
                continue;
            }
            let found = [offset.saturating_add(base), offset]
                .into_iter()
                .find_map(|at| object_head(bytes, at, *number, generation).map(|body| (at, body)));
            match found {
                Some((at, _)) => {
                    seen.offsets.insert(*number, at);
                }
                None => misplaced += 1,
            }
        }
        if misplaced > 0 {
            seen.repair(
                "object_misplaced",
                format!("{misplaced} objects do not stand where the cross-reference says"),
            );
        }
        if misplaced > 0 || self.entries.is_empty() {
            search_objects(bytes, &mut seen.offsets);
        }
        let offsets: Vec<(u32, usize)> = seen.offsets.iter().map(|(n, at)| (*n, *at)).collect();
        for (number, at) in offsets.into_iter().take(MAX_OBJECTS_READ) {
            read_object(bytes, number, at, budget, seen);
        }
    }
}

/// Where the body of object `number` begins, if its head stands at `at`.
fn object_head(bytes: &[u8], at: usize, number: u32, generation: u32) -> Option<usize> {
    let mut lexer = Lexer::new(bytes, at);
    let head = (lexer.next()?, lexer.next()?, lexer.next()?);
    (head
        == (
            Token::Int(i64::from(number)),
            Token::Int(i64::from(generation)),
            Token::Word(b"obj"),
        ))
        .then_some(lexer.pos)
}

/// Finds `n g obj` anywhere; a later one replaces an earlier one.
fn search_objects(bytes: &[u8], offsets: &mut BTreeMap<u32, usize>) {
    for at in memmem::find_iter(bytes, b"obj") {
        let from = at.saturating_sub(24);
        let before = bytes.get(from..at).unwrap_or_default();
        let mut rest = before.trim_ascii_end();
        let mut numbers = [0_u32; 2];
        let mut whole = true;
        for slot in numbers.iter_mut().rev() {
            let digits = rest.iter().rev().take_while(|b| b.is_ascii_digit()).count();
            let (left, number) = rest.split_at(rest.len() - digits);
            match std::str::from_utf8(number)
                .ok()
                .and_then(|n| n.parse().ok())
            {
                Some(n) => *slot = n,
                None => whole = false,
            }
            let trimmed = left.trim_ascii_end();
            rest = trimmed;
        }
        if whole {
            offsets.insert(numbers[0], from + rest.len());
        }
    }
}

/// Looks strictly at one object and, if it has one, at the ends of its stream.
fn read_object(
    bytes: &[u8],
    number: u32,
    at: usize,
    budget: &mut Budget<'_>,
    seen: &mut Structure,
) {
    let mut lexer = Lexer::new(bytes, at);
    if !(0..3).all(|_| lexer.next().is_some()) {
        return;
    }
    let look = lexer::object(bytes, lexer.pos);
    if look.doubled_key {
        seen.repair(
            "key_twice",
            format!("a key stands twice in a dictionary of object {number}"),
        );
    }
    if look.odd {
        seen.repair(
            "object_damaged",
            format!("object {number} is not clean PDF syntax"),
        );
    }
    if look.depth as u64 > u64::from(budget.limits.depth) {
        budget.meet("depth", u64::from(budget.limits.depth), None);
    }
    let mut lexer = Lexer::new(bytes, look.end);
    lexer.skip_space();
    if look.dict && lexer.take(b"stream") {
        stream_ends(bytes, number, look.length, &mut lexer, seen);
    }
    lexer.skip_space();
    let ended =
        lexer.take(b"endobj") && !bytes.get(lexer.pos).is_some_and(u8::is_ascii_alphanumeric);
    if !ended {
        seen.repair(
            "endobj_missing",
            format!("object {number} does not end with `endobj`"),
        );
    }
}

/// Checks the line end behind `stream` and whether `Length` leads to `endstream`; leaves the lexer behind it.
fn stream_ends(
    bytes: &[u8],
    number: u32,
    length: Option<StreamLength>,
    lexer: &mut Lexer<'_>,
    seen: &mut Structure,
) {
    if !lexer.take(b"\r\n") && !lexer.take(b"\n") {
        seen.repair(
            "stream_line_end",
            format!("`stream` of object {number} is not followed by a proper line end"),
        );
        lexer.take(b"\r");
    }
    let start = lexer.pos;
    let length = match length {
        None => {
            seen.repair(
                "stream_length_missing",
                format!("the stream of object {number} has no `Length`"),
            );
            None
        }
        Some(StreamLength::Here(length)) => usize::try_from(length).ok(),
        Some(StreamLength::Object(holder)) => {
            // A length in an object stream cannot be seen from here; the end is searched instead.
            let Some(at) = seen.offsets.get(&holder) else {
                lexer.pos = end_of_stream(bytes, start);
                return;
            };
            let mut holder = Lexer::new(bytes, *at);
            let _ = (holder.next(), holder.next(), holder.next());
            match holder.next() {
                Some(Token::Int(n)) => usize::try_from(n).ok(),
                _ => None,
            }
        }
    };
    if let Some(end) = length.and_then(|length| start.checked_add(length))
        && end <= bytes.len()
    {
        let mut ahead = Lexer::new(bytes, end);
        while bytes.get(ahead.pos).copied().is_some_and(lexer::is_space) {
            ahead.pos += 1;
        }
        if ahead.take(b"endstream") {
            lexer.pos = ahead.pos;
            return;
        }
    }
    if length.is_some() {
        seen.repair(
            "stream_length_wrong",
            format!("`Length` of the stream of object {number} does not lead to `endstream`"),
        );
    }
    lexer.pos = end_of_stream(bytes, start);
}

fn end_of_stream(bytes: &[u8], start: usize) -> usize {
    let rest = bytes.get(start..).unwrap_or_default();
    memmem::find(rest, b"endstream").map_or(bytes.len(), |at| start + at + 9)
}

struct Next {
    prev: Option<i64>,
    hybrid: Option<i64>,
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
