//! More leaves: the tree grown by them, its signed checkpoint, and the proofs that are read from its stored nodes.

use std::collections::BTreeMap;

use super::{
    leaf::Leaf,
    note::{checkpoint_text, proof_text},
    office::Issuer,
    tree::{Peaks, consistency_nodes, fold, proof_nodes},
};
use crate::{
    digest::Digest,
    store::{LogHead, LogTransaction, NewLeaf, Store, StoreError},
};

/// Appends leaves to the log inside a transaction: one new checkpoint for all of them. Gives their indexes.
pub(super) async fn append(
    log: &mut LogTransaction,
    issuer: &Issuer,
    leaves: &[Leaf],
) -> Result<Vec<u64>, StoreError> {
    let mut peaks = match log.head().await? {
        Some(head) => Peaks::from_text(&head.peaks).ok_or(StoreError::Unreadable {
            place: "log_head.peaks",
        })?,
        None => Peaks::default(),
    };
    let mut indexes = Vec::new();
    for leaf in leaves {
        let text = leaf.text();
        let appended = peaks.append(text.as_bytes());
        let nodes = appended.nodes.iter().map(|n| (n.level, n.index, n.hash));
        log.append(&NewLeaf {
            index: appended.index,
            leaf: text,
            nodes: nodes.collect(),
        })
        .await?;
        indexes.push(appended.index);
    }
    log.set_head(&LogHead {
        size: peaks.size(),
        peaks: peaks.to_text(),
        checkpoint: checkpoint(issuer, peaks.size(), &peaks.root()),
    })
    .await?;
    Ok(indexes)
}

/// The signed checkpoint of a tree.
pub(super) fn checkpoint(issuer: &Issuer, size: u64, root: &Digest) -> String {
    let origin = &issuer.office().log_origin;
    let body = checkpoint_text(origin, size, root);
    issuer.keys().log(origin).sign(&body)
}

/// Reads proofs from the stored nodes; nodes that several proofs need are read once.
pub(super) struct Proofs<'a> {
    store: &'a Store,
    nodes: BTreeMap<(u32, u64), Digest>,
}

impl<'a> Proofs<'a> {
    pub(super) fn of(store: &'a Store) -> Proofs<'a> {
        Proofs {
            store,
            nodes: BTreeMap::new(),
        }
    }
    /// That leaf `index` is in the tree of `size` leaves.
    pub(super) async fn inclusion(
        &mut self,
        index: u64,
        size: u64,
    ) -> Result<Vec<Digest>, StoreError> {
        self.folded(proof_nodes(index, size)).await
    }
    /// That the tree of `old` leaves is the beginning of the tree of `new` leaves.
    pub(super) async fn consistency(
        &mut self,
        old: u64,
        new: u64,
    ) -> Result<Vec<Digest>, StoreError> {
        self.folded(consistency_nodes(old, new)).await
    }
    async fn folded(&mut self, groups: Vec<Vec<(u32, u64)>>) -> Result<Vec<Digest>, StoreError> {
        let mut path = Vec::new();
        for group in groups {
            let mut hashes = Vec::new();
            for (level, index) in group {
                hashes.push(self.node(level, index).await?);
            }
            path.extend(fold(&hashes));
        }
        Ok(path)
    }
    async fn node(&mut self, level: u32, index: u64) -> Result<Digest, StoreError> {
        if let Some(hash) = self.nodes.get(&(level, index)) {
            return Ok(*hash);
        }
        let found = self.store.log_nodes(level, index, 1).await?;
        let hash = found
            .first()
            .copied()
            .ok_or(StoreError::Unreadable { place: "log_nodes" })?;
        self.nodes.insert((level, index), hash);
        Ok(hash)
    }
}

/// That leaf `index` stands in the newest published tree of the log (C2SP tlog-proof@v1); nothing when that has no such leaf.
pub async fn proof_of_leaf(store: &Store, index: u64) -> Result<Option<String>, StoreError> {
    let head = match store.log_published().await? {
        Some(published) => Some((published.size, published.checkpoint)),
        None => store
            .log_head()
            .await?
            .map(|head| (head.size, head.checkpoint)),
    };
    let Some((size, checkpoint)) = head.filter(|(size, _)| index < *size) else {
        return Ok(None);
    };
    let leaves = store.log_leaves(index, 1).await?;
    let leaf = leaves.first().ok_or(StoreError::Unreadable {
        place: "log_leaves",
    })?;
    let path = Proofs::of(store).inclusion(index, size).await?;
    Ok(Some(proof_text(leaf, index, &path, &checkpoint)))
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
        let mut log = store.begin_log().await.unwrap();
        let leaves: Vec<Leaf> = (0..13)
            .map(|of| Leaf::Revoke {
                of,
                r: ReasonClass::Other,
                eff: Effect::FromDate,
                at: "1970-01-01T00:00:00Z".to_owned(),
            })
            .collect();
        let indexes = append(&mut log, &issuer, &leaves).await.unwrap();
        assert!(indexes.into_iter().eq(0..13));
        let peaks = Peaks::from_text(&log.head().await.unwrap().unwrap().peaks).unwrap();
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
