//! Working days of mainland China by the yearly notices of the State Council, as data in `rules/workdays/`.
//!
//! A year without data is unknown and says so; there is no fallback to Monday–Friday.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use jiff::civil::{Date, Weekday};
use serde::Deserialize;

/// The years built in.
const BUILT_IN: [(&str, &str); 4] = [
    ("2023.toml", include_str!("../../rules/workdays/2023.toml")),
    ("2024.toml", include_str!("../../rules/workdays/2024.toml")),
    ("2025.toml", include_str!("../../rules/workdays/2025.toml")),
    ("2026.toml", include_str!("../../rules/workdays/2026.toml")),
];

static BUILTIN: LazyLock<Workdays> = LazyLock::new(|| {
    // A test loads every file; should one be broken all the same, its year is unknown.
    let mut calendar = Workdays::default();
    for (name, text) in BUILT_IN {
        let _ = calendar.add(name, text);
    }
    calendar
});

/// The working days of some years.
#[derive(Clone, Debug, Default)]
pub struct Workdays {
    years: BTreeMap<i16, Year>,
}

#[derive(Clone, Debug)]
struct Year {
    off: BTreeSet<Date>,
    work: BTreeSet<Date>,
    source: String,
}

/// Why a calendar file was refused.
#[derive(Debug, thiserror::Error)]
pub enum WorkdaysError {
    /// Not TOML of the right shape.
    #[error("{file}: {message}")]
    Shape {
        /// File.
        file: String,
        /// What the reader says.
        message: String,
    },
    /// A day of another year, a range backwards, or a day both off and working.
    #[error("{file}: {date} does not belong here")]
    Day {
        /// File.
        file: String,
        /// The day.
        date: Date,
    },
    /// The lists do not add up to the number of working days stated.
    #[error("{file}: the lists give {counted} working days, `working_days` says {stated}")]
    Total {
        /// File.
        file: String,
        /// By the lists.
        counted: u32,
        /// As stated.
        stated: u32,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct YearFile {
    year: i16,
    source: String,
    working_days: u32,
    off: Vec<Range>,
    work: Vec<Date>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Range {
    from: Date,
    to: Date,
}

impl Workdays {
    /// The years built in.
    pub fn builtin() -> &'static Workdays {
        &BUILTIN
    }
    /// Adds a year, or replaces it.
    pub fn add(&mut self, file: &str, text: &str) -> Result<(), WorkdaysError> {
        let read: YearFile = toml::from_str(text).map_err(|error| WorkdaysError::Shape {
            file: file.to_owned(),
            message: error.to_string(),
        })?;
        let day_error = |date: Date| WorkdaysError::Day {
            file: file.to_owned(),
            date,
        };
        let mut off = BTreeSet::new();
        for range in read.off {
            if range.to < range.from {
                return Err(day_error(range.to));
            }
            for date in days(range.from, range.to) {
                if date.year() != read.year {
                    return Err(day_error(date));
                }
                off.insert(date);
            }
        }
        let work: BTreeSet<Date> = read.work.into_iter().collect();
        if let Some(date) = work
            .iter()
            .find(|date| date.year() != read.year || off.contains(date))
        {
            return Err(day_error(*date));
        }
        let year = Year {
            off,
            work,
            source: read.source,
        };
        let first = Date::constant(read.year, 1, 1);
        let last = Date::constant(read.year, 12, 31);
        let counted = days(first, last)
            .filter(|date| year.is_working_day(*date))
            .count() as u32;
        if counted != read.working_days {
            return Err(WorkdaysError::Total {
                file: file.to_owned(),
                counted,
                stated: read.working_days,
            });
        }
        self.years.insert(read.year, year);
        Ok(())
    }
    /// Whether a day is a working day; `None` for a year without data.
    pub fn is_working_day(&self, date: Date) -> Option<bool> {
        self.years
            .get(&date.year())
            .map(|year| year.is_working_day(date))
    }
    /// Number of working days from `from` to `to`, both counted; `None` when a year in between has no data.
    pub fn between(&self, from: Date, to: Date) -> Option<u32> {
        // Two years are more than any notice stands; a mistyped year must not walk for centuries.
        if to > from.saturating_add(jiff::Span::new().years(2)) {
            return None;
        }
        days(from, to).try_fold(0, |sum, date| {
            Some(sum + u32::from(self.is_working_day(date)?))
        })
    }
    /// The `n`th working day after `start`, or counting `start` itself; `None` where a year has no data.
    pub fn nth_from(&self, start: Date, n: u32, count_start: bool) -> Option<Date> {
        let mut date = if count_start {
            start
        } else {
            start.tomorrow().ok()?
        };
        let mut left = n;
        loop {
            if self.is_working_day(date)? {
                left = left.saturating_sub(1);
                if left == 0 {
                    return Some(date);
                }
            }
            date = date.tomorrow().ok()?;
        }
    }
    /// The notice a year's data comes from.
    pub fn source(&self, year: i16) -> Option<&str> {
        self.years.get(&year).map(|year| year.source.as_str())
    }
}

impl Year {
    fn is_working_day(&self, date: Date) -> bool {
        let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        self.work.contains(&date) || (!weekend && !self.off.contains(&date))
    }
}

fn days(from: Date, to: Date) -> impl Iterator<Item = Date> {
    std::iter::successors(Some(from), |date| date.tomorrow().ok())
        .take_while(move |date| *date <= to)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn every_year_built_in_adds_up() {
        let mut calendar = Workdays::default();
        for (name, text) in BUILT_IN {
            calendar.add(name, text).unwrap();
        }
        assert_eq!(calendar.years.len(), 4);
    }

    #[test]
    fn fifth_working_days_without_and_with_the_first() {
        let calendar = Workdays::builtin();
        for (start, after, with) in [
            (date(2024, 8, 26), date(2024, 9, 2), date(2024, 8, 30)),
            (date(2024, 9, 12), date(2024, 9, 20), date(2024, 9, 19)),
            (date(2024, 9, 27), date(2024, 10, 10), date(2024, 10, 9)),
            (date(2024, 2, 5), date(2024, 2, 18), date(2024, 2, 9)),
            (date(2023, 4, 25), date(2023, 5, 5), date(2023, 5, 4)),
            (date(2025, 9, 26), date(2025, 10, 10), date(2025, 10, 9)),
            (date(2026, 9, 17), date(2026, 9, 23), date(2026, 9, 22)),
        ] {
            assert_eq!(calendar.nth_from(start, 5, false), Some(after), "{start}");
            assert_eq!(calendar.nth_from(start, 5, true), Some(with), "{start}");
        }
    }

    #[test]
    fn an_unknown_year_is_unknown() {
        let calendar = Workdays::builtin();
        assert_eq!(calendar.is_working_day(date(2027, 3, 1)), None);
        assert_eq!(calendar.between(date(2026, 12, 30), date(2027, 1, 4)), None);
        assert_eq!(
            calendar.between(date(2024, 8, 1), date(2024, 8, 8)),
            Some(6)
        );
    }

    #[test]
    fn files_that_do_not_add_up_are_refused() {
        let text = BUILT_IN[1].1;
        let mut calendar = Workdays::default();
        let wrong_total = text.replace("working_days = 251", "working_days = 250");
        assert!(matches!(
            calendar.add("x", &wrong_total),
            Err(WorkdaysError::Total { .. })
        ));
        let wrong_year = text.replace("\"2024-10-12\"", "\"2025-10-12\"");
        assert!(matches!(
            calendar.add("x", &wrong_year),
            Err(WorkdaysError::Day { .. })
        ));
        assert!(matches!(
            calendar.add("x", "year = 2024"),
            Err(WorkdaysError::Shape { .. })
        ));
    }
}
