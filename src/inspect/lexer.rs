//! Tokens of PDF syntax (ISO 32000-2, 7.2), strictly as written: our own byte-level look at a file.
//!
//! The PDF library mends silently what it can; this lexer exists to see what had to be mended.
//! It never recurses and never fails: what it cannot read is a [`Token::Odd`].

/// A token.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Token<'a> {
    /// A whole number.
    Int(i64),
    /// A number with a point, or one too long for [`Token::Int`].
    Real,
    /// A name without its slash, escapes left as they are.
    Name(&'a [u8]),
    /// A string, literal or hexadecimal.
    Text,
    /// `[`
    ArrayOpen,
    /// `]`
    ArrayClose,
    /// `<<`
    DictOpen,
    /// `>>`
    DictClose,
    /// `obj`, `R`, `true`, `stream` …
    Word(&'a [u8]),
    /// Bytes that are no token, or a string that never ends.
    Odd,
}

/// Reads tokens from `data`, starting at `pos`.
#[derive(Clone, Debug)]
pub(crate) struct Lexer<'a> {
    data: &'a [u8],
    /// Offset of the next byte.
    pub(crate) pos: usize,
}

/// White space of ISO 32000-2, 7.2.3.
pub(crate) const fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | 9 | 10 | 12 | 13 | 32)
}

const fn is_delimiter(byte: u8) -> bool {
    matches!(
        byte,
        b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%'
    )
}

impl<'a> Lexer<'a> {
    /// Starts at `pos`.
    pub(crate) fn new(data: &'a [u8], pos: usize) -> Self {
        Lexer { data, pos }
    }
    fn peek(&self) -> Option<u8> {
        self.data.get(self.pos).copied()
    }
    /// Skips white space and comments.
    pub(crate) fn skip_space(&mut self) {
        while let Some(byte) = self.peek() {
            if is_space(byte) {
                self.pos += 1;
            } else if byte == b'%' {
                while self.peek().is_some_and(|b| b != b'\n' && b != b'\r') {
                    self.pos += 1;
                }
            } else {
                break;
            }
        }
    }
    /// Whether `word` stands here; steps over it if so.
    pub(crate) fn take(&mut self, word: &[u8]) -> bool {
        let here = self.data.get(self.pos..).unwrap_or_default();
        let found = here.starts_with(word);
        if found {
            self.pos += word.len();
        }
        found
    }
    /// The next token, `None` at the end.
    pub(crate) fn next(&mut self) -> Option<Token<'a>> {
        self.skip_space();
        let start = self.pos;
        let byte = self.peek()?;
        self.pos += 1;
        let token = match byte {
            b'[' => Token::ArrayOpen,
            b']' => Token::ArrayClose,
            b'(' => self.literal(),
            b'<' if self.take(b"<") => Token::DictOpen,
            b'<' => self.hexadecimal(),
            b'>' if self.take(b">") => Token::DictClose,
            b'/' => {
                let name = self.regular(self.pos);
                Token::Name(name)
            }
            b'{' | b'}' => Token::Word(self.data.get(start..self.pos).unwrap_or_default()),
            b')' | b'>' => Token::Odd,
            _ => {
                let word = self.regular(start);
                number(word).unwrap_or(Token::Word(word))
            }
        };
        Some(token)
    }
    fn regular(&mut self, start: usize) -> &'a [u8] {
        while self
            .peek()
            .is_some_and(|b| !is_space(b) && !is_delimiter(b))
        {
            self.pos += 1;
        }
        self.data.get(start..self.pos).unwrap_or_default()
    }
    fn literal(&mut self) -> Token<'a> {
        let mut open = 1_u32;
        while let Some(byte) = self.peek() {
            self.pos += 1;
            match byte {
                b'\\' => self.pos += 1,
                b'(' => open += 1,
                b')' => {
                    open -= 1;
                    if open == 0 {
                        return Token::Text;
                    }
                }
                _ => {}
            }
        }
        Token::Odd
    }
    fn hexadecimal(&mut self) -> Token<'a> {
        while let Some(byte) = self.peek() {
            self.pos += 1;
            match byte {
                b'>' => return Token::Text,
                _ if is_space(byte) || byte.is_ascii_hexdigit() => {}
                _ => return Token::Odd,
            }
        }
        Token::Odd
    }
}

fn number(word: &[u8]) -> Option<Token<'_>> {
    let digits = word.strip_prefix(b"-").or_else(|| word.strip_prefix(b"+"));
    let digits = digits.unwrap_or(word);
    if digits.is_empty()
        || !digits
            .iter()
            .all(|b| b.is_ascii_digit() || *b == b'.' || *b == b'-')
    {
        return None;
    }
    if digits.iter().all(u8::is_ascii_digit) && digits.len() <= 18 {
        let value = digits
            .iter()
            .fold(0_i64, |n, b| n * 10 + i64::from(b - b'0'));
        let negative = word.first() == Some(&b'-');
        return Some(Token::Int(if negative { -value } else { value }));
    }
    digits.iter().any(u8::is_ascii_digit).then_some(Token::Real)
}

/// What one object looks like, read strictly.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ObjectLook {
    /// Offset behind the object (before `stream` or `endobj`).
    pub(crate) end: usize,
    /// A key of a dictionary stands twice.
    pub(crate) doubled_key: bool,
    /// Something in it is not PDF syntax.
    pub(crate) odd: bool,
    /// It is a dictionary.
    pub(crate) dict: bool,
    /// `Length` of the outermost dictionary.
    pub(crate) length: Option<StreamLength>,
    /// Deepest nesting.
    pub(crate) depth: usize,
}

/// The `Length` of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StreamLength {
    /// Written in place.
    Here(u64),
    /// In an object of its own.
    Object(u32),
}

enum Frame<'a> {
    Array,
    Dict {
        keys: Vec<&'a [u8]>,
        wants_key: bool,
    },
}

/// Reads one object at `pos`.
pub(crate) fn object(data: &[u8], pos: usize) -> ObjectLook {
    let mut lexer = Lexer::new(data, pos);
    let mut look = ObjectLook {
        end: pos,
        ..ObjectLook::default()
    };
    let mut frames: Vec<Frame<'_>> = Vec::new();
    // The last two whole numbers, for `12 0 R`.
    let mut ints: [Option<i64>; 2] = [None, None];
    let mut last_key: &[u8] = b"";
    loop {
        let before = lexer.pos;
        let Some(token) = lexer.next() else {
            look.odd |= !frames.is_empty();
            look.end = lexer.pos;
            return look;
        };
        if matches!(
            token,
            Token::Word(b"endobj" | b"stream" | b"endstream" | b"obj")
        ) {
            look.odd |= !frames.is_empty() || before == pos;
            look.end = before;
            return look;
        }
        let was = ints;
        ints = match token {
            Token::Int(n) => [was[1], Some(n)],
            _ => [None, None],
        };
        let mut value_done = true;
        match (token, frames.last_mut()) {
            (Token::Name(name), Some(Frame::Dict { keys, wants_key })) if *wants_key => {
                look.doubled_key |= keys.contains(&name);
                if keys.len() < 256 {
                    keys.push(name);
                }
                last_key = name;
                *wants_key = false;
                value_done = false;
            }
            (Token::DictClose, Some(Frame::Dict { wants_key, .. })) => {
                look.odd |= !*wants_key;
                frames.pop();
            }
            (Token::ArrayClose, Some(Frame::Array)) => {
                frames.pop();
            }
            // `12 0 R` as a value: the dictionary already waits for a key after `12`.
            (
                Token::Int(_),
                Some(Frame::Dict {
                    wants_key: true, ..
                }),
            ) if was[1].is_some() => {}
            (Token::Word(b"R"), Some(_)) if was[0].is_some() && was[1].is_some() => {
                if frames.len() == 1 && last_key == b"Length" {
                    look.length = was[0]
                        .and_then(|n| u32::try_from(n).ok())
                        .map(StreamLength::Object);
                }
            }
            (
                _,
                Some(Frame::Dict {
                    wants_key: true, ..
                }),
            ) => look.odd = true,
            (Token::DictOpen, _) => {
                look.dict |= frames.is_empty();
                frames.push(Frame::Dict {
                    keys: Vec::new(),
                    wants_key: true,
                });
                value_done = false;
            }
            (Token::ArrayOpen, _) => {
                frames.push(Frame::Array);
                value_done = false;
            }
            (Token::Int(n), _) => {
                if frames.len() == 1 && last_key == b"Length" {
                    look.length = u64::try_from(n).ok().map(StreamLength::Here);
                }
            }
            (
                Token::Real
                | Token::Text
                | Token::Name(_)
                | Token::Word(b"true" | b"false" | b"null"),
                _,
            ) => {}
            (Token::Word(_) | Token::Odd | Token::ArrayClose | Token::DictClose, _) => {
                look.odd = true;
            }
        }
        look.depth = look.depth.max(frames.len());
        if value_done {
            match frames.last_mut() {
                Some(Frame::Dict { wants_key, .. }) => *wants_key = true,
                Some(Frame::Array) => {}
                None => {
                    look.end = lexer.pos;
                    // `12 0 R` alone is an object too.
                    if let Token::Int(_) = token {
                        let mut ahead = lexer.clone();
                        if matches!(ahead.next(), Some(Token::Int(_)))
                            && ahead.next() == Some(Token::Word(b"R"))
                        {
                            look.end = ahead.pos;
                        }
                    }
                    return look;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clean_dictionary_has_no_oddity() {
        let text = b"<< /A 12 0 R /B [1 0 R (x\\)) <41>] /C << /D true >> /Length 7 >> stream";
        let look = object(text, 0);
        assert!(!look.odd && !look.doubled_key && look.dict, "{look:?}");
        assert_eq!(look.length, Some(StreamLength::Here(7)));
        assert_eq!(look.depth, 2);
    }

    #[test]
    fn oddities_are_seen() {
        assert!(object(b"<< /A 1 /A 2 >>", 0).doubled_key);
        assert!(object(b"<< /A 1 foo /B >>", 0).odd);
        assert!(object(b"<< /A (never ends >>", 0).odd);
        assert_eq!(
            object(b"<< /Length 8 0 R >>", 0).length,
            Some(StreamLength::Object(8))
        );
    }

    #[test]
    fn nesting_a_million_deep_does_no_harm() {
        let look = object(&vec![b'['; 1_000_000], 0);
        assert!(look.odd);
        assert_eq!(look.depth, 1_000_000);
    }
}
