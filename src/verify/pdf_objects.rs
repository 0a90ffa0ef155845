//! PDF objects and the tokens of content streams, read as we write them: no repair, no recursion beyond [`DEPTH`].

use std::{collections::BTreeMap, ops::Range};

use super::wrong::{Wrong, shape};

/// Deepest nesting of arrays and dictionaries.
const DEPTH: u32 = 32;

/// A dictionary; keys without the slash.
pub(super) type Dict = BTreeMap<Vec<u8>, Object>;

/// A PDF object.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Object {
    Null,
    Bool(bool),
    Int(i64),
    /// A number with a point, as written.
    Real(Vec<u8>),
    Name(Vec<u8>),
    Text(Text),
    Array(Vec<Object>),
    Dict(Dict),
    /// A stream: its dictionary, and where its bytes stand in the file.
    Stream(Dict, Range<usize>),
    /// A reference; the generation is always 0.
    Ref(u32),
}

/// A string and where it stands, delimiters included. Equal when its bytes are.
#[derive(Clone, Debug)]
pub(super) struct Text {
    pub(super) bytes: Vec<u8>,
    pub(super) span: Range<usize>,
}

impl PartialEq for Text {
    fn eq(&self, other: &Text) -> bool {
        self.bytes == other.bytes
    }
}

impl Object {
    pub(super) fn as_dict(&self) -> Option<&Dict> {
        match self {
            Object::Dict(dict) | Object::Stream(dict, _) => Some(dict),
            _ => None,
        }
    }
    pub(super) fn as_array(&self) -> Option<&[Object]> {
        match self {
            Object::Array(items) => Some(items),
            _ => None,
        }
    }
    pub(super) fn as_ref(&self) -> Option<u32> {
        match self {
            Object::Ref(number) => Some(*number),
            _ => None,
        }
    }
    pub(super) fn as_int(&self) -> Option<i64> {
        match self {
            Object::Int(value) => Some(*value),
            _ => None,
        }
    }
    pub(super) fn is_name(&self, name: &str) -> bool {
        matches!(self, Object::Name(bytes) if bytes == name.as_bytes())
    }
    pub(super) fn is_text(&self, text: &str) -> bool {
        matches!(self, Object::Text(found) if found.bytes == text.as_bytes())
    }
}

/// Reads one dictionary that stands at `at`, for looking into files that are not ours.
pub(super) fn object_at(bytes: &[u8], at: usize) -> Option<Object> {
    let mut reader = Reader { bytes, at };
    reader.indirect_object().ok().map(|(_, object)| object)
}

/// The tokens of a content stream or a character table: operands as `Ok`, operators as `Err`. Ends at what is neither.
pub(super) struct Tokens<'a>(Reader<'a>);

impl<'a> Tokens<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Tokens<'a> {
        Tokens(Reader { bytes, at: 0 })
    }
}

impl Iterator for Tokens<'_> {
    type Item = Result<Object, Vec<u8>>;
    fn next(&mut self) -> Option<Result<Object, Vec<u8>>> {
        let reader = &mut self.0;
        loop {
            reader.skip_space();
            // Comments stand at the beginning of character tables.
            if reader.peek()? != b'%' {
                break;
            }
            let line = reader.rest().iter().take_while(|b| **b != b'\n').count();
            reader.at += line;
        }
        let operator = |b: &&u8| b.is_ascii_alphabetic() || matches!(**b, b'*' | b'\'' | b'"');
        let length = reader.rest().iter().take_while(operator).count();
        if length == 0 {
            return reader.object(0).ok().map(Ok);
        }
        // `d0`, `d1`.
        let digit = usize::from(reader.rest().get(length).is_some_and(u8::is_ascii_digit));
        let word = reader.rest().get(..length + digit)?.to_vec();
        reader.at += word.len();
        Some(match word.as_slice() {
            b"true" => Ok(Object::Bool(true)),
            b"false" => Ok(Object::Bool(false)),
            b"null" => Ok(Object::Null),
            _ => Err(word),
        })
    }
}

/// Where one reads.
pub(super) struct Reader<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) at: usize,
}

impl Reader<'_> {
    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }
    pub(super) fn rest(&self) -> &[u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }
    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }
    pub(super) fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }
    fn take(&mut self, wanted: &[u8]) -> bool {
        let there = self.rest().starts_with(wanted);
        if there {
            self.at += wanted.len();
        }
        there
    }
    pub(super) fn expect(&mut self, wanted: &[u8]) -> Result<(), Wrong> {
        if self.take(wanted) {
            return Ok(());
        }
        let wanted = String::from_utf8_lossy(wanted);
        Err(shape(&format!(
            "byte {} wants `{}`",
            self.at,
            wanted.trim()
        )))
    }
    pub(super) fn digits(&mut self) -> Result<u64, Wrong> {
        let n = self
            .rest()
            .iter()
            .take_while(|b| b.is_ascii_digit())
            .count();
        let text = self
            .rest()
            .get(..n)
            .map(|d| std::str::from_utf8(d).unwrap_or_default());
        let value = text
            .filter(|_| (1..=10).contains(&n))
            .and_then(|t| t.parse().ok());
        self.at += n;
        value.ok_or_else(|| shape("a number is missing"))
    }

    pub(super) fn indirect_object(&mut self) -> Result<(u32, Object), Wrong> {
        let number =
            u32::try_from(self.digits()?).map_err(|_| shape("an object number is too large"))?;
        self.expect(b" 0 obj\n")?;
        let mut object = self.object(0)?;
        if let Object::Dict(dict) = &object {
            let before = self.at;
            self.skip_space();
            if self.take(b"stream\n") {
                let length = dict.get(b"Length".as_slice()).and_then(Object::as_int);
                let length = length.and_then(|n| usize::try_from(n).ok());
                let end = length
                    .and_then(|n| self.at.checked_add(n))
                    .filter(|end| *end <= self.bytes.len());
                let end = end.ok_or_else(|| shape("a stream says no length or a wrong one"))?;
                object = Object::Stream(dict.clone(), self.at..end);
                self.at = end;
                self.expect(b"\nendstream")?;
                self.skip_space();
            } else {
                self.at = before;
            }
        }
        self.skip_space();
        self.expect(b"endobj")?;
        Ok((number, object))
    }

    pub(super) fn object(&mut self, depth: u32) -> Result<Object, Wrong> {
        if depth > DEPTH {
            return Err(shape("objects are nested too deeply"));
        }
        self.skip_space();
        match self.peek() {
            Some(b'/') => Ok(Object::Name(self.name()?)),
            Some(b'(') => self.literal(),
            Some(b'<') if self.rest().starts_with(b"<<") => {
                self.at += 2;
                self.dictionary(depth)
            }
            Some(b'<') => self.hexadecimal(),
            Some(b'[') => {
                self.at += 1;
                let mut items = Vec::new();
                loop {
                    self.skip_space();
                    if self.take(b"]") {
                        return Ok(Object::Array(items));
                    }
                    items.push(self.object(depth + 1)?);
                }
            }
            Some(b'0'..=b'9' | b'-' | b'+' | b'.') => self.number_or_reference(),
            _ if self.take(b"true") => Ok(Object::Bool(true)),
            _ if self.take(b"false") => Ok(Object::Bool(false)),
            _ if self.take(b"null") => Ok(Object::Null),
            _ => Err(shape(&format!("byte {} begins no object", self.at))),
        }
    }

    fn dictionary(&mut self, depth: u32) -> Result<Object, Wrong> {
        let mut dict = Dict::new();
        loop {
            self.skip_space();
            if self.take(b">>") {
                return Ok(Object::Dict(dict));
            }
            let key = self.name()?;
            let value = self.object(depth + 1)?;
            if dict.insert(key, value).is_some() {
                return Err(shape("a dictionary has one key twice"));
            }
        }
    }

    fn name(&mut self) -> Result<Vec<u8>, Wrong> {
        self.expect(b"/")?;
        let mut name = Vec::new();
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\n' | b'\r' | b'/' | b'<' | b'>' | b'[' | b']' | b'(' | b')' => break,
                b'#' => {
                    self.at += 1;
                    let (high, low) = (self.next().and_then(hex), self.next().and_then(hex));
                    let (Some(high), Some(low)) = (high, low) else {
                        return Err(shape("a name has a wrong escape"));
                    };
                    name.push(high * 16 + low);
                }
                0x21..=0x7e if byte != b'%' && byte != b'{' && byte != b'}' => {
                    name.push(byte);
                    self.at += 1;
                }
                _ => return Err(shape("a name has a sign that wants an escape")),
            }
        }
        Ok(name)
    }

    fn literal(&mut self) -> Result<Object, Wrong> {
        let begin = self.at;
        self.at += 1;
        let mut bytes = Vec::new();
        let mut open = 1_u32;
        loop {
            let unfinished = || shape("a string has no end");
            match self.next().ok_or_else(unfinished)? {
                b'(' => {
                    open += 1;
                    bytes.push(b'(');
                }
                b')' => {
                    open -= 1;
                    if open == 0 {
                        break;
                    }
                    bytes.push(b')');
                }
                b'\\' => {
                    let escaped = self.next().ok_or_else(unfinished)?;
                    bytes.push(match escaped {
                        b'n' => b'\n',
                        b'r' => b'\r',
                        b't' => b'\t',
                        b'b' => 8,
                        b'f' => 12,
                        b'(' | b')' | b'\\' => escaped,
                        b'0'..=b'3' => {
                            let second = self.next().filter(|b| (b'0'..=b'7').contains(b));
                            let third = self.next().filter(|b| (b'0'..=b'7').contains(b));
                            let (Some(second), Some(third)) = (second, third) else {
                                return Err(shape("a string has a wrong escape"));
                            };
                            (escaped - b'0') * 64 + (second - b'0') * 8 + (third - b'0')
                        }
                        _ => return Err(shape("a string has a wrong escape")),
                    });
                }
                byte => bytes.push(byte),
            }
        }
        let span = begin..self.at;
        Ok(Object::Text(Text { bytes, span }))
    }

    fn hexadecimal(&mut self) -> Result<Object, Wrong> {
        let begin = self.at;
        self.at += 1;
        let length = self.rest().iter().take_while(|b| **b != b'>').count();
        let digits = self.rest().get(..length).unwrap_or_default();
        let bytes = data_encoding::HEXUPPER.decode(digits).map_err(|_| {
            shape("a hexadecimal string has something else than capital digits in pairs")
        })?;
        self.at += length;
        self.expect(b">")?;
        let span = begin..self.at;
        Ok(Object::Text(Text { bytes, span }))
    }

    fn number_or_reference(&mut self) -> Result<Object, Wrong> {
        let numeric = |b: &&u8| matches!(**b, b'0'..=b'9' | b'-' | b'+' | b'.');
        let n = self.rest().iter().take_while(numeric).count();
        let text = self.rest().get(..n).unwrap_or_default().to_vec();
        self.at += n;
        if text.contains(&b'.') {
            return Ok(Object::Real(text));
        }
        let value: i64 = std::str::from_utf8(&text)
            .unwrap_or_default()
            .parse()
            .map_err(|_| shape("a number cannot be read"))?;
        match u32::try_from(value) {
            Ok(number) if self.take(b" 0 R") => Ok(Object::Ref(number)),
            _ => Ok(Object::Int(value)),
        }
    }
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).map(|d| d as u8)
}
