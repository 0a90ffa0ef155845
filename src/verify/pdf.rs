//! Reads a PDF of exactly the shape we write, straight through from its first byte to its last; refuses every other.
//!
//! No repair, no guessing, no object streams, no encryption: whatever stands in the file is an object in its place, and the
//! cross-reference table must say so too. Safe on hostile bytes: no recursion beyond [`DEPTH`], nothing is decoded without a limit.

use std::{collections::BTreeMap, ops::Range};

use super::wrong::{Wrong, shape};

/// Deepest nesting of arrays and dictionaries.
const DEPTH: u32 = 32;
/// Most objects of a file; ours have about ninety.
const OBJECTS: usize = 5_000;

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

/// One revision: its own objects, trailer and cross-reference table, and nothing between them.
#[derive(Debug)]
pub(super) struct Revision {
    pub(super) objects: BTreeMap<u32, Object>,
    pub(super) trailer: Dict,
    /// Where `xref` stands in the file.
    pub(super) xref_at: usize,
}

impl Revision {
    /// An object of this revision.
    pub(super) fn get(&self, number: u32) -> Option<&Object> {
        self.objects.get(&number)
    }
    /// The object a value refers to.
    pub(super) fn follow(&self, value: Option<&Object>) -> Option<&Object> {
        self.get(value?.as_ref()?)
    }
}

/// Where the last `startxref` of `bytes` points, when `bytes` end like a PDF of ours.
pub(super) fn last_xref(bytes: &[u8]) -> Result<usize, Wrong> {
    let body = bytes
        .strip_suffix(b"\n%%EOF")
        .ok_or_else(|| shape("the file does not end with the end mark of a PDF"))?;
    let digits = body.iter().rev().take_while(|b| b.is_ascii_digit()).count();
    let (before, number) = body
        .split_at_checked(body.len() - digits)
        .unwrap_or((body, &[]));
    if !before.ends_with(b"\nstartxref\n") || digits == 0 || digits > 10 {
        return Err(shape(
            "the file does not say where its cross-reference table is",
        ));
    }
    let text = std::str::from_utf8(number).unwrap_or_default();
    text.parse()
        .map_err(|_| shape("the place of the cross-reference table is not a number"))
}

/// Reads the first revision, which is all of `bytes`.
pub(super) fn first_revision(bytes: &[u8]) -> Result<Revision, Wrong> {
    let header = b"%PDF-1.7\n%";
    let rest = bytes
        .strip_prefix(header)
        .ok_or_else(|| shape("the file does not begin with `%PDF-1.7`"))?;
    let marks = rest.iter().take_while(|b| **b >= 0x80).count();
    let at = header.len() + marks;
    if marks != 4 || bytes.get(at) != Some(&b'\n') {
        return Err(shape("the second line is not the mark of binary content"));
    }
    read(bytes, at + 1)
}

/// Reads the revision that goes from `begin` to the end of `bytes`.
pub(super) fn read(bytes: &[u8], begin: usize) -> Result<Revision, Wrong> {
    let mut reader = Reader { bytes, at: begin };
    let mut objects = BTreeMap::new();
    let mut places = BTreeMap::new();
    loop {
        reader.skip_space();
        if reader.peek() == Some(b'x') {
            break;
        }
        let place = reader.at;
        let (number, object) = reader.indirect_object()?;
        if objects.insert(number, object).is_some() {
            return Err(shape("two objects have one number"));
        }
        places.insert(number, place);
        if objects.len() > OBJECTS {
            return Err(shape("there are too many objects"));
        }
    }
    let xref_at = reader.at;
    reader.cross_references(&places)?;
    reader.expect(b"trailer\n")?;
    let Object::Dict(trailer) = reader.object(0)? else {
        return Err(shape("the trailer is not a dictionary"));
    };
    reader.expect(format!("\nstartxref\n{xref_at}\n%%EOF").as_bytes())?;
    if reader.at != bytes.len() {
        return Err(shape("something follows the end of the file"));
    }
    Ok(Revision {
        objects,
        trailer,
        xref_at,
    })
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

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }
    fn rest(&self) -> &[u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }
    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }
    fn skip_space(&mut self) {
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
    fn expect(&mut self, wanted: &[u8]) -> Result<(), Wrong> {
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
    fn digits(&mut self) -> Result<u64, Wrong> {
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

    fn indirect_object(&mut self) -> Result<(u32, Object), Wrong> {
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

    fn object(&mut self, depth: u32) -> Result<Object, Wrong> {
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

    /// The table must name every object of the revision, at its place, and nothing else.
    fn cross_references(&mut self, places: &BTreeMap<u32, usize>) -> Result<(), Wrong> {
        let wrong = || shape("the cross-reference table says something else than the file");
        self.expect(b"xref\n")?;
        let mut named = 0;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            let first = self.digits()?;
            self.expect(b" ")?;
            let count = self.digits()?;
            self.expect(b"\n")?;
            for number in first..first.saturating_add(count) {
                let entry = self.rest().get(..20).ok_or_else(wrong)?;
                let number = u32::try_from(number).map_err(|_| wrong())?;
                let text = std::str::from_utf8(entry).map_err(|_| wrong())?;
                let kept = match (places.get(&number), number) {
                    (Some(place), 1..) => {
                        named += 1;
                        format!("{place:010} 00000 n")
                    }
                    (None, 0) => "0000000000 65535 f".to_owned(),
                    _ => return Err(wrong()),
                };
                if text != format!("{kept}\r\n") && text != format!("{kept} \n") {
                    return Err(wrong());
                }
                self.at += 20;
            }
        }
        if named == places.len() {
            Ok(())
        } else {
            Err(wrong())
        }
    }
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).map(|d| d as u8)
}

/// The bytes of a stream, at most `limit` when decoded.
pub(super) fn decoded(bytes: &[u8], stream: &Object, limit: usize) -> Option<Vec<u8>> {
    let Object::Stream(dict, range) = stream else {
        return None;
    };
    let raw = bytes.get(range.clone())?;
    if dict.contains_key(b"DecodeParms".as_slice()) {
        return None;
    }
    match dict.get(b"Filter".as_slice()) {
        None => (raw.len() <= limit).then(|| raw.to_vec()),
        Some(filter) if filter.is_name("FlateDecode") => {
            miniz_oxide::inflate::decompress_to_vec_zlib_with_limit(raw, limit).ok()
        }
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parsed(text: &str) -> Result<Object, Wrong> {
        let mut reader = Reader {
            bytes: text.as_bytes(),
            at: 0,
        };
        reader.object(0)
    }

    #[test]
    fn objects_are_read_and_odd_ones_refused() {
        let object = parsed("<</A[1 -2.5 3 0 R(a\\(b\\051)<FEFF>]/B#2FC/D/E true>>").unwrap();
        let dict = object.as_dict().unwrap();
        assert!(dict.get(b"B/C".as_slice()).unwrap().is_name("D"));
        let items = dict.get(b"A".as_slice()).unwrap().as_array().unwrap();
        assert_eq!(items[2], Object::Ref(3));
        assert!(items[3].is_text("a(b)"));
        for wrong in [
            "<</A 1/A 2>>",
            "<ff>",
            "<FFF>",
            "<F F>",
            "(a",
            "[1",
            "<</A",
            "%x\n1",
            "(\\8)",
            "",
            "\t1",
        ] {
            assert!(parsed(wrong).is_err(), "{wrong}");
        }
        assert!(parsed(&"[".repeat(10_000)).is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = read(&bytes, 0);
            let _ = first_revision(&bytes);
            let _ = last_xref(&bytes);
            let _ = object_at(&bytes, 3);
        }
    }
}
