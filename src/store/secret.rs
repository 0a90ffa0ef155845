//! Secrets that open things: shown once, kept only as a digest, compared in constant time.

use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

use super::StoreError;
use crate::digest::Digest;

/// A secret of 256 random bits. It is shown once, in the answer that makes it.
#[derive(Clone)]
pub struct Secret([u8; 32]);

impl Secret {
    /// A new one.
    pub fn random() -> Secret {
        Secret(rand::random())
    }
    /// One that `key` gives again with the same `salt`, so that a repeated request can be answered alike although
    /// the secret itself is not kept.
    pub fn derived(key: &[u8], salt: &[u8; 32]) -> Secret {
        let mut mac = Hmac::<Sha256>::new_from_slice(salt)
            .expect("HMAC takes a key of any length (RFC 2104)");
        mac.update(b"juanzong/secret/v1\0");
        mac.update(key);
        Secret(mac.finalize().into_bytes().into())
    }
    /// The secret's text, 43 signs of base64url.
    pub fn reveal(&self) -> String {
        BASE64URL_NOPAD.encode(&self.0)
    }
    /// What is kept of it.
    pub fn hash(&self) -> SecretHash {
        SecretHash::of_text(&self.reveal())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// What is kept of a secret: SHA-256 of its text. The secret has 256 random bits, so a slow hash would add nothing.
#[derive(Clone, Copy)]
pub struct SecretHash(Digest);

impl SecretHash {
    /// The hash of what somebody presents.
    pub fn of_text(text: &str) -> SecretHash {
        SecretHash(Digest::of(text.as_bytes()))
    }
    /// Compares in constant time.
    pub fn matches(&self, presented: &str) -> bool {
        let other = SecretHash::of_text(presented);
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
    pub(super) fn to_hex(self) -> String {
        self.0.to_hex()
    }
    pub(super) fn from_hex(text: &str, place: &'static str) -> Result<SecretHash, StoreError> {
        let digest = text.parse().map_err(|_| StoreError::Unreadable { place })?;
        Ok(SecretHash(digest))
    }
}

impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHash(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_opens_its_own_hash_only() {
        let secret = Secret::random();
        assert!(secret.hash().matches(&secret.reveal()));
        assert!(!secret.hash().matches(&Secret::random().reveal()));
        assert!(!secret.hash().matches(""));
        assert!(!format!("{secret:?}").contains(&secret.reveal()));
    }

    #[test]
    fn a_derived_secret_comes_again_with_the_same_key_and_salt() {
        let salt = [7; 32];
        let text = |key: &[u8], salt: &[u8; 32]| Secret::derived(key, salt).reveal();
        assert_eq!(text(b"a", &salt), text(b"a", &salt));
        assert_ne!(text(b"a", &salt), text(b"b", &salt));
        assert_ne!(text(b"a", &salt), text(b"a", &[8; 32]));
    }
}
