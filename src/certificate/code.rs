//! The face code: 20 signs in four groups that stand on the certificate and in its QR, like `7K3Q9-M2XDA-…`.
//!
//! 95 bits and a check sign. It is read from what people type; making it from claims is `super::commitment` and, a second time
//! and on its own, `verify`.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

use super::check_sign::{CROCKFORD, check_sign, holds};

/// Signs of a code, check sign included.
pub const SIGNS: usize = 20;

/// A face code whose check sign holds. `Debug` shows the first group only: a code opens a certificate.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FaceCode(String);

/// What was typed is not a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotACode {
    /// Another number of signs.
    #[error("a check code has {SIGNS} signs")]
    Length,
    /// A sign that no code has.
    #[error("a check code has digits and letters only")]
    Sign,
    /// The check sign does not hold: something is mistyped.
    #[error("the check sign does not fit: one sign or more is mistyped")]
    CheckSign,
}

impl FaceCode {
    /// The code of the first 95 bits of a MAC, most significant first.
    pub fn from_mac(mac: &[u8; 32]) -> FaceCode {
        let mut text = String::with_capacity(SIGNS);
        for sign in 0..SIGNS - 1 {
            let value = (0..5).fold(0_usize, |value, bit| {
                let at = sign * 5 + bit;
                let byte = mac.get(at / 8).copied().unwrap_or_default();
                value * 2 + usize::from(byte >> (7 - at % 8) & 1)
            });
            text.extend(CROCKFORD.get(value).map(|sign| char::from(*sign)));
        }
        text.extend(check_sign(&text, CROCKFORD));
        FaceCode(text)
    }
    /// Twenty signs without separators, as in the URL.
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// Four groups of five, as on the face.
    pub fn grouped(&self) -> String {
        let signs: Vec<char> = self.0.chars().collect();
        let groups: Vec<String> = signs
            .chunks(5)
            .map(|group| group.iter().collect())
            .collect();
        groups.join("-")
    }
}

impl FromStr for FaceCode {
    type Err = NotACode;
    /// Takes lower case, full width forms, blanks and dashes of any kind, and O for 0, I and L for 1.
    fn from_str(typed: &str) -> Result<FaceCode, NotACode> {
        let mut text = String::with_capacity(SIGNS);
        // ASCII is its own compatible form already.
        let plain = |c: char| c.is_ascii().then_some(c);
        let other = |c: char| (!c.is_ascii()).then(|| std::iter::once(c).nfkc());
        for c in typed
            .chars()
            .take(200)
            .flat_map(|c| plain(c).into_iter().chain(other(c).into_iter().flatten()))
        {
            match c.to_ascii_uppercase() {
                c if c.is_whitespace() => {}
                '-'
                | '_'
                | '.'
                | '·'
                | '\u{2010}'..='\u{2015}'
                | '\u{2212}'
                | 'ー'
                | '\u{200b}'
                | '\u{feff}' => {}
                'O' => text.push('0'),
                'I' | 'L' => text.push('1'),
                c if u8::try_from(c).is_ok_and(|b| CROCKFORD.contains(&b)) => text.push(c),
                _ => return Err(NotACode::Sign),
            }
        }
        match text.len() {
            SIGNS if holds(&text, CROCKFORD) => Ok(FaceCode(text)),
            SIGNS => Err(NotACode::CheckSign),
            _ => Err(NotACode::Length),
        }
    }
}

impl fmt::Display for FaceCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.grouped())
    }
}

impl fmt::Debug for FaceCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FaceCode({}…)", self.0.get(..5).unwrap_or_default())
    }
}

impl TryFrom<String> for FaceCode {
    type Error = NotACode;
    fn try_from(text: String) -> Result<FaceCode, NotACode> {
        text.parse()
    }
}

impl From<FaceCode> for String {
    fn from(code: FaceCode) -> String {
        code.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code() -> FaceCode {
        let mut mac = [0_u8; 32];
        for (i, byte) in mac.iter_mut().enumerate() {
            *byte = (i * 37 + 11) as u8;
        }
        FaceCode::from_mac(&mac)
    }

    #[test]
    fn ninety_five_bits_and_a_check_sign() {
        let code = code();
        assert_eq!(code.as_str().len(), 20);
        assert_eq!(code.grouped().len(), 23);
        assert_eq!(code.grouped().parse::<FaceCode>().unwrap(), code);
        // Bit 96 and later do not matter.
        let mut mac = [0xff_u8; 32];
        let one = FaceCode::from_mac(&mac);
        mac[11] = 0xfe;
        assert_eq!(FaceCode::from_mac(&mac), one);
        mac[11] = 0xfd;
        assert_ne!(FaceCode::from_mac(&mac), one);
    }

    #[test]
    fn d9_what_people_type_is_understood() {
        let code = code();
        let lower = code.grouped().to_lowercase();
        let wide: String = code
            .as_str()
            .chars()
            .map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap())
            .collect();
        let spaced: String = code
            .as_str()
            .chars()
            .flat_map(|c| [c, '\u{3000}'])
            .collect();
        let dashes = code.grouped().replace('-', " — ");
        let confused = code.grouped().replace('0', "O").replace('1', "l");
        for typed in [lower, wide, spaced, dashes, confused] {
            assert_eq!(typed.parse::<FaceCode>().as_ref(), Ok(&code), "{typed}");
        }
        assert_eq!("".parse::<FaceCode>(), Err(NotACode::Length));
        assert_eq!("7K3Q".parse::<FaceCode>(), Err(NotACode::Length));
        assert_eq!("七K3Q".parse::<FaceCode>(), Err(NotACode::Sign));
        assert_eq!("U".repeat(20).parse::<FaceCode>(), Err(NotACode::Sign));
    }

    #[test]
    fn d9_one_wrong_sign_is_caught() {
        let code = code();
        for at in 0..SIGNS {
            for wrong in CROCKFORD {
                let mut bytes = code.as_str().as_bytes().to_vec();
                if bytes[at] != *wrong {
                    bytes[at] = *wrong;
                    let typed = String::from_utf8(bytes).unwrap();
                    assert_eq!(typed.parse::<FaceCode>(), Err(NotACode::CheckSign));
                }
            }
        }
    }

    #[test]
    fn debug_does_not_give_the_code_away() {
        assert!(!format!("{:?}", code()).contains(code().as_str()));
    }
}
