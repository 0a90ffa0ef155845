//! Ids of rows: random, short, safe in paths and addresses.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Sixteen signs of Crockford's alphabet in lower case, 80 random bits. Knowing one opens nothing.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Id(String);

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const LENGTH: usize = 16;

impl Id {
    /// A new one.
    pub fn random() -> Id {
        let bytes: [u8; LENGTH] = rand::random();
        Id(bytes.iter().map(|byte| sign(*byte)).collect())
    }
    /// The one that follows from a digest.
    pub fn of(digest: crate::digest::Digest) -> Id {
        let bytes = digest.as_bytes().iter().take(LENGTH);
        Id(bytes.map(|byte| sign(*byte)).collect())
    }
    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The low five bits of a byte as a sign.
fn sign(byte: u8) -> char {
    let index = usize::from(byte % 32);
    ALPHABET.get(index).map_or('0', |sign| char::from(*sign))
}

/// The text is not an id.
#[derive(Debug, thiserror::Error)]
#[error("an id is 16 letters and digits")]
pub struct NotAnId;

impl FromStr for Id {
    type Err = NotAnId;
    fn from_str(text: &str) -> Result<Id, NotAnId> {
        let fits = text.len() == LENGTH && text.bytes().all(|byte| ALPHABET.contains(&byte));
        fits.then(|| Id(text.to_owned())).ok_or(NotAnId)
    }
}

impl TryFrom<String> for Id {
    type Error = NotAnId;
    fn try_from(text: String) -> Result<Id, NotAnId> {
        text.parse()
    }
}

impl From<Id> for String {
    fn from(id: Id) -> String {
        id.0
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_and_nothing_else_does() {
        let id = Id::random();
        assert_eq!(id.as_str().parse::<Id>().unwrap(), id);
        for text in [
            "",
            "../../etc/passwd",
            "0123456789ABCDEF",
            "0123456789abcdeu",
        ] {
            assert!(text.parse::<Id>().is_err(), "{text}");
        }
    }
}
