//! The opinion of the employer (鉴定意见) in an application form.
//!
//! The label stands over the text, or beside it in a cell of its own, in one line or in several (单位 / 鉴定 / 意见). Letters of a seal
//! drawn over the text are none of it: they stand alone, away from the edge of the text, or in another size.

use super::{
    lines::{Glyph, Line, spaced},
    reading::Reading,
};
use crate::units::PtBox;

/// Words that open the cell.
const LABELS: [&str; 5] = [
    "鉴定意见",
    "单位鉴定",
    "考察意见",
    "单位审核意见",
    "单位意见",
];
/// Words that close it.
const ENDS: [&str; 12] = [
    "公章",
    "盖章",
    "签章",
    "签字",
    "签名",
    "负责人",
    "经办人",
    "审核人",
    "审核意见",
    "评审意见",
    "主管部门",
    "职称部门",
];

/// Where the label stands.
#[derive(Debug)]
struct Label {
    /// Its first and last line.
    first: usize,
    last: usize,
    /// In its line: where it ends, by index; `None` for a label of several lines.
    end: Option<usize>,
    /// Its right edge.
    right: f64,
}

/// Reads the opinion beside or under its label, to the line where it is signed.
pub(super) fn read(reading: &mut Reading, lines: &[Line]) {
    for label in LABELS {
        let Some(found) = in_one_line(lines, label).or_else(|| in_several(lines, label)) else {
            continue;
        };
        let parts = text_of(lines, &found);
        let text: String = parts.iter().map(|part| spaced(&part.glyphs)).collect();
        let text = text.trim_start_matches([':', ')']).to_owned();
        let place = parts.iter().map(Part::place).reduce(PtBox::union);
        if let (Some(box_pt), Some(line), false) = (place, lines.get(found.first), text.is_empty())
        {
            let trusted = parts.iter().flat_map(|p| &p.glyphs).all(|g| g.trusted);
            reading.put("opinion", text, line.page, box_pt, trusted);
            return;
        }
    }
}

fn in_one_line(lines: &[Line], label: &str) -> Option<Label> {
    lines.iter().enumerate().find_map(|(i, line)| {
        let start = line.text.get(..line.text.find(label)?)?.chars().count();
        let end = start + label.chars().count();
        let around = line.boxed(start, end);
        Some(Label {
            first: i,
            last: i,
            end: Some(end),
            right: around.x1.value(),
        })
    })
}

/// A label whose characters stand in a narrow column, a few in each line.
fn in_several(lines: &[Line], label: &str) -> Option<Label> {
    (0..lines.len()).find_map(|first| {
        let (mut said, page) = (String::new(), lines.get(first)?.page);
        let (mut left, mut right) = (f64::INFINITY, 0.0_f64);
        let mut below: Option<f64> = None;
        for (i, line) in lines.iter().enumerate().skip(first).take(12) {
            let head = head_of(line);
            let around = line.boxed(0, head);
            let (x0, x1) = (around.x0.value(), around.x1.value());
            let in_column = i == first || (x0 < right && x1 > left && x1 - x0 < line.size * 4.5);
            if !in_column {
                // A line of the text beside the label.
                continue;
            }
            let near = below.is_none_or(|y| y - line.y1 < line.size * 2.0);
            if line.page != page || !near {
                return None;
            }
            said.extend(line.glyphs.iter().take(head).map(|g| g.ch));
            (left, right) = (left.min(x0), right.max(x1));
            below = Some(line.y0);
            let matches = said.ends_with(label);
            if matches && i > first {
                return Some(Label {
                    first,
                    last: i,
                    end: None,
                    right,
                });
            }
            if matches || said.chars().count() > label.chars().count() + 6 {
                return None;
            }
        }
        None
    })
}

/// Where the first cell of a line ends.
fn head_of(line: &Line) -> usize {
    line.cells().first().map_or(0, |(_, to)| *to)
}

/// What a line says of the opinion.
struct Part {
    glyphs: Vec<Glyph>,
    y0: f64,
    y1: f64,
}

impl Part {
    fn place(&self) -> PtBox {
        let x0 = self
            .glyphs
            .iter()
            .map(|g| g.x0)
            .fold(f64::INFINITY, f64::min);
        let x1 = self.glyphs.iter().map(|g| g.x1).fold(0.0, f64::max);
        PtBox::new(x0, self.y0, x1, self.y1)
    }
    fn centre(&self) -> f64 {
        f64::midpoint(self.y0, self.y1)
    }
    fn text(&self) -> String {
        self.glyphs.iter().map(|g| g.ch).collect()
    }
    /// A line of print, not letters of a seal that happen to stand on one height.
    fn is_text(&self, edge: f64, size: f64) -> bool {
        self.glyphs
            .first()
            .is_some_and(|g| (g.x0 - edge).abs() <= size * 3.0)
    }
}

fn text_of(lines: &[Line], label: &Label) -> Vec<Part> {
    let Some(own) = lines.get(label.first) else {
        return Vec::new();
    };
    let beside = label
        .end
        .is_some_and(|end| own.glyphs.get(end..).is_some_and(|rest| !says_little(rest)));
    let next = lines.get(label.last + 1).filter(|l| l.page == own.page);
    let heading = label.end.is_some()
        && !beside
        && next.is_some_and(|l| l.glyphs.first().is_some_and(|g| g.x0 < label.right));
    let from = |line: &Line| -> Vec<Glyph> {
        let right_of = |g: &&Glyph| heading || g.x0 >= label.right - 1.0;
        line.glyphs.iter().filter(right_of).copied().collect()
    };
    let part = |i: usize, line: &Line| -> Part {
        let glyphs = match label.end {
            Some(end) if i == label.first => line.glyphs.get(end..).unwrap_or_default().to_vec(),
            _ => from(line),
        };
        Part {
            glyphs,
            y0: line.y0,
            y1: line.y1,
        }
    };
    let mut parts: Vec<Part> = Vec::new();
    for (i, line) in lines.iter().enumerate().skip(label.first).take(30) {
        if line.page != own.page {
            break;
        }
        let left_of = line
            .glyphs
            .first()
            .is_some_and(|g| g.x0 < label.right - 1.0);
        // The label of the next row.
        if i > label.last && left_of && !heading {
            break;
        }
        let part = part(i, line);
        let text = part.text();
        if i > label.first && (ENDS.iter().any(|word| text.contains(word)) || is_blank_date(&text))
        {
            break;
        }
        parts.push(part);
    }
    // A label in the middle of a high cell has text above its own height.
    let mut above: Vec<Part> = Vec::new();
    if !heading {
        for (i, line) in lines.iter().enumerate().take(label.first).rev().take(12) {
            let left_of = line
                .glyphs
                .first()
                .is_some_and(|g| g.x0 < label.right - 1.0);
            let low = above.last().map_or(own.y1, |part: &Part| part.y0);
            if line.page != own.page || left_of || line.y0 - low > line.size * 2.5 {
                break;
            }
            let part = part(i, line);
            if !part.glyphs.is_empty() {
                above.push(part);
            }
        }
    }
    let above = belonging(above, &parts, label.end.is_none(), own.size);
    without_seal(above.into_iter().rev().chain(parts).collect())
}

/// Those lines above the label that stand in its cell: as close to the text as its lines are to each other.
fn belonging(mut above: Vec<Part>, parts: &[Part], stacked: bool, size: f64) -> Vec<Part> {
    let mut filled = parts.iter().filter(|part| !part.glyphs.is_empty());
    let pitch = match (filled.next(), filled.next()) {
        (Some(first), Some(second)) => Some((first, first.centre() - second.centre())),
        // One line beside a label of several: there may be one more above the label's middle.
        (Some(first), None) if stacked => Some((first, size * 1.7)),
        _ => None,
    };
    let Some((first, pitch)) = pitch else {
        return Vec::new();
    };
    let mut below = first.centre();
    let near = above.iter().take_while(|part| {
        let close = part.centre() - below <= pitch * 1.2;
        below = part.centre();
        close
    });
    let count = near.count();
    above.truncate(count);
    above
}

/// The text without letters of a seal: those of another size, and those that stand alone away from the text's edge.
fn without_seal(parts: Vec<Part>) -> Vec<Part> {
    // The line that says most is print.
    let most = parts.iter().rev().max_by_key(|part| part.glyphs.len());
    let Some(first) = most.and_then(|part| part.glyphs.first()) else {
        return parts;
    };
    let size = first.size;
    let edge = parts
        .iter()
        .filter(|part| part.glyphs.len() > 1)
        .filter_map(|part| part.glyphs.first().map(|g| g.x0))
        .fold(f64::INFINITY, f64::min);
    parts
        .into_iter()
        .map(|part| {
            let glyphs = words_of(&part.glyphs, size)
                .into_iter()
                .enumerate()
                .filter(|(n, word)| {
                    let lone = word.len() <= 2;
                    *n == 0 && word_at_edge(word, edge, size) || !lone
                })
                .flat_map(|(_, word)| word)
                .collect();
            Part { glyphs, ..part }
        })
        .filter(|part| !part.glyphs.is_empty() && part.is_text(edge, size))
        .collect()
}

fn word_at_edge(word: &[Glyph], edge: f64, size: f64) -> bool {
    word.first()
        .is_some_and(|g| (g.x0 - edge).abs() <= size * 2.6)
}

/// Glyphs of the text's own size, cut where more than a character's width is white.
fn words_of(glyphs: &[Glyph], size: f64) -> Vec<Vec<Glyph>> {
    let mut words: Vec<Vec<Glyph>> = Vec::new();
    for glyph in glyphs
        .iter()
        .filter(|g| (g.size / size - 1.0).abs() <= 0.12)
    {
        let touches = words
            .last()
            .and_then(|word| word.last())
            .is_some_and(|before| glyph.x0 - before.x1 <= size * 0.9);
        match words.last_mut() {
            Some(word) if touches => word.push(*glyph),
            _ => words.push(vec![*glyph]),
        }
    }
    words
}

/// Nothing but marks.
fn says_little(glyphs: &[Glyph]) -> bool {
    glyphs.iter().all(|g| !g.ch.is_alphanumeric())
}

fn is_blank_date(text: &str) -> bool {
    text.ends_with("年月日") || super::dates::whole(text).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect::document::{
        Source,
        lines::{lines_of, tests::page_of},
    };

    fn opinion(runs: &[(f64, f64, f64, &str)]) -> Option<String> {
        let mut reading = Reading::new(Source::File);
        read(&mut reading, &lines_of(&page_of(1, runs), |_| true));
        reading.field("opinion").map(str::to_owned)
    }

    #[test]
    fn beside_and_under_the_label() {
        assert_eq!(
            opinion(&[
                (60.0, 700.0, 12.0, "鉴定意见"),
                (150.0, 700.0, 12.0, "同意申报")
            ])
            .as_deref(),
            Some("同意申报")
        );
        assert_eq!(
            opinion(&[
                (60.0, 700.0, 12.0, "单位鉴定意见"),
                (150.0, 700.0, 12.0, "该同志工作认真，"),
                (150.0, 684.0, 12.0, "完成设计三项。"),
                (150.0, 660.0, 12.0, "负责人签字："),
                (400.0, 640.0, 12.0, "年 月 日"),
            ])
            .as_deref(),
            Some("该同志工作认真,完成设计三项。")
        );
    }

    #[test]
    fn under_a_heading_whose_text_begins_at_the_margin() {
        assert_eq!(
            opinion(&[
                (60.0, 700.0, 12.0, "鉴定意见："),
                (84.0, 680.0, 12.0, "该同志工作认真，业务能力强，"),
                (60.0, 664.0, 12.0, "同意推荐。"),
                (300.0, 640.0, 12.0, "单位公章"),
            ])
            .as_deref(),
            Some("该同志工作认真,业务能力强,同意推荐。")
        );
    }

    #[test]
    fn beside_a_label_of_several_lines() {
        // The text's lines stand at other heights than those of its label, and begin above it.
        assert_eq!(
            opinion(&[
                (60.0, 760.0, 12.0, "联系电话"),
                (150.0, 760.0, 12.0, "13000000127"),
                (
                    150.0,
                    716.0,
                    12.0,
                    "该同志见习期内独立完成三套装置的工艺设计，"
                ),
                (66.0, 708.0, 12.0, "单位"),
                (150.0, 700.0, 12.0, "工作认真负责，业务能力强，"),
                (66.0, 692.0, 12.0, "鉴定"),
                (150.0, 684.0, 12.0, "同意申报。"),
                (66.0, 676.0, 12.0, "意见"),
                (300.0, 650.0, 12.0, "负责人（签字）"),
            ])
            .as_deref(),
            Some("该同志见习期内独立完成三套装置的工艺设计,工作认真负责,业务能力强,同意申报。")
        );
        // One character a line, and nothing but consent beside it.
        assert_eq!(
            opinion(&[
                (66.0, 716.0, 12.0, "鉴"),
                (66.0, 700.0, 12.0, "定"),
                (150.0, 692.0, 12.0, "同意"),
                (66.0, 684.0, 12.0, "意"),
                (66.0, 668.0, 12.0, "见"),
            ])
            .as_deref(),
            Some("同意")
        );
    }

    #[test]
    fn letters_of_a_round_seal_are_no_opinion() {
        // A seal of 40 mm over the lower right of the cell; each letter is a run of its own.
        let mut runs = vec![
            (60.0, 700.0, 12.0, "鉴定意见"),
            (150.0, 700.0, 12.0, "同意"),
        ];
        let letters = "云台石化工程有限公司人事部".chars();
        let owned: Vec<String> = letters.map(String::from).collect();
        let places = owned.iter().enumerate().map(|(i, letter)| {
            let angle = (200.0 - 220.0 * i as f64 / 12.0).to_radians();
            let (x, y) = (400.0 + 44.0 * angle.cos(), 670.0 + 44.0 * angle.sin());
            (x, y, 10.0, letter.as_str())
        });
        runs.extend(places);
        runs.push((360.0, 664.0, 12.0, "★"));
        assert_eq!(opinion(&runs).as_deref(), Some("同意"));
        // The same in letters of the text's own size.
        for run in runs.iter_mut().skip(2) {
            run.2 = 12.0;
        }
        assert_eq!(opinion(&runs).as_deref(), Some("同意"));
    }
}
