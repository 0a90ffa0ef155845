//! Check signs of ISO 7064: one sign that catches every single wrong sign and nearly all swaps.
//!
//! The hybrid system MOD (m+1, m): with the 36 signs `0-9A-Z` it is MOD 37,36 (电子证照 identifiers, certificate numbers);
//! with the 32 signs of Crockford's alphabet it is the same arithmetic with m = 32 (face codes), because a check sign `O` or `I`
//! could not be told from the `0` or `1` that people type for it.

/// The 36 signs of MOD 37,36.
pub const ALPHANUMERIC: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
/// Crockford's 32 signs: no I, L, O, U.
pub const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The check sign of `text` over `alphabet`; nothing if a sign is foreign to it.
pub fn check_sign(text: &str, alphabet: &[u8]) -> Option<char> {
    let m = alphabet.len();
    let mut p = m;
    for sign in text.bytes() {
        let value = alphabet.iter().position(|a| *a == sign)?;
        let s = (p + value) % m;
        p = (if s == 0 { m } else { s }) * 2 % (m + 1);
    }
    alphabet.get((m + 1 - p) % m).map(|a| char::from(*a))
}

/// Whether the last sign of `text` is the check sign of those before it.
pub fn holds(text: &str, alphabet: &[u8]) -> bool {
    let mut signs = text.chars();
    match signs.next_back() {
        Some(last) => {
            !signs.as_str().is_empty() && check_sign(signs.as_str(), alphabet) == Some(last)
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_answers() {
        // ISO 7064, 8.3 shows MOD 11,10 with 0794 → 5; the arithmetic is the same for every m.
        assert_eq!(check_sign("0794", b"0123456789"), Some('5'));
        // Unified example of the GRid standard, MOD 37,36: A1-2425G-ABC1234002-M.
        assert_eq!(check_sign("A12425GABC1234002", ALPHANUMERIC), Some('M'));
        assert!(holds("A12425GABC1234002M", ALPHANUMERIC));
        assert!(!holds("M", ALPHANUMERIC) && !holds("", ALPHANUMERIC));
        assert_eq!(check_sign("I", CROCKFORD), None);
    }

    #[test]
    fn every_single_wrong_sign_is_caught() {
        for alphabet in [ALPHANUMERIC.as_slice(), CROCKFORD.as_slice()] {
            let text = "7Z0K9QW3";
            let mut full = text.to_owned();
            full.push(check_sign(text, alphabet).unwrap());
            for at in 0..full.len() {
                for wrong in alphabet {
                    let mut bytes = full.clone().into_bytes();
                    if bytes[at] != *wrong {
                        bytes[at] = *wrong;
                        assert!(!holds(std::str::from_utf8(&bytes).unwrap(), alphabet));
                    }
                }
            }
        }
    }
}
