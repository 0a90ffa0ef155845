//! What a form field says: its value as text, and the rows of a list box.

use hayro_syntax::object::{Dict, Number, Object, Rect};
use serde::Serialize;

use super::form_field::inherited;
use crate::inspect::items;

/// Field flags (ISO 32000-2, 12.7.5.3 and 12.7.5.4).
const MULTILINE: i64 = 1 << 12;
const PASSWORD: i64 = 1 << 13;
const COMBO: i64 = 1 << 17;
/// Longest value drawn, in characters, and most rows of a list.
const MOST_CHARACTERS: usize = 8_192;
const MOST_ROWS: usize = 500;

/// What a text or choice field shows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct FieldValue {
    /// Width and height of its rectangle, in points.
    pub(super) width: f64,
    pub(super) height: f64,
    /// Size of its type.
    pub(super) size: f64,
    /// 0 left, 1 centred, 2 right.
    pub(super) quadding: u8,
    /// Whether it may have several lines.
    pub(super) lines: bool,
    /// Its text; empty for a list box.
    pub(super) text: String,
    /// The rows of a list box, from the first one seen.
    pub(super) rows: Vec<Row>,
}

/// A row of a list box.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Row {
    pub(super) text: String,
    pub(super) chosen: bool,
}

impl FieldValue {
    /// What `field` shows in `rect`; `None` for fields of other kinds, and for those that show nothing.
    pub(super) fn of(field: &Dict<'_>, rect: Rect) -> Option<FieldValue> {
        let kind = inherited(field, b"FT")?.into_name()?;
        let flags = number(inherited(field, b"Ff")).unwrap_or(0);
        let (text, rows) = match &*kind {
            b"Tx" if flags & PASSWORD == 0 => {
                (texts(inherited(field, b"V")).join("\n"), Vec::new())
            }
            b"Ch" if flags & COMBO != 0 => (chosen_text(field), Vec::new()),
            b"Ch" => (String::new(), rows(field)),
            _ => return None,
        };
        if text.trim().is_empty() && rows.is_empty() {
            return None;
        }
        Some(FieldValue {
            width: rect.width(),
            height: rect.height(),
            size: 0.0,
            quadding: number(inherited(field, b"Q")).map_or(0, |q| q.clamp(0, 2) as u8),
            lines: flags & MULTILINE != 0,
            text,
            rows,
        })
    }

    /// Whether the form's own font surely has it: ASCII at the left.
    pub(super) fn is_plain(&self) -> bool {
        let ascii = |c: char| c == '\n' || (' '..='~').contains(&c);
        let rows = self.rows.iter().flat_map(|row| row.text.chars());
        self.quadding == 0 && self.text.chars().chain(rows).all(ascii)
    }
}

fn number(object: Option<Object<'_>>) -> Option<i64> {
    object.and_then(Object::into_number).map(|n| n.as_i64())
}

/// The text of a string, or the texts of an array of them.
fn texts(object: Option<Object<'_>>) -> Vec<String> {
    match object {
        Some(Object::String(string)) => vec![decoded(&string)],
        Some(Object::Array(array)) => items(&array)
            .take(MOST_ROWS)
            .flatten()
            .filter_map(|item| match item {
                Object::String(string) => Some(decoded(&string)),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// The options: what is kept, and what is shown.
fn options(field: &Dict<'_>) -> Vec<[String; 2]> {
    let Some(Object::Array(array)) = inherited(field, b"Opt") else {
        return Vec::new();
    };
    let options = items(&array).take(MOST_ROWS).flatten();
    options
        .filter_map(|option| match option {
            Object::String(text) => Some([decoded(&text), decoded(&text)]),
            Object::Array(pair) => {
                let mut pair = texts(Some(Object::Array(pair))).into_iter();
                let kept = pair.next()?;
                let shown = pair.next().unwrap_or_else(|| kept.clone());
                Some([kept, shown])
            }
            _ => None,
        })
        .collect()
}

/// What a combo box shows: the words of the option that is kept, or what was typed.
fn chosen_text(field: &Dict<'_>) -> String {
    let value = texts(inherited(field, b"V")).join("");
    let options = options(field);
    let shown = options.into_iter().find(|[kept, _]| *kept == value);
    shown.map_or(value, |[_, shown]| shown)
}

fn rows(field: &Dict<'_>) -> Vec<Row> {
    let values = texts(inherited(field, b"V"));
    let picked: Vec<i64> = match inherited(field, b"I") {
        Some(Object::Array(array)) => array.iter::<Number>().map(|n| n.as_i64()).collect(),
        _ => Vec::new(),
    };
    let first = number(inherited(field, b"TI")).unwrap_or(0).max(0) as usize;
    let rows = options(field).into_iter().enumerate().skip(first);
    rows.map(|(i, [kept, shown])| Row {
        chosen: if values.is_empty() {
            picked.contains(&(i as i64))
        } else {
            values.contains(&kept) || values.contains(&shown)
        },
        text: shown,
    })
    .collect()
}

/// A text string with its line breaks as `\n`; the longest ones are cut.
fn decoded(bytes: &[u8]) -> String {
    let text = if let Some(rest) = bytes.strip_prefix(b"\xFE\xFF") {
        encoding_rs::UTF_16BE.decode_without_bom_handling(rest).0
    } else if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE") {
        encoding_rs::UTF_16LE.decode_without_bom_handling(rest).0
    } else if let Ok(text) =
        std::str::from_utf8(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes))
    {
        text.into()
    } else {
        // PDFDocEncoding has the Latin letters where Windows has them; bytes of neither are mostly GBK here.
        let (text, _, damaged) = encoding_rs::GBK.decode(bytes);
        if damaged {
            encoding_rs::WINDOWS_1252
                .decode_without_bom_handling(bytes)
                .0
        } else {
            text
        }
    };
    let text = text
        .replace("\r\n", "\n")
        .replace(['\r', '\u{2028}', '\u{2029}'], "\n");
    let seen = text
        .chars()
        .filter(|c| *c == '\n' || !(c.is_control() || *c == '\u{fffd}'));
    seen.take(MOST_CHARACTERS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_in_each_encoding() {
        assert_eq!(decoded(b"\xFE\xFF\x5F\x20\x4E\x09\x00\r\x00A"), "张三\nA");
        assert_eq!(decoded("张三".as_bytes()), "张三");
        assert_eq!(decoded(b"\xD5\xC5\xC8\xFD"), "张三");
        assert_eq!(decoded(b"a\r\nb\rc"), "a\nb\nc");
    }
}
