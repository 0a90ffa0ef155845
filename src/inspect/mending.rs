//! A last try for files of which the PDF library gives no page: words that are no PDF inside of objects, such as
//! `nan` or `0.000.00` where a number should stand, are made a number in a copy, byte for byte as long as they were.
//!
//! The library gives up a whole dictionary for one such word; readers people use do not.

use std::collections::BTreeMap;

use super::lexer::{Lexer, Token};

/// Most objects that are mended.
const MOST: usize = 50_000;

/// The mended copy, `None` when there is nothing of this kind to mend.
pub(crate) fn mend(bytes: &[u8], offsets: &BTreeMap<u32, usize>) -> Option<Vec<u8>> {
    let mut copy: Option<Vec<u8>> = None;
    for at in offsets.values().take(MOST) {
        let mut lexer = Lexer::new(bytes, *at);
        // Past `n g obj`.
        if !(0..3).all(|_| lexer.next().is_some()) {
            continue;
        }
        loop {
            lexer.skip_space();
            let start = lexer.pos;
            let odd = match lexer.next() {
                None | Some(Token::Word(b"endobj" | b"stream" | b"obj" | b"endstream")) => break,
                Some(Token::Word(word)) => meant_as_number(word),
                Some(Token::Real) => points(bytes, start, lexer.pos) > 1,
                Some(_) => false,
            };
            if odd {
                let copy = copy.get_or_insert_with(|| bytes.to_vec());
                if let Some(word) = copy.get_mut(start..lexer.pos) {
                    blank(word);
                }
            }
        }
    }
    copy
}

/// `nan`, `-inf`, `1e5`: what a faulty writer puts where a number belongs. Other words are left: what is damaged
/// beyond that is not guessed at.
fn meant_as_number(word: &[u8]) -> bool {
    let lower = word.to_ascii_lowercase();
    let bare = lower.strip_prefix(b"-").unwrap_or(&lower);
    matches!(bare, b"nan" | b"inf" | b"infinity")
        || (bare.first().is_some_and(u8::is_ascii_digit)
            && bare
                .iter()
                .all(|b| b.is_ascii_digit() || b".-+e".contains(b)))
}

fn points(bytes: &[u8], from: usize, to: usize) -> usize {
    let word = bytes.get(from..to).unwrap_or_default();
    memchr::memchr_iter(b'.', word).count()
}

/// Keeps what reads as a number at the start, else makes it 0; the rest becomes blanks.
fn blank(word: &mut [u8]) {
    let mut points = 0;
    let kept = word
        .iter()
        .take_while(|b| {
            points += usize::from(**b == b'.');
            b.is_ascii_digit() || (**b == b'.' && points == 1)
        })
        .count();
    for (i, byte) in word.iter_mut().enumerate() {
        if i >= kept {
            *byte = if i == 0 { b'0' } else { b' ' };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_numbers_become_numbers_of_the_same_length() {
        let text = b"1 0 obj << /A [nan 0.000.00 7 0 R] /B true >> endobj";
        let mended = mend(text, &BTreeMap::from([(1, 0)])).unwrap();
        assert_eq!(
            String::from_utf8(mended).unwrap(),
            "1 0 obj << /A [0   0.000    7 0 R] /B true >> endobj"
        );
        assert_eq!(
            mend(b"1 0 obj << /A 1 >> endobj", &BTreeMap::from([(1, 0)])),
            None
        );
    }
}
