//! The body of `add-checkpoint` and the proof in it (RFC 9162, 2.1.4.2).

use data_encoding::BASE64;

use crate::digest::{Digest, Hasher};

/// Most hashes of a proof.
const HASHES: usize = 63;

/// What a log asks of a witness.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Request {
    /// The size it thinks the witness has seen.
    pub(super) old: u64,
    /// That the tree of that size is the beginning of the new one.
    pub(super) proof: Vec<Digest>,
    /// The signed note of the new one.
    pub(super) checkpoint: String,
}

/// A checkpoint's three lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tree {
    pub(super) origin: String,
    pub(super) size: u64,
    pub(super) root: Digest,
}

impl Request {
    /// As sent.
    pub(super) fn to_text(&self) -> String {
        let hashes = self
            .proof
            .iter()
            .map(|hash| BASE64.encode(hash.as_bytes()) + "\n");
        format!(
            "old {}\n{}\n{}",
            self.old,
            hashes.collect::<String>(),
            self.checkpoint
        )
    }
    /// Reads what was sent.
    pub(super) fn read(bytes: &[u8]) -> Option<Request> {
        let text = std::str::from_utf8(bytes).ok()?;
        let (head, checkpoint) = text.split_once("\n\n")?;
        let mut lines = head.split('\n');
        let old = decimal(lines.next()?.strip_prefix("old ")?)?;
        let proof: Vec<Digest> = lines.map(hash).collect::<Option<_>>()?;
        (proof.len() <= HASHES).then(|| Request {
            old,
            proof,
            checkpoint: checkpoint.to_owned(),
        })
    }
}

impl Tree {
    /// Reads the text of a checkpoint; extension lines are not ours and refused.
    pub(super) fn read(text: &str) -> Option<Tree> {
        let mut lines = text.lines();
        let tree = Tree {
            origin: lines.next()?.to_owned(),
            size: decimal(lines.next()?)?,
            root: hash(lines.next()?)?,
        };
        lines.next().is_none().then_some(tree)
    }
    /// Whether `old` is the beginning of this tree, by this proof.
    pub(super) fn continues(&self, old: &Tree, proof: &[Digest]) -> bool {
        if old.size == 0 {
            return proof.is_empty();
        }
        if old.size == self.size {
            return proof.is_empty() && old.root == self.root;
        }
        if old.size > self.size {
            return false;
        }
        self.led_to(old, proof).unwrap_or(false)
    }
    fn led_to(&self, old: &Tree, proof: &[Digest]) -> Option<bool> {
        let mut hashes = proof.iter().copied();
        // A tree of a power of two is itself the first hash of its proof.
        let seed = if old.size.is_power_of_two() {
            old.root
        } else {
            hashes.next()?
        };
        let (mut first, mut second) = (old.size - 1, self.size - 1);
        while first % 2 == 1 {
            first >>= 1;
            second >>= 1;
        }
        let (mut old_root, mut new_root) = (seed, seed);
        for hash in hashes {
            if second == 0 {
                return Some(false);
            }
            if first % 2 == 1 || first == second {
                old_root = node(&hash, &old_root);
                new_root = node(&hash, &new_root);
                while first % 2 == 0 && first != 0 {
                    first >>= 1;
                    second >>= 1;
                }
            } else {
                new_root = node(&new_root, &hash);
            }
            first >>= 1;
            second >>= 1;
        }
        Some(second == 0 && old_root == old.root && new_root == self.root)
    }
}

fn node(left: &Digest, right: &Digest) -> Digest {
    let mut hasher = Hasher::default();
    hasher.update(&[1]);
    hasher.update(left.as_bytes());
    hasher.update(right.as_bytes());
    hasher.finish()
}

fn hash(line: &str) -> Option<Digest> {
    let bytes = BASE64.decode(line.as_bytes()).ok()?;
    Some(Digest::from_bytes(bytes.try_into().ok()?))
}

/// A decimal without leading zeroes.
pub(super) fn decimal(text: &str) -> Option<u64> {
    let value: u64 = text.parse().ok()?;
    (value.to_string() == text).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificate::tree::{Peaks, consistency_nodes, fold};
    use std::collections::BTreeMap;

    #[test]
    fn e1_every_continuation_to_130_is_believed_and_no_other() {
        let mut peaks = Peaks::default();
        let mut nodes = BTreeMap::new();
        let mut roots = vec![peaks.root()];
        for leaf in 0..130_u32 {
            let appended = peaks.append(&leaf.to_be_bytes());
            nodes.extend(appended.nodes.iter().map(|n| ((n.level, n.index), n.hash)));
            roots.push(appended.root);
        }
        let tree = |size: u64| Tree {
            origin: "o".to_owned(),
            size,
            root: roots[size as usize],
        };
        for new in 1..=130 {
            for old in 0..=new {
                let proof: Vec<Digest> = consistency_nodes(old, new)
                    .iter()
                    .map(|group| {
                        fold(&group.iter().map(|at| nodes[at]).collect::<Vec<_>>()).unwrap()
                    })
                    .collect();
                let (old_tree, new_tree) = (tree(old), tree(new));
                assert!(new_tree.continues(&old_tree, &proof), "{old} to {new}");
                if old > 0 && old < new {
                    // E6, E7: another root, another size, a proof too long or too short, and the way back.
                    let forked = Tree {
                        root: roots[0],
                        ..tree(old)
                    };
                    assert!(!new_tree.continues(&forked, &proof), "{old} to {new}");
                    assert!(!new_tree.continues(&tree(old - 1), &proof) || old == 1);
                    assert!(!old_tree.continues(&new_tree, &proof));
                    let longer = [proof.as_slice(), &[roots[0]]].concat();
                    assert!(!new_tree.continues(&old_tree, &longer), "{old} to {new}");
                    if let Some((_, shorter)) = proof.split_last() {
                        assert!(!new_tree.continues(&old_tree, shorter), "{old} to {new}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_request_is_read_as_it_was_written() {
        let request = Request {
            old: 7,
            proof: vec![Digest::of(b"a"), Digest::of(b"b")],
            checkpoint: "o\n9\nroot\n\n— o sig\n".to_owned(),
        };
        assert_eq!(Request::read(request.to_text().as_bytes()), Some(request));
        for wrong in [
            "",
            "old 7\n",
            "old 07\n\no\n",
            "old 7\nAAAA\n\no\n",
            "new 7\n\no\n",
            "old -1\n\no\n",
        ] {
            assert_eq!(Request::read(wrong.as_bytes()), None, "{wrong}");
        }
        let many = format!(
            "old 1\n{}\no\n",
            (BASE64.encode(&[0; 32]) + "\n").repeat(64)
        );
        assert_eq!(Request::read(many.as_bytes()), None);
    }
}
