//! The one text of a flat JSON object whose values are all strings: RFC 8785 without its hard parts.
//!
//! Numbers, `true`, `null`, arrays and nesting have no place here, so nothing can round, be ambiguous or be ordered twice:
//! keys are ASCII (byte order is UTF-16 order), strings are written with the seven short escapes and `\u00xx`.
//! [`read`] refuses whatever [`write()`] would not have written.

use std::{collections::BTreeMap, fmt::Write as _};

/// Key to value, in the order of the text.
pub type Strings = BTreeMap<String, String>;

/// The text is not the one text of its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotCanonical {
    /// Not a JSON object with string values only.
    #[error("not a flat JSON object of strings")]
    NotStrings,
    /// The same content is written otherwise: order, escapes, spaces, a double key, a byte order mark.
    #[error("the same content is written in another way than the one valid way")]
    OtherText,
}

/// The one text: keys sorted, no spaces, no trailing newline.
pub fn write<'a>(strings: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let sorted: BTreeMap<&str, &str> = strings.into_iter().collect();
    let mut text = String::from("{");
    for (i, (key, value)) in sorted.into_iter().enumerate() {
        if i > 0 {
            text.push(',');
        }
        quote(key, &mut text);
        text.push(':');
        quote(value, &mut text);
    }
    text.push('}');
    text
}

/// Reads the one text.
pub fn read(bytes: &[u8]) -> Result<Strings, NotCanonical> {
    let strings: Strings = serde_json::from_slice(bytes).map_err(|_| NotCanonical::NotStrings)?;
    let again = write(strings.iter().map(|(k, v)| (k.as_str(), v.as_str())));
    if again.as_bytes() == bytes {
        Ok(strings)
    } else {
        Err(NotCanonical::OtherText)
    }
}

/// RFC 8785, 3.2.2.2.
fn quote(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            c if c < ' ' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorted_without_spaces_and_back() {
        let text = write([("b", "二\"\n"), ("a", "𠮷\u{1}"), ("at", "")]);
        assert_eq!(
            text,
            "{\"a\":\"𠮷\\u0001\",\"at\":\"\",\"b\":\"二\\\"\\n\"}"
        );
        assert_eq!(read(text.as_bytes()).unwrap().get("b").unwrap(), "二\"\n");
    }

    #[test]
    fn d2_d3_only_one_text_is_read() {
        for text in [
            r#"{"a":1}"#,
            r#"{"a":9007199254740993}"#,
            r#"{"a":1.0}"#,
            r#"{"a":null}"#,
            r#"{"a":true}"#,
            r#"{"a":["b"]}"#,
            r#"{"a":{"b":"c"}}"#,
            r#"["a"]"#,
            "",
        ] {
            assert_eq!(
                read(text.as_bytes()),
                Err(NotCanonical::NotStrings),
                "{text}"
            );
        }
        for text in [
            r#"{"b":"1","a":"2"}"#,
            r#"{"a":"1","a":"1"}"#,
            r#"{"a":"1","a":"2"}"#,
            r#"{ "a":"1"}"#,
            "{\"a\":\"1\"}\n",
            r#"{"a":"\u0041"}"#,
            r#"{"a":"\/"}"#,
        ] {
            assert_eq!(
                read(text.as_bytes()),
                Err(NotCanonical::OtherText),
                "{text}"
            );
        }
        assert!(read(b"\xef\xbb\xbf{\"a\":\"1\"}").is_err());
        assert!(read(b"{\"a\":\"\xff\"}").is_err());
        assert!(read(br#"{"a":"1"}"#).is_ok());
    }
}
