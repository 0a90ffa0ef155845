//! Looks through a page's content without understanding it: does it end as it began, so that a page number can follow?
//!
//! A page whose content leaves graphics states open gets them closed; one that ends inside a string, closes more than
//! it opened or cannot be followed at all is put into a form of its own, where it can do no harm.

/// How a page's content ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// After this many `Q` and `EMC` the state is as at the beginning.
    Open {
        /// `q` without `Q`.
        states: u32,
        /// `BMC` or `BDC` without `EMC`.
        marks: u32,
    },
    /// Only a form of its own keeps what follows safe.
    Unsafe,
}

/// Reads content until its end.
pub(super) fn ending(content: &[u8]) -> Ending {
    let mut reader = Reader {
        rest: content,
        states: 0,
        marks: 0,
        in_text: false,
        in_path: false,
    };
    match reader.run() {
        Some(()) if !reader.in_text && !reader.in_path => Ending::Open {
            states: reader.states,
            marks: reader.marks,
        },
        _ => Ending::Unsafe,
    }
}

struct Reader<'a> {
    rest: &'a [u8],
    states: u32,
    marks: u32,
    in_text: bool,
    in_path: bool,
}

impl Reader<'_> {
    fn run(&mut self) -> Option<()> {
        let mut nested: i64 = 0;
        while let Some((&byte, after)) = self.rest.split_first() {
            match byte {
                b'%' => self.skip_while(|b| b != b'\r' && b != b'\n'),
                b'(' => self.string()?,
                b'<' if after.first() == Some(&b'<') => {
                    nested += 1;
                    self.rest = after.get(1..)?;
                }
                b'>' if after.first() == Some(&b'>') => {
                    nested -= 1;
                    self.rest = after.get(1..)?;
                }
                b'<' => {
                    let end = after.iter().position(|&b| b == b'>')?;
                    self.rest = after.get(end + 1..)?;
                }
                b'[' => {
                    nested += 1;
                    self.rest = after;
                }
                b']' => {
                    nested -= 1;
                    self.rest = after;
                }
                b'/' => {
                    self.rest = after;
                    self.skip_while(is_regular);
                }
                _ if is_regular(byte) => {
                    let word = self.word();
                    self.operator(word)?;
                }
                _ => self.rest = after,
            }
        }
        (nested == 0).then_some(())
    }

    fn operator(&mut self, word: &[u8]) -> Option<()> {
        match word {
            b"q" => self.states += 1,
            b"Q" => self.states = self.states.checked_sub(1)?,
            b"BMC" | b"BDC" => self.marks += 1,
            // One `EMC` too many does nothing.
            b"EMC" => self.marks = self.marks.saturating_sub(1),
            b"BT" => self.in_text = true,
            b"ET" => self.in_text = false,
            b"m" | b"re" => self.in_path = true,
            b"S" | b"s" | b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*" | b"n" => {
                self.in_path = false;
            }
            b"ID" => self.inline_image()?,
            _ => {}
        }
        Some(())
    }

    /// Skips the data of an inline image: up to `EI` between white space, with text after it.
    fn inline_image(&mut self) -> Option<()> {
        let mut from = 1;
        loop {
            let at = from + find(self.rest.get(from..)?, b"EI")?;
            let before = self.rest.get(at.checked_sub(1)?).copied();
            let after = self.rest.get(at + 2..)?;
            let stands_alone =
                before.is_some_and(is_space) && after.first().is_none_or(|&b| is_space(b));
            let text_follows = after
                .iter()
                .take(12)
                .all(|&b| is_space(b) || (0x20..0x7f).contains(&b));
            if stands_alone && text_follows {
                self.rest = after;
                return Some(());
            }
            from = at + 2;
        }
    }

    fn string(&mut self) -> Option<()> {
        let mut depth = 0_u32;
        let mut escaped = false;
        for (i, &byte) in self.rest.iter().enumerate() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'(' => depth += 1,
                b')' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                self.rest = self.rest.get(i + 1..)?;
                return Some(());
            }
        }
        None
    }

    fn word(&mut self) -> &'static [u8] {
        const KNOWN: [&[u8]; 22] = [
            b"q", b"Q", b"BMC", b"BDC", b"EMC", b"BT", b"ET", b"m", b"re", b"S", b"s", b"f", b"F",
            b"f*", b"B", b"B*", b"b", b"b*", b"n", b"ID", b"EI", b"BI",
        ];
        let length = self
            .rest
            .iter()
            .position(|&b| !is_regular(b))
            .unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(length);
        self.rest = rest;
        KNOWN
            .into_iter()
            .find(|known| *known == word)
            .unwrap_or(b"")
    }

    fn skip_while(&mut self, keep: impl Fn(u8) -> bool) {
        let length = self
            .rest
            .iter()
            .position(|&b| !keep(b))
            .unwrap_or(self.rest.len());
        self.rest = self.rest.get(length..).unwrap_or_default();
    }
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|w| w == needle)
}

fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | 9 | 10 | 12 | 13 | 32)
}

fn is_regular(byte: u8) -> bool {
    !is_space(byte) && !b"()<>[]{}/%".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(states: u32, marks: u32) -> Ending {
        Ending::Open { states, marks }
    }

    #[test]
    fn what_is_open_at_the_end_is_counted() {
        assert_eq!(ending(b""), open(0, 0));
        assert_eq!(ending(b"q 1 0 0 1 5 5 cm /Im0 Do Q"), open(0, 0));
        assert_eq!(ending(b"q q /OC /MC0 BDC (Q \\) Q) Tj % Q\n"), open(2, 1));
        assert_eq!(
            ending(b"/Q gs [(Q) 1 (\\()] TJ <</Q 1>> <51> Tj"),
            open(0, 0)
        );
        assert_eq!(ending(b"BI /W 1 /H 1 ID \x01 EI\xff Q EI\nq"), open(1, 0));
    }

    #[test]
    fn what_would_swallow_the_number_is_told() {
        for content in [
            b"Q".as_slice(),
            b"q Q Q q",
            b"(never closed",
            b"<41",
            b"[ 1 2",
            b"<< /A 1",
            b"BT /F1 12 Tf",
            b"0 0 m 10 10 l",
            b"BI /W 1 ID abc",
        ] {
            assert_eq!(ending(content), Ending::Unsafe, "{content:?}");
        }
    }
}
