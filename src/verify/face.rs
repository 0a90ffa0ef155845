//! What stands on the page: its text, read back from the glyphs through the fonts' own tables, to compare it with the claims.
//!
//! A template that shows another name than the claims say would be signed like any other; so a certificate whose page does not say
//! what its claims say is refused, first of all by the office itself before it hands it out.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization as _;

use super::{
    pdf::{Dict, Object, Revision, Tokens, decoded},
    qr::{Modules, Paths},
    wrong::Wrong,
};
use crate::certificate::{Claims, FaceCode};

/// Most bytes of the page's content or of a font's table when decoded.
const STREAM_BYTES: usize = 2 * 1024 * 1024;

/// Glyph to text.
type Glyphs = BTreeMap<u16, String>;

/// What a page shows.
#[derive(Clone, Debug, Default)]
pub(super) struct Page {
    /// Its text without blanks, in the order it is drawn.
    pub(super) text: String,
    /// The QR codes that are drawn on it.
    pub(super) codes: Vec<Modules>,
}

/// Reads what a page shows.
pub(super) fn read(bytes: &[u8], revision: &Revision, page: &Dict) -> Option<Page> {
    let key = |dict: &Dict, name: &str| dict.get(name.as_bytes()).cloned();
    let resolved = |value: Object| match value {
        Object::Ref(number) => revision.get(number).cloned(),
        other => Some(other),
    };
    let resources = resolved(key(page, "Resources")?)?;
    let fonts = resolved(key(resources.as_dict()?, "Font")?)?;
    let mut tables: BTreeMap<Vec<u8>, Glyphs> = BTreeMap::new();
    for (name, font) in fonts.as_dict()? {
        let font = resolved(font.clone())?;
        let table = resolved(key(font.as_dict()?, "ToUnicode")?)?;
        tables.insert(name.clone(), glyphs(&decoded(bytes, &table, STREAM_BYTES)?));
    }
    let content = decoded(bytes, &resolved(key(page, "Contents")?)?, STREAM_BYTES)?;
    Some(drawn(&content, &tables))
}

/// Checks that the page says the code and every claim that belongs on it.
pub(super) fn check(page: &str, claims: &Claims, code: &FaceCode) -> Result<(), Wrong> {
    let page = folded(page);
    let grouped = code.grouped();
    let wanted = claims.on_the_face().chain([("code", grouped.as_str())]);
    for (key, value) in wanted {
        if !page.contains(&folded(value)) {
            return Err(Wrong::new(
                "face",
                "页面文字与所载事项不符",
                &format!("the page does not say the claim `{key}`"),
            ));
        }
    }
    Ok(())
}

fn folded(text: &str) -> String {
    text.nfkc().filter(|c| !c.is_whitespace()).collect()
}

/// Follows the text and path operators of a content stream.
fn drawn(content: &[u8], tables: &BTreeMap<Vec<u8>, Glyphs>) -> Page {
    let mut text = String::new();
    let mut paths = Paths::default();
    let mut font: Option<&Glyphs> = None;
    let mut operands: Vec<Object> = Vec::new();
    for token in Tokens::new(content) {
        match token {
            Ok(operand) => operands.push(operand),
            Err(operator) => {
                match operator.as_slice() {
                    b"Tf" => {
                        font = match operands.first() {
                            Some(Object::Name(name)) => tables.get(name),
                            _ => None,
                        };
                    }
                    b"Tj" | b"TJ" | b"'" | b"\"" => show(&operands, font, &mut text),
                    other => paths.follow(other, &operands),
                }
                operands.clear();
            }
        }
    }
    Page {
        text,
        codes: paths.codes(),
    }
}

fn show(operands: &[Object], font: Option<&Glyphs>, out: &mut String) {
    for operand in operands {
        match operand {
            Object::Text(text) => {
                for pair in text.bytes.chunks_exact(2) {
                    let glyph = pair
                        .iter()
                        .fold(0_u16, |value, byte| value << 8 | u16::from(*byte));
                    out.push_str(
                        font.and_then(|f| f.get(&glyph))
                            .map_or("\u{fffd}", String::as_str),
                    );
                }
            }
            Object::Array(items) => show(items, font, out),
            _ => {}
        }
    }
}

/// The `bfchar` and `bfrange` entries of a ToUnicode table (ISO 32000-2, 9.10.3).
fn glyphs(table: &[u8]) -> Glyphs {
    let mut glyphs = Glyphs::new();
    let mut operands: Vec<Object> = Vec::new();
    let number = |object: &Object| match object {
        Object::Text(text) if text.bytes.len() == 2 => text
            .bytes
            .iter()
            .fold(0_u16, |v, b| v << 8 | u16::from(*b))
            .into(),
        _ => None,
    };
    for token in Tokens::new(table) {
        match token {
            Ok(operand) => operands.push(operand),
            Err(operator) => {
                if operator == b"endbfchar" {
                    for pair in operands.chunks_exact(2) {
                        if let [glyph, Object::Text(text)] = pair
                            && let Some(glyph) = number(glyph)
                        {
                            glyphs.insert(glyph, utf16(&text.bytes, 0));
                        }
                    }
                } else if operator == b"endbfrange" {
                    for triple in operands.chunks_exact(3) {
                        if let [first, last, Object::Text(text)] = triple
                            && let (Some(first), Some(last)) = (number(first), number(last))
                        {
                            for glyph in first..=last {
                                glyphs.insert(glyph, utf16(&text.bytes, glyph - first));
                            }
                        }
                    }
                }
                operands.clear();
            }
        }
    }
    glyphs
}

/// UTF-16BE, its last unit raised by `offset`.
fn utf16(bytes: &[u8], offset: u16) -> String {
    let mut units: Vec<u16> = bytes
        .chunks_exact(2)
        .map(|pair| {
            pair.iter()
                .fold(0_u16, |value, byte| value << 8 | u16::from(*byte))
        })
        .collect();
    if let Some(last) = units.last_mut() {
        *last = last.wrapping_add(offset);
    }
    String::from_utf16_lossy(&units)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn glyphs_become_text_through_the_font_in_force() {
        let table = b"/CIDInit /ProcSet findresource begin\n2 beginbfchar\n<0001> <5F20>\n<0002> <D842DFB7>\nendbfchar\n\
            1 beginbfrange\n<0010> <0012> <0041>\nendbfrange\n";
        let tables = BTreeMap::from([(b"F0".to_vec(), glyphs(table))]);
        let content = b"q\n/F0 12 Tf\nBT\n[(\\000\\001)-120(\\000\\002)] TJ\n<00100012> Tj\nET\nQ\n/F9 1 Tf\n<0001> Tj";
        assert_eq!(drawn(content, &tables).text, "张𠮷AC\u{fffd}");
    }
}
