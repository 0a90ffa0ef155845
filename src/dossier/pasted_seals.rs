//! The same image of a seal on several papers: pressed by hand, no two impressions are alike to the pixel.
//!
//! Takes the judged papers, gives one finding for each image that stands in more than one of them. It reads the digests that
//! `inspect` kept with the seals; it never says that a seal is false.

use std::collections::BTreeMap;

use super::CheckedItem;
use crate::finding::{Finding, Severity};

/// A finding for each image of a seal that several papers share, with the slot of the second paper.
pub(super) fn find(papers: &[CheckedItem]) -> Vec<(String, Finding)> {
    let mut places: BTreeMap<&str, Vec<(&CheckedItem, u32)>> = BTreeMap::new();
    for paper in papers {
        for page in &paper.report.facts.page_facts {
            for digest in page.seals.iter().filter_map(|s| s.image_digest.as_deref()) {
                let known = places.entry(digest).or_default();
                // The same file twice is another rule's, and a seal may well stand on each page of one paper.
                if known.iter().all(|(other, _)| other.sha256 != paper.sha256) {
                    known.push((paper, page.page.value()));
                }
            }
        }
    }
    let shared = places.into_iter().filter(|(_, papers)| papers.len() > 1);
    let finding = |(digest, papers): (&str, Vec<(&CheckedItem, u32)>)| {
        let list = |page: fn(&str, u32) -> String| {
            let named = papers.iter().map(|(paper, n)| page(&paper.file_name, *n));
            named.collect::<Vec<_>>()
        };
        let zh = list(|name, page| format!("`{name}` 第 {page} 页")).join("、");
        let en = list(|name, page| format!("page {page} of `{name}`")).join(" and ");
        let slot = papers.get(1).map(|(paper, _)| paper.slot.clone());
        let finding = Finding::new(
            format!("{zh}上的印章是同一幅图像，逐像素相同"),
            format!("the seals on {en} are one and the same image, equal to the pixel"),
        )
        .with_hint(
            "请在纸质材料上实际盖章后彩色扫描，不要粘贴印章图片",
            "have each paper sealed by hand and scan it in colour, instead of pasting a picture of the seal",
        )
        .weighing(Severity::Warning)
        .measured("image_digest", digest)
        .measured("papers", papers.len());
        Some((slot?, finding))
    };
    shared.filter_map(finding).collect()
}
