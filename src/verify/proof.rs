//! The attached proof (C2SP tlog-proof@v1): the leaf is in the log that a given key signs, and witnesses have seen it.

use data_encoding::{BASE64, HEXLOWER};
use ed25519_dalek::{Signature, VerifyingKey};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::wrong::Wrong;
use crate::{
    certificate::Leaf,
    digest::{Digest, Hasher},
};

/// A key that signs notes, with its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct NoteKey {
    name: String,
    id: [u8; 4],
    kind: u8,
    key: VerifyingKey,
}

/// The text is not the public line of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a key line is `name+key id+base64`, with an Ed25519 key")]
pub struct NotANoteKey;

/// A log's own key.
const LOG: u8 = 0x01;
/// A witness's key (C2SP tlog-cosignature).
const WITNESS: u8 = 0x04;

impl std::str::FromStr for NoteKey {
    type Err = NotANoteKey;
    fn from_str(line: &str) -> Result<NoteKey, NotANoteKey> {
        let mut parts = line.trim().splitn(3, '+');
        let (Some(name), Some(id), Some(material)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(NotANoteKey);
        };
        let material = BASE64
            .decode(material.as_bytes())
            .map_err(|_| NotANoteKey)?;
        let (kind, public) = material.split_first().ok_or(NotANoteKey)?;
        let public: [u8; 32] = public.try_into().map_err(|_| NotANoteKey)?;
        let mut hasher = Hasher::default();
        hasher.update(name.as_bytes());
        hasher.update(b"\n");
        hasher.update(&material);
        let [a, b, c, d, ..] = *hasher.finish().as_bytes();
        let own = [a, b, c, d];
        if name.is_empty()
            || name.contains(char::is_whitespace)
            || HEXLOWER.encode(&own) != id
            || ![LOG, WITNESS].contains(kind)
        {
            return Err(NotANoteKey);
        }
        Ok(NoteKey {
            name: name.to_owned(),
            id: own,
            kind: *kind,
            key: VerifyingKey::from_bytes(&public).map_err(|_| NotANoteKey)?,
        })
    }
}

impl std::fmt::Display for NoteKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let material = [&[self.kind], self.key.as_bytes().as_slice()].concat();
        let id = HEXLOWER.encode(&self.id);
        write!(f, "{}+{id}+{}", self.name, BASE64.encode(&material))
    }
}

impl TryFrom<String> for NoteKey {
    type Error = NotANoteKey;
    fn try_from(line: String) -> Result<NoteKey, NotANoteKey> {
        line.parse()
    }
}

impl From<NoteKey> for String {
    fn from(key: NoteKey) -> String {
        key.to_string()
    }
}

impl NoteKey {
    /// Whether it is the key of a log or of a status list.
    pub fn is_log(&self) -> bool {
        self.kind == LOG
    }
    /// Whether it is the key of a witness.
    pub fn is_witness(&self) -> bool {
        self.kind == WITNESS
    }
    /// Whether both wrap the same public key, whatever their names.
    pub fn same_key(&self, other: &NoteKey) -> bool {
        self.key == other.key
    }
    /// Its name; for a log its origin.
    pub fn name(&self) -> &str {
        &self.name
    }
    /// Checks a note that this key signed and gives its text.
    pub fn open<'a>(&self, note: &'a str) -> Option<&'a str> {
        let (text, signatures) = split_note(note)?;
        let signed = signatures
            .lines()
            .filter_map(signature_line)
            .any(|(name, bytes)| self.signed(text, name, &bytes));
        signed.then_some(text)
    }
    fn signed(&self, text: &str, name: &str, bytes: &[u8]) -> bool {
        let Some(signature) = bytes.strip_prefix(self.id.as_slice()) else {
            return false;
        };
        if name != self.name || self.kind != LOG {
            return false;
        }
        Signature::from_slice(signature)
            .is_ok_and(|s| self.key.verify_strict(text.as_bytes(), &s).is_ok())
    }
    /// When this witness has seen the checkpoint of this note, if it says so.
    pub fn cosigned_note(&self, note: &str) -> Option<Timestamp> {
        let (text, signatures) = split_note(note)?;
        signatures
            .lines()
            .filter_map(signature_line)
            .find_map(|(name, bytes)| self.cosigned(text, name, &bytes))
    }
    fn cosigned(&self, text: &str, name: &str, bytes: &[u8]) -> Option<Timestamp> {
        let rest = bytes.strip_prefix(self.id.as_slice())?;
        let (time, signature) = rest.split_at_checked(8)?;
        let seconds = u64::from_be_bytes(time.try_into().ok()?);
        if name != self.name || self.kind != WITNESS {
            return None;
        }
        let message = format!("cosignature/v1\ntime {seconds}\n{text}");
        let signature = Signature::from_slice(signature).ok()?;
        self.key
            .verify_strict(message.as_bytes(), &signature)
            .ok()?;
        Timestamp::from_second(i64::try_from(seconds).ok()?).ok()
    }
}

/// What a good proof shows.
#[derive(Clone, Debug)]
pub(super) struct Logged {
    pub(super) leaf: Leaf,
    pub(super) index: u64,
    /// Which of the known witnesses have seen it, by their place, and when; the earliest first.
    pub(super) witnessed: Vec<(Timestamp, usize)>,
}

fn broken(en: &str) -> Wrong {
    Wrong::new("proof", "日志存证不成立", en)
}

/// Checks a proof against the log keys and witnesses that the verifier was given.
pub(super) fn check(text: &[u8], logs: &[NoteKey], witnesses: &[NoteKey]) -> Result<Logged, Wrong> {
    let text = std::str::from_utf8(text).map_err(|_| broken("the proof is not text"))?;
    let (head, checkpoint) = text
        .split_once("\n\n")
        .ok_or_else(|| broken("the proof has no checkpoint"))?;
    let mut lines = head.split('\n');
    if lines.next() != Some("c2sp.org/tlog-proof@v1") {
        return Err(broken("the proof is of another kind"));
    }
    let extra = lines.next().and_then(|line| line.strip_prefix("extra "));
    let leaf_text = extra
        .and_then(|e| BASE64.decode(e.as_bytes()).ok())
        .ok_or_else(|| broken("the proof has no leaf"))?;
    let index = lines
        .next()
        .and_then(|line| line.strip_prefix("index "))
        .and_then(decimal)
        .ok_or_else(|| broken("the proof has no index"))?;
    let path = lines
        .map(hash)
        .collect::<Option<Vec<Digest>>>()
        .ok_or_else(|| broken("the proof has a line that is no hash"))?;
    let leaf =
        Leaf::read(&leaf_text).map_err(|_| broken("the leaf is not written as we write it"))?;

    let (body, signatures) =
        split_note(checkpoint).ok_or_else(|| broken("the checkpoint is no signed note"))?;
    let mut body_lines = body.lines();
    let (origin, size, root) = (
        body_lines.next(),
        body_lines.next().and_then(decimal),
        body_lines.next().and_then(hash),
    );
    let (Some(origin), Some(size), Some(root), None) = (origin, size, root, body_lines.next())
    else {
        return Err(broken(
            "the checkpoint has other lines than origin, size and root",
        ));
    };
    let mut named = logs.iter().filter(|log| log.name == origin).peekable();
    if named.peek().is_none() {
        return Err(broken("the checkpoint is of another log"));
    }
    if !named.any(|log| log.open(checkpoint).is_some()) {
        return Err(broken("the checkpoint is not signed by the log"));
    }
    if included(&leaf_text, index, size, &path) != Some(root) {
        return Err(broken("the leaf is not in the tree of the checkpoint"));
    }
    let mut witnessed: Vec<(Timestamp, usize)> = witnesses
        .iter()
        .enumerate()
        .filter_map(|(place, witness)| {
            let seen = signatures
                .lines()
                .filter_map(signature_line)
                .find_map(|(name, bytes)| witness.cosigned(body, name, &bytes))?;
            Some((seen, place))
        })
        .collect();
    witnessed.sort();
    Ok(Logged {
        leaf,
        index,
        witnessed,
    })
}

/// The root that the path leads to (RFC 9162, 2.1.3.2).
fn included(leaf: &[u8], index: u64, size: u64, path: &[Digest]) -> Option<Digest> {
    if index >= size {
        return None;
    }
    let node = |left: &Digest, right: &Digest| {
        let mut hasher = Hasher::default();
        hasher.update(&[1]);
        hasher.update(left.as_bytes());
        hasher.update(right.as_bytes());
        hasher.finish()
    };
    let mut first = Hasher::default();
    first.update(&[0]);
    first.update(leaf);
    let mut hash = first.finish();
    let (mut number, mut last) = (index, size - 1);
    for sibling in path {
        if last == 0 {
            return None;
        }
        if number % 2 == 1 || number == last {
            hash = node(sibling, &hash);
            while number % 2 == 0 && number != 0 {
                number >>= 1;
                last >>= 1;
            }
        } else {
            hash = node(&hash, sibling);
        }
        number >>= 1;
        last >>= 1;
    }
    (last == 0).then_some(hash)
}

/// Text with its last newline, and the signature lines behind the blank line.
fn split_note(note: &str) -> Option<(&str, &str)> {
    let at = note.rfind("\n\n")?;
    let (text, signatures) = (note.get(..=at)?, note.get(at + 2..)?);
    (signatures.ends_with('\n') && !note.contains('\r')).then_some((text, signatures))
}

fn signature_line(line: &str) -> Option<(&str, Vec<u8>)> {
    let (name, value) = line.strip_prefix("— ")?.split_once(' ')?;
    Some((name, BASE64.decode(value.as_bytes()).ok()?))
}

fn hash(line: &str) -> Option<Digest> {
    let bytes = BASE64.decode(line.as_bytes()).ok()?;
    Some(Digest::from_bytes(bytes.try_into().ok()?))
}

/// A decimal without leading zeroes.
fn decimal(text: &str) -> Option<u64> {
    let value: u64 = text.parse().ok()?;
    (value.to_string() == text).then_some(value)
}
