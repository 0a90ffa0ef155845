//! Words a recogniser saw in, lines of characters out; and what several recognitions of one paper agree on.
//!
//! A recogniser cuts Chinese into words as it likes, sees strokes in photographs and stamps, and gives each word a confidence.
//! Specks are dropped by their confidence and size; words that touch become one text, as printed. How sure a value is
//! comes from two things: the confidence of its characters, and whether another recognition at another resolution gave the same.

use unicode_normalization::UnicodeNormalization as _;

use super::{
    Certainty, DocumentFacts, DocumentKind,
    lines::{Glyph, Joint, Line},
};
use crate::units::{PageNumber, PtBox};

/// What a recogniser saw on one page, laid upright and straight.
#[derive(Clone, Debug)]
pub struct RecognisedPage {
    /// Which page.
    pub page: PageNumber,
    /// The words, in any order.
    pub words: Vec<Word>,
}

/// One word.
#[derive(Clone, Debug)]
pub struct Word {
    /// Its characters.
    pub text: String,
    /// Where it stands on the upright, straight page.
    pub box_pt: PtBox,
    /// 0–100, as the recogniser says.
    pub confidence: f64,
}

/// Below it a word is a speck of something that is no text.
const SPECK: f64 = 25.0;
/// From it on a word may be judged by, if another recognition agrees.
const TRUSTED: f64 = 60.0;

/// The lines of a page, from the top.
pub(super) fn lines_of(page: &RecognisedPage) -> Vec<Line> {
    let usual = usual_height(&page.words);
    let mut words: Vec<&Word> = page
        .words
        .iter()
        .filter(|word| {
            let tall = word.box_pt.height().value();
            let wide = word.box_pt.width().value();
            // 一 and the hyphen are flat; nothing is flat both ways.
            word.confidence >= SPECK
                && tall.max(wide) >= usual * 0.4
                && tall <= usual * 3.5
                && word.text.chars().any(|c| !c.is_whitespace())
        })
        .collect();
    words.sort_by(|a, b| centre(b).total_cmp(&centre(a)));
    let mut groups: Vec<Vec<&Word>> = Vec::new();
    for word in words {
        let level = groups.iter().rposition(|group| {
            let middle = group.iter().map(|w| centre(w)).sum::<f64>() / group.len() as f64;
            (middle - centre(word)).abs() <= usual * 0.42
        });
        match level.and_then(|i| groups.get_mut(i)) {
            Some(group) => group.push(word),
            None => groups.push(vec![word]),
        }
    }
    groups
        .into_iter()
        .filter_map(|group| line_of(page.page, group))
        .collect()
}

fn centre(word: &Word) -> f64 {
    f64::midpoint(word.box_pt.y0.value(), word.box_pt.y1.value())
}

/// The median height of words that are surely text.
fn usual_height(words: &[Word]) -> f64 {
    let mut heights: Vec<f64> = words
        .iter()
        .filter(|word| word.confidence >= TRUSTED && word.text.chars().count() > 1)
        .map(|word| word.box_pt.height().value())
        .collect();
    heights.sort_by(f64::total_cmp);
    heights.get(heights.len() / 2).copied().unwrap_or(10.0)
}

fn line_of(page: PageNumber, mut words: Vec<&Word>) -> Option<Line> {
    words.sort_by(|a, b| a.box_pt.x0.value().total_cmp(&b.box_pt.x0.value()));
    let mut heights: Vec<f64> = words.iter().map(|w| w.box_pt.height().value()).collect();
    heights.sort_by(f64::total_cmp);
    // A line of print is as high as its higher words: full stops and 一 are low.
    let em = heights.get(heights.len() * 3 / 4).copied()? * 1.08;
    let mut glyphs: Vec<Glyph> = Vec::new();
    for word in &words {
        let first = glyphs.len();
        spread(word, em, &mut glyphs);
        let before = first.checked_sub(1).and_then(|i| glyphs.get(i)).copied();
        if let (Some(before), Some(glyph)) = (before, glyphs.get_mut(first)) {
            let gap = glyph.x0 - before.x1;
            glyph.joint = if gap > em * 0.9 {
                Joint::Wide
            } else if gap > em * 0.3 {
                Joint::Space
            } else {
                Joint::Touch
            };
        }
    }
    without_inner_brackets(&mut glyphs);
    let y = |of: fn(&Word) -> f64, pick: fn(f64, f64) -> f64, start: f64| {
        words.iter().map(|w| of(w)).fold(start, pick)
    };
    (!glyphs.is_empty()).then(|| Line {
        page,
        y0: y(|w| w.box_pt.y0.value(), f64::min, f64::INFINITY),
        y1: y(|w| w.box_pt.y1.value(), f64::max, f64::NEG_INFINITY),
        size: em,
        recognised: true,
        text: glyphs.iter().map(|g| g.ch).collect(),
        glyphs,
    })
}

/// 毕(结)业 and 校(院)长 are recognised with both brackets, one or none: here always with none.
fn without_inner_brackets(glyphs: &mut Vec<Glyph>) {
    let chars: Vec<char> = glyphs.iter().map(|g| g.ch).collect();
    let at = |i: Option<usize>| i.and_then(|i| chars.get(i)).copied().unwrap_or(' ');
    let mut i: usize = 0;
    glyphs.retain(|glyph| {
        let (before, after) = (at(i.checked_sub(1)), at(Some(i + 1)));
        i += 1;
        let opens = matches!((before, after), ('毕', '结') | ('校', '院'));
        let closes = matches!((before, after), ('结', '业') | ('院', '长'));
        !(opens || closes)
            || !matches!(
                glyph.ch,
                '(' | ')' | '[' | ']' | '{' | '}' | '|' | 'C' | 'c'
            )
    });
}

/// Spreads the characters of a word over its box: ideographs one unit, Latin half a unit.
fn spread(word: &Word, em: f64, glyphs: &mut Vec<Glyph>) {
    let wide = |c: char| if c.is_ascii() { 0.5 } else { 1.0 };
    let total: f64 = word.text.chars().map(wide).sum();
    let mut at = word.box_pt.x0.value();
    for c in word.text.chars() {
        let x0 = at;
        at += word.box_pt.width().value() * wide(c) / total.max(0.5);
        for ch in c.nfkc().filter(|c| !c.is_whitespace() && !c.is_control()) {
            glyphs.push(Glyph {
                ch: as_printed(ch),
                x0,
                x1: at,
                joint: Joint::Touch,
                font: None,
                size: em,
                trusted: word.confidence >= TRUSTED,
            });
        }
    }
}

/// Brackets and dots that recognition takes for each other, as they stand in papers.
fn as_printed(c: char) -> char {
    match c {
        '〈' | '《' | '【' | '〔' | '『' | '「' => '(',
        '〉' | '》' | '】' | '〕' | '』' | '」' => ')',
        '﹕' | '∶' | '︰' => ':',
        other => other,
    }
}

/// What several recognitions of one paper agree on: a value that at least two of them give alike stays as sure as they are;
/// one that only one gives, or on which none agree, is suspect.
pub fn agreed(readings: &[DocumentFacts]) -> DocumentFacts {
    let kind = majority(
        readings
            .iter()
            .map(|r| r.kind)
            .filter(|k| *k != DocumentKind::Unknown),
    );
    let Some((kind, _)) = kind else {
        return readings.first().cloned().unwrap_or_default();
    };
    let of_kind: Vec<&DocumentFacts> = readings.iter().filter(|r| r.kind == kind).collect();
    let Some(first) = of_kind.first() else {
        return DocumentFacts::default();
    };
    let mut facts = DocumentFacts {
        kind,
        recognised: true,
        ..DocumentFacts::default()
    };
    let mut names: Vec<&String> = of_kind.iter().flat_map(|r| r.fields.keys()).collect();
    names.sort();
    names.dedup();
    for name in names {
        let Some((value, votes)) = majority(of_kind.iter().filter_map(|r| r.fields.get(name)))
        else {
            continue;
        };
        // The place and certainty of the surest reading of that value.
        let best = of_kind
            .iter()
            .filter(|r| r.fields.get(name) == Some(value))
            .filter_map(|r| r.evidence.get(name))
            .min_by_key(|e| e.certainty != Certainty::Recognised);
        let Some(best) = best else { continue };
        let mut evidence = best.clone();
        if votes < 2 {
            evidence.certainty = Certainty::Suspect;
        }
        facts.fields.insert(name.clone(), value.clone());
        facts.evidence.insert(name.clone(), evidence);
    }
    let mut keys: Vec<&String> = of_kind.iter().flat_map(|r| r.private.keys()).collect();
    keys.sort();
    keys.dedup();
    for key in keys {
        if let Some((value, votes)) = majority(of_kind.iter().filter_map(|r| r.private.get(key))) {
            facts.private.insert(key.clone(), value.clone());
            // The masked form may agree where the whole does not.
            let shown = match key.as_str() {
                "verification_code" => "verification_code_masked",
                _ => "id_number_masked",
            };
            if votes < 2
                && let Some(evidence) = facts.evidence.get_mut(shown)
            {
                evidence.certainty = Certainty::Suspect;
            }
        }
    }
    // Something is odd about the paper when every recognition says so; a label one of them missed is there.
    for odd in &first.oddities {
        let everywhere = of_kind.iter().all(|r| {
            r.oddities
                .iter()
                .any(|o| o.what == odd.what && o.field == odd.field)
        });
        if everywhere {
            facts.oddities.push(odd.clone());
        }
    }
    facts
}

/// The value that stands most often, the earlier of equals, and how often.
fn majority<T: PartialEq + Copy>(values: impl Iterator<Item = T> + Clone) -> Option<(T, usize)> {
    let mut best: Option<(T, usize)> = None;
    for value in values.clone() {
        let votes = values.clone().filter(|other| *other == value).count();
        if best.is_none_or(|(_, most)| votes > most) {
            best = Some((value, votes));
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(x: f64, y: f64, text: &str, confidence: f64) -> Word {
        let wide: f64 = text
            .chars()
            .map(|c| if c.is_ascii() { 5.5 } else { 11.0 })
            .sum();
        Word {
            text: text.to_owned(),
            box_pt: PtBox::new(x, y, x + wide, y + 10.0),
            confidence,
        }
    }
    fn page(words: Vec<Word>) -> RecognisedPage {
        RecognisedPage {
            page: PageNumber::FIRST,
            words,
        }
    }
    fn reading(issued: &str, certainty: Certainty) -> DocumentFacts {
        let mut facts = DocumentFacts {
            kind: DocumentKind::ChsiEducationRecord,
            recognised: true,
            ..DocumentFacts::default()
        };
        facts.fields.insert("issued_on".into(), issued.into());
        facts.evidence.insert(
            "issued_on".into(),
            super::super::Evidence {
                page: PageNumber::FIRST,
                box_pt: PtBox::new(0.0, 0.0, 1.0, 1.0),
                certainty,
            },
        );
        facts
    }

    #[test]
    fn words_that_touch_are_one_text_and_specks_are_none() {
        let lines = lines_of(&page(vec![
            word(60.0, 700.0, "学校", 95.0),
            word(82.0, 700.4, "名称", 92.0),
            word(179.0, 700.2, "云台", 93.0),
            word(201.0, 700.2, "大学", 93.0),
            word(480.0, 700.2, "三", 12.0),
        ]));
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].text, "学校名称云台大学");
        assert_eq!(lines[0].cells(), vec![(0, 4), (4, 8)]);
    }

    #[test]
    fn one_reading_alone_is_never_sure() {
        let a = reading("2024-06-10", Certainty::Recognised);
        let b = reading("2024-06-18", Certainty::Recognised);
        let both = agreed(&[a.clone(), b.clone()]);
        assert_eq!(both.field("issued_on").unwrap().1, Certainty::Suspect);
        let three = agreed(&[a.clone(), b, a.clone()]);
        assert_eq!(
            three.field("issued_on"),
            Some(("2024-06-10", Certainty::Recognised))
        );
        let unsure = reading("2024-06-10", Certainty::Suspect);
        let low = agreed(&[unsure.clone(), unsure]);
        assert_eq!(low.field("issued_on").unwrap().1, Certainty::Suspect);
    }
}
