//! The file being written: objects in any order, streams straight through, one cross-reference stream at the end.
//!
//! Memory holds one number an object and one short key a stream, never a stream.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Write},
};

use sha2::{Digest as _, Sha256};

use crate::digest::{Digest, Hasher};

/// Where a volume is written: forward only, and able to show again what was written (to recognise a stream met twice).
pub trait Output: Write {
    /// Fills `buf` with what was written from byte `at` on.
    fn read_back(&mut self, at: u64, buf: &mut [u8]) -> io::Result<()>;
}

impl Output for File {
    fn read_back(&mut self, at: u64, buf: &mut [u8]) -> io::Result<()> {
        std::os::unix::fs::FileExt::read_exact_at(self, buf, at)
    }
}

impl<O: Output> Output for &mut O {
    fn read_back(&mut self, at: u64, buf: &mut [u8]) -> io::Result<()> {
        (**self).read_back(at, buf)
    }
}

impl Output for Vec<u8> {
    fn read_back(&mut self, at: u64, buf: &mut [u8]) -> io::Result<()> {
        let from = usize::try_from(at).map_err(io::Error::other)?;
        let found = self
            .get(from..from + buf.len())
            .ok_or(io::ErrorKind::UnexpectedEof)?;
        buf.copy_from_slice(found);
        Ok(())
    }
}

/// An object of the file being written; its generation is always 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ref(u32);

impl Ref {
    /// The object number, from 1.
    pub(super) const fn number(self) -> u32 {
        self.0
    }
}

#[derive(Clone, Copy)]
enum Place {
    /// Not written (yet): reads as null.
    Free,
    /// At this byte.
    At(u64),
    /// In this object stream, at this index.
    Packed(u32, u16),
}

/// What a stream met before is recognised by; streams longer than [`SHORT`] are compared byte by byte then.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct StreamKey {
    length: u64,
    sample: [u8; 16],
}

struct Kept {
    at: Ref,
    data_offset: u64,
}

/// Up to this length a stream is recognised by its whole SHA-256, beyond it by a sample and by reading back.
const SHORT: usize = 64 * 1024;
const SAMPLE: usize = 4 * 1024;
const BUFFER: usize = 256 * 1024;
/// An object stream is closed at this many objects or bytes.
const PACK_OBJECTS: usize = 128;
const PACK_BYTES: usize = 48 * 1024;

/// The file being written.
pub(super) struct PdfOutput<O> {
    out: O,
    buffer: Vec<u8>,
    written: u64,
    /// What the file's id is taken from: all of it but the inside of long streams, which come from the papers.
    content: Hasher,
    places: Vec<Place>,
    pack: Option<Pack>,
    kept: BTreeMap<StreamKey, Vec<Kept>>,
}

struct Pack {
    id: Ref,
    index: Vec<(u32, usize)>,
    bytes: Vec<u8>,
}

impl<O: Output> PdfOutput<O> {
    /// Starts a file.
    pub(super) fn start(out: O) -> io::Result<PdfOutput<O>> {
        let mut file = PdfOutput {
            out,
            buffer: Vec::with_capacity(BUFFER),
            written: 0,
            content: Hasher::default(),
            places: Vec::new(),
            pack: None,
            kept: BTreeMap::new(),
        };
        file.put(b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n")?;
        Ok(file)
    }

    /// A number for an object that is written later.
    pub(super) fn reserve(&mut self) -> Ref {
        self.places.push(Place::Free);
        Ref(self.places.len() as u32)
    }

    /// Writes an object that is not a stream.
    pub(super) fn object(&mut self, at: Ref, body: &[u8]) -> io::Result<()> {
        if self.pack.is_none() {
            let id = self.reserve();
            self.pack = Some(Pack {
                id,
                index: Vec::new(),
                bytes: Vec::new(),
            });
        }
        let Some(pack) = self.pack.as_mut() else {
            return Ok(());
        };
        let place = Place::Packed(pack.id.0, pack.index.len() as u16);
        pack.index.push((at.0, pack.bytes.len()));
        pack.bytes.extend_from_slice(body);
        pack.bytes.push(b'\n');
        let full = pack.index.len() >= PACK_OBJECTS || pack.bytes.len() >= PACK_BYTES;
        self.set_place(at, place);
        if full { self.close_pack() } else { Ok(()) }
    }

    /// Writes an object that is not a stream under a new number.
    pub(super) fn new_object(&mut self, body: &[u8]) -> io::Result<Ref> {
        let at = self.reserve();
        self.object(at, body)?;
        Ok(at)
    }

    /// Writes a stream; `dict` is the inside of its dictionary without `Length`.
    pub(super) fn stream(&mut self, at: Ref, dict: &[u8], data: &[u8]) -> io::Result<()> {
        self.set_place(at, Place::At(self.written));
        let head = format!("{} 0 obj\n<<", at.0);
        self.put(head.as_bytes())?;
        self.put(dict)?;
        self.put(format!("/Length {}>>\nstream\n", data.len()).as_bytes())?;
        if data.len() > SHORT {
            for sample in samples(data) {
                self.content.update(sample);
            }
            self.pass(data)?;
        } else {
            self.put(data)?;
        }
        self.put(b"\nendstream\nendobj\n")
    }

    /// Writes a stream under a new number, compressed when that makes it shorter.
    pub(super) fn new_stream(&mut self, dict: &[u8], data: &[u8]) -> io::Result<Ref> {
        let packed = deflate(data);
        if packed.len() + 20 < data.len() {
            let dict = [dict, b"/Filter/FlateDecode"].concat();
            return self.shared_stream(&dict, &packed);
        }
        self.shared_stream(dict, data)
    }

    /// Writes a stream whose dictionary is complete, or finds the same one written before.
    pub(super) fn shared_stream(&mut self, dict: &[u8], data: &[u8]) -> io::Result<Ref> {
        let key = stream_key(dict, data);
        let before: Vec<(Ref, u64)> = self
            .kept
            .get(&key)
            .into_iter()
            .flatten()
            .map(|kept| (kept.at, kept.data_offset))
            .collect();
        for (at, offset) in before {
            if data.len() <= SHORT || self.same_bytes(offset, data)? {
                return Ok(at);
            }
        }
        let at = self.reserve();
        self.stream(at, dict, data)?;
        let data_offset = self.written - (data.len() + b"\nendstream\nendobj\n".len()) as u64;
        self.kept
            .entry(key)
            .or_default()
            .push(Kept { at, data_offset });
        Ok(at)
    }

    fn same_bytes(&mut self, offset: u64, data: &[u8]) -> io::Result<bool> {
        self.flush_buffer()?;
        let mut window = vec![0; BUFFER];
        let mut at = offset;
        for chunk in data.chunks(BUFFER) {
            let Some(window) = window.get_mut(..chunk.len()) else {
                return Ok(false);
            };
            self.out.read_back(at, window)?;
            if window != chunk {
                return Ok(false);
            }
            at += chunk.len() as u64;
        }
        Ok(true)
    }

    /// Ends the file: the last object stream, the cross-reference stream and the trailer.
    /// The file's id is taken from its content and the digests of its `papers`.
    pub(super) fn finish(
        mut self,
        root: Ref,
        info: Ref,
        papers: impl Iterator<Item = Digest>,
    ) -> io::Result<(O, u64)> {
        self.close_pack()?;
        let at = self.reserve();
        self.set_place(at, Place::At(self.written));
        let width = (8 - self.written.leading_zeros() as usize / 8).max(4);
        let rows = self.places.len() + 1;
        let data = deflate(&self.cross_reference_rows(width));
        for paper in papers {
            self.content.update(paper.as_bytes());
        }
        let content = self.content.clone().finish().to_hex();
        let id = content.get(..32).unwrap_or_default();
        let dict = format!(
            "/Type/XRef/Size {rows}/W[1 {width} 2]/Root {} 0 R/Info {} 0 R/ID[<{id}><{id}>]\
             /Filter/FlateDecode/DecodeParms<</Predictor 12/Columns {}>>",
            root.0,
            info.0,
            width + 3,
        );
        let start = self.written;
        self.stream(at, dict.as_bytes(), &data)?;
        self.put(format!("startxref\n{start}\n%%EOF\n").as_bytes())?;
        self.flush_buffer()?;
        self.out.flush()?;
        Ok((self.out, self.written))
    }

    /// Rows of the cross-reference stream (7.5.8.3), each with its PNG predictor `Up`.
    fn cross_reference_rows(&self, width: usize) -> Vec<u8> {
        let row_length = width + 3;
        let mut rows = Vec::with_capacity((self.places.len() + 1) * (row_length + 1));
        let mut above = vec![0_u8; row_length];
        let first = (0_u8, 0_u64, u16::MAX);
        let others = self.places.iter().map(|place| match *place {
            Place::Free => (0, 0, 0),
            Place::At(offset) => (1, offset, 0),
            Place::Packed(pack, index) => (2, u64::from(pack), index),
        });
        for (kind, second, third) in std::iter::once(first).chain(others) {
            let second = second.to_be_bytes();
            let mut row = vec![kind];
            row.extend_from_slice(second.get(8 - width..).unwrap_or(&second));
            row.extend_from_slice(&third.to_be_bytes());
            rows.push(2);
            rows.extend(
                row.iter()
                    .zip(&above)
                    .map(|(now, up)| now.wrapping_sub(*up)),
            );
            above = row;
        }
        rows
    }

    fn close_pack(&mut self) -> io::Result<()> {
        use std::fmt::Write as _;
        let Some(pack) = self.pack.take() else {
            return Ok(());
        };
        let mut head = String::new();
        for (number, offset) in &pack.index {
            let _ = write!(head, "{number} {offset} ");
        }
        let dict = format!(
            "/Type/ObjStm/N {}/First {}/Filter/FlateDecode",
            pack.index.len(),
            head.len()
        );
        let mut data = head.into_bytes();
        data.extend_from_slice(&pack.bytes);
        self.stream(pack.id, dict.as_bytes(), &deflate(&data))
    }

    fn set_place(&mut self, at: Ref, place: Place) {
        if let Some(slot) = self.places.get_mut(at.0 as usize - 1) {
            *slot = place;
        }
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.content.update(bytes);
        self.pass(bytes)
    }

    fn pass(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.written += bytes.len() as u64;
        if self.buffer.len() + bytes.len() > BUFFER {
            self.flush_buffer()?;
        }
        if bytes.len() >= BUFFER {
            return self.out.write_all(bytes);
        }
        self.buffer.extend_from_slice(bytes);
        Ok(())
    }

    fn flush_buffer(&mut self) -> io::Result<()> {
        self.out.write_all(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }
}

fn stream_key(dict: &[u8], data: &[u8]) -> StreamKey {
    let mut sha = Sha256::new();
    sha.update((dict.len() as u64).to_be_bytes());
    sha.update(dict);
    if data.len() <= SHORT {
        sha.update(data);
    } else {
        for sample in samples(data) {
            sha.update(sample);
        }
    }
    let digest: [u8; 32] = sha.finalize().into();
    let mut sample = [0; 16];
    sample.copy_from_slice(digest.first_chunk::<16>().unwrap_or(&[0; 16]));
    StreamKey {
        length: data.len() as u64,
        sample,
    }
}

/// The beginning, the middle and the end of a long stream.
fn samples(data: &[u8]) -> impl Iterator<Item = &[u8]> {
    let places = [0, data.len() / 2, data.len().saturating_sub(SAMPLE)];
    places
        .into_iter()
        .filter_map(|from| data.get(from..from + SAMPLE))
}

/// zlib data at one fixed level. `miniz_oxide` gives the same bytes on every machine; faster ones do not promise that.
pub(super) fn deflate(data: &[u8]) -> Vec<u8> {
    miniz_oxide::deflate::compress_to_vec_zlib(data, 6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_met_twice_is_stored_once_and_a_similar_one_is_not() {
        let mut file = PdfOutput::start(Vec::new()).unwrap();
        let mut long = vec![7_u8; 300_000];
        let first = file.shared_stream(b"/A 1", &long).unwrap();
        assert_eq!(file.shared_stream(b"/A 1", &long).unwrap(), first);
        assert_ne!(file.shared_stream(b"/A 2", &long).unwrap(), first);
        long[100_000] = 8; // outside of what is sampled
        assert_ne!(file.shared_stream(b"/A 1", &long).unwrap(), first);
        let short = file.shared_stream(b"", b"abc").unwrap();
        assert_eq!(file.shared_stream(b"", b"abc").unwrap(), short);
    }

    #[test]
    fn what_is_written_can_be_opened() {
        let mut file = PdfOutput::start(Vec::new()).unwrap();
        let (root, tree) = (file.reserve(), file.reserve());
        let page = file
            .new_object(
                format!("<</Type/Page/Parent {} 0 R/MediaBox[0 0 9 9]>>", tree.0).as_bytes(),
            )
            .unwrap();
        let kids = format!("<</Type/Pages/Count 1/Kids[{} 0 R]>>", page.0);
        file.object(tree, kids.as_bytes()).unwrap();
        let catalog = format!("<</Type/Catalog/Pages {} 0 R>>", tree.0);
        file.object(root, catalog.as_bytes()).unwrap();
        let info = file.new_object(b"<</Title(T)>>").unwrap();
        let (bytes, length) = file.finish(root, info, std::iter::empty()).unwrap();
        assert_eq!(length, bytes.len() as u64);
        let pdf = hayro_syntax::Pdf::new(bytes).unwrap();
        assert_eq!(pdf.pages().len(), 1);
        assert_eq!(pdf.metadata().title.as_deref(), Some(b"T".as_slice()));
    }
}
