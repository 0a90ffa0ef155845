//! Months of social insurance in a proof: the longest run of consecutive ones.

use super::{
    dates::{self, Read},
    lines::Line,
    reading::Reading,
};

/// Reads `consecutive_months` and `paid_until`.
pub(super) fn read(reading: &mut Reading, lines: &[Line]) {
    let mut months: Vec<(i32, &Line)> = Vec::new();
    for line in lines {
        // Cells one by one as well: in a table the sum paid follows the month, and 202403 before 5200.00 reads as one number.
        let cells = line.cells().into_iter().map(|(from, to)| {
            let cell = line.glyphs.get(from..to).unwrap_or_default();
            cell.iter().map(|glyph| glyph.ch).collect::<String>()
        });
        let whole = std::iter::once(line.text.clone());
        for month in whole.chain(cells).flat_map(|text| months_in(&text)) {
            if !months.iter().any(|(known, _)| *known == month) {
                months.push((month, line));
            }
        }
    }
    months.sort_by_key(|(month, _)| *month);
    let longest = months
        .chunk_by(|a, b| a.0 + 1 == b.0)
        .max_by_key(|run| (run.len(), run.last().map(|(month, _)| *month)));
    let Some((run, (first, line), (last, _))) =
        longest.and_then(|run| Some((run, run.first().copied()?, run.last().copied()?)))
    else {
        return;
    };
    let trusted = run
        .iter()
        .all(|(_, line)| line.glyphs.iter().all(|g| g.trusted));
    let length = (last - first + 1).to_string();
    reading.put(
        "consecutive_months",
        length,
        line.page,
        line.whole(),
        trusted,
    );
    let until = format!("{:04}-{:02}", last.div_euclid(12), last.rem_euclid(12) + 1);
    reading.put("paid_until", until, line.page, line.whole(), trusted);
}

/// Months named in a line, ranges filled, as year × 12 + month − 1. A whole date is no month of payment.
fn months_in(text: &str) -> Vec<i32> {
    let number = |year: i16, month: i8| i32::from(year) * 12 + i32::from(month) - 1;
    let mut found: Vec<i32> = Vec::new();
    let mut rest: String = text.to_owned();
    let mut open: Option<i32> = None;
    loop {
        let packed = packed_month(&rest);
        let read = dates::first(&rest);
        let (month, end) = match (packed, read) {
            (Some((month, end)), Some((_, other))) if end <= other => (Some(month), end),
            (_, Some((Read::Month { year, month }, end))) => (Some(number(year, month)), end),
            (_, Some((Read::Day(_), end))) => (None, end),
            (Some((month, end)), None) => (Some(month), end),
            (None, None) => break,
        };
        let after: String = rest.chars().skip(end).collect();
        match (month, open) {
            (Some(month), Some(from)) if month >= from && month - from < 600 => {
                found.extend(from..=month);
            }
            (Some(month), _) => found.push(month),
            (None, _) => {}
        }
        open = month.filter(|_| {
            after
                .chars()
                .take(2)
                .any(|c| matches!(c, '至' | '到' | '-' | '—' | '–' | '~'))
        });
        rest = after;
    }
    found
}

/// 202401 as a word of its own, with the index behind it.
fn packed_month(text: &str) -> Option<(i32, usize)> {
    let chars: Vec<char> = text.chars().collect();
    (0..chars.len()).find_map(|at| {
        let run = chars
            .iter()
            .skip(at)
            .take_while(|c| c.is_ascii_digit())
            .count();
        let fresh = at == 0
            || chars
                .get(at - 1)
                .is_none_or(|c| !c.is_ascii_digit() && *c != '.');
        if run != 6 || !fresh {
            return None;
        }
        let word: String = chars.iter().skip(at).take(6).collect();
        let year: i32 = word.get(..4)?.parse().ok()?;
        let month: i32 = word.get(4..)?.parse().ok()?;
        ((1990..=2100).contains(&year) && (1..=12).contains(&month))
            .then_some((year * 12 + month - 1, at + 6))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_and_ranges() {
        let m = |year: i32, month: i32| year * 12 + month - 1;
        assert_eq!(
            months_in("202401-202403"),
            [m(2024, 1), m(2024, 1), m(2024, 2), m(2024, 3)]
        );
        assert_eq!(months_in("2024年1月至2024年3月").len(), 4);
        assert_eq!(months_in("2024-01"), [m(2024, 1)]);
        assert_eq!(months_in("打印日期2024年9月1日"), Vec::<i32>::new());
        assert_eq!(months_in("202405 4494.00 359.52"), [m(2024, 5)]);
    }
}
