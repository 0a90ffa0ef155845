//! One more leaf: the tree grown by it, the new checkpoint, the proof for the file.

use super::{
    leaf::Leaf,
    note::{checkpoint_text, proof_text},
    office::Issuer,
    tree::Peaks,
};
use crate::store::{LogHead, NewLeaf};

/// What a leaf brings.
pub(super) struct Grown {
    /// What is stored.
    pub(super) leaf: NewLeaf,
    /// The offline proof (C2SP tlog-proof@v1).
    pub(super) proof: String,
}

/// Appends `leaf` to the tree of these peaks and signs the new checkpoint.
pub(super) fn grow(mut peaks: Peaks, leaf: &Leaf, issuer: &Issuer) -> Grown {
    let text = leaf.text();
    let appended = peaks.append(text.as_bytes());
    let origin = &issuer.office().log_origin;
    let body = checkpoint_text(origin, appended.size, &appended.root);
    let checkpoint = issuer.keys().log(origin).sign(&body);
    let proof = proof_text(&text, appended.index, &appended.proof, &checkpoint);
    Grown {
        leaf: NewLeaf {
            index: appended.index,
            leaf: text,
            nodes: appended
                .nodes
                .iter()
                .map(|n| (n.level, n.index, n.hash))
                .collect(),
            head: LogHead {
                size: appended.size,
                peaks: peaks.to_text(),
                checkpoint,
            },
        },
        proof,
    }
}
