//! What the bytes are by their own signs, whatever the name of the file says.

use memchr::memmem;

use super::facts::FileKind;

/// Where a reader looks for `%PDF-` (ISO 32000-1, Annex H.3, note 13: the first 1024 bytes).
const HEAD: usize = 1024;

/// The kind of a file, where its PDF header stands, and what else it looks like at its head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Signs {
    /// What it is; [`FileKind::Pdf`] whenever there is a PDF header near the start.
    pub(crate) kind: FileKind,
    /// Offset of `%PDF-`.
    pub(crate) header_offset: Option<usize>,
    /// Other kinds whose signs stand before the header, or whose directory stands at the end (ZIP).
    pub(crate) also: Vec<FileKind>,
}

/// Looks at the signs.
pub(crate) fn look(bytes: &[u8]) -> Signs {
    let head = bytes.get(..HEAD.min(bytes.len())).unwrap_or_default();
    let header_offset = memmem::find(head, b"%PDF-").or_else(|| {
        // Damaged headers that other readers still accept: `%PDF1.4`, `%!PS-Adobe-3.0 PDF-1.4`.
        memmem::find(head, b"%PDF").or_else(|| memmem::find(head, b"%!PS-Adobe-3.0 PDF-"))
    });
    let by_magic = magic(bytes);
    let Some(offset) = header_offset else {
        let kind = match by_magic {
            Some(kind) => kind,
            None if has_pdf_body(bytes) => FileKind::Pdf,
            None => text_kind(bytes),
        };
        return Signs {
            kind,
            header_offset: None,
            also: Vec::new(),
        };
    };
    let mut also = Vec::new();
    if offset > 0
        && let Some(kind) = by_magic.filter(|kind| *kind != FileKind::PostScript)
    {
        also.push(kind);
    }
    if let Some(kind) = archive_at_end(bytes)
        && !also.contains(&kind)
    {
        also.push(kind);
    }
    Signs {
        kind: FileKind::Pdf,
        header_offset: Some(offset),
        also,
    }
}

/// A file that lost its header but is built like a PDF: some readers open it.
fn has_pdf_body(bytes: &[u8]) -> bool {
    memmem::find(bytes, b" obj").is_some()
        && (memmem::rfind(bytes, b"startxref").is_some()
            || memmem::rfind(bytes, b"trailer").is_some())
}

fn magic(bytes: &[u8]) -> Option<FileKind> {
    const SIGNS: &[(&[u8], FileKind)] = &[
        (b"\xFF\xD8\xFF", FileKind::Jpeg),
        (b"\x89PNG\r\n\x1A\n", FileKind::Png),
        (b"GIF87a", FileKind::Gif),
        (b"GIF89a", FileKind::Gif),
        (b"II*\0", FileKind::Tiff),
        (b"MM\0*", FileKind::Tiff),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", FileKind::LegacyOffice),
        (b"{\\rtf", FileKind::Rtf),
        (b"%!PS", FileKind::PostScript),
        (b"Rar!\x1A\x07", FileKind::Rar),
        (b"7z\xBC\xAF\x27\x1C", FileKind::SevenZip),
        (b"\x1F\x8B\x08", FileKind::Gzip),
        (b"\x7FELF", FileKind::Executable),
        (b"\xFE\xED\xFA\xCE", FileKind::Executable),
        (b"\xFE\xED\xFA\xCF", FileKind::Executable),
        (b"\xCF\xFA\xED\xFE", FileKind::Executable),
        (b"\xCE\xFA\xED\xFE", FileKind::Executable),
    ];
    if bytes.is_empty() {
        return Some(FileKind::Empty);
    }
    for (sign, kind) in SIGNS {
        if bytes.starts_with(sign) {
            return Some(*kind);
        }
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return Some(zip_kind(bytes));
    }
    if bytes.starts_with(b"BM") && bytes.get(6..10) == Some(&[0, 0, 0, 0]) {
        return Some(FileKind::Bmp);
    }
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return Some(FileKind::Webp);
    }
    if bytes.get(4..8) == Some(b"ftyp")
        && bytes.get(8..12).is_some_and(|brand| {
            [b"heic", b"heix", b"mif1", b"hevc", b"msf1", b"avif"]
                .iter()
                .any(|known| *known == brand)
        })
    {
        return Some(FileKind::Heic);
    }
    if bytes.starts_with(b"MZ") && bytes.len() > 64 {
        return Some(FileKind::Executable);
    }
    let start = trim_start(bytes);
    let lower: Vec<u8> = start.iter().take(256).map(u8::to_ascii_lowercase).collect();
    if lower.starts_with(b"<!doctype html")
        || lower.starts_with(b"<html")
        || (lower.starts_with(b"<") && memmem::find(&lower, b"<html").is_some())
    {
        return Some(FileKind::Html);
    }
    if lower.starts_with(b"<?xml") {
        return Some(FileKind::Xml);
    }
    None
}

/// Which of the formats that are ZIP archives inside it is: told by the names of its entries.
fn zip_kind(bytes: &[u8]) -> FileKind {
    const NAMES: &[(&[u8], FileKind)] = &[
        (b"OFD.xml", FileKind::Ofd),
        (b"word/", FileKind::Word),
        (b"xl/", FileKind::Excel),
        (b"ppt/", FileKind::PowerPoint),
    ];
    // Names stand in clear text in the local headers and once more in the directory at the end.
    let tail_from = bytes.len().saturating_sub(256 * 1024);
    let head = bytes.get(..bytes.len().min(64 * 1024)).unwrap_or_default();
    let tail = bytes.get(tail_from..).unwrap_or_default();
    for (name, kind) in NAMES {
        if memmem::find(head, name).is_some() || memmem::find(tail, name).is_some() {
            return *kind;
        }
    }
    FileKind::Zip
}

/// A ZIP directory at the end: the file opens as an archive too.
fn archive_at_end(bytes: &[u8]) -> Option<FileKind> {
    let tail_from = bytes.len().saturating_sub(65_557);
    let tail = bytes.get(tail_from..)?;
    let at = memmem::rfind(tail, b"PK\x05\x06")?;
    let record = tail.get(at..at + 22)?;
    let u16_at =
        |i: usize| Some(u16::from_le_bytes([*record.get(i)?, *record.get(i + 1)?]) as usize);
    // The comment must reach exactly to the end, or nearly: chance bytes inside a stream do not.
    let (entries, comment) = (u16_at(10)?, u16_at(20)?);
    let end = tail_from + at + 22 + comment;
    (entries > 0
        && end + 16 >= bytes.len()
        && end <= bytes.len()
        && memmem::find(bytes, b"PK\x01\x02").is_some())
    .then(|| zip_kind(bytes))
}

fn trim_start(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let blank = bytes.iter().take_while(|b| b.is_ascii_whitespace()).count();
    bytes.get(blank..).unwrap_or_default()
}

fn text_kind(bytes: &[u8]) -> FileKind {
    let sample = bytes.get(..bytes.len().min(4096)).unwrap_or_default();
    let control = sample
        .iter()
        .filter(|b| b.is_ascii_control() && !b.is_ascii_whitespace())
        .count();
    let text = match std::str::from_utf8(sample) {
        Ok(_) => true,
        Err(error) => error.valid_up_to() + 4 >= sample.len(),
    };
    if control == 0 && text {
        FileKind::PlainText
    } else {
        FileKind::Unknown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_known_by_its_signs() {
        let cases: &[(&[u8], FileKind)] = &[
            (b"", FileKind::Empty),
            (b"%PDF-1.7\n", FileKind::Pdf),
            (b"\xFF\xD8\xFF\xE0rest", FileKind::Jpeg),
            (b"PK\x03\x04....OFD.xml", FileKind::Ofd),
            (b"PK\x03\x04....word/document.xml", FileKind::Word),
            (b"PK\x03\x04....a.txt", FileKind::Zip),
            (b"\n <!DOCTYPE html><html>", FileKind::Html),
            ("姓名 张三".as_bytes(), FileKind::PlainText),
            (b"\x00\x01\x02", FileKind::Unknown),
        ];
        for (bytes, kind) in cases {
            assert_eq!(look(bytes).kind, *kind, "{bytes:?}");
        }
    }

    #[test]
    fn a_picture_before_the_header_is_named() {
        let signs = look(b"\xFF\xD8\xFF\xE0....%PDF-1.4\n");
        assert_eq!(signs.kind, FileKind::Pdf);
        assert_eq!(signs.header_offset, Some(8));
        assert_eq!(signs.also, [FileKind::Jpeg]);
    }
}
