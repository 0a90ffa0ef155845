//! Text strings of PDF (ISO 32000-2, 7.9.2.2): UTF-16 with a mark, UTF-8 with a mark, else PDFDocEncoding.

use std::borrow::Cow;

/// The text of a string object; what cannot be read becomes U+FFFD.
pub(crate) fn decode(bytes: &[u8]) -> String {
    let text: Cow<'_, str> = if let Some(rest) = bytes.strip_prefix(b"\xFE\xFF") {
        encoding_rs::UTF_16BE.decode_without_bom_handling(rest).0
    } else if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE") {
        encoding_rs::UTF_16LE.decode_without_bom_handling(rest).0
    } else if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        String::from_utf8_lossy(rest)
    } else if bytes.is_ascii() {
        String::from_utf8_lossy(bytes)
    } else if std::str::from_utf8(bytes).is_ok() {
        // Not allowed without a mark, but common; PDFDocEncoding seldom forms valid UTF-8 by chance.
        String::from_utf8_lossy(bytes)
    } else {
        let (text, _, damaged) = encoding_rs::GBK.decode(bytes);
        if damaged {
            encoding_rs::WINDOWS_1252
                .decode_without_bom_handling(bytes)
                .0
        } else {
            text
        }
    };
    text.chars().filter(|c| !c.is_control()).take(512).collect()
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn each_encoding_is_read() {
        assert_eq!(decode(b"\xFE\xFF\x5F\x20\x4E\x09"), "张三");
        assert_eq!(decode("张三".as_bytes()), "张三");
        assert_eq!(decode(b"Word 2016"), "Word 2016");
        assert_eq!(decode(b"\xD5\xC5\xC8\xFD"), "张三");
    }
}
