//! The Merkle tree of the log (RFC 6962, 2.1), grown one leaf at a time.
//!
//! To append, only the peaks are needed: the roots of the perfect subtrees the tree of this size is made of, one for each bit of
//! its size. The peaks, smallest first, are also the inclusion proof of the leaf that is appended next. So issuing costs the
//! same whatever the log's size.

use data_encoding::HEXLOWER;

use crate::digest::{Digest, Hasher};

/// Hash of a leaf.
pub fn leaf_hash(leaf: &[u8]) -> Digest {
    let mut hasher = Hasher::default();
    hasher.update(&[0]);
    hasher.update(leaf);
    hasher.finish()
}

/// Hash of an inner node.
pub fn node_hash(left: &Digest, right: &Digest) -> Digest {
    let mut hasher = Hasher::default();
    hasher.update(&[1]);
    hasher.update(left.as_bytes());
    hasher.update(right.as_bytes());
    hasher.finish()
}

/// A finished node: root of the perfect subtree of `2^level` leaves that starts at leaf `index · 2^level`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node {
    /// 0 for leaves.
    pub level: u32,
    /// Which of its level, from 0.
    pub index: u64,
    /// Its hash.
    pub hash: Digest,
}

/// What one appended leaf brings.
#[derive(Clone, Debug)]
pub struct Appended {
    /// Index of the leaf.
    pub index: u64,
    /// Size and root of the tree with it.
    pub size: u64,
    /// The root.
    pub root: Digest,
    /// Its inclusion proof in that tree, from the leaf's sibling upwards.
    pub proof: Vec<Digest>,
    /// Every node that is finished now; the leaf itself first.
    pub nodes: Vec<Node>,
}

/// The peaks of a tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Peaks {
    size: u64,
    /// Largest subtree first.
    peaks: Vec<Digest>,
}

impl Peaks {
    /// Leaves in the tree.
    pub fn size(&self) -> u64 {
        self.size
    }
    /// Root of the tree; the hash of nothing when it is empty.
    pub fn root(&self) -> Digest {
        let mut smallest_first = self.peaks.iter().rev();
        match smallest_first.next() {
            None => Digest::of(b""),
            Some(first) => smallest_first.fold(*first, |right, left| node_hash(left, &right)),
        }
    }
    /// Appends a leaf.
    pub fn append(&mut self, leaf: &[u8]) -> Appended {
        let proof: Vec<Digest> = self.peaks.iter().rev().copied().collect();
        let index = self.size;
        let mut node = Node {
            level: 0,
            index,
            hash: leaf_hash(leaf),
        };
        let mut nodes = vec![node];
        while node.index % 2 == 1 {
            let Some(left) = self.peaks.pop() else { break };
            node = Node {
                level: node.level + 1,
                index: node.index / 2,
                hash: node_hash(&left, &node.hash),
            };
            nodes.push(node);
        }
        self.peaks.push(node.hash);
        self.size += 1;
        Appended {
            index,
            size: self.size,
            root: self.root(),
            proof,
            nodes,
        }
    }
    /// As one line of text, for the store.
    pub fn to_text(&self) -> String {
        let mut text = self.size.to_string();
        for peak in &self.peaks {
            text.push(' ');
            text.push_str(&HEXLOWER.encode(peak.as_bytes()));
        }
        text
    }
    /// Reads [`Peaks::to_text`].
    pub fn from_text(text: &str) -> Option<Peaks> {
        let mut parts = text.split(' ');
        let size: u64 = parts.next()?.parse().ok()?;
        let peaks = parts
            .map(|p| p.parse().ok())
            .collect::<Option<Vec<Digest>>>()?;
        (peaks.len() == size.count_ones() as usize).then_some(Peaks { size, peaks })
    }
}

/// Which finished nodes prove leaf `index` in a tree of `size` leaves, as groups to be folded: each group is one hash of the
/// proof, made of the peaks of its range, largest first.
pub fn proof_nodes(index: u64, size: u64) -> Vec<Vec<(u32, u64)>> {
    let mut out = Vec::new();
    let (mut start, mut end) = (0, size);
    // From the root down; the proof is read from the leaf up.
    while end - start > 1 && index < size {
        let split = start + largest_power_below(end - start);
        if index < split {
            out.push(range_nodes(split, end));
            end = split;
        } else {
            out.push(range_nodes(start, split));
            start = split;
        }
    }
    out.reverse();
    out
}

/// Which finished nodes prove that the tree of `old` leaves is the beginning of the tree of `new` leaves (RFC 6962, 2.1.2).
pub fn consistency_nodes(old: u64, new: u64) -> Vec<Vec<(u32, u64)>> {
    if old == 0 || old >= new {
        return Vec::new();
    }
    let mut out = Vec::new();
    let (mut start, mut end) = (0, new);
    let mut whole = true;
    while old != end {
        let split = start + largest_power_below(end - start);
        if old <= split {
            out.push(range_nodes(split, end));
            end = split;
        } else {
            out.push(range_nodes(start, split));
            start = split;
            whole = false;
        }
    }
    if !whole {
        out.push(range_nodes(start, end));
    }
    out.reverse();
    out
}

/// The hash of a range from the hashes of its nodes, largest first.
pub fn fold(peaks: &[Digest]) -> Option<Digest> {
    let mut smallest_first = peaks.iter().rev();
    let first = smallest_first.next()?;
    Some(smallest_first.fold(*first, |right, left| node_hash(left, &right)))
}

/// The finished nodes that leaves `start..end` are made of; `start` is a multiple of the largest of them.
fn range_nodes(start: u64, end: u64) -> Vec<(u32, u64)> {
    let mut nodes = Vec::new();
    let mut at = start;
    while at < end {
        let level = (end - at).ilog2();
        nodes.push((level, at >> level));
        at += 1 << level;
    }
    nodes
}

fn largest_power_below(n: u64) -> u64 {
    1 << (n - 1).ilog2()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// RFC 6962, 2.1, word for word.
    fn reference_root(leaves: &[Vec<u8>]) -> Digest {
        match leaves {
            [] => Digest::of(b""),
            [one] => leaf_hash(one),
            many => {
                let k = largest_power_below(many.len() as u64) as usize;
                node_hash(&reference_root(&many[..k]), &reference_root(&many[k..]))
            }
        }
    }

    /// RFC 6962, 2.1.1.
    fn reference_path(m: usize, leaves: &[Vec<u8>]) -> Vec<Digest> {
        if leaves.len() == 1 {
            return Vec::new();
        }
        let k = largest_power_below(leaves.len() as u64) as usize;
        let (mut path, other) = if m < k {
            (
                reference_path(m, &leaves[..k]),
                reference_root(&leaves[k..]),
            )
        } else {
            (
                reference_path(m - k, &leaves[k..]),
                reference_root(&leaves[..k]),
            )
        };
        path.push(other);
        path
    }

    /// RFC 6962, 2.1.2.
    fn reference_consistency(m: usize, leaves: &[Vec<u8>], whole: bool) -> Vec<Digest> {
        let n = leaves.len();
        if m == n {
            return if whole {
                Vec::new()
            } else {
                vec![reference_root(leaves)]
            };
        }
        let k = largest_power_below(n as u64) as usize;
        let (mut proof, other) = if m <= k {
            (
                reference_consistency(m, &leaves[..k], whole),
                reference_root(&leaves[k..]),
            )
        } else {
            (
                reference_consistency(m - k, &leaves[k..], false),
                reference_root(&leaves[..k]),
            )
        };
        proof.push(other);
        proof
    }

    #[test]
    fn e1_agrees_with_the_standards_definition_for_all_sizes_to_200() {
        let leaves: Vec<Vec<u8>> = (0..200_u32).map(|i| i.to_be_bytes().to_vec()).collect();
        let mut peaks = Peaks::default();
        let mut all = BTreeMap::new();
        assert_eq!(peaks.root(), reference_root(&[]));
        for (i, leaf) in leaves.iter().enumerate() {
            let appended = peaks.append(leaf);
            all.extend(appended.nodes.iter().map(|n| ((n.level, n.index), n.hash)));
            let so_far = &leaves[..=i];
            assert_eq!(appended.root, reference_root(so_far));
            assert_eq!(appended.proof, reference_path(i, so_far));
            assert_eq!(Peaks::from_text(&peaks.to_text()), Some(peaks.clone()));
        }
        let hashes = |groups: Vec<Vec<(u32, u64)>>| -> Vec<Digest> {
            groups
                .iter()
                .map(|g| fold(&g.iter().map(|at| all[at]).collect::<Vec<_>>()).unwrap())
                .collect()
        };
        for size in 1..leaves.len() {
            for index in (0..size).step_by(7) {
                let path = hashes(proof_nodes(index as u64, size as u64));
                assert_eq!(
                    path,
                    reference_path(index, &leaves[..size]),
                    "{index} in {size}"
                );
                if index > 0 {
                    let proof = hashes(consistency_nodes(index as u64, size as u64));
                    assert_eq!(
                        proof,
                        reference_consistency(index, &leaves[..size], true),
                        "{index} to {size}"
                    );
                }
            }
        }
    }

    #[test]
    fn e14_a_leaf_that_looks_like_a_node_is_another_leaf() {
        let (a, b) = (leaf_hash(b"a"), leaf_hash(b"b"));
        let forged = [&[1_u8][..], a.as_bytes(), b.as_bytes()].concat();
        assert_ne!(leaf_hash(&forged), node_hash(&a, &b));
        assert_ne!(leaf_hash(&forged[1..]), node_hash(&a, &b));
    }
}
