//! Labels and the values that belong to them, found by position.
//!
//! A value stands right of its label; or below it, where a table has a row of labels over a row of values;
//! or around its height, where a long value wraps inside a cell. What stands on lines of its own under a
//! value that may wrap, and begins where the value begins, belongs to the value.

use super::{
    lines::{Joint, Line},
    row_values::{around, below, mark, until_specks, value_of, values_under},
};
use crate::units::{PageNumber, PtBox};

/// A label that was found, with its value if it has one.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) field: &'static str,
    pub(super) page: PageNumber,
    pub(super) label_box: PtBox,
    pub(super) value: Option<Value>,
}

/// A value as it stands on the page.
#[derive(Clone, Debug)]
pub(super) struct Value {
    pub(super) text: String,
    pub(super) box_pt: PtBox,
    /// Every character's Unicode can be trusted.
    pub(super) trusted: bool,
    /// Characters of one script stand in more than one font or size.
    pub(super) mixed: bool,
}

/// Where a label stands in its line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hit {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) field: &'static str,
}

/// A part of a line, by indices.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    pub(super) line: usize,
    pub(super) from: usize,
    pub(super) to: usize,
}

/// All labels of `table` in `lines` (of one page, from the top), each with its value. `wrapping` names
/// the fields whose values may run over several lines.
pub(super) fn rows(
    lines: &[Line],
    table: &'static [(&'static str, &'static str)],
    wrapping: &[&str],
) -> Vec<Row> {
    let hits: Vec<Vec<Hit>> = lines.iter().map(|line| hits(line, table)).collect();
    let mut taken: Vec<bool> = vec![false; lines.len()];
    let mut rows = Vec::new();
    for (i, (line, found)) in lines.iter().zip(&hits).enumerate() {
        let under = values_under(lines, &hits, i);
        for (n, hit) in found.iter().enumerate() {
            let until = found
                .get(n + 1)
                .map_or(line.glyphs.len(), |next| next.start);
            let from = skip_colon(line, hit.end).min(until);
            let mut parts = Vec::new();
            if from < until {
                parts.push(Part {
                    line: i,
                    from,
                    to: until_specks(line, from, until),
                });
            } else if let Some(part) = under.get(n).copied().flatten() {
                parts.push(part);
                mark(&mut taken, part.line);
            } else {
                parts = around(lines, &hits, i, hit, &mut taken);
            }
            if wrapping.contains(&hit.field)
                && let Some(last) = parts.last().copied()
            {
                parts.extend(below(lines, &hits, last, &mut taken));
            }
            rows.push(Row {
                field: hit.field,
                page: line.page,
                label_box: line.boxed(hit.start, hit.end),
                value: value_of(lines, &parts),
            });
        }
    }
    rows
}

pub(super) fn skip_colon(line: &Line, at: usize) -> usize {
    match line.glyphs.get(at) {
        Some(glyph) if matches!(glyph.ch, ':' | '|' | '：') => at + 1,
        Some(glyph) if line.recognised && matches!(glyph.ch, ';' | '.' | ',') => at + 1,
        _ => at,
    }
}

/// Labels in a line, the longest at each place.
fn hits(line: &Line, table: &'static [(&'static str, &'static str)]) -> Vec<Hit> {
    let lower: Vec<char> = line
        .glyphs
        .iter()
        .map(|g| g.ch.to_ascii_lowercase())
        .collect();
    let mut found: Vec<Hit> = Vec::new();
    let mut at = 0;
    while at < lower.len() {
        let hit = if begins(line, at) {
            longest(line, &lower, at, table)
        } else {
            None
        };
        match hit {
            Some(hit) => {
                at = hit.end.max(at + 1);
                found.push(hit);
            }
            None => at += 1,
        }
    }
    found
}

/// Whether a label may begin here: at the line's head, after a wide gap or another run, or after a mark.
fn begins(line: &Line, at: usize) -> bool {
    let Some(glyph) = line.glyphs.get(at) else {
        return false;
    };
    let latin = glyph.ch.is_ascii();
    let apart = match glyph.joint {
        Joint::Touch => false,
        Joint::Space => !latin,
        Joint::Run | Joint::Wide => true,
    };
    let after_mark = at
        .checked_sub(1)
        .and_then(|i| line.glyphs.get(i))
        .is_some_and(|before| matches!(before.ch, ';' | ',' | '|' | '。' | '、'));
    at == 0 || apart || after_mark
}

fn longest(
    line: &Line,
    lower: &[char],
    at: usize,
    table: &'static [(&'static str, &'static str)],
) -> Option<Hit> {
    let rest = lower.get(at..)?;
    let with_slips = |slips: usize| {
        table.iter().filter_map(move |(label, field)| {
            let length = label.chars().count();
            let other = label.chars().zip(rest).filter(|(a, b)| a != *b).count();
            let near = rest.len() >= length && other <= slips && (slips == 0 || length >= 4);
            let whole = near && even(line, at, at + length) && ends(line, at, at + length);
            whole.then_some(Hit {
                start: at,
                end: at + length,
                field,
            })
        })
    };
    let exact = with_slips(0).max_by_key(|hit| hit.end);
    // 出生日其 is 出生日期 with one character misread, and 毕(结)业日其 is more than 毕(结)业; where two labels are equally near,
    // it is neither.
    let latin = rest.first().is_some_and(char::is_ascii);
    if !line.recognised || latin {
        return exact;
    }
    let nearest = with_slips(1).max_by_key(|hit| hit.end);
    let longer = nearest.filter(|hit| exact.is_none_or(|exact| hit.end >= exact.end + 2));
    let sure = longer
        .filter(|hit| !with_slips(1).any(|other| other.end == hit.end && other.field != hit.field));
    sure.or(exact)
}

/// Whether `from..to` is set evenly: closely, or with spaces between all of its characters. A value and the label
/// of the next cell (毕业 | 证书编号) do not make a label together.
fn even(line: &Line, from: usize, to: usize) -> bool {
    let inner = line.glyphs.get(from + 1..to).unwrap_or_default();
    let wide = inner.iter().filter(|g| g.joint == Joint::Wide).count();
    wide == 0 || (wide == inner.len() && inner.len() < 6)
}

/// Whether a label may end before `end`: at the line's end, a colon, a gap, another run, or a digit after a long label.
fn ends(line: &Line, start: usize, end: usize) -> bool {
    line.glyphs.get(end).is_none_or(|next| {
        next.joint >= Joint::Run
            || matches!(next.ch, ':' | '|')
            || (line.recognised && matches!(next.ch, ';' | '.' | ','))
            || (end - start >= 4 && (next.ch.is_ascii_digit() || next.ch == '*'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect::document::{
        labels::{LABELS, WRAPPING},
        lines::{lines_of, tests::page_of},
    };

    fn read(runs: &[(f64, f64, f64, &str)]) -> Vec<(&'static str, Option<String>)> {
        let page = page_of(1, runs);
        let lines = lines_of(&page, |_| true);
        rows(&lines, LABELS, &WRAPPING)
            .into_iter()
            .map(|row| (row.field, row.value.map(|v| v.text)))
            .collect()
    }
    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn label_left_value_right() {
        let got = read(&[
            (60.0, 710.0, 12.0, "姓名"),
            (179.0, 710.0, 12.0, "林知远"),
            (60.0, 682.0, 12.0, "毕（结）业"),
            (179.0, 682.0, 12.0, "毕业"),
        ]);
        assert_eq!(
            got,
            [("name", some("林知远")), ("conclusion", some("毕业"))]
        );
    }

    #[test]
    fn one_run_holds_label_and_value_or_two_of_each() {
        let got = read(&[
            (60.0, 710.0, 12.0, "姓 名：林知远　　性别：女"),
            (60.0, 682.0, 12.0, "更新日期:2024年3月2日"),
        ]);
        assert_eq!(
            got,
            [
                ("name", some("林知远")),
                ("sex", some("女")),
                ("issued_on", some("2024年3月2日"))
            ]
        );
    }

    #[test]
    fn a_row_of_labels_over_a_row_of_values() {
        let got = read(&[
            (60.0, 710.0, 12.0, "姓名"),
            (160.0, 710.0, 12.0, "性别"),
            (260.0, 710.0, 12.0, "出生日期"),
            (54.0, 690.0, 12.0, "林知远"),
            (166.0, 690.0, 12.0, "女"),
            (245.0, 690.0, 12.0, "1990年1月2日"),
        ]);
        assert_eq!(
            got,
            [
                ("name", some("林知远")),
                ("sex", some("女")),
                ("born_on", some("1990年1月2日"))
            ]
        );
    }

    #[test]
    fn a_long_value_wraps_under_itself_or_around_its_label() {
        let under = read(&[
            (60.0, 710.0, 12.0, "专业"),
            (179.0, 710.0, 12.0, "材料成型及控制工程（先进制造"),
            (179.0, 695.0, 12.0, "技术方向）"),
            (60.0, 667.0, 12.0, "学制"),
            (179.0, 667.0, 12.0, "4 年"),
        ]);
        assert_eq!(
            under,
            [
                ("major", some("材料成型及控制工程(先进制造技术方向)")),
                ("duration", some("4年"))
            ]
        );
        let around = read(&[
            (60.0, 738.0, 12.0, "性别"),
            (179.0, 738.0, 12.0, "女"),
            (179.0, 717.0, 12.0, "材料成型及控制工程（先进制造"),
            (60.0, 710.0, 12.0, "专业"),
            (179.0, 703.0, 12.0, "技术方向）"),
            (60.0, 682.0, 12.0, "学制"),
            (179.0, 682.0, 12.0, "4 年"),
        ]);
        assert_eq!(
            around,
            [
                ("sex", some("女")),
                ("major", some("材料成型及控制工程(先进制造技术方向)")),
                ("duration", some("4年"))
            ]
        );
    }

    #[test]
    fn a_blank_value_takes_nothing_from_its_neighbours() {
        let got = read(&[
            (60.0, 710.0, 12.0, "分院"),
            (60.0, 682.0, 12.0, "学籍状态"),
            (179.0, 682.0, 12.0, "在籍（注册学籍）"),
        ]);
        assert_eq!(
            got,
            [("", None), ("student_status", some("在籍(注册学籍)"))]
        );
    }

    #[test]
    fn a_value_and_the_next_label_are_no_label_together() {
        let got = read(&[
            (60.0, 548.0, 11.0, "毕(结)业"),
            (150.0, 548.0, 11.0, "毕业"),
            (250.0, 548.0, 11.0, "证书编号"),
            (340.0, 548.0, 11.0, "999991201605123456"),
        ]);
        assert_eq!(
            got,
            [
                ("conclusion", some("毕业")),
                ("certificate_number", some("999991201605123456"))
            ]
        );
    }

    #[test]
    fn words_inside_values_are_no_labels() {
        let got = read(&[
            (60.0, 710.0, 12.0, "学校名称"),
            (179.0, 710.0, 12.0, "云台民族大学"),
        ]);
        assert_eq!(got, [("school", some("云台民族大学"))]);
    }
}
