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

use std::collections::BTreeSet;

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
    StatusLists::default().list(issuer, store, at).await
}

/// Makes one list after the other of a log that only grows: each leaf is read once.
#[derive(Debug, Default)]
pub struct StatusLists(tokio::sync::Mutex<States>);

impl StatusLists {
    /// The list of the log as it is now.
    pub async fn list(
        &self,
        issuer: &Issuer,
        store: &Store,
        at: Timestamp,
    ) -> Result<StatusList, StoreError> {
        let size = store.log_head().await?.map_or(0, |head| head.size);
        let bits = {
            let mut states = self.0.lock().await;
            states.read_to(store, size).await?;
            gzip(&states.packed())
        };
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
}

/// What the leaves say so far, a state a leaf.
#[derive(Debug, Default)]
struct States {
    states: Vec<u8>,
    superseded: BTreeSet<u64>,
}

impl States {
    async fn read_to(&mut self, store: &Store, size: u64) -> Result<(), StoreError> {
        while (self.states.len() as u64) < size {
            let first = self.states.len() as u64;
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
                self.add(&leaf);
            }
        }
        Ok(())
    }
    fn add(&mut self, leaf: &Leaf) {
        self.states.push(0);
        let (of, state) = match leaf {
            Leaf::Issue(issue) => {
                self.superseded.extend(issue.of);
                (issue.of, 1)
            }
            Leaf::Revoke { of, .. } => (Some(*of), 2),
            Leaf::Reinstate { of, .. } => (Some(*of), u8::from(self.superseded.contains(of))),
        };
        let place = of
            .and_then(|of| usize::try_from(of).ok())
            .and_then(|of| self.states.get_mut(of));
        if let Some(place) = place {
            *place = state;
        }
    }
    fn packed(&self) -> Vec<u8> {
        let four = |four: &[u8]| {
            four.iter()
                .enumerate()
                .fold(0, |byte, (i, state)| byte | state << (6 - 2 * i))
        };
        self.states.chunks(4).map(four).collect()
    }
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
