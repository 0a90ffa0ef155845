//! `manifest.json`: where every page comes from, and a Merkle root by which one paper can be proved part of the dossier
//! without showing the rest. The format is versioned; `docs/binding.md` describes it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{
    job::{Part, VolumeResult},
    number_style::Placed,
    options::Supplements,
    plan::{Plan, PlannedVolume},
    supplement::History,
};
use crate::{
    digest::Digest,
    dossier::{Absent, CheckedDossier, CheckedItem},
    lang::Bilingual,
    units::{Mm, PageNumber, PtBox},
};

/// The manifest of a bound dossier.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of this format.
    pub manifest_version: u32,
    /// The day it was bound for.
    pub on: Date,
    /// The notice.
    pub notice: ManifestNotice,
    /// 申报人
    pub applicant: String,
    /// The volumes.
    pub volumes: Vec<ManifestVolume>,
    /// Every paper handed in, bound or not, in order.
    pub items: Vec<ManifestItem>,
    /// Slots left empty, and why.
    pub absent: Vec<Absent>,
    /// What was bound before, when this binding adds papers to it or does it anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<ManifestPrevious>,
    /// What should be looked at before printing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
    /// Merkle tree hash (RFC 9162, 2.1.1) over the leaves of `items`.
    pub merkle_root: Digest,
    /// Every file beside the manifest, by its path.
    pub files: Vec<ManifestFile>,
}

/// An earlier binding of the same dossier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestPrevious {
    /// The day it was bound for.
    pub on: Date,
    /// Merkle root of its papers.
    pub merkle_root: Digest,
    /// Where the papers handed in since then went.
    pub supplements: Supplements,
}

/// Something to look at before printing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// The volume.
    pub volume: u8,
    /// Index into `items`.
    pub item: usize,
    /// Its pages, from 1.
    pub pages: Vec<PageNumber>,
    /// What is the matter.
    pub message: Bilingual,
}

/// The notice a dossier was bound for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestNotice {
    /// Pack id.
    pub id: String,
    /// Number of the notice.
    pub document_number: Option<String>,
    /// SHA-256 of the pack.
    pub pack_sha256: Digest,
}

/// One volume.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ManifestVolume {
    /// 1, 2, …
    pub number: u8,
    /// For example `第一分册`.
    pub title: String,
    /// Its file.
    pub file: String,
    /// SHA-256 of the file.
    pub sha256: Digest,
    /// Its length.
    pub size_bytes: u64,
    /// Its pages in order; the first is page 1 of the file.
    pub pages: Vec<ManifestPage>,
    /// Papers added at its end after it was bound.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub supplements: Vec<ManifestSupplement>,
}

/// Papers added at the end of a volume on one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestSupplement {
    /// The day.
    pub on: Date,
    /// Indices into `items`.
    pub items: Vec<usize>,
    /// First and last page number.
    pub numbers: [u32; 2],
}

/// One page of a volume.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ManifestPage {
    /// What is printed as its number, if anything.
    pub number: Option<String>,
    /// Where it comes from.
    #[serde(flatten)]
    pub origin: Origin,
    /// The box its number fills, as shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number_box_pt: Option<PtBox>,
    /// How its number came to its place, when that is not where the notice wants it.
    #[serde(default, skip_serializing_if = "is_as_asked")]
    pub number_place: Placed,
    /// From the binding edge to the nearest ink, where that is less than 25 mm; before the page was moved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gutter_mm: Option<Mm>,
    /// How far the page was moved away from the binding edge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shifted_mm: Option<Mm>,
    /// By how much the page was enlarged or reduced to A4.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scaled: Option<f64>,
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
fn is_as_asked(placed: &Placed) -> bool {
    *placed == Placed::AsAsked
}

/// Where a page comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "origin")]
pub enum Origin {
    /// A contents page of ours.
    Contents,
    /// A contents sheet of ours before papers that were added later.
    SupplementContents,
    /// A blank page that fills up a leaf.
    Blank,
    /// A page of a paper.
    Paper {
        /// Index into `items`.
        item: usize,
        /// SHA-256 of the paper's file.
        source_sha256: Digest,
        /// Its page.
        source_page: PageNumber,
    },
}

/// One paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestItem {
    /// Slot.
    pub slot: String,
    /// Title.
    pub title: String,
    /// Name of the file as the applicant gave it.
    pub file_name: String,
    /// SHA-256 of the file.
    pub sha256: Digest,
    /// Its pages.
    pub pages: u32,
    /// Volume it is bound in.
    pub volume: Option<u8>,
    /// First and last page number there.
    pub numbers: Option<[u32; 2]>,
    /// Its leaf of the Merkle tree.
    pub leaf: Digest,
    /// The day it was added to a dossier that was bound already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub added_on: Option<Date>,
    /// Its untouched file in the bundle, when a signature in it does not survive binding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_original: Option<String>,
}

/// One file of the bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestFile {
    /// Path below the folder, with `/`.
    pub path: String,
    /// SHA-256.
    pub sha256: Digest,
    /// Length.
    pub size_bytes: u64,
}

/// What a leaf is the hash of: four lines, the title last.
pub fn leaf(slot: &str, sha256: Digest, pages: u32, title: &str) -> Digest {
    let text = format!("{slot}\n{sha256}\n{pages}\n{title}");
    hash(0, &[text.as_bytes()])
}

/// The Merkle tree hash of RFC 9162 over leaves that are already hashed.
pub fn merkle_root(leaves: &[Digest]) -> Digest {
    match leaves {
        [] => Digest::of(b""),
        [one] => *one,
        _ => {
            // The largest power of two smaller than the number of leaves.
            let left = 1 << (usize::BITS - 1 - (leaves.len() - 1).leading_zeros());
            let (left, right) = leaves.split_at(left);
            let sides = [merkle_root(left), merkle_root(right)];
            hash(1, &[sides[0].as_bytes(), sides[1].as_bytes()])
        }
    }
}

fn hash(domain: u8, parts: &[&[u8]]) -> Digest {
    let mut sha = Sha256::new();
    sha.update([domain]);
    for part in parts {
        sha.update(part);
    }
    Digest::from_bytes(sha.finalize().into())
}

/// The items of a dossier with their places in the plan. `contents_pages` are those of each volume.
pub(super) fn items(
    dossier: &CheckedDossier,
    plan: &Plan,
    contents_pages: &[u32],
    histories: &[History],
) -> Vec<ManifestItem> {
    let mut items: Vec<ManifestItem> = dossier.items().iter().map(unplaced).collect();
    for (item, history) in items.iter_mut().zip(histories) {
        item.added_on = history.added_on;
    }
    for (volume, &contents) in plan.volumes.iter().zip(contents_pages) {
        for paper in &volume.papers {
            if let Some(item) = items.get_mut(paper.index) {
                let (first, last) = volume.numbers(paper, contents);
                item.volume = Some(volume.number);
                item.numbers = Some([first, last]);
            }
        }
    }
    items
}

fn unplaced(item: &CheckedItem) -> ManifestItem {
    ManifestItem {
        slot: item.slot.clone(),
        title: item.title.clone(),
        file_name: item.file_name.clone(),
        sha256: item.sha256,
        pages: item.pages,
        volume: None,
        numbers: None,
        leaf: leaf(&item.slot, item.sha256, item.pages, &item.title),
        added_on: None,
        signed_original: None,
    }
}

/// One volume as written.
pub(super) fn volume(
    dossier: &CheckedDossier,
    volume: &PlannedVolume,
    parts: &[Part],
    contents_pages: u32,
    result: &VolumeResult,
    file: ManifestFile,
) -> ManifestVolume {
    let pages = result.pages.iter().map(|page| ManifestPage {
        number: page.number.clone(),
        origin: origin(dossier, volume, parts.get(page.part), page.source_page),
        number_box_pt: page.number_box_pt,
        number_place: page.number_place,
        gutter_mm: page.gutter_mm,
        shifted_mm: page.shifted_mm,
        scaled: page.scaled,
    });
    let supplements = volume.rounds.iter().filter_map(|round| {
        let papers = volume.papers.get(round.papers.clone())?;
        let (first, last) = (papers.first()?, papers.last()?);
        Some(ManifestSupplement {
            on: round.on,
            items: papers.iter().map(|paper| paper.index).collect(),
            numbers: [
                volume.numbers(first, contents_pages).0,
                volume.numbers(last, contents_pages).1,
            ],
        })
    });
    ManifestVolume {
        number: volume.number,
        title: volume.title.clone(),
        file: file.path,
        sha256: file.sha256,
        size_bytes: file.size_bytes,
        pages: pages.collect(),
        supplements: supplements.collect(),
    }
}

/// Where a page comes from. Inputs are the font, the contents, the papers, then the contents sheets of supplements.
fn origin(
    dossier: &CheckedDossier,
    volume: &PlannedVolume,
    part: Option<&Part>,
    source_page: PageNumber,
) -> Origin {
    let input = match part.and_then(|part| part.input) {
        None => return Origin::Blank,
        Some(0 | 1) => return Origin::Contents,
        Some(input) => input,
    };
    let Some(paper) = volume.papers.get(input - 2) else {
        return Origin::SupplementContents;
    };
    let sha256 = dossier.items().get(paper.index).map(|item| item.sha256);
    Origin::Paper {
        item: paper.index,
        source_sha256: sha256.unwrap_or_else(|| Digest::of(b"")),
        source_page,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_is_that_of_rfc_9162() {
        let leaves: Vec<Digest> = (0..5_u8).map(|n| hash(0, &[&[n]])).collect();
        let pair = |a: Digest, b: Digest| hash(1, &[a.as_bytes(), b.as_bytes()]);
        let four = pair(pair(leaves[0], leaves[1]), pair(leaves[2], leaves[3]));
        assert_eq!(merkle_root(&leaves), pair(four, leaves[4]));
        assert_eq!(merkle_root(&leaves[..4]), four);
        assert_eq!(merkle_root(&leaves[..1]), leaves[0]);
        assert_eq!(merkle_root(&[]), Digest::of(b""));
    }
}
