//! PDF tokens as bytes: names, strings, numbers, references (ISO 32000-2, 7.3). Knows nothing of files.

use super::output::Ref;

/// `/Name`, with everything that is not a regular character written as `#xx`.
pub(super) fn name(out: &mut Vec<u8>, name: &[u8]) {
    out.push(b'/');
    for &byte in name {
        let plain = byte.is_ascii_graphic() && !b"()<>[]{}/%#".contains(&byte);
        if plain {
            out.push(byte);
        } else {
            out.push(b'#');
            hex_digits(out, byte);
        }
    }
}

/// A string of bytes, as they are.
pub(super) fn byte_string(out: &mut Vec<u8>, bytes: &[u8]) {
    out.push(b'(');
    for &byte in bytes {
        match byte {
            b'(' | b')' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\n' => out.extend_from_slice(b"\\n"),
            _ => out.push(byte),
        }
    }
    out.push(b')');
}

/// A text string (7.9.2.2): plain when it is ASCII, else UTF-16BE with its mark.
pub(super) fn text_string(out: &mut Vec<u8>, text: &str) {
    if text.bytes().all(|b| (0x20..0x7f).contains(&b)) {
        return byte_string(out, text.as_bytes());
    }
    out.extend_from_slice(b"<FEFF");
    for unit in text.encode_utf16() {
        for byte in unit.to_be_bytes() {
            hex_digits(out, byte);
        }
    }
    out.push(b'>');
}

/// A number without exponent; whole numbers without a point.
pub(super) fn number(out: &mut Vec<u8>, value: f64) {
    use std::io::Write as _;
    const WHOLE: f64 = 9e15;
    let value = if value.is_finite() && value.abs() > 1e-12 {
        value
    } else {
        0.0
    };
    // Writing to a `Vec` cannot fail.
    let _ = if value.fract() == 0.0 && value.abs() < WHOLE {
        write!(out, "{}", value as i64)
    } else if value.fract() == 0.0 {
        // With a point, readers take it for a real number, which may be as large as it likes.
        write!(out, "{value}.0")
    } else {
        write!(out, "{value}")
    };
}

/// A number rounded to 1/10000, for coordinates of ours.
pub(super) fn coordinate(out: &mut Vec<u8>, value: f64) {
    number(out, (value * 10_000.0).round() / 10_000.0);
}

/// `12 0 R`
pub(super) fn reference(out: &mut Vec<u8>, to: Ref) {
    use std::io::Write as _;
    let _ = write!(out, "{} 0 R", to.number());
}

fn hex_digits(out: &mut Vec<u8>, byte: u8) {
    out.extend_from_slice(data_encoding::HEXUPPER.encode(&[byte]).as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(write: impl Fn(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn tokens_can_be_read_back() {
        assert_eq!(text(|o| name(o, b"A B#(")), "/A#20B#23#28");
        assert_eq!(text(|o| byte_string(o, b"a(b)\\\n")), "(a\\(b\\)\\\\\\n)");
        assert_eq!(text(|o| text_string(o, "目录")), "<FEFF76EE5F55>");
        assert_eq!(text(|o| text_string(o, "Part 1")), "(Part 1)");
        assert_eq!(text(|o| number(o, -3.0)), "-3");
        assert_eq!(text(|o| number(o, 0.000_001)), "0.000001");
        assert_eq!(text(|o| number(o, 1e-40)), "0");
    }
}
