//! What the checks of active content (AC) share: one finding a place, or one for many places of the same kind.

use super::{Findings, Subject, opened};
use crate::{
    finding::{Finding, Outcome},
    inspect::facts::{ActiveContent, ActiveKind},
    units::PtBox,
};

/// More places than this are told in one finding.
const SINGLE: usize = 8;

/// The words of one check, Chinese and English.
pub(super) struct Words {
    /// What was found, to stand after "contains".
    pub(super) what: (&'static str, &'static str),
    /// What to do.
    pub(super) hint: (&'static str, &'static str),
}

/// Reports active content of `kinds`.
pub(super) fn look(
    subject: Subject<'_>,
    out: &mut Findings,
    kinds: &[ActiveKind],
    words: &Words,
) -> Outcome {
    let pdf = match opened::pdf(subject) {
        Ok(pdf) => pdf,
        Err(outcome) => return outcome,
    };
    let found: Vec<&ActiveContent> = pdf
        .active_content
        .iter()
        .filter(|content| kinds.contains(&content.kind))
        .collect();
    let (zh, en) = words.what;
    // Where one check stands for several kinds, each is told by its name in the standard.
    let named = |content: &ActiveContent, zh_or_en: &str| {
        if kinds.len() > 1 {
            format!("{zh_or_en} `{}`", content.kind.pdf_name())
        } else {
            zh_or_en.to_owned()
        }
    };
    for content in found.iter().take(SINGLE) {
        let (zh_at, en_at) = match content.page {
            Some(page) => (format!("第 {page} 页"), format!("page {page}")),
            None => ("文件".to_owned(), "the file".to_owned()),
        };
        let mut finding = Finding::new(
            format!("{zh_at}含有{}", named(content, zh)),
            format!(
                "{en_at} contains {} ({})",
                named(content, en),
                content.place
            ),
        )
        .with_hint(words.hint.0, words.hint.1)
        .measured("kind", serde_json::json!(content.kind))
        .measured("place", content.place.clone());
        if let Some(page) = content.page {
            finding = finding.on_page(page);
        }
        if let Some(corners) = content.box_pt {
            let [x0, y0, x1, y1] = corners.map(|hundredths| hundredths as f64 / 100.0);
            finding = finding.at(PtBox::new(x0, y0, x1, y1));
        }
        out.add(finding);
    }
    if found.len() > SINGLE {
        let more = found.len() - SINGLE;
        out.add(
            Finding::new(
                format!("另有 {more} 处含有{zh}"),
                format!("{more} more places contain {en}"),
            )
            .with_hint(words.hint.0, words.hint.1)
            .measured("places", found.len()),
        );
    }
    let unseen = subject
        .inspection
        .limits_met
        .iter()
        .any(|met| matches!(met.limit.as_str(), "objects" | "depth"));
    if found.is_empty() && unseen {
        return Outcome::could_not_tell(
            "文件对象过多，未能全部检查",
            "the file has more objects than could be looked at",
        );
    }
    out.outcome()
}
