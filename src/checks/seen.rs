//! Pages together with what was measured on them: what the checks of families LG and SE walk through.

use super::Subject;
use crate::{
    finding::Outcome,
    inspect::{facts::PageFacts, legibility::LegibilityFacts},
};

/// Every page that was measured.
pub(super) fn seen_pages(
    subject: Subject<'_>,
) -> impl Iterator<Item = (&PageFacts, &LegibilityFacts)> {
    let pages = subject.inspection.pages.iter();
    pages.filter_map(|page| Some((page, page.legibility.as_ref()?)))
}

/// How a check ends that saw no page at all; `None` when at least one was measured.
pub(super) fn nothing_seen(subject: Subject<'_>) -> Option<Outcome> {
    let none = seen_pages(subject).next().is_none();
    none.then(|| Outcome::could_not_tell("没有页面可供测量", "no page could be measured"))
}

/// What is wrong with a part of a page, in words.
pub(super) fn reason(why: &str) -> (&'static str, &'static str) {
    match why {
        "blur" => ("字迹模糊", "blurred"),
        "contrast" => ("字迹过淡", "too faint"),
        "resolution" => ("分辨率不足", "too coarse"),
        "shadow" => ("处在阴影中", "in shadow"),
        "glare" => ("反光", "lost in glare"),
        "noise" => ("噪点过多", "too noisy"),
        "pattern" => (
            "网纹（如翻拍屏幕所致）盖住字迹",
            "hidden by a pattern of dots or stripes, as of a photographed screen",
        ),
        "too_small" => ("字太小", "too small"),
        _ => ("无法辨认", "unreadable"),
    }
}

/// What to do about it.
pub(super) fn remedy(why: &str) -> (&'static str, &'static str) {
    match why {
        "blur" => (
            "请将纸张压平、静置后重新扫描，不要用手机翻拍",
            "scan again with the sheet flat and still, instead of photographing it",
        ),
        "contrast" => (
            "请调高扫描的对比度，或找字迹更深的原件重新扫描",
            "scan again with more contrast, or from a darker original",
        ),
        "resolution" => ("请以 300 dpi 重新扫描", "scan again at 300 dpi"),
        "shadow" | "glare" => (
            "请将纸张压平、避开阴影和反光后重新扫描",
            "scan again with the sheet flat, without shadow or glare",
        ),
        "noise" => (
            "请用灰度或彩色模式、适当亮度重新扫描",
            "scan again in grey or colour with proper brightness",
        ),
        "pattern" => (
            "请不要翻拍屏幕：将文件直接导出或打印为 PDF；如为纸质件，请扫描原件",
            "do not photograph a screen: export the file or print it to PDF; of a sheet of paper, scan the original",
        ),
        "too_small" => (
            "请按原纸型导出或扫描，不要缩印",
            "export or scan at the paper's own size instead of shrinking it",
        ),
        _ => ("请重新扫描", "scan again"),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::{
        checks::{Check, Findings},
        inspect::{
            Inspection,
            facts::{FileKind, Opening, PageKind},
        },
        units::{Mm, PageIndex},
    };

    /// Runs a check on a file with these pages, without a notice.
    pub(in crate::checks) fn run_on(
        check: &Check,
        pages: Vec<LegibilityFacts>,
    ) -> (Findings, Outcome) {
        let pages = pages.into_iter().enumerate().map(|(i, facts)| PageFacts {
            page: PageIndex::new(i as u32).number(),
            width_mm: Mm::new(210.0),
            height_mm: Mm::new(297.0),
            media_box: [0.0; 4],
            crop_box: [0.0; 4],
            paper: None,
            landscape: false,
            rotate: 0,
            user_unit: 1.0,
            kind: PageKind::Scan,
            images: Vec::new(),
            text: Vec::new(),
            legibility: Some(facts),
            printed_annotations: 0,
            content_outside: false,
            page_hash: None,
        });
        let inspection = Inspection {
            size_bytes: 1,
            file_kind: FileKind::Pdf,
            opening: Opening::Opened,
            pdf: None,
            pages: pages.collect(),
            document: None,
            limits_met: Vec::new(),
        };
        let mut found = Findings::default();
        let subject = Subject {
            inspection: &inspection,
            pack: None,
            slot: None,
            on: jiff::civil::date(2024, 8, 20),
            holder: None,
            entry: None,
        };
        let outcome = (check.run)(subject, &mut found);
        (found, outcome)
    }
}
