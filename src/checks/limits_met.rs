//! What the checks of limits (LM) share: one finding a limit that was met.

use super::{Findings, Subject};
use crate::finding::{Finding, Outcome};

/// Limits that have a check of their own; every other one is a matter of LM105.
pub(super) const NAMED: &[&str] = &[
    "decoded_stream_bytes",
    "decoded_content_bytes",
    "decoded_total_bytes",
    "objects",
    "depth",
    "page_operators",
    "total_operators",
    "noted_items",
    "image_pixels",
    "pages",
];

/// The words of one check, Chinese and English.
pub(super) struct Words {
    /// What happened.
    pub(super) what: (&'static str, &'static str),
    /// What to do.
    pub(super) hint: (&'static str, &'static str),
}

/// Reports the limits that are `mine`.
pub(super) fn look(
    subject: Subject<'_>,
    out: &mut Findings,
    words: &Words,
    mine: impl Fn(&str) -> bool,
) -> Outcome {
    for met in &subject.inspection.limits_met {
        if !mine(&met.limit) {
            continue;
        }
        let (zh, en) = words.what;
        let (zh, en) = match met.page {
            Some(page) => (
                format!("第 {page} 页：{zh}（`{}` {}）", met.limit, met.allowed),
                format!("page {page}: {en} (`{}` {})", met.limit, met.allowed),
            ),
            None => (
                format!("{zh}（`{}` {}）", met.limit, met.allowed),
                format!("{en} (`{}` {})", met.limit, met.allowed),
            ),
        };
        let mut finding = Finding::new(zh, en)
            .with_hint(words.hint.0, words.hint.1)
            .measured("limit", met.limit.clone())
            .expected("at_most", met.allowed);
        if let Some(page) = met.page {
            finding = finding.on_page(page);
        }
        out.add(finding);
    }
    out.outcome()
}
