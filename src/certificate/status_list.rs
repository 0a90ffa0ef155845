//! The status list: which leaves are superseded or revoked, as one signed and dated file that verifiers fetch as a whole, so that
//! nobody learns which certificate they ask about. Every bit has a leaf, so a monitor can compute the list again from the log.
//!
//! ```text
//! <origin>/status
//! <leaves in the tree it was computed from>
//! <instant>
//! <SHA-256 of the list file, hex>
//! <length of the list file>
//!
//! — <origin>/status <base64>
//! ```
//! The list file is gzip; inside, two bits a leaf, the first leaf in the highest bits of the first byte: 0 in force, 1 superseded,
//! 2 revoked. Leaves that are no issue have 0.

use jiff::Timestamp;

use super::{claims::instant, leaf::Leaf, office::Issuer};
use crate::{
    digest::Digest,
    store::{Store, StoreError},
};

/// Leaves read at once.
const BATCH: u64 = 4096;

/// A status list, ready to be served.
#[derive(Clone, Debug)]
pub struct StatusList {
    /// The signed note.
    pub note: String,
    /// The list file.
    pub bits: Vec<u8>,
}

/// Computes and signs the list from the leaves of the log, never from the rows.
pub async fn status_list(
    issuer: &Issuer,
    store: &Store,
    at: Timestamp,
) -> Result<StatusList, StoreError> {
    let size = store.log_head().await?.map_or(0, |head| head.size);
    let mut states: Vec<u8> = Vec::new();
    while (states.len() as u64) < size {
        let first = states.len() as u64;
        let leaves = store.log_leaves(first, BATCH.min(size - first)).await?;
        if leaves.is_empty() {
            return Err(StoreError::Unreadable {
                place: "log_leaves",
            });
        }
        for text in leaves {
            let leaf = Leaf::read(text.as_bytes()).map_err(|_| StoreError::Unreadable {
                place: "log_leaves.leaf",
            })?;
            states.push(0);
            let (of, state) = match leaf {
                Leaf::Issue(issue) => (issue.of, 1),
                Leaf::Revoke { of, .. } => (Some(of), 2),
                Leaf::Reinstate { of, .. } => (Some(of), 0),
            };
            let place = of
                .and_then(|of| usize::try_from(of).ok())
                .and_then(|of| states.get_mut(of));
            if let Some(place) = place {
                *place = state;
            }
        }
    }
    let packed: Vec<u8> = states
        .chunks(4)
        .map(|four| {
            four.iter()
                .enumerate()
                .fold(0, |byte, (i, state)| byte | state << (6 - 2 * i))
        })
        .collect();
    let bits = gzip(&packed);
    let name = super::status_key_name(&issuer.office().log_origin);
    let body = format!(
        "{name}\n{size}\n{}\n{}\n{}\n",
        instant(at),
        Digest::of(&bits),
        bits.len()
    );
    Ok(StatusList {
        note: issuer.keys().status(&name).sign(&body),
        bits,
    })
}

/// RFC 1952, without name or time.
fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255];
    out.extend(miniz_oxide::deflate::compress_to_vec(bytes, 9));
    out.extend_from_slice(&crc32(bytes).to_le_bytes());
    out.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
    out
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |mut crc, byte| {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 {
                crc >> 1 ^ 0xedb8_8320
            } else {
                crc >> 1
            };
        }
        crc
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_answer_of_the_check_sum() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }
}
