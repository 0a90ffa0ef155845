//! Copies the objects of one source into the file being written: only what a page reaches, each once, renumbered.
//!
//! Streams are passed on as they are stored, undecoded. Pages, page trees, catalogs and structure elements are never
//! followed, so a reference out of a page's resources cannot pull in the rest of its document.

use std::{collections::HashMap, io};

use hayro_syntax::{
    Pdf,
    object::{Array, Dict, MaybeRef, Name, Object, ObjectIdentifier, Stream},
};

use super::{
    error::Fault,
    output::{Output, PdfOutput, Ref},
    syntax,
};

/// Why copying stopped.
pub(super) enum CopyError {
    /// The source is at fault.
    Fault(Fault),
    /// The output could not be written.
    Write(io::Error),
}

impl From<io::Error> for CopyError {
    fn from(error: io::Error) -> CopyError {
        CopyError::Write(error)
    }
}

/// Direct objects nested deeper than this read as null; real files stay far below.
const DEEPEST: u32 = 96;
/// Streams that refer to other streams (an image to its mask) are followed this far before they are written.
const STREAM_DEPTH: u32 = 4;

/// Keys of stream dictionaries that belong to what is dropped: structure, private data, metadata, other files.
const DROPPED_OF_STREAMS: [&[u8]; 12] = [
    b"Length",
    b"StructParent",
    b"StructParents",
    b"PieceInfo",
    b"Metadata",
    b"LastModified",
    b"AF",
    b"OPI",
    b"Ref",
    b"FFilter",
    b"FDecodeParms",
    b"DL",
];

/// One source while its pages are copied.
pub(super) struct Source<'a> {
    pdf: &'a Pdf,
    numbers: HashMap<ObjectIdentifier, Ref>,
    waiting: Vec<(ObjectIdentifier, Ref)>,
    left: u64,
    allowed: u64,
    /// Streams being written inside one another.
    stream_depth: u32,
}

impl<'a> Source<'a> {
    /// A source of which nothing has been copied yet.
    pub(super) fn new(pdf: &'a Pdf, max_objects: u64) -> Source<'a> {
        Source {
            pdf,
            numbers: HashMap::new(),
            waiting: Vec::new(),
            left: max_objects,
            allowed: max_objects,
            stream_depth: 0,
        }
    }

    /// The source itself.
    pub(super) fn pdf(&self) -> &'a Pdf {
        self.pdf
    }

    /// The catalog.
    pub(super) fn catalog(&self) -> Dict<'a> {
        let xref = self.pdf.xref();
        xref.get::<Dict<'_>>(xref.root_id()).unwrap_or_default()
    }

    /// Appends `object` to `body`, with its references renumbered; what they reach is copied.
    pub(super) fn value<O: Output>(
        &mut self,
        file: &mut PdfOutput<O>,
        body: &mut Vec<u8>,
        object: &MaybeRef<Object<'a>>,
    ) -> Result<(), CopyError> {
        self.write(file, body, object, 0)?;
        self.copy_waiting(file)
    }

    /// Copies the object `id` and what it reaches; its new number.
    pub(super) fn indirect<O: Output>(
        &mut self,
        file: &mut PdfOutput<O>,
        id: ObjectIdentifier,
    ) -> Result<Ref, CopyError> {
        let at = self.number_of(file, id)?;
        self.copy_waiting(file)?;
        Ok(at)
    }

    /// Copies a stream with more entries in its dictionary than it has (`extra` wins); its new number.
    pub(super) fn stream_with<O: Output>(
        &mut self,
        file: &mut PdfOutput<O>,
        stream: &Stream<'a>,
        extra: &[u8],
        replaced: &[&[u8]],
    ) -> Result<Ref, CopyError> {
        let mut dict = extra.to_vec();
        self.stream_dict(file, &mut dict, stream, replaced)?;
        let at = file.shared_stream(&dict, &data_of(stream))?;
        self.copy_waiting(file)?;
        Ok(at)
    }

    fn copy_waiting<O: Output>(&mut self, file: &mut PdfOutput<O>) -> Result<(), CopyError> {
        while let Some((id, at)) = self.waiting.pop() {
            let Some(object) = self.pdf.xref().get::<Object<'_>>(id) else {
                continue;
            };
            if let Object::Stream(stream) = &object {
                let mut dict = Vec::new();
                self.stream_dict(file, &mut dict, stream, &[])?;
                file.stream(at, &dict, &data_of(stream))?;
            } else {
                let mut body = Vec::new();
                self.write(file, &mut body, &MaybeRef::NotRef(object), 0)?;
                file.object(at, &body)?;
            }
        }
        Ok(())
    }

    /// The new number of an object. Streams that refer to nothing but such streams are written at once,
    /// so that the same bytes met twice get one number; everything else waits.
    fn number_of<O: Output>(
        &mut self,
        file: &mut PdfOutput<O>,
        id: ObjectIdentifier,
    ) -> Result<Ref, CopyError> {
        if let Some(&at) = self.numbers.get(&id) {
            return Ok(at);
        }
        self.left = self
            .left
            .checked_sub(1)
            .ok_or(CopyError::Fault(Fault::TooManyObjects {
                allowed: self.allowed,
            }))?;
        let object = self.pdf.xref().get::<Object<'_>>(id);
        if let Some(Object::Stream(stream)) = &object
            && self.stream_depth < STREAM_DEPTH
            && is_leaf(stream)
        {
            let mut dict = Vec::new();
            self.stream_depth += 1;
            let written = self.stream_dict(file, &mut dict, stream, &[]);
            self.stream_depth -= 1;
            written?;
            // A mask that refers back to its image has taken a number for it meanwhile.
            if let Some(&at) = self.numbers.get(&id) {
                self.waiting.retain(|(waiting, _)| *waiting != id);
                file.stream(at, &dict, &data_of(stream))?;
                return Ok(at);
            }
            let at = file.shared_stream(&dict, &data_of(stream))?;
            self.numbers.insert(id, at);
            return Ok(at);
        }
        let at = file.reserve();
        self.numbers.insert(id, at);
        if object
            .as_ref()
            .is_some_and(|object| !is_of_the_document(object))
        {
            self.waiting.push((id, at));
        }
        Ok(at)
    }

    fn stream_dict<O: Output>(
        &mut self,
        file: &mut PdfOutput<O>,
        body: &mut Vec<u8>,
        stream: &Stream<'a>,
        replaced: &[&[u8]],
    ) -> Result<(), CopyError> {
        for (key, value) in stream.dict().entries() {
            let key: &[u8] = &key;
            let elsewhere = key == b"F" && !is_filter(&value);
            if elsewhere || DROPPED_OF_STREAMS.contains(&key) || replaced.contains(&key) {
                continue;
            }
            syntax::name(body, key);
            body.push(b' ');
            self.write(file, body, &value, 1)?;
        }
        Ok(())
    }

    fn write<O: Output>(
        &mut self,
        file: &mut PdfOutput<O>,
        body: &mut Vec<u8>,
        object: &MaybeRef<Object<'a>>,
        depth: u32,
    ) -> Result<(), CopyError> {
        let object = match object {
            MaybeRef::Ref(to) => {
                let at = self.number_of(file, (*to).into())?;
                syntax::reference(body, at);
                return Ok(());
            }
            MaybeRef::NotRef(object) => object,
        };
        match object {
            _ if depth > DEEPEST => body.extend_from_slice(b"null"),
            Object::Boolean(true) => body.extend_from_slice(b"true"),
            Object::Boolean(false) => body.extend_from_slice(b"false"),
            Object::Number(number) => syntax::number(body, number.as_f64()),
            Object::String(string) => syntax::byte_string(body, string.as_bytes()),
            Object::Name(name) => syntax::name(body, name),
            Object::Array(array) => self.write_array(file, body, array, depth)?,
            Object::Dict(dict) => self.write_dict(file, body, dict, depth)?,
            // A stream is always an indirect object; one met here is a fault of the source.
            Object::Null(_) | Object::Stream(_) => body.extend_from_slice(b"null"),
        }
        Ok(())
    }

    fn write_array<O: Output>(
        &mut self,
        file: &mut PdfOutput<O>,
        body: &mut Vec<u8>,
        array: &Array<'a>,
        depth: u32,
    ) -> Result<(), CopyError> {
        body.push(b'[');
        for (i, item) in array.raw_iter().enumerate() {
            if i > 0 {
                body.push(b' ');
            }
            self.write(file, body, &item, depth + 1)?;
        }
        body.push(b']');
        Ok(())
    }

    fn write_dict<O: Output>(
        &mut self,
        file: &mut PdfOutput<O>,
        body: &mut Vec<u8>,
        dict: &Dict<'a>,
        depth: u32,
    ) -> Result<(), CopyError> {
        body.extend_from_slice(b"<<");
        for (key, value) in dict.entries() {
            syntax::name(body, &key);
            body.push(b' ');
            self.write(file, body, &value, depth + 1)?;
        }
        body.extend_from_slice(b">>");
        Ok(())
    }

    /// Appends the entries of `dict` but for `left_out`, without its brackets.
    pub(super) fn entries<O: Output>(
        &mut self,
        file: &mut PdfOutput<O>,
        body: &mut Vec<u8>,
        dict: &Dict<'a>,
        left_out: &[&[u8]],
    ) -> Result<(), CopyError> {
        for (key, value) in dict.entries() {
            if !left_out.contains(&&*key) {
                syntax::name(body, &key);
                body.push(b' ');
                self.write(file, body, &value, 1)?;
            }
        }
        self.copy_waiting(file)
    }
}

/// The stored bytes of a stream; none when they stand in another file.
fn data_of<'a>(stream: &Stream<'a>) -> std::borrow::Cow<'a, [u8]> {
    let elsewhere = stream
        .dict()
        .get_raw::<Object<'_>>(b"F")
        .is_some_and(|value| !is_filter(&value));
    if elsewhere {
        std::borrow::Cow::Borrowed(&[])
    } else {
        stream.raw_data()
    }
}

fn is_filter(value: &MaybeRef<Object<'_>>) -> bool {
    matches!(value, MaybeRef::NotRef(Object::Name(_) | Object::Array(_)))
}

/// Whether a stream can be written before anything that refers to it: no forms, no patterns, which may refer back.
fn is_leaf(stream: &Stream<'_>) -> bool {
    !stream.dict().contains_key(b"Resources") && !stream.dict().contains_key(b"Group")
}

/// Whether an object belongs to the document rather than to how a page looks.
fn is_of_the_document(object: &Object<'_>) -> bool {
    let Object::Dict(dict) = object else {
        return false;
    };
    let kind = dict.get::<Name<'_>>(b"Type");
    let of_document: [&[u8]; 6] = [
        b"Page",
        b"Pages",
        b"Catalog",
        b"StructElem",
        b"StructTreeRoot",
        b"ObjStm",
    ];
    kind.is_some_and(|kind| of_document.contains(&&*kind))
}
