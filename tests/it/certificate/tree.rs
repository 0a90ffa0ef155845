//! E1: the tree against three oracles for all sizes 0 to 600. One is the definition of RFC 6962 written here; one is the same
//! written in Python (`tests/conformance/rfc6962.py`, its answers in `rfc6962.txt`); one is how a verifier walks a proof
//! (RFC 9162, 2.1.3.2 and 2.1.4.2), which uses no split of ranges at all and is in the rooms `verify` and `witness`.
//! E10: tiles at their edges, byte for byte.

use std::collections::BTreeMap;

use juanzong::{
    certificate::{
        log_paths,
        tree::{Peaks, consistency_nodes, fold, leaf_hash, node_hash, proof_nodes},
    },
    digest::Digest,
};

/// RFC 6962, 2.1, 2.1.1 and 2.1.2, over leaves that are their own index.
#[derive(Default)]
struct Definition(BTreeMap<(u32, u32), Digest>);

impl Definition {
    fn root(&mut self, start: u32, end: u32) -> Digest {
        if start == end {
            return Digest::of(b"");
        }
        if let Some(known) = self.0.get(&(start, end)) {
            return *known;
        }
        let hash = if end - start == 1 {
            leaf_hash(&start.to_be_bytes())
        } else {
            let k = split(end - start);
            let (left, right) = (self.root(start, start + k), self.root(start + k, end));
            node_hash(&left, &right)
        };
        self.0.insert((start, end), hash);
        hash
    }
    fn path(&mut self, m: u32, start: u32, end: u32) -> Vec<Digest> {
        if end - start == 1 {
            return Vec::new();
        }
        let k = split(end - start);
        let (mut path, other) = if m < k {
            (self.path(m, start, start + k), self.root(start + k, end))
        } else {
            (
                self.path(m - k, start + k, end),
                self.root(start, start + k),
            )
        };
        path.push(other);
        path
    }
    fn consistency(&mut self, m: u32, start: u32, end: u32, whole: bool) -> Vec<Digest> {
        if m == end - start {
            return if whole {
                Vec::new()
            } else {
                vec![self.root(start, end)]
            };
        }
        let k = split(end - start);
        let (mut proof, other) = if m <= k {
            (
                self.consistency(m, start, start + k, whole),
                self.root(start + k, end),
            )
        } else {
            (
                self.consistency(m - k, start + k, end, false),
                self.root(start, start + k),
            )
        };
        proof.push(other);
        proof
    }
}

fn split(n: u32) -> u32 {
    1 << (n - 1).ilog2()
}

/// RFC 9162, 2.1.3.2.
fn leads_to(leaf: Digest, index: u64, size: u64, path: &[Digest]) -> Option<Digest> {
    let (mut hash, mut number, mut last) = (leaf, index, size - 1);
    for sibling in path {
        if last == 0 {
            return None;
        }
        if number % 2 == 1 || number == last {
            hash = node_hash(sibling, &hash);
            while number % 2 == 0 && number != 0 {
                number >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        number >>= 1;
        last >>= 1;
    }
    (last == 0).then_some(hash)
}

#[test]
fn e1_roots_inclusion_and_consistency_for_all_sizes_to_600_agree_with_three_oracles() {
    let python: BTreeMap<u32, &str> = include_str!("../../conformance/rfc6962.txt")
        .lines()
        .filter_map(|line| line.split_once(' '))
        .map(|(size, hash)| (size.parse().unwrap(), hash))
        .collect();
    assert_eq!(python.len(), 7);
    let mut definition = Definition::default();
    let mut peaks = Peaks::default();
    let mut nodes: BTreeMap<(u32, u64), Digest> = BTreeMap::new();
    let mut running = Vec::new();
    for size in 0..=600_u32 {
        if size > 0 {
            let appended = peaks.append(&(size - 1).to_be_bytes());
            nodes.extend(appended.nodes.iter().map(|n| ((n.level, n.index), n.hash)));
            assert_eq!(appended.proof, definition.path(size - 1, 0, size));
        }
        let proof = |groups: Vec<Vec<(u32, u64)>>| -> Vec<Digest> {
            let hashes =
                |group: &Vec<(u32, u64)>| group.iter().map(|at| nodes[at]).collect::<Vec<_>>();
            groups
                .iter()
                .map(|group| fold(&hashes(group)).unwrap())
                .collect()
        };
        let root = definition.root(0, size);
        assert_eq!(peaks.root(), root, "{size}");
        let mut parts = root.as_bytes().to_vec();
        for index in 0..size {
            let path = proof(proof_nodes(index.into(), size.into()));
            assert_eq!(path, definition.path(index, 0, size), "{index} in {size}");
            let leaf = leaf_hash(&index.to_be_bytes());
            assert_eq!(leads_to(leaf, index.into(), size.into(), &path), Some(root));
            path.iter()
                .for_each(|hash| parts.extend_from_slice(hash.as_bytes()));
        }
        for old in 1..=size {
            let between = proof(consistency_nodes(old.into(), size.into()));
            assert_eq!(
                between,
                definition.consistency(old, 0, size, true),
                "{old} to {size}"
            );
            between
                .iter()
                .for_each(|hash| parts.extend_from_slice(hash.as_bytes()));
        }
        running.extend_from_slice(Digest::of(&parts).as_bytes());
        running = Digest::of(&running).as_bytes().to_vec();
        if let Some(theirs) = python.get(&size) {
            let ours = data_encoding::HEXLOWER.encode(&running);
            assert_eq!(ours, *theirs, "Python says another thing at {size}");
        }
    }
}

#[test]
fn e10_tiles_at_their_edges() {
    for (size, wanted) in [
        (
            255,
            vec!["checkpoint", "tile/entries/000.p/255", "tile/0/000.p/255"],
        ),
        (
            256,
            vec![
                "checkpoint",
                "tile/entries/000",
                "tile/0/000",
                "tile/1/000.p/1",
            ],
        ),
        (
            257,
            vec![
                "checkpoint",
                "tile/entries/000",
                "tile/entries/001.p/1",
                "tile/0/000",
                "tile/0/001.p/1",
                "tile/1/000.p/1",
            ],
        ),
    ] {
        assert_eq!(log_paths(size), wanted, "{size}");
    }
    let paths = log_paths(65_536);
    assert_eq!(paths.len(), 1 + 256 + 256 + 1 + 1);
    assert!(
        paths.contains(&"tile/0/255".to_owned()) && paths.contains(&"tile/2/000.p/1".to_owned())
    );
    // The hashes of the full tile of 256 leaves, by the definition: level 0 is every leaf, level 1 its one root.
    let mut peaks = Peaks::default();
    let mut level = Vec::new();
    for leaf in 0..256_u32 {
        let appended = peaks.append(&leaf.to_be_bytes());
        level.extend(
            appended
                .nodes
                .iter()
                .filter(|n| n.level == 8)
                .map(|n| n.hash),
        );
    }
    assert_eq!(level, [Definition::default().root(0, 256)]);
}
