//! What the encoding of a simple font says its codes are (ISO 32000-2, 9.6.5): letters and digits only, the signs
//! in which dates, numbers and names are told. A `ToUnicode` that says something else lies.

use std::collections::BTreeMap;

use hayro_syntax::object::{Array, Dict, Name, Object};

/// Letters and digits by code.
pub(super) struct SimpleNames {
    /// Codes 0x30–0x7A are those of ASCII where nothing else is said.
    ascii: bool,
    /// `Differences`: `None` for a glyph whose name says nothing.
    different: BTreeMap<u8, Option<char>>,
}

impl SimpleNames {
    /// The names of the font that `dict` describes; `None` where the program of the font decides alone.
    pub(super) fn of(dict: &Dict<'_>, kind: &str, embedded: bool) -> Option<SimpleNames> {
        if !matches!(kind, "Type1" | "MMType1" | "TrueType") {
            return None;
        }
        let descriptor = dict.get::<Dict<'_>>("FontDescriptor").unwrap_or_default();
        let flags = descriptor.get::<u32>("Flags").unwrap_or(32);
        let symbolic = flags & 4 != 0 && flags & 32 == 0;
        if symbolic && kind == "TrueType" {
            return None;
        }
        let of_latin = |name: &Name<'_>| {
            matches!(
                name.as_ref(),
                b"WinAnsiEncoding" | b"MacRomanEncoding" | b"StandardEncoding"
            )
        };
        let built_in = !embedded && !symbolic && !is_symbol_font(dict);
        match dict.get::<Object<'_>>("Encoding") {
            Some(Object::Name(name)) => of_latin(&name).then_some(SimpleNames {
                ascii: true,
                different: BTreeMap::new(),
            }),
            Some(Object::Dict(encoding)) => {
                let base = encoding.get::<Name<'_>>("BaseEncoding");
                Some(SimpleNames {
                    ascii: base.map_or(built_in, |base| of_latin(&base)),
                    different: differences(&encoding),
                })
            }
            None if built_in => Some(SimpleNames {
                ascii: true,
                different: BTreeMap::new(),
            }),
            _ => None,
        }
    }

    /// The letter or digit of a code, if the encoding names one.
    pub(super) fn character(&self, code: u32) -> Option<char> {
        let code = u8::try_from(code).ok()?;
        if let Some(named) = self.different.get(&code) {
            return *named;
        }
        let plain = char::from(code);
        (self.ascii && plain.is_ascii_alphanumeric()).then_some(plain)
    }
}

fn is_symbol_font(dict: &Dict<'_>) -> bool {
    dict.get::<Name<'_>>("BaseFont").is_some_and(|name| {
        let name = name.as_str();
        name.contains("Symbol") || name.contains("Dingbats") || name.contains("Wingdings")
    })
}

fn differences(encoding: &Dict<'_>) -> BTreeMap<u8, Option<char>> {
    let mut different = BTreeMap::new();
    let mut code = 0_i64;
    let Some(array) = encoding.get::<Array<'_>>("Differences") else {
        return different;
    };
    for item in array.iter::<Object<'_>>().take(1024) {
        match item {
            Object::Number(number) => code = number.as_i64(),
            Object::Name(name) => {
                if let Ok(code) = u8::try_from(code) {
                    different.insert(code, letter_or_digit(name.as_ref()));
                }
                code += 1;
            }
            _ => {}
        }
    }
    different
}

/// A glyph name of the Adobe Glyph List that stands for a letter or digit of ASCII.
fn letter_or_digit(name: &[u8]) -> Option<char> {
    const DIGITS: [&[u8]; 10] = [
        b"zero", b"one", b"two", b"three", b"four", b"five", b"six", b"seven", b"eight", b"nine",
    ];
    if let [letter] = name {
        return letter.is_ascii_alphabetic().then(|| char::from(*letter));
    }
    let digit = DIGITS
        .iter()
        .zip('0'..='9')
        .find(|(word, _)| **word == name);
    digit.map(|(_, digit)| digit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use hayro_syntax::object::FromBytes as _;

    fn names(font: &[u8], embedded: bool) -> Option<SimpleNames> {
        SimpleNames::of(&Dict::from_bytes(font).unwrap(), "Type1", embedded)
    }

    #[test]
    fn the_encoding_says_letters_and_digits_and_nothing_else() {
        let plain = names(b"<< /BaseFont /Helvetica >>", false).unwrap();
        assert_eq!(plain.character(0x33), Some('3'));
        assert_eq!(plain.character(0x2D), None);
        let other = names(
            b"<< /Encoding << /BaseEncoding /WinAnsiEncoding /Differences [51 /four /g12 /A] >> >>",
            true,
        )
        .unwrap();
        assert_eq!(other.character(51), Some('4'));
        assert_eq!(other.character(52), None);
        assert_eq!(other.character(53), Some('A'));
        assert_eq!(other.character(0x62), Some('b'));
    }

    #[test]
    fn where_the_program_decides_nothing_is_said() {
        assert!(names(b"<< /BaseFont /ABCDEF+Sample >>", true).is_none());
        assert!(names(b"<< /BaseFont /Symbol >>", false).is_none());
        let built_in = names(b"<< /Encoding << /Differences [65 /one] >> >>", true).unwrap();
        assert_eq!(built_in.character(66), None);
    }
}
