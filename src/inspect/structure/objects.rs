//! Objects one by one, strictly: heads, ends, the length of streams; and the search for them where the chain is wrong.

use std::collections::BTreeMap;

use memchr::memmem;

use super::seen::Structure;
use crate::inspect::{
    budget::Budget,
    lexer::{self, Lexer, StreamLength, Token},
};

/// Where the body of object `number` begins, if its head stands at `at`.
pub(in crate::inspect) fn object_head(
    bytes: &[u8],
    at: usize,
    number: u32,
    generation: u32,
) -> Option<usize> {
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
pub(super) fn search_objects(bytes: &[u8], offsets: &mut BTreeMap<u32, usize>) {
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
pub(super) fn read_object(
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
