//! A notice in the words of pages: its windows count days, so that nobody has to.

use jiff::civil::Date;
use serde::Serialize;

use crate::{
    lang::Bilingual,
    rulepack::{Pack, Window, WindowState},
};

/// A notice as pages name it.
#[derive(Debug, Serialize)]
pub(super) struct NoticeWords {
    pub(super) id: String,
    pub(super) title: Bilingual,
    pub(super) document_number: Option<String>,
    pub(super) issuer: String,
    pub(super) issued_on: Option<Date>,
    pub(super) way: Bilingual,
    pub(super) windows: Vec<WindowWords>,
}

/// A window as pages name it.
#[derive(Debug, Serialize)]
pub(super) struct WindowWords {
    pub(super) title: Bilingual,
    /// `good`, `warn` or `open`: how it is shown.
    pub(super) look: &'static str,
    pub(super) now: Bilingual,
    pub(super) hours: String,
    pub(super) workdays_only: bool,
    pub(super) source: String,
}

impl NoticeWords {
    pub(super) fn of(pack: &Pack, on: Date) -> NoticeWords {
        let windows = pack.windows.iter();
        NoticeWords {
            id: pack.id.clone(),
            title: pack.title.clone(),
            document_number: pack.document_number.clone(),
            issuer: pack.issuer.clone(),
            issued_on: pack.issued_on,
            way: pack.way.name(),
            windows: windows
                .map(|window| WindowWords::of(pack, window, on))
                .collect(),
        }
    }
}

impl WindowWords {
    fn of(pack: &Pack, window: &Window, on: Date) -> WindowWords {
        let (look, now) = words(window.state(on), on);
        let hours = window.hours.iter();
        let hours: Vec<String> = hours
            .map(|hours| format!("{}–{}", hours.from, hours.to))
            .collect();
        WindowWords {
            title: window.title.clone(),
            look,
            now,
            hours: hours.join("、"),
            workdays_only: window.workdays_only,
            source: pack.source(&window.clause),
        }
    }
}

/// A window that closes within a week is worth a warning.
const SOON: i32 = 7;

fn words(state: WindowState, on: Date) -> (&'static str, Bilingual) {
    match state {
        WindowState::Open { until } => match days(on, until) {
            0 => (
                "warn",
                Bilingual::new(
                    format!("今天（{until}）是最后一天"),
                    format!("today, {until}, is the last day"),
                ),
            ),
            left => (
                if left <= SOON { "warn" } else { "good" },
                Bilingual::new(
                    format!("开放中，还有 {left} 天，至 {until}"),
                    format!("open for {left} more {}, until {until}", plural(left)),
                ),
            ),
        },
        WindowState::Closed { opens } => {
            let left = days(on, opens);
            (
                "open",
                Bilingual::new(
                    format!("{left} 天后开放（{opens}）"),
                    format!("opens in {left} {}, on {opens}", plural(left)),
                ),
            )
        }
        WindowState::Over { closed } => (
            "bad",
            Bilingual::new(format!("已于 {closed} 截止"), format!("closed on {closed}")),
        ),
    }
}

fn plural(days: i32) -> &'static str {
    if days == 1 { "day" } else { "days" }
}

/// Days from one day to a later one.
fn days(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_days_left_are_counted_for_the_reader() {
        let on = date(2024, 8, 20);
        let open = |until| words(WindowState::Open { until }, on);
        assert_eq!(
            open(date(2024, 9, 1)).1.zh,
            "开放中，还有 12 天，至 2024-09-01"
        );
        assert_eq!(
            open(date(2024, 9, 1)).1.en,
            "open for 12 more days, until 2024-09-01"
        );
        assert_eq!(open(date(2024, 9, 1)).0, "good");
        assert_eq!(
            open(date(2024, 8, 21)).1.en,
            "open for 1 more day, until 2024-08-21"
        );
        assert_eq!(open(date(2024, 8, 27)).0, "warn");
        assert_eq!(open(date(2024, 8, 28)).0, "good");
        assert!(open(on).1.zh.contains("最后一天"));
        let closed = words(
            WindowState::Closed {
                opens: date(2024, 10, 1),
            },
            on,
        );
        assert_eq!(closed.1.zh, "42 天后开放（2024-10-01）");
        let over = words(
            WindowState::Over {
                closed: date(2024, 7, 1),
            },
            on,
        );
        assert_eq!(over.0, "bad");
    }
}
