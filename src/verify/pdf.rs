//! Reads a PDF of exactly the shape we write, straight through from its first byte to its last; refuses every other.
//!
//! No repair, no guessing, no object streams, no encryption: whatever stands in the file is an object in its place, and the
//! cross-reference table must say so too. Safe on hostile bytes: no recursion beyond `DEPTH`, nothing is decoded without a limit.

use std::collections::BTreeMap;

pub(super) use super::pdf_objects::{Dict, Object, Text, Tokens, object_at};
use super::{
    pdf_objects::Reader,
    wrong::{Wrong, shape},
};

/// Most objects of a file; ours have about ninety.
const OBJECTS: usize = 5_000;

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

impl Reader<'_> {
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
