//! The same page twice: in two papers of a dossier, or in a dossier of an earlier year of the same applicant.
//!
//! Only hashes are compared, those that stand in the reports; no earlier page is kept or opened for it.

use crate::inspect::PageHash;

use super::CheckedItem;
use crate::units::PageNumber;

/// A paper of an earlier dossier of the same applicant, as hashes.
#[derive(Clone, Debug)]
pub struct EarlierPaper {
    /// The year it was filed in.
    pub year: i16,
    /// The slot it stood in.
    pub slot: String,
    /// The file's name then.
    pub file_name: String,
    /// SHA-256 of the file.
    pub sha256: crate::digest::Digest,
    /// Its pages' hashes.
    pub pages: Vec<(PageNumber, PageHash)>,
}

/// A page that stands in two papers.
#[derive(Clone, Debug)]
pub(super) struct Twin<'a> {
    pub(super) first: (&'a CheckedItem, PageNumber),
    pub(super) other: (&'a CheckedItem, PageNumber),
}

/// Pages that stand in two papers of one dossier, the first pair of pages of each two papers. The same *file* twice is told apart.
pub(super) fn twins(papers: &[CheckedItem]) -> Vec<Twin<'_>> {
    let mut found = Vec::new();
    for (i, other) in papers.iter().enumerate() {
        for first in papers.iter().take(i) {
            if first.sha256 == other.sha256 {
                continue;
            }
            let pair = hashes(first).find_map(|(a, hash)| {
                let same = hashes(other).find(|(_, h)| h.same_page(hash));
                same.map(|(b, _)| (a, b))
            });
            if let Some((a, b)) = pair {
                found.push(Twin {
                    first: (first, a),
                    other: (other, b),
                });
            }
        }
    }
    found
}

/// Papers that were filed before, each with the page and the earlier paper.
pub(super) fn filed_before<'a>(
    papers: &'a [CheckedItem],
    earlier: &'a [EarlierPaper],
) -> Vec<(&'a CheckedItem, PageNumber, &'a EarlierPaper)> {
    papers
        .iter()
        .filter_map(|paper| {
            earlier.iter().find_map(|old| {
                if old.sha256 == paper.sha256 {
                    return Some((paper, PageNumber::FIRST, old));
                }
                hashes(paper)
                    .find(|(_, hash)| old.pages.iter().any(|(_, was)| was.same_page(hash)))
                    .map(|(page, _)| (paper, page, old))
            })
        })
        .collect()
}

fn hashes(paper: &CheckedItem) -> impl Iterator<Item = (PageNumber, &PageHash)> {
    let pages = paper.report.facts.page_facts.iter();
    pages.filter_map(|page| Some((page.page, page.page_hash.as_ref()?)))
}
