//! The name a sender gave a file: shown to people, never used as a path.

use std::fmt;

/// A file name safe to show: no folders, no control or direction signs, at most 120 signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileName(String);

const MOST_SIGNS: usize = 120;

impl FileName {
    /// What of `given` may be shown; `upload.pdf` when nothing remains.
    pub fn shown(given: &str) -> FileName {
        let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
        let shown: String = last
            .chars()
            .filter(|sign| !sign.is_control() && !turns_direction(*sign))
            .collect();
        let shown = shown.trim();
        if shown.chars().all(|sign| sign == '.') {
            return FileName("upload.pdf".to_owned());
        }
        FileName(shortened(shown))
    }
    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Keeps the ending when it has to cut.
fn shortened(name: &str) -> String {
    let count = name.chars().count();
    if count <= MOST_SIGNS {
        return name.to_owned();
    }
    let ending = name
        .rsplit_once('.')
        .map(|(_, ending)| ending)
        .filter(|ending| ending.chars().count() <= 8);
    let tail = ending.map_or("…".to_owned(), |ending| format!("….{ending}"));
    let head = MOST_SIGNS - tail.chars().count();
    name.chars().take(head).collect::<String>() + &tail
}

/// Signs that turn the writing direction can make `fdp.exe` look like `exe.pdf` (Unicode UAX #9), and signs without
/// width make two names look alike.
fn turns_direction(sign: char) -> bool {
    matches!(sign, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{061c}')
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_loses_what_could_mislead() {
        for (given, shown) in [
            ("学历证书.pdf", "学历证书.pdf"),
            ("../../etc/passwd", "passwd"),
            ("C:\\papers\\a.pdf", "a.pdf"),
            ("a\0b\r\n.pdf", "ab.pdf"),
            ("\u{202e}fdp.exe", "fdp.exe"),
            ("", "upload.pdf"),
            ("..", "upload.pdf"),
            ("a/", "upload.pdf"),
        ] {
            assert_eq!(FileName::shown(given).as_str(), shown, "{given:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_ending() {
        let long = "论".repeat(300) + ".pdf";
        let shown = FileName::shown(&long);
        assert_eq!(shown.as_str().chars().count(), MOST_SIGNS);
        assert!(shown.as_str().ends_with("….pdf"));
    }
}
