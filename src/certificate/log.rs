//! One more leaf: the tree grown by it, the new checkpoint, the proof for the file. And the proof of an old leaf in the newest tree.

use super::{
    leaf::Leaf,
    note::{checkpoint_text, proof_text},
    office::Issuer,
    tree::{Peaks, fold, proof_nodes},
};
use crate::store::{LogHead, NewLeaf, Store, StoreError};

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

/// That leaf `index` stands in the newest tree of the log (C2SP tlog-proof@v1); nothing when the log has no such leaf.
pub async fn proof_of_leaf(store: &Store, index: u64) -> Result<Option<String>, StoreError> {
    let Some(head) = store.log_head().await?.filter(|head| index < head.size) else {
        return Ok(None);
    };
    let unreadable = || StoreError::Unreadable { place: "log_nodes" };
    let leaves = store.log_leaves(index, 1).await?;
    let leaf = leaves.first().ok_or_else(unreadable)?;
    let mut path = Vec::new();
    for group in proof_nodes(index, head.size) {
        let mut peaks = Vec::new();
        for (level, node) in group {
            peaks.extend(store.log_nodes(level, node, 1).await?);
        }
        path.push(fold(&peaks).ok_or_else(unreadable)?);
    }
    Ok(Some(proof_text(leaf, index, &path, &head.checkpoint)))
}

#[cfg(test)]
mod tests {
    use data_encoding::BASE64;

    use super::*;
    use crate::{
        certificate::{Effect, Office, ReasonClass, tree},
        digest::Digest,
        store::StoreConfig,
    };

    #[tokio::test]
    async fn an_old_leaf_is_proven_in_the_newest_tree() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&StoreConfig::in_folder(folder.path()))
            .await
            .unwrap();
        let at = jiff::Timestamp::UNIX_EPOCH;
        let issuer = Issuer::for_demonstration(Office::sample(), b"log", at).unwrap();
        let mut peaks = Peaks::default();
        let mut log = store.begin_log().await.unwrap();
        for of in 0..13 {
            let leaf = Leaf::Revoke {
                of,
                r: ReasonClass::Other,
                eff: Effect::FromDate,
                at: "1970-01-01T00:00:00Z".to_owned(),
            };
            let grown = grow(peaks, &leaf, &issuer);
            peaks = Peaks::from_text(&grown.leaf.head.peaks).unwrap();
            log.append(&grown.leaf).await.unwrap();
        }
        log.commit().await.unwrap();
        for index in 0..13 {
            let proof = proof_of_leaf(&store, index).await.unwrap().unwrap();
            assert_eq!(root_by(&proof), peaks.root(), "leaf {index}");
            assert!(proof.ends_with(&store.log_head().await.unwrap().unwrap().checkpoint));
        }
        assert!(proof_of_leaf(&store, 13).await.unwrap().is_none());
    }

    /// The root a proof leads to (RFC 9162, 2.1.3.2).
    fn root_by(proof: &str) -> Digest {
        let (head, checkpoint) = proof.split_once("\n\n").unwrap();
        let mut lines = head.lines().skip(1);
        let mut value = |name: &str| lines.next().unwrap().strip_prefix(name).unwrap().to_owned();
        let leaf = BASE64.decode(value("extra ").as_bytes()).unwrap();
        let mut fnode: u64 = value("index ").parse().unwrap();
        let size: u64 = checkpoint.lines().nth(1).unwrap().parse().unwrap();
        let mut snode = size - 1;
        let mut node = tree::leaf_hash(&leaf);
        for line in lines {
            let bytes = BASE64.decode(line.as_bytes()).unwrap();
            let other = Digest::from_bytes(bytes.try_into().unwrap());
            if fnode & 1 == 1 || fnode == snode {
                node = tree::node_hash(&other, &node);
                while fnode & 1 == 0 && fnode != 0 {
                    fnode >>= 1;
                    snode >>= 1;
                }
            } else {
                node = tree::node_hash(&node, &other);
            }
            fnode >>= 1;
            snode >>= 1;
        }
        assert_eq!(snode, 0);
        node
    }
}
