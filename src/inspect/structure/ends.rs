//! Head and tail of a file: version, `startxref`, `%%EOF`, and what stands behind it.

use memchr::memmem;

use super::seen::Structure;
use crate::inspect::lexer::{self, Lexer, Token};

pub(super) fn header_version(bytes: &[u8], header: Option<usize>, seen: &mut Structure) {
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

pub(super) fn tail(bytes: &[u8], seen: &mut Structure) {
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

pub(super) fn start_of_chain(bytes: &[u8]) -> Option<usize> {
    let at = memmem::rfind(bytes, b"startxref")?;
    let mut lexer = Lexer::new(bytes, at + 9);
    match lexer.next()? {
        Token::Int(n) => usize::try_from(n).ok(),
        _ => None,
    }
}

/// `startxref` that is followed by NUL bytes where a line should end. NUL is white space by the letter of the
/// standard, but no common reader finds its way in a file written like that.
pub(super) fn lines_end_in_nul(bytes: &[u8]) -> bool {
    memmem::rfind(bytes, b"startxref").is_some_and(|at| bytes.get(at + 9) == Some(&0))
}
