//! Signed notes (C2SP signed-note): checkpoints of the log, the status list, and the keys they are signed with.

use data_encoding::{BASE64, HEXLOWER};
use ed25519_dalek::{Signer as _, SigningKey};

use crate::digest::{Digest, Hasher};

/// Signature type of a note signed with Ed25519.
pub(super) const ED25519: u8 = 0x01;

/// A key with the name it signs under.
pub(super) struct NoteSigner<'a> {
    /// Name of the key; for a log its origin.
    pub(super) name: &'a str,
    /// The key.
    pub(super) key: &'a SigningKey,
}

impl NoteSigner<'_> {
    /// The public key as one line: `<name>+<key id>+<base64>`.
    pub(super) fn public_line(&self) -> String {
        let public = self.key.verifying_key();
        let material = [&[ED25519], public.as_bytes().as_slice()].concat();
        let id = HEXLOWER.encode(&key_id(self.name, &material));
        format!("{}+{id}+{}", self.name, BASE64.encode(&material))
    }
    /// The note: text, blank line, signature line. `text` ends with a newline.
    pub(super) fn sign(&self, text: &str) -> String {
        let public = self.key.verifying_key();
        let material = [&[ED25519], public.as_bytes().as_slice()].concat();
        let signature = self.key.sign(text.as_bytes()).to_bytes();
        let line = [key_id(self.name, &material).as_slice(), &signature].concat();
        format!("{text}\n— {} {}\n", self.name, BASE64.encode(&line))
    }
}

fn key_id(name: &str, material: &[u8]) -> [u8; 4] {
    let mut hasher = Hasher::default();
    hasher.update(name.as_bytes());
    hasher.update(b"\n");
    hasher.update(material);
    let [a, b, c, d, ..] = *hasher.finish().as_bytes();
    [a, b, c, d]
}

/// The text of a checkpoint (C2SP tlog-checkpoint).
pub(super) fn checkpoint_text(origin: &str, size: u64, root: &Digest) -> String {
    format!("{origin}\n{size}\n{}\n", BASE64.encode(root.as_bytes()))
}

/// An offline proof (C2SP tlog-proof@v1); the leaf is the extra data.
pub(super) fn proof_text(leaf: &str, index: u64, path: &[Digest], checkpoint: &str) -> String {
    let mut text = format!(
        "c2sp.org/tlog-proof@v1\nextra {}\nindex {index}\n",
        BASE64.encode(leaf.as_bytes())
    );
    for hash in path {
        text.push_str(&BASE64.encode(hash.as_bytes()));
        text.push('\n');
    }
    text.push('\n');
    text.push_str(checkpoint);
    text
}
