//! Dates as papers write them: Chinese with digits or with numerals, ISO and its cousins, English.

use jiff::civil::Date;

/// A date that was read: a day, or only a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Read {
    Day(Date),
    Month { year: i16, month: i8 },
}

impl Read {
    /// `YYYY-MM-DD` or `YYYY-MM`.
    pub(super) fn iso(self) -> String {
        match self {
            Read::Day(date) => date.to_string(),
            Read::Month { year, month } => format!("{year:04}-{month:02}"),
        }
    }
}

/// The first date in `text` (already squeezed), with the character index behind it.
pub(super) fn first(text: &str) -> Option<(Read, usize)> {
    let chars: Vec<char> = text.chars().collect();
    (0..chars.len()).find_map(|at| {
        let fresh = at == 0
            || chars
                .get(at - 1)
                .is_none_or(|before| !before.is_ascii_digit() && numeral(*before).is_none());
        let rest = chars.get(at..).unwrap_or_default();
        let hit = if fresh {
            chinese(rest).or_else(|| digits(rest))
        } else {
            None
        };
        hit.or_else(|| english(rest))
            .map(|(read, used)| (read, at + used))
    })
}

/// The whole of `text` as a date.
pub(super) fn whole(text: &str) -> Option<Read> {
    let (read, end) = first(text)?;
    let rest: String = text.chars().skip(end).collect();
    rest.chars().all(|c| !c.is_alphanumeric()).then_some(read)
}

/// All dates in `text`, in order.
pub(super) fn all(text: &str) -> Vec<Read> {
    let mut found = Vec::new();
    let mut rest: String = text.to_owned();
    while let Some((read, end)) = first(&rest) {
        found.push(read);
        rest = rest.chars().skip(end).collect();
    }
    found
}

fn make(year: i64, month: i64, day: Option<i64>) -> Option<Read> {
    if !(1900..=2100).contains(&year) || !(1..=12).contains(&month) {
        return None;
    }
    let (year, month) = (i16::try_from(year).ok()?, i8::try_from(month).ok()?);
    match day {
        None => Some(Read::Month { year, month }),
        Some(day) => Date::new(year, month, i8::try_from(day).ok()?)
            .ok()
            .map(Read::Day),
    }
}

/// A Chinese numeral digit: `〇` to `九`, and `十`.
fn numeral(c: char) -> Option<i64> {
    Some(match c {
        '〇' | '○' | '零' | 'Ο' => 0,
        '一' => 1,
        '二' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        '十' => 10,
        _ => return None,
    })
}

/// A number up to two digits in either script, with its length.
fn small(chars: &[char]) -> Option<(i64, usize)> {
    let ascii: Vec<i64> = chars
        .iter()
        .take(2)
        .map_while(|c| c.to_digit(10).map(i64::from))
        .collect();
    if !ascii.is_empty() {
        return Some((ascii.iter().fold(0, |n, d| n * 10 + d), ascii.len()));
    }
    let han: Vec<i64> = chars.iter().take(3).map_while(|c| numeral(*c)).collect();
    let value = match han.as_slice() {
        [one] => *one,
        [10, ones] => 10 + ones,
        [tens, 10] => tens * 10,
        [tens, 10, ones] => tens * 10 + ones,
        _ => return None,
    };
    Some((value, han.len()))
}

/// `2024年3月2日`, `2024年3月`, `二〇二四年三月二日`.
fn chinese(chars: &[char]) -> Option<(Read, usize)> {
    let year_digits: Vec<i64> = chars
        .iter()
        .take(4)
        .map_while(|c| {
            c.to_digit(10)
                .map(i64::from)
                .or_else(|| numeral(*c).filter(|n| *n < 10))
        })
        .collect();
    if year_digits.len() != 4 || chars.get(4) != Some(&'年') {
        return None;
    }
    let year = year_digits.iter().fold(0, |n, d| n * 10 + d);
    let (month, used) = small(chars.get(5..)?)?;
    let at = 5 + used;
    if chars.get(at) != Some(&'月') {
        return None;
    }
    if let Some((day, used)) = chars.get(at + 1..).and_then(small) {
        let end = at + 1 + used;
        if matches!(chars.get(end), Some('日' | '号')) {
            return make(year, month, Some(day)).map(|read| (read, end + 1));
        }
    }
    make(year, month, None).map(|read| (read, at + 1))
}

/// `2024-03-02`, `2024/3/2`, `2024.03.02`, `20240302`, `2024-03`, `2024.3`.
fn digits(chars: &[char]) -> Option<(Read, usize)> {
    let number = |from: usize, most: usize| -> Option<(i64, usize)> {
        let digits: Vec<i64> = chars
            .get(from..)?
            .iter()
            .take(most)
            .map_while(|c| c.to_digit(10).map(i64::from))
            .collect();
        (!digits.is_empty()).then(|| (digits.iter().fold(0, |n, d| n * 10 + d), digits.len()))
    };
    let ends = |at: usize| chars.get(at).is_none_or(|c| !c.is_ascii_digit());
    let (year, 4) = number(0, 4)? else {
        return None;
    };
    let mark = *chars.get(4)?;
    if mark.is_ascii_digit() {
        let ((month, 2), (day, 2)) = (number(4, 2)?, number(6, 2)?) else {
            return None;
        };
        return if ends(8) {
            make(year, month, Some(day)).map(|read| (read, 8))
        } else {
            None
        };
    }
    if !matches!(mark, '-' | '/' | '.' | '–' | '−') {
        return None;
    }
    let (month, used) = number(5, 2)?;
    let at = 5 + used;
    if chars.get(at) == Some(&mark)
        && let Some((day, used)) = number(at + 1, 2)
        && ends(at + 1 + used)
    {
        return make(year, month, Some(day)).map(|read| (read, at + 1 + used));
    }
    if ends(at) {
        make(year, month, None).map(|read| (read, at))
    } else {
        None
    }
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// A month's name in full or by three letters, with its length.
fn month_name(chars: &[char]) -> Option<(i64, usize)> {
    let word: String = chars
        .iter()
        .take(9)
        .map_while(|c| c.is_ascii_alphabetic().then(|| c.to_ascii_lowercase()))
        .collect();
    let (i, name) = MONTHS
        .iter()
        .enumerate()
        .find(|(_, name)| word.starts_with(*name) || name.get(..3) == Some(word.as_str()))?;
    let mut used = if word.starts_with(name) {
        name.len()
    } else {
        3
    };
    if chars.get(used) == Some(&'.') {
        used += 1;
    }
    Some((i as i64 + 1, used))
}

/// `March 2, 2024`, `2 March 2024`, with or without the spaces.
fn english(chars: &[char]) -> Option<(Read, usize)> {
    let year_at = |at: usize| -> Option<i64> {
        let digits: Vec<i64> = chars
            .get(at..)?
            .iter()
            .take(4)
            .map_while(|c| c.to_digit(10).map(i64::from))
            .collect();
        (digits.len() == 4).then(|| digits.iter().fold(0, |n, d| n * 10 + d))
    };
    let skip = |mut at: usize| {
        while matches!(chars.get(at), Some(',' | '.' | ' ')) {
            at += 1;
        }
        at
    };
    if let Some((month, used)) = month_name(chars) {
        let at = skip(used);
        // Squeezed text reads `March22024`: take two digits of a day only when a year still follows.
        let two = chars
            .get(at..)?
            .iter()
            .take(2)
            .filter(|c| c.is_ascii_digit())
            .count();
        for length in (1..=two).rev() {
            let (day, _) = small(chars.get(at..at + length)?)?;
            let year_from = skip(at + length);
            if let Some(read) = year_at(year_from).and_then(|year| make(year, month, Some(day))) {
                return Some((read, year_from + 4));
            }
        }
        return year_at(at)
            .and_then(|year| make(year, month, None))
            .map(|read| (read, at + 4));
    }
    let (day, used) = chars
        .first()
        .filter(|c| c.is_ascii_digit())
        .and_then(|_| small(chars))?;
    let at = skip(used);
    let (month, used) = month_name(chars.get(at..)?)?;
    let from = skip(at + used);
    make(year_at(from)?, month, Some(day)).map(|read| (read, from + 4))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_of_writing_the_same_day() {
        for text in [
            "2024年3月2日",
            "2024年03月02日",
            "二〇二四年三月二日",
            "2024-03-02",
            "2024/3/2",
            "2024.3.2",
            "20240302",
            "March2,2024",
            "March 2, 2024",
            "Mar.2,2024",
            "2March2024",
            "2024年3月2号",
        ] {
            assert_eq!(
                whole(text).map(Read::iso).as_deref(),
                Some("2024-03-02"),
                "{text}"
            );
        }
    }

    #[test]
    fn months_alone_and_impossible_days() {
        assert_eq!(
            whole("2012年6月").map(Read::iso).as_deref(),
            Some("2012-06")
        );
        assert_eq!(whole("2012-06").map(Read::iso).as_deref(), Some("2012-06"));
        assert_eq!(whole("2023年2月29日"), None);
        assert_eq!(whole("2024年13月1日"), None);
        assert_eq!(whole("3207001990"), None);
        assert_eq!(
            whole("二〇二三年十一月二十日").map(Read::iso).as_deref(),
            Some("2023-11-20")
        );
        assert_eq!(
            whole("二〇二三年十二月三十一日").map(Read::iso).as_deref(),
            Some("2023-12-31")
        );
        assert_eq!(
            whole("December12,2023").map(Read::iso).as_deref(),
            Some("2023-12-12")
        );
    }

    #[test]
    fn all_of_a_sentence() {
        let found = all("公示时间自2024年8月1日至2024年8月8日,共5个工作日");
        assert_eq!(
            found.iter().map(|r| r.iso()).collect::<Vec<_>>(),
            ["2024-08-01", "2024-08-08"]
        );
    }
}
