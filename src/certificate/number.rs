//! Certificate numbers: an office's own template with a running serial and a check sign (ISO 7064 MOD 37,36).
//!
//! `JS{year}320700{level}{method}{serial:5}{check}` gives `JS20243207003300042K`.

use std::{
    fmt::{self, Write as _},
    str::FromStr,
};

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

use super::{
    check_sign::{ALPHANUMERIC, check_sign},
    claims::{Level, Method},
};

/// A certificate number whose check sign holds: digits, capital letters and dashes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Number(String);

/// What was typed is not a certificate number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotANumber {
    /// Empty, too long, or a sign that no number has.
    #[error("a certificate number has 4 to 40 digits, capital letters and dashes")]
    Sign,
    /// The check sign does not hold.
    #[error("the check sign of the certificate number does not fit: one sign or more is mistyped")]
    CheckSign,
}

impl Number {
    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// All but the ends hidden, for people who have not shown that they hold the certificate.
    pub fn masked(&self) -> String {
        let n = self.0.len();
        let (head, tail) = (self.0.get(..2), self.0.get(n.saturating_sub(2)..));
        format!(
            "{}****{}",
            head.unwrap_or_default(),
            tail.unwrap_or_default()
        )
    }
}

impl FromStr for Number {
    type Err = NotANumber;
    fn from_str(typed: &str) -> Result<Number, NotANumber> {
        let text: String = typed
            .chars()
            .take(200)
            .filter(|c| !c.is_whitespace())
            .nfkc()
            .map(|c| c.to_ascii_uppercase())
            .collect();
        let fits = text.bytes().all(|b| b == b'-' || ALPHANUMERIC.contains(&b));
        let signs: String = text.chars().filter(|c| *c != '-').collect();
        if !fits
            || !(4..=40).contains(&text.len())
            || signs.len() < 4
            || !text.ends_with(|c| c != '-')
        {
            return Err(NotANumber::Sign);
        }
        if super::check_sign::holds(&signs, ALPHANUMERIC) {
            Ok(Number(text))
        } else {
            Err(NotANumber::CheckSign)
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Number {
    type Error = NotANumber;
    fn try_from(text: String) -> Result<Number, NotANumber> {
        text.parse()
    }
}

impl From<Number> for String {
    fn from(number: Number) -> String {
        number.0
    }
}

/// How an office writes its numbers; checked when read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct NumberTemplate {
    text: String,
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Literal(String),
    Year,
    Level,
    Method,
    Serial(usize),
}

/// The template cannot make numbers.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadTemplate {
    /// A part in braces that we do not know.
    #[error("`{{{0}}}` is not known; known are year, level, method, serial:WIDTH and check")]
    Unknown(String),
    /// A literal sign that no number has.
    #[error("`{0}` cannot stand in a certificate number: digits, capital letters and dashes can")]
    Sign(char),
    /// Not exactly one serial of 3 to 9 digits, or no check sign at the very end, or too long.
    #[error(
        "wants exactly one {{serial:3}} to {{serial:9}}, {{check}} at the end, and at most 40 signs"
    )]
    Shape,
}

impl NumberTemplate {
    /// The text it was read from.
    pub fn as_str(&self) -> &str {
        &self.text
    }
    /// What shares one running serial: this template, and the year when the number shows it.
    pub fn serial_scope(&self, year: i16) -> String {
        if self.parts.contains(&Part::Year) {
            format!("{}@{year}", self.text)
        } else {
            self.text.clone()
        }
    }
    /// The number with this serial; nothing when the serial no longer fits its width.
    pub fn number(&self, year: i16, level: Level, method: Method, serial: u64) -> Option<Number> {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Literal(literal) => text.push_str(literal),
                Part::Year => {
                    let _ = write!(text, "{year:04}");
                }
                Part::Level => text.push(level.sign()),
                Part::Method => text.push(method.sign()),
                Part::Serial(width) => {
                    let digits = format!("{serial:0width$}");
                    if digits.len() > *width {
                        return None;
                    }
                    text.push_str(&digits);
                }
            }
        }
        let signs: String = text.chars().filter(|c| *c != '-').collect();
        text.push(check_sign(&signs, ALPHANUMERIC)?);
        Some(Number(text))
    }
    /// The scope and the serial of a number that this template could have made: [`NumberTemplate::number`] read backwards.
    pub fn serial_of(&self, number: &Number) -> Option<(String, u64)> {
        let mut rest = number.as_str();
        let (mut year, mut serial) = (0, None);
        for part in &self.parts {
            let width = match part {
                Part::Literal(literal) => literal.len(),
                Part::Year => 4,
                Part::Level | Part::Method => 1,
                Part::Serial(width) => *width,
            };
            let (text, after) = rest.split_at_checked(width)?;
            rest = after;
            let digits = || text.bytes().all(|b| b.is_ascii_digit());
            match part {
                Part::Literal(literal) if literal == text => {}
                Part::Level if Level::ALL.iter().any(|l| text.starts_with(l.sign())) => {}
                Part::Method if Method::ALL.iter().any(|m| text.starts_with(m.sign())) => {}
                Part::Year if digits() => year = text.parse().ok()?,
                Part::Serial(_) if digits() => serial = Some(text.parse().ok()?),
                _ => return None,
            }
        }
        // What is left is the check sign, which a `Number` is known to have.
        (rest.len() == 1).then_some((self.serial_scope(year), serial?))
    }
    /// The template that a scope of [`NumberTemplate::serial_scope`] was made of.
    pub fn of_scope(scope: &str) -> Option<NumberTemplate> {
        let template = scope.split_once('@').map_or(scope, |(text, _)| text);
        template.parse().ok()
    }
}

impl Default for NumberTemplate {
    /// A template that shows it belongs to a sample office.
    fn default() -> NumberTemplate {
        #[expect(clippy::expect_used, reason = "a constant, tested below")]
        "JZ{year}000000{level}{method}{serial:5}{check}"
            .parse()
            .expect("the built-in template is good")
    }
}

impl FromStr for NumberTemplate {
    type Err = BadTemplate;
    fn from_str(text: &str) -> Result<NumberTemplate, BadTemplate> {
        let body = text.strip_suffix("{check}").ok_or(BadTemplate::Shape)?;
        let mut parts = Vec::new();
        let mut rest = body;
        while let Some(first) = rest.chars().next() {
            if let Some(inside) = rest.strip_prefix('{') {
                let (name, after) = inside.split_once('}').ok_or(BadTemplate::Shape)?;
                parts.push(placeholder(name)?);
                rest = after;
            } else {
                let end = rest.find('{').unwrap_or(rest.len());
                let (literal, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
                let foreign =
                    |c: &char| !c.is_ascii_digit() && !c.is_ascii_uppercase() && *c != '-';
                if let Some(sign) = literal.chars().find(foreign) {
                    return Err(BadTemplate::Sign(sign));
                }
                debug_assert!(!literal.is_empty(), "{first}");
                parts.push(Part::Literal(literal.to_owned()));
                rest = after;
            }
        }
        let serials = parts
            .iter()
            .filter(|p| matches!(p, Part::Serial(_)))
            .count();
        let template = NumberTemplate {
            text: text.to_owned(),
            parts,
        };
        let sample = template.number(2024, Level::Intermediate, Method::Review, 1);
        match sample {
            Some(number) if serials == 1 && number.as_str().parse::<Number>().is_ok() => {
                Ok(template)
            }
            _ => Err(BadTemplate::Shape),
        }
    }
}

fn placeholder(name: &str) -> Result<Part, BadTemplate> {
    match name {
        "year" => Ok(Part::Year),
        "level" => Ok(Part::Level),
        "method" => Ok(Part::Method),
        _ => match name.strip_prefix("serial:").map(str::parse::<usize>) {
            Some(Ok(width)) if (3..=9).contains(&width) => Ok(Part::Serial(width)),
            Some(_) => Err(BadTemplate::Shape),
            None => Err(BadTemplate::Unknown(name.to_owned())),
        },
    }
}

impl TryFrom<String> for NumberTemplate {
    type Error = BadTemplate;
    fn try_from(text: String) -> Result<NumberTemplate, BadTemplate> {
        text.parse()
    }
}

impl From<NumberTemplate> for String {
    fn from(template: NumberTemplate) -> String {
        template.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_made_and_read_again() {
        let template: NumberTemplate = "JS{year}320700{level}{method}{serial:5}{check}"
            .parse()
            .unwrap();
        let number = template
            .number(2024, Level::Intermediate, Method::Recognition, 42)
            .unwrap();
        assert_eq!(number.as_str().get(..19), Some("JS20243207003300042"));
        let typed = format!(" {} ", number.as_str().to_lowercase());
        assert_eq!(typed.parse::<Number>().as_ref(), Ok(&number));
        assert!(
            template
                .number(2024, Level::Intermediate, Method::Review, 100_000)
                .is_none()
        );
        assert_ne!(template.serial_scope(2024), template.serial_scope(2025));
    }

    #[test]
    fn a_number_is_read_backwards() {
        for text in [
            "JS{year}320700{level}{method}{serial:5}{check}",
            "{serial:3}-JS{check}",
            "JS-{level}{serial:9}{method}{check}",
        ] {
            let template: NumberTemplate = text.parse().unwrap();
            for (level, method, serial) in [
                (Level::Senior, Method::Review, 1),
                (Level::Junior, Method::Examination, 999),
            ] {
                let number = template.number(2024, level, method, serial).unwrap();
                let scope = template.serial_scope(2024);
                assert_eq!(template.serial_of(&number), Some((scope.clone(), serial)));
                assert_eq!(NumberTemplate::of_scope(&scope), Some(template.clone()));
                assert_eq!(NumberTemplate::default().serial_of(&number), None);
            }
        }
    }

    #[test]
    fn a_mistyped_number_is_caught() {
        let number = NumberTemplate::default()
            .number(2024, Level::Junior, Method::Initial, 7)
            .unwrap();
        let wrong = number.as_str().replacen('7', "1", 1);
        assert_eq!(wrong.parse::<Number>(), Err(NotANumber::CheckSign));
        assert_eq!("职".parse::<Number>(), Err(NotANumber::Sign));
        assert_eq!("".parse::<Number>(), Err(NotANumber::Sign));
        assert_eq!("----A".parse::<Number>(), Err(NotANumber::Sign));
    }

    #[test]
    fn a_template_that_cannot_work_is_refused() {
        for bad in [
            "",
            "{serial:5}",
            "JS{check}",
            "{serial:5}{serial:5}{check}",
            "{serial:12}{check}",
            "{serial{check}",
        ] {
            assert_eq!(
                bad.parse::<NumberTemplate>(),
                Err(BadTemplate::Shape),
                "{bad}"
            );
        }
        assert!(matches!(
            "苏{serial:5}{check}".parse::<NumberTemplate>(),
            Err(BadTemplate::Sign('苏'))
        ));
        assert!(matches!(
            "{Year}{serial:5}{check}".parse::<NumberTemplate>(),
            Err(BadTemplate::Unknown(_))
        ));
    }
}
