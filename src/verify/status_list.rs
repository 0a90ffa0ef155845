//! A status list that a verifier holds: who signed it, how old it is, what it says of a leaf.

use jiff::{Timestamp, ToSpan as _};

use super::{proof::NoteKey, wrong::Wrong};
use crate::digest::Digest;

/// Largest list when decoded: two bits each for 64 million leaves.
const DECODED_BYTES: usize = 16 * 1024 * 1024;

/// A list whose signature holds.
#[derive(Clone, Debug)]
pub struct HeldStatusList {
    size: u64,
    /// When it was made.
    pub at: Timestamp,
    bits: Vec<u8>,
}

/// What a list says of one leaf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListedStatus {
    /// In force.
    InForce,
    /// Superseded.
    Superseded,
    /// Revoked.
    Revoked,
    /// Issued after the list was made.
    Newer,
}

impl HeldStatusList {
    /// Opens a note and its list file.
    pub fn open(note: &str, file: &[u8], key: &NoteKey) -> Result<HeldStatusList, Wrong> {
        let wrong = |en: &str| Wrong::new("status_list", "状态清单不成立", en);
        let text = key
            .open(note)
            .ok_or_else(|| wrong("the status list is not signed by the given key"))?;
        let lines: Vec<&str> = text.lines().collect();
        let [name, size, at, sha256, length] = lines.as_slice() else {
            return Err(wrong("the status list has other lines"));
        };
        if *name != key.name() {
            return Err(wrong("the status list is of another log"));
        }
        let fits = sha256
            .parse::<Digest>()
            .is_ok_and(|d| d == Digest::of(file))
            && length.parse() == Ok(file.len());
        if !fits {
            return Err(wrong("the file is another one than the status list says"));
        }
        let (Ok(size), Ok(at)) = (size.parse::<u64>(), at.parse::<Timestamp>()) else {
            return Err(wrong("the status list says no size or no time"));
        };
        let deflated = file
            .get(10..file.len().saturating_sub(8))
            .filter(|_| file.starts_with(&[0x1f, 0x8b, 8, 0]));
        let bits = deflated.and_then(|d| {
            miniz_oxide::inflate::decompress_to_vec_with_limit(d, DECODED_BYTES).ok()
        });
        let bits = bits
            .filter(|bits| bits.len() as u64 == size.div_ceil(4))
            .ok_or_else(|| wrong("the list has another length"))?;
        Ok(HeldStatusList { size, at, bits })
    }
    /// What it says of a leaf.
    pub fn of(&self, leaf: u64) -> ListedStatus {
        if leaf >= self.size {
            return ListedStatus::Newer;
        }
        let byte = usize::try_from(leaf / 4)
            .ok()
            .and_then(|at| self.bits.get(at))
            .copied()
            .unwrap_or(0xff);
        match byte >> (6 - 2 * (leaf % 4)) & 3 {
            0 => ListedStatus::InForce,
            1 => ListedStatus::Superseded,
            _ => ListedStatus::Revoked,
        }
    }
    /// Whether it is older than a day.
    pub fn is_stale(&self, now: Timestamp) -> bool {
        now > self.at.checked_add(24.hours()).unwrap_or(Timestamp::MAX)
    }
    /// Whether it is from the future: some minutes are a matter of clocks.
    pub fn is_later_than(&self, now: Timestamp) -> bool {
        now < self.at.checked_sub(5.minutes()).unwrap_or(Timestamp::MIN)
    }
}
