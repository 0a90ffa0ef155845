//! First and last day of a public notice (公示), as its proof words them.

use super::{
    dates::{self, Read},
    lines::Line,
    reading::Reading,
};

/// Reads the range of days: 自2024年8月1日至8月8日, 2024.8.1—2024.8.8, 公示时间：… 至 ….
pub(super) fn read(reading: &mut Reading, lines: &[Line]) {
    // A range may break over a line, so each line is read with the one after it.
    for (i, line) in lines.iter().enumerate() {
        let next = lines.get(i + 1).filter(|next| next.page == line.page);
        let text = format!("{}{}", line.text, next.map_or("", |n| n.text.as_str()));
        let Some((from, to, start)) = range(&text) else {
            continue;
        };
        // The range must begin in this line, and the line or the one before speak of the notice.
        if start >= line.text.chars().count() {
            continue;
        }
        let box_pt = line.whole();
        let trusted = line.glyphs.iter().all(|g| g.trusted);
        reading.put("notice_from", from.iso(), line.page, box_pt, trusted);
        reading.put("notice_to", to.iso(), line.page, box_pt, trusted);
        return;
    }
}

/// The first range of days in squeezed text: both ends, and the character index where it begins.
pub(super) fn range(text: &str) -> Option<(Read, Read, usize)> {
    let mut offset = 0;
    let mut rest: String = text.to_owned();
    while let Some((from, end)) = dates::first(&rest) {
        let after: String = rest.chars().skip(end).collect();
        if let (Read::Day(first), Some(tail)) = (from, behind_the_dash(&after))
            && let Some(to) = end_of_range(&tail, first)
        {
            let begins = dates_begin(&rest, end);
            return Some((from, to, offset + begins));
        }
        offset += end;
        rest = after;
    }
    None
}

fn dates_begin(text: &str, end: usize) -> usize {
    let head: Vec<char> = text.chars().take(end).collect();
    (0..end)
        .rev()
        .take(14)
        .rfind(|at| {
            let part: String = head.get(*at..).unwrap_or_default().iter().collect();
            dates::first(&part).is_some_and(|(_, used)| used == end - at)
        })
        .unwrap_or(0)
}

/// What follows 至, 到, a dash or a tilde, if one stands within a few characters: (上午9时)至…
fn behind_the_dash(after: &str) -> Option<String> {
    let at = after
        .chars()
        .take(8)
        .position(|c| matches!(c, '至' | '到' | '-' | '—' | '–' | '~' | '～' | '−'))?;
    let tail: String = after.chars().skip(at).collect();
    Some(
        tail.trim_start_matches(['至', '到', '-', '—', '–', '~', '～', '−'])
            .to_owned(),
    )
}

/// A whole date, or one without its year or month, which are those of `first`.
fn end_of_range(tail: &str, first: jiff::civil::Date) -> Option<Read> {
    let head: String = tail.chars().take(16).collect();
    let (year, month) = (first.year(), first.month());
    let at_head = |text: &str, extra: usize| {
        dates::first(text)
            .filter(|(read, end)| matches!(read, Read::Day(_)) && *end <= extra + 11)
            .filter(|(_, end)| dates_begin(text, *end) == 0)
            .map(|(read, _)| read)
    };
    at_head(&head, 0)
        .or_else(|| at_head(&format!("{year}年{head}"), 5))
        .or_else(|| at_head(&format!("{year}年{month}月{head}"), 8))
        .or_else(|| at_head(&format!("{year}.{head}"), 5))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_as_people_write_them() {
        for text in [
            "公示时间:2024年8月1日至2024年8月8日",
            "自2024年8月1日至8月8日在单位公告栏公示",
            "自2024年8月1日起至2024年8月8日止",
            "公示期2024.8.1-2024.8.8",
            "公示期2024-08-01至2024-08-08",
            "2024年8月1日-8日",
            "2024年7月20日印发,自2024年8月1日(星期四)至8月8日公示",
        ] {
            let (from, to, _) = range(text).expect(text);
            assert_eq!(
                (from.iso().as_str(), to.iso().as_str()),
                ("2024-08-01", "2024-08-08"),
                "{text}"
            );
        }
        assert_eq!(range("2024年8月1日印发"), None);
    }
}
