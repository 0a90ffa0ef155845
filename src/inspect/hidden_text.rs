//! Hidden text beside the visible text in its place: does it say the same?
//!
//! A layer of recognised text under a scan has no visible text in its place, so there is nothing it could contradict;
//! a shadow or a bold face made of two prints says the same twice. What is left was covered, painted over or made
//! invisible, and other programs (search, copying, a person's own reader) go by it.

use std::collections::BTreeMap;

use super::facts::{HiddenContradiction, PageFacts, TextRun, Visibility};
use crate::units::PtBox;

/// Most contradictions that are told.
const MOST: usize = 50;
/// Most pairs of runs compared in a file; more would be a matter of seconds.
const MOST_PAIRS: usize = 2_000_000;
/// Most characters told of each side.
const MOST_CHARS: usize = 200;

/// The contradictions on all pages.
pub(crate) fn contradictions(pages: &[PageFacts]) -> Vec<HiddenContradiction> {
    let mut found = Vec::new();
    let mut pairs = 0;
    for page in pages {
        of_page(page, &mut found, &mut pairs);
        if found.len() >= MOST || pairs > MOST_PAIRS {
            break;
        }
    }
    found.truncate(MOST);
    found
}

fn of_page(page: &PageFacts, found: &mut Vec<HiddenContradiction>, pairs: &mut usize) {
    let hidden = |run: &&TextRun| {
        matches!(
            run.visibility,
            Visibility::Invisible | Visibility::SameAsBackground | Visibility::Covered
        )
    };
    if !page.text.iter().any(|run| hidden(&run)) {
        return;
    }
    let mut seen: Vec<&TextRun> = page
        .text
        .iter()
        .filter(|run| run.visibility == Visibility::Visible)
        .collect();
    seen.sort_by(|a, b| a.box_pt.y0.value().total_cmp(&b.box_pt.y0.value()));
    let tallest = seen
        .iter()
        .map(|run| run.box_pt.height().value())
        .fold(0.0, f64::max);
    for run in page.text.iter().filter(hidden) {
        let from = run.box_pt.y0.value() - tallest;
        let start = seen.partition_point(|other| other.box_pt.y0.value() < from);
        let mut there: Vec<&TextRun> = Vec::new();
        for other in seen.iter().skip(start) {
            *pairs += 1;
            if other.box_pt.y0.value() > run.box_pt.y1.value() || *pairs > MOST_PAIRS {
                break;
            }
            if in_place_of(&run.box_pt, &other.box_pt) {
                there.push(other);
            }
        }
        there.sort_by(|a, b| a.box_pt.x0.value().total_cmp(&b.box_pt.x0.value()));
        let text: String = there.iter().map(|other| other.text.as_str()).collect();
        let known = run.trusted && there.iter().all(|other| other.trusted);
        if known && contradicts(&run.text, &text) {
            found.push(HiddenContradiction {
                page: page.page,
                box_pt: run.box_pt,
                visibility: run.visibility,
                hidden: run.text.chars().take(MOST_CHARS).collect(),
                seen: text.chars().take(MOST_CHARS).collect(),
            });
            if found.len() >= MOST {
                return;
            }
        }
    }
}

/// Whether both stand on the same line and share a third of the shorter one.
fn in_place_of(a: &PtBox, b: &PtBox) -> bool {
    let share = |a0: f64, a1: f64, b0: f64, b1: f64| {
        let shorter = (a1 - a0).min(b1 - b0);
        shorter > 0.0 && (a1.min(b1) - a0.max(b0)) / shorter > 1.0 / 3.0
    };
    share(a.x0.value(), a.x1.value(), b.x0.value(), b.x1.value())
        && share(a.y0.value(), a.y1.value(), b.y0.value(), b.y1.value())
}

/// Whether two texts in the same place tell different things: other digits, or mostly other letters. Small slips of
/// recognition in letters are not a contradiction.
fn contradicts(hidden: &str, seen: &str) -> bool {
    let (hidden, seen) = (bare(hidden), bare(seen));
    // A lone sign says nothing: fonts of symbols use letters for arrows and boxes.
    let says = |text: &str| text.chars().nth(1).is_some();
    if !says(&hidden) || !says(&seen) || seen.contains(&hidden) || hidden.contains(&seen) {
        return false;
    }
    let digits = |text: &str| -> String { text.chars().filter(char::is_ascii_digit).collect() };
    let (a, b) = (digits(&hidden), digits(&seen));
    if !a.is_empty() && !b.is_empty() {
        return !a.contains(&b) && !b.contains(&a);
    }
    common_share(&hidden, &seen) < 0.5
}

/// Letters and digits, in one form each.
fn bare(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    text.nfkc()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// The share of the shorter text's pairs of neighbours that the other one has too.
fn common_share(a: &str, b: &str) -> f64 {
    let pairs = |text: &str| -> Vec<(char, char)> {
        // A lone character is a pair with the end.
        let ends = text.chars().skip(1).chain(std::iter::once('\0'));
        let all: Vec<_> = text.chars().zip(ends).collect();
        let kept = all.len().saturating_sub(1).max(1);
        all.into_iter().take(kept).collect()
    };
    let (a, b) = (pairs(a), pairs(b));
    let mut counts: BTreeMap<(char, char), u32> = BTreeMap::new();
    for pair in &a {
        *counts.entry(*pair).or_default() += 1;
    }
    let mut common = 0;
    for pair in &b {
        if let Some(left) = counts.get_mut(pair).filter(|left| **left > 0) {
            *left -= 1;
            common += 1;
        }
    }
    f64::from(common) / a.len().min(b.len()).max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_digits_or_other_words_contradict_and_slips_do_not() {
        for (hidden, seen) in [
            ("2021-06-30", "2024-06-30"),
            ("硕士研究生", "本科"),
            ("王小明", "张三丰"),
            ("Master of Laws", "Bachelor"),
        ] {
            assert!(contradicts(hidden, seen), "{hidden} {seen}");
        }
        for (hidden, seen) in [
            ("2024 - 06 - 30", "２０２４-06-30"),
            ("Nanjing Universlty", "Nanjing University"),
            ("本科", "层次 本科"),
            ("…", "本科"),
            ("", "本科"),
            ("ÿ", "Map"),
            ("2024", "更新日期：2024年6月"),
        ] {
            assert!(!contradicts(hidden, seen), "{hidden} {seen}");
        }
    }
}
