//! The CMS of a file as a tree that can be changed and written again, honestly or not.

use super::*;

/// An ASN.1 element: its tag, and its content or its parts.
#[derive(Clone)]
pub(super) enum Node {
    Leaf(u8, Vec<u8>),
    Tree(u8, Vec<Node>),
}

impl Node {
    pub(super) fn read(bytes: &[u8]) -> (Node, &[u8]) {
        let (length, head) = match bytes[1] {
            n @ 0..=0x7f => (usize::from(n), 2),
            0x81 => (usize::from(bytes[2]), 3),
            _ => (usize::from(bytes[2]) << 8 | usize::from(bytes[3]), 4),
        };
        let (body, rest) = (&bytes[head..head + length], &bytes[head + length..]);
        if bytes[0] & 0x20 == 0 {
            return (Node::Leaf(bytes[0], body.to_vec()), rest);
        }
        let (mut parts, mut left) = (Vec::new(), body);
        while !left.is_empty() {
            let (part, after) = Node::read(left);
            parts.push(part);
            left = after;
        }
        (Node::Tree(bytes[0], parts), rest)
    }
    pub(super) fn write(&self) -> Vec<u8> {
        match self {
            Node::Leaf(tag, body) => tlv(*tag, &[body]),
            Node::Tree(tag, parts) => {
                let parts: Vec<Vec<u8>> = parts.iter().map(Node::write).collect();
                tlv(*tag, &parts.iter().map(Vec::as_slice).collect::<Vec<_>>())
            }
        }
    }
    pub(super) fn parts(&mut self) -> &mut Vec<Node> {
        match self {
            Node::Tree(_, parts) => parts,
            Node::Leaf(..) => panic!("a leaf"),
        }
    }
    pub(super) fn at(&mut self, path: &[usize]) -> &mut Node {
        path.iter().fold(self, |node, at| &mut node.parts()[*at])
    }
    pub(super) fn of(bytes: &[u8]) -> Node {
        Node::read(bytes).0
    }
}

/// Place and length of the gap's digits.
pub(super) fn gap(pdf: &[u8]) -> (usize, usize) {
    let start = pdf.windows(10).rposition(|w| w == b"/Contents<").unwrap() + 10;
    let length = pdf[start..].iter().position(|b| *b == b'>').unwrap();
    (start, length)
}

pub(super) fn cms_of(pdf: &[u8]) -> Vec<u8> {
    let (start, length) = gap(pdf);
    let raw = data_encoding::HEXUPPER
        .decode(&pdf[start..start + length])
        .unwrap();
    let (_, rest) = Node::read(&raw);
    raw[..raw.len() - rest.len()].to_vec()
}

pub(super) fn with_cms(pdf: &[u8], cms: &[u8]) -> Vec<u8> {
    let (start, length) = gap(pdf);
    let mut digits = data_encoding::HEXUPPER.encode(cms).into_bytes();
    assert!(digits.len() <= length, "it does not fit");
    digits.resize(length, b'0');
    [&pdf[..start], &digits, &pdf[start + length..]].concat()
}

/// Paths in the CMS: SignedData, its certificates, its signers, the one signer, its attributes and its value.
pub(super) const SIGNED: &[usize] = &[1, 0];
pub(super) const CERTIFICATES: &[usize] = &[1, 0, 3];
pub(super) const SIGNERS: &[usize] = &[1, 0, 4];
pub(super) const SIGNER: &[usize] = &[1, 0, 4, 0];
pub(super) const ATTRIBUTES: &[usize] = &[1, 0, 4, 0, 3];
pub(super) const VALUE: &[usize] = &[1, 0, 4, 0, 5];
