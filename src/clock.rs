//! The one source of time: what day it is in Shanghai, and the instant now.
//!
//! Everything that is judged at a date takes that date as an argument; only the faces ask a [`Clock`].

use jiff::{Timestamp, civil::Date, tz::TimeZone};

/// Where the time comes from: the system, or fixed for tests and `--on`.
#[derive(Clone, Copy, Debug)]
pub enum Clock {
    /// The computer's clock.
    System,
    /// Always this instant.
    Fixed(Timestamp),
}

impl Clock {
    /// A clock that stands at noon (Shanghai) of `date`.
    pub fn fixed_on(date: Date) -> Clock {
        let noon = date.at(12, 0, 0, 0).to_zoned(shanghai());
        noon.map_or(Clock::System, |zoned| Clock::Fixed(zoned.timestamp()))
    }
    /// The instant now.
    pub fn now(self) -> Timestamp {
        match self {
            Clock::System => Timestamp::now(),
            Clock::Fixed(at) => at,
        }
    }
    /// The calendar day now in Asia/Shanghai, which is what the notices mean by a date.
    pub fn today(self) -> Date {
        self.now().to_zoned(shanghai()).date()
    }
}

/// The day of an instant in Asia/Shanghai.
pub fn day_of(at: Timestamp) -> Date {
    at.to_zoned(shanghai()).date()
}

/// The first instant of a day in Asia/Shanghai.
pub fn start_of(day: Date) -> Timestamp {
    let midnight = day.at(0, 0, 0, 0).to_zoned(shanghai());
    midnight.map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp())
}

/// Asia/Shanghai: UTC+8 without daylight saving since 1991-09-15, so no time zone files are needed.
pub fn shanghai() -> TimeZone {
    TimeZone::fixed(jiff::tz::offset(8))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_day_changes_at_midnight_in_shanghai() {
        let before: Timestamp = "2024-09-10T15:59:59Z".parse().unwrap();
        let after: Timestamp = "2024-09-10T16:00:00Z".parse().unwrap();
        assert_eq!(Clock::Fixed(before).today(), date(2024, 9, 10));
        assert_eq!(Clock::Fixed(after).today(), date(2024, 9, 11));
    }

    #[test]
    fn a_clock_fixed_on_a_day_says_that_day() {
        assert_eq!(
            Clock::fixed_on(date(2024, 2, 29)).today(),
            date(2024, 2, 29)
        );
    }
}
