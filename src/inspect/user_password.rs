//! Whether the empty string is the user password of an AES-256 file (ISO 32000-2, 7.6.4.4.10, algorithm 2.B).
//!
//! Only this one question is answered, because the PDF library takes an empty owner password for an answer too.

use aes::Aes128;
use cbc::cipher::{BlockModeEncrypt as _, KeyIvInit as _, block_padding::NoPadding};
use hayro_syntax::object::{Dict, String as PdfString};
use sha2::{Digest as _, Sha256, Sha384, Sha512};

/// `None` for encryption other than AES-256, and for a damaged dictionary.
pub(crate) fn empty_is_right(encrypt: &Dict<'_>) -> Option<bool> {
    if encrypt.get::<u32>("V")? != 5 {
        return None;
    }
    let user = encrypt.get::<PdfString<'_>>("U")?;
    let (hash, salt) = (user.get(..32)?, user.get(32..40)?);
    let computed = match encrypt.get::<u32>("R")? {
        5 => Sha256::digest(salt).to_vec(),
        6 => hardened(salt)?,
        _ => return None,
    };
    Some(computed == hash)
}

/// Algorithm 2.B for the empty password.
fn hardened(salt: &[u8]) -> Option<Vec<u8>> {
    let mut key = Sha256::digest(salt).to_vec();
    let mut round = 0_usize;
    loop {
        let mut block = key.repeat(64);
        let len = block.len();
        let cipher =
            cbc::Encryptor::<Aes128>::new_from_slices(key.get(..16)?, key.get(16..32)?).ok()?;
        cipher.encrypt_padded::<NoPadding>(&mut block, len).ok()?;
        let rest: u32 = block.iter().take(16).map(|b| u32::from(*b)).sum::<u32>() % 3;
        key = match rest {
            0 => Sha256::digest(&block).to_vec(),
            1 => Sha384::digest(&block).to_vec(),
            _ => Sha512::digest(&block).to_vec(),
        };
        round += 1;
        let last = usize::from(*block.last()?);
        if round >= 64 && last + 32 <= round {
            key.truncate(32);
            return Some(key);
        }
    }
}
