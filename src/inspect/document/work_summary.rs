//! The length of a summary in 字, as a person counts: Chinese characters of the text, without title, signature and page numbers.

use super::{dates, lines::Line, reading::Reading};

/// Counts the Chinese characters of the body.
pub(super) fn read(reading: &mut Reading, lines: &[Line], title: Option<usize>) {
    let body: Vec<&Line> = lines
        .iter()
        .enumerate()
        .filter(|(i, _)| title.is_none_or(|title| *i > title))
        .map(|(_, line)| line)
        .collect();
    let end = body.len() - signature(&body);
    let count: usize = body
        .iter()
        .take(end)
        .filter(|line| !is_page_number(line))
        .map(|line| han(&line.text))
        .sum();
    if let (Some(first), Some(last)) = (body.first(), body.get(end.saturating_sub(1))) {
        let trusted = body
            .iter()
            .all(|line| line.glyphs.iter().all(|g| g.trusted));
        let box_pt = if first.page == last.page {
            first.whole().union(last.whole())
        } else {
            first.whole()
        };
        reading.put(
            "han_characters",
            count.to_string(),
            first.page,
            box_pt,
            trusted,
        );
    }
}

/// Chinese characters in a text; punctuation, digits and Latin letters do not count.
fn han(text: &str) -> usize {
    text.chars().filter(|c| is_han(*c)).count()
}

fn is_han(c: char) -> bool {
    matches!(u32::from(c), 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3_23AF)
        || c == '〇'
}

fn is_page_number(line: &Line) -> bool {
    let text = line
        .text
        .trim_matches(|c: char| matches!(c, '-' | '—' | '–' | '·'));
    let inner = text
        .strip_prefix('第')
        .and_then(|t| t.split_once('页'))
        .map_or(text, |(n, _)| n);
    !inner.is_empty() && inner.chars().all(|c| c.is_ascii_digit() || c == '/')
}

/// How many lines at the end are a signature: a date, a name, a unit, each short and on a line of its own.
fn signature(body: &[&Line]) -> usize {
    let short = |line: &Line| {
        line.text.chars().count() <= 22 && !line.text.ends_with(['。', ';', '!', '”'])
    };
    let dated = body
        .iter()
        .rev()
        .take(3)
        .position(|line| short(line) && dates::first(&line.text).is_some());
    let named = |line: &Line| {
        [
            "申报人",
            "总结人",
            "汇报人",
            "姓名",
            "签名",
            "签字",
            "单位",
            "述职人",
        ]
        .iter()
        .any(|word| line.text.starts_with(word))
    };
    let mut count = dated.map_or(0, |at| at + 1);
    while count < 5 {
        let Some(line) = body.iter().rev().nth(count) else {
            break;
        };
        // Above the date stand a name or a unit: short, and indented to the right.
        let indented = body
            .iter()
            .map(|l| l.whole().x0.value())
            .fold(f64::INFINITY, f64::min)
            + line.size * 6.0
            < line.whole().x0.value();
        if short(line) && (named(line) || (count > 0 && indented)) {
            count += 1;
        } else {
            break;
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect::document::{
        Source,
        lines::{lines_of, tests::page_of},
    };

    #[test]
    fn title_signature_and_page_numbers_do_not_count() {
        let page = page_of(
            1,
            &[
                (200.0, 780.0, 18.0, "专业技术工作总结"),
                (80.0, 740.0, 12.0, "本人2016年毕业,从事A化工工艺设计。"),
                (60.0, 720.0, 12.0, "主持技术改造3项。"),
                (400.0, 680.0, 12.0, "林知远"),
                (390.0, 660.0, 12.0, "2024年8月1日"),
                (290.0, 40.0, 9.0, "— 1 —"),
            ],
        );
        let lines = lines_of(&page, |_| true);
        let mut reading = Reading::new(Source::File);
        read(&mut reading, &lines, Some(0));
        assert_eq!(reading.field("han_characters"), Some("20"));
    }
}
