//! Bytes sealed at rest with a key file: XChaCha20-Poly1305, piece by piece, so that a volume of any size takes little memory.
//!
//! `JZSEAL1\n`, 16 random bytes, then pieces of 64 KiB, each with its tag. The nonce of a piece is the random bytes and its number, with
//! the highest bit for the last: no piece can be left out, put elsewhere or taken from another file. What the bytes are named by
//! (SHA-256 of the plain bytes) is bound in. Names, and so which two files are equal, stay visible to whoever reads the folder.

use std::{
    fs::File,
    io::{self, Read, Seek as _, Write},
    os::unix::fs::PermissionsExt as _,
    path::Path,
};

use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};
use data_encoding::HEXLOWER_PERMISSIVE;

use super::StoreError;
use crate::digest::Digest;

/// What sealed bytes begin with.
pub(super) const MAGIC: &[u8; 8] = b"JZSEAL1\n";
/// Plain bytes of a piece.
const PIECE: usize = 1 << 16;
/// Bytes of a piece's tag.
const TAG: usize = 16;
const LAST: u64 = 1 << 63;

/// The key that blobs are sealed with.
pub(super) struct BlobKey(XChaCha20Poly1305);

impl std::fmt::Debug for BlobKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BlobKey(…)")
    }
}

impl BlobKey {
    /// Reads a key file: 64 hex digits, readable by its owner only.
    pub(super) fn read(path: &Path) -> Result<BlobKey, StoreError> {
        let wrong = |why| StoreError::BlobKey {
            path: path.to_owned(),
            why,
        };
        let mut file = File::open(path).map_err(|_| wrong("cannot be read"))?;
        let mode = file.metadata()?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(wrong(
                "may be read by others: only its owner may (chmod 600)",
            ));
        }
        let mut text = String::new();
        file.read_to_string(&mut text)
            .map_err(|_| wrong("is not 64 hex digits"))?;
        let bytes = HEXLOWER_PERMISSIVE.decode(text.trim().as_bytes()).ok();
        let bytes: Option<[u8; 32]> = bytes.and_then(|bytes| bytes.try_into().ok());
        let bytes = bytes.ok_or_else(|| wrong("is not 64 hex digits"))?;
        Ok(BlobKey(XChaCha20Poly1305::new(&bytes.into())))
    }

    /// Seals all of `from`; gives the number of sealed bytes.
    pub(super) fn seal(
        &self,
        name: Digest,
        mut from: impl Read,
        to: &mut impl Write,
    ) -> Result<u64, StoreError> {
        let prefix: [u8; 16] = rand::random();
        to.write_all(MAGIC)?;
        to.write_all(&prefix)?;
        let mut written = (MAGIC.len() + prefix.len()) as u64;
        let mut number = 0;
        let mut piece = read_piece(&mut from, PIECE)?;
        loop {
            let next = read_piece(&mut from, PIECE)?;
            let last = next.is_empty();
            let payload = Payload {
                msg: &piece,
                aad: name.as_bytes(),
            };
            let sealed = self.0.encrypt(&nonce(prefix, number, last), payload);
            // Refused only for more bytes than a piece can have.
            let sealed = sealed.map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
            to.write_all(&sealed)?;
            written += sealed.len() as u64;
            if last {
                return Ok(written);
            }
            piece = next;
            number += 1;
        }
    }

    /// Opens what was sealed under this name; an error when it is not all of it, not in its order, or of another key.
    pub(super) fn unseal(
        &self,
        name: Digest,
        mut from: impl Read,
        to: &mut impl Write,
    ) -> Result<(), StoreError> {
        let altered = || StoreError::BlobAltered { sha256: name };
        let mut head = [0; MAGIC.len() + 16];
        from.read_exact(&mut head).map_err(|_| altered())?;
        let prefix = head.last_chunk::<16>().copied().ok_or_else(altered)?;
        let mut number = 0;
        let mut piece = read_piece(&mut from, PIECE + TAG)?;
        loop {
            let next = read_piece(&mut from, PIECE + TAG)?;
            let last = next.is_empty();
            let payload = Payload {
                msg: &piece,
                aad: name.as_bytes(),
            };
            let plain = self.0.decrypt(&nonce(prefix, number, last), payload);
            to.write_all(&plain.map_err(|_| altered())?)?;
            if last {
                return Ok(());
            }
            piece = next;
            number += 1;
        }
    }
}

/// Whether these bytes are sealed; the file is at its beginning again.
pub(super) fn is_sealed(file: &mut File) -> io::Result<bool> {
    let mut head = Vec::new();
    (&mut *file)
        .take(MAGIC.len() as u64)
        .read_to_end(&mut head)?;
    file.rewind()?;
    Ok(head == MAGIC)
}

fn nonce(prefix: [u8; 16], number: u64, last: bool) -> XNonce {
    let number = number | if last { LAST } else { 0 };
    let mut nonce = [0; 24];
    let (start, end) = nonce.split_at_mut(16);
    start.copy_from_slice(&prefix);
    end.copy_from_slice(&number.to_be_bytes());
    nonce.into()
}

fn read_piece(from: &mut impl Read, size: usize) -> io::Result<Vec<u8>> {
    let mut piece = Vec::with_capacity(size);
    from.take(size as u64).read_to_end(&mut piece)?;
    Ok(piece)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> BlobKey {
        BlobKey(XChaCha20Poly1305::new(&[byte; 32].into()))
    }

    fn sealed(bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        let written = key(1).seal(Digest::of(bytes), bytes, &mut out).unwrap();
        assert_eq!(written, out.len() as u64);
        out
    }

    #[test]
    fn what_was_sealed_opens_with_its_key_and_name_only() {
        for size in [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 3 * PIECE + 5] {
            let bytes: Vec<u8> = (0..size).map(|n| (n % 251) as u8).collect();
            let name = Digest::of(&bytes);
            let shut = sealed(&bytes);
            let mut out = Vec::new();
            key(1).unseal(name, shut.as_slice(), &mut out).unwrap();
            assert!(out == bytes, "{size}");
            for wrong in [
                key(2).unseal(name, shut.as_slice(), &mut Vec::new()),
                key(1).unseal(Digest::of(b"other"), shut.as_slice(), &mut Vec::new()),
            ] {
                assert!(
                    matches!(wrong, Err(StoreError::BlobAltered { .. })),
                    "{size}"
                );
            }
        }
    }

    #[test]
    fn a_piece_left_out_moved_or_changed_is_seen() {
        let bytes = vec![7; 3 * PIECE];
        let name = Digest::of(&bytes);
        let shut = sealed(&bytes);
        let (head, piece) = (24, PIECE + TAG);
        let mut cut = shut.clone();
        cut.truncate(head + 2 * piece);
        let mut moved = shut.clone();
        let (first, second) = moved[head..head + 2 * piece].split_at_mut(piece);
        first.swap_with_slice(second);
        let mut changed = shut.clone();
        changed[head + piece + 9] ^= 1;
        let mut longer = shut.clone();
        longer.push(0);
        for wrong in [cut, moved, changed, longer, shut[..10].to_vec()] {
            let opened = key(1).unseal(name, wrong.as_slice(), &mut Vec::new());
            assert!(matches!(opened, Err(StoreError::BlobAltered { .. })));
        }
    }

    #[test]
    fn a_key_file_that_others_may_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("blob.key");
        crate::digest::write_atomically(&path, "ab".repeat(32).as_bytes()).unwrap();
        let set = |mode| std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode));
        set(0o644).unwrap();
        let error = BlobKey::read(&path).unwrap_err();
        assert!(error.to_string().contains("chmod 600"), "{error}");
        set(0o600).unwrap();
        BlobKey::read(&path).unwrap();
        crate::digest::write_atomically(&path, b"ab").unwrap();
        set(0o600).unwrap();
        assert!(BlobKey::read(&path).is_err());
    }
}
