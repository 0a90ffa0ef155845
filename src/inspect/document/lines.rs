//! Runs of text in, lines of characters with their places out.
//!
//! Writers cut text into runs as they like: a label and its value in one run, or every character for itself,
//! or a title with wide spaces between its characters. So everything after this file looks at characters:
//! normalised (NFKC: both bracket widths, full-width digits and colons become one), without spaces, each with
//! its place and with what stands between it and the character before.

use unicode_normalization::UnicodeNormalization;

use crate::{
    inspect::facts::{PageFacts, TextRun},
    units::{PageNumber, PtBox},
};

/// What stands between a character and the one before it in its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Joint {
    /// Nothing, the same run.
    Touch,
    /// Nothing, but another run begins.
    Run,
    /// A space.
    Space,
    /// More than a space: another column, or another cell.
    Wide,
}

/// One character.
#[derive(Clone, Copy, Debug)]
pub(super) struct Glyph {
    pub(super) ch: char,
    pub(super) x0: f64,
    pub(super) x1: f64,
    pub(super) joint: Joint,
    pub(super) font: Option<u32>,
    pub(super) size: f64,
    pub(super) trusted: bool,
}

/// One line of a page, from left to right.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) page: PageNumber,
    pub(super) y0: f64,
    pub(super) y1: f64,
    /// Largest type in it.
    pub(super) size: f64,
    pub(super) glyphs: Vec<Glyph>,
    /// Recognised from a picture: a character may be another one, and what stands far right may be a speck.
    pub(super) recognised: bool,
    /// Its characters without spaces.
    pub(super) text: String,
}

impl Line {
    /// Half way up.
    pub(super) fn centre(&self) -> f64 {
        f64::midpoint(self.y0, self.y1)
    }
    /// The rectangle around glyphs `from..to`.
    pub(super) fn boxed(&self, from: usize, to: usize) -> PtBox {
        let part = self.glyphs.get(from..to).unwrap_or_default();
        let x0 = part.iter().map(|g| g.x0).fold(f64::INFINITY, f64::min);
        let x1 = part.iter().map(|g| g.x1).fold(f64::NEG_INFINITY, f64::max);
        if part.is_empty() {
            PtBox::new(0.0, self.y0, 0.0, self.y1)
        } else {
            PtBox::new(x0, self.y0, x1, self.y1)
        }
    }
    /// The rectangle around the whole line.
    pub(super) fn whole(&self) -> PtBox {
        self.boxed(0, self.glyphs.len())
    }
    /// The text with single spaces between Latin words: Chinese needs none.
    pub(super) fn spaced(&self, from: usize, to: usize) -> String {
        spaced(self.glyphs.get(from..to).unwrap_or_default())
    }
    /// The parts between wide gaps, as index ranges.
    pub(super) fn cells(&self) -> Vec<(usize, usize)> {
        let mut cells = Vec::new();
        let mut start = 0;
        for (i, glyph) in self.glyphs.iter().enumerate().skip(1) {
            if glyph.joint == Joint::Wide {
                cells.push((start, i));
                start = i;
            }
        }
        if start < self.glyphs.len() {
            cells.push((start, self.glyphs.len()));
        }
        cells
    }
}

/// Characters joined, with a space only where two Latin characters stand apart.
pub(super) fn spaced(glyphs: &[Glyph]) -> String {
    let mut out = String::new();
    for (i, glyph) in glyphs.iter().enumerate() {
        let apart = i > 0 && glyph.joint >= Joint::Space;
        if apart && glyph.ch.is_ascii() && out.chars().last().is_some_and(|c| c.is_ascii()) {
            out.push(' ');
        }
        out.push(glyph.ch);
    }
    out
}

/// The ideograph a radical stands for. Fonts draw both with one glyph, and some writers (Chromium among them) then
/// say the radical in `ToUnicode`: 校⻓ for 校长. NFKC unfolds the Kangxi radicals but not these
/// (Unicode, EquivalentUnifiedIdeograph.txt; fixture `education-c-chromium.pdf`).
fn unified(c: char) -> char {
    const FIRST: u32 = 0x2E81;
    const IDEOGRAPHS: &str = "厂⺂⺃乙亻冂几刀刂卜㔾⺌⺍兀尣尢尢巳幺彑彐忄㣺扌攵⺚旡冃月歺母民氵氺灬爫爫丬牛犭王疋目示礻竹糹纟罓罒㓁㓁网羊羊⺸耂肀聿月臼艹艹艹虎\
        衤覀西见角角讠贝足车辶辶辶邑钅長镸长门阜阝雨青韦页风飞食食飠饣首马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟";
    u32::from(c)
        .checked_sub(FIRST)
        .and_then(|n| {
            IDEOGRAPHS
                .chars()
                .filter(|c| !c.is_whitespace())
                .nth(n as usize)
        })
        .filter(|_| u32::from(c) <= 0x2EF3)
        .unwrap_or(c)
}

/// NFKC and no spaces: how titles and labels are compared.
pub(super) fn squeeze(text: &str) -> String {
    text.nfkc()
        .filter(|c| !c.is_whitespace() && !is_ignorable(*c))
        .map(unified)
        .collect()
}

/// Characters that show nothing: zero-width ones, soft hyphen, byte order mark.
fn is_ignorable(c: char) -> bool {
    matches!(
        c,
        '\u{00ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'
    ) || c.is_control()
}

/// The lines of a page, from the top, made of the runs that `wanted` lets through.
pub(super) fn lines_of(page: &PageFacts, wanted: impl Fn(&TextRun) -> bool) -> Vec<Line> {
    let mut runs: Vec<&TextRun> = page
        .text
        .iter()
        .filter(|run| wanted(run) && run.text.chars().any(|c| !c.is_whitespace()))
        .collect();
    let centre = |run: &TextRun| f64::midpoint(run.box_pt.y0.value(), run.box_pt.y1.value());
    runs.sort_by(|a, b| centre(b).total_cmp(&centre(a)));
    let mut groups: Vec<Vec<&TextRun>> = Vec::new();
    for run in runs {
        let fits = groups.last().is_some_and(|group| {
            group.first().is_some_and(|first| {
                let low = height(first).min(height(run));
                (centre(first) - centre(run)).abs() <= low * 0.45
            })
        });
        match groups.last_mut() {
            Some(group) if fits => group.push(run),
            _ => groups.push(vec![run]),
        }
    }
    groups
        .into_iter()
        .filter_map(|mut group| {
            group.sort_by(|a, b| a.box_pt.x0.value().total_cmp(&b.box_pt.x0.value()));
            line_of(page.page, &group)
        })
        .collect()
}

fn height(run: &TextRun) -> f64 {
    let tall = run.box_pt.height().value();
    if tall > 0.5 {
        tall
    } else {
        run.size_pt.value().max(1.0)
    }
}

fn line_of(page: PageNumber, runs: &[&TextRun]) -> Option<Line> {
    let mut glyphs: Vec<Glyph> = Vec::new();
    for run in runs {
        let first_of_run = glyphs.len();
        place(run, &mut glyphs);
        let Some(before) = first_of_run
            .checked_sub(1)
            .and_then(|i| glyphs.get(i))
            .copied()
        else {
            continue;
        };
        if let Some(first) = glyphs.get_mut(first_of_run) {
            let gap = first.x0 - before.x1;
            let em = first.size.max(before.size);
            first.joint = if gap > em * 0.8 {
                Joint::Wide
            } else if gap > em * 0.2 {
                Joint::Space
            } else {
                first.joint.max(Joint::Run)
            };
        }
    }
    let first = runs.first()?;
    let y0 = runs
        .iter()
        .map(|r| r.box_pt.y0.value())
        .fold(first.box_pt.y0.value(), f64::min);
    let y1 = runs
        .iter()
        .map(|r| r.box_pt.y1.value())
        .fold(first.box_pt.y1.value(), f64::max);
    if glyphs.is_empty() {
        return None;
    }
    Some(Line {
        page,
        y0,
        y1,
        size: glyphs.iter().map(|g| g.size).fold(0.0, f64::max),
        recognised: false,
        text: glyphs.iter().map(|g| g.ch).collect(),
        glyphs,
    })
}

/// Spreads the characters of a run over its width: ideographs one unit, Latin half a unit.
fn place(run: &TextRun, glyphs: &mut Vec<Glyph>) {
    let wide = |c: char| if c.is_ascii() { 0.5 } else { 1.0 };
    let total: f64 = run.text.chars().map(wide).sum();
    let width = run.box_pt.width().value();
    let mut at = run.box_pt.x0.value();
    let mut spaces = 0;
    for c in run.text.chars() {
        let x0 = at;
        at += width * wide(c) / total.max(0.5);
        if c.is_whitespace() {
            spaces += if c == '\u{3000}' || c == '\t' { 2 } else { 1 };
            continue;
        }
        if is_ignorable(c) {
            continue;
        }
        for ch in c.nfkc().filter(|ch| !ch.is_whitespace()).map(unified) {
            glyphs.push(Glyph {
                ch,
                x0,
                x1: at,
                joint: match spaces {
                    0 => Joint::Touch,
                    1 => Joint::Space,
                    _ => Joint::Wide,
                },
                font: run.font,
                size: run.size_pt.value().max(1.0),
                trusted: run.trusted,
            });
            spaces = 0;
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::{
        inspect::facts::{PageKind, Visibility},
        units::{Mm, Pt},
    };

    /// A page of text for tests: each run `(x, y, size, text)`, characters as wide as they usually are.
    pub(crate) fn page_of(number: u32, runs: &[(f64, f64, f64, &str)]) -> PageFacts {
        let text = runs
            .iter()
            .map(|(x, y, size, text)| {
                let units: f64 = text
                    .chars()
                    .map(|c| if c.is_ascii() { 0.5 } else { 1.0 })
                    .sum();
                TextRun {
                    text: (*text).to_owned(),
                    box_pt: PtBox::new(*x, *y, x + units * size, y + size),
                    size_pt: Pt::new(*size),
                    font: Some(0),
                    visibility: Visibility::Visible,
                    trusted: true,
                }
            })
            .collect();
        PageFacts {
            page: PageNumber::new(number).unwrap(),
            width_mm: Mm::new(210.0),
            height_mm: Mm::new(297.0),
            media_box: [0.0; 4],
            crop_box: [0.0; 4],
            paper: None,
            landscape: false,
            rotate: 0,
            user_unit: 1.0,
            kind: PageKind::Text,
            images: vec![],
            text,
            legibility: None,
            printed_annotations: 0,
            content_outside: false,
            page_hash: None,
        }
    }

    #[test]
    fn a_spaced_title_and_both_bracket_widths_become_one_text() {
        let page = page_of(
            1,
            &[
                (100.0, 700.0, 12.0, "毕（结） 业"),
                (60.0, 650.0, 12.0, "姓　名："),
            ],
        );
        let lines = lines_of(&page, |_| true);
        assert_eq!(lines[0].text, "毕(结)业");
        assert_eq!(lines[1].text, "姓名:");
    }

    #[test]
    fn runs_on_one_height_become_one_line_with_cells() {
        let page = page_of(
            1,
            &[(179.0, 700.5, 12.0, "张三"), (60.0, 700.0, 12.0, "姓名")],
        );
        let lines = lines_of(&page, |_| true);
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].cells(), vec![(0, 2), (2, 4)]);
    }

    #[test]
    fn radicals_are_read_as_the_ideographs_they_draw() {
        assert_eq!(squeeze("校⻓⻛⻬⻅⽇⻳"), "校长风齐见日龟");
        assert_eq!(unified('\u{2e9f}'), '母');
        assert_eq!(unified('\u{2ec5}'), '见');
        assert_eq!(unified('一'), '一');
    }

    #[test]
    fn latin_words_keep_their_spaces() {
        let page = page_of(1, &[(60.0, 700.0, 12.0, "Li Ming")]);
        let lines = lines_of(&page, |_| true);
        assert_eq!(lines[0].spaced(0, 6), "Li Ming");
    }
}
