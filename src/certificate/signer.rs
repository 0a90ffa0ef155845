//! What signs certificates: a key in a file, or one in a token that never gives it out.

use p256::ecdsa::{Signature, SigningKey, VerifyingKey, signature::Signer as _};

use super::{error::KeyError, token::Token};

/// The signer's key.
pub(super) enum Signer {
    /// Read from a file.
    File(SigningKey),
    /// In a PKCS#11 token.
    Token(Box<Token>),
}

impl Signer {
    /// Its public half.
    pub(super) fn public(&self) -> &VerifyingKey {
        match self {
            Signer::File(key) => key.verifying_key(),
            Signer::Token(token) => token.public(),
        }
    }
    /// An ECDSA signature with SHA-256. A key in a file gives the same one for the same bytes (RFC 6979); a token draws a number for
    /// each.
    pub(super) fn sign(&self, message: &[u8]) -> Result<Signature, KeyError> {
        match self {
            Signer::File(key) => Ok(key.sign(message)),
            Signer::Token(token) => token.sign(message),
        }
    }
}

impl From<SigningKey> for Signer {
    fn from(key: SigningKey) -> Signer {
        Signer::File(key)
    }
}
