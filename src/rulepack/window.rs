//! When what can be done: fixed days, quarters, odd months, half years; open on a day or not, and when next.
//!
//! A day is a day of Asia/Shanghai: a window opens and closes at midnight there. Office hours are words for people.

use jiff::{ToSpan as _, civil::Date};
use serde::{Deserialize, Serialize};

use super::workdays::Workdays;
use crate::lang::Bilingual;

/// A time in which something can be done.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Window {
    /// Name within the pack: `online`.
    pub id: String,
    /// What can be done in it.
    pub step: Step,
    /// In words.
    pub title: Bilingual,
    /// Only on working days of the State Council's calendar.
    #[serde(default)]
    pub workdays_only: bool,
    /// Office hours; empty for the whole day.
    #[serde(default)]
    pub hours: Vec<Hours>,
    /// Which days.
    #[serde(flatten)]
    pub shape: WindowShape,
    /// The clause that sets it.
    pub clause: String,
}

/// What can be done in a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// 网上申报
    FilingOnline,
    /// 现场受理纸质材料
    FilingOnSite,
    /// 受理（不分网上、现场）
    Filing,
    /// 评审、初定
    Assessment,
}

/// Office hours of one half day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// For example `09:00`.
    pub from: String,
    /// For example `12:00`.
    pub to: String,
}

/// Which days a window covers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "shape")]
pub enum WindowShape {
    /// From one day to another, both included.
    Fixed {
        /// First day.
        from: Date,
        /// Last day.
        to: Date,
    },
    /// Each quarter: from a day of its first month to a day of its last.
    Quarterly {
        /// Day of the quarter's first month.
        from_day: i8,
        /// Day of the quarter's last month.
        to_day: i8,
    },
    /// Whole months of every year.
    Monthly {
        /// 1–12
        months: Vec<i8>,
    },
    /// Once each half year, whole months.
    HalfYearly {
        /// Months 1–6.
        first_half: Vec<i8>,
        /// Months 7–12.
        second_half: Vec<i8>,
    },
}

/// How a window stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum WindowState {
    /// Open; `until` is its last day.
    Open {
        /// Last day.
        #[schema(value_type = String, format = Date)]
        until: Date,
    },
    /// Not open; opens on `opens`.
    Closed {
        /// The next first day.
        #[schema(value_type = String, format = Date)]
        opens: Date,
    },
    /// Over for good; `closed` was its last day.
    Over {
        /// Last day.
        #[schema(value_type = String, format = Date)]
        closed: Date,
    },
}

impl Window {
    /// How it stands on a day. Working days are not looked at here: the days between first and last count as open.
    pub fn state(&self, on: Date) -> WindowState {
        self.shape.state(on)
    }

    /// Whether anybody accepts on this very day: within the window and, where it says so, a working day. `None` for a
    /// year whose calendar is not known.
    pub fn accepts(&self, on: Date, calendar: &Workdays) -> Option<bool> {
        match self.state(on) {
            WindowState::Open { .. } if self.workdays_only => calendar.is_working_day(on),
            WindowState::Open { .. } => Some(true),
            WindowState::Closed { .. } | WindowState::Over { .. } => Some(false),
        }
    }
}

impl WindowShape {
    /// How it stands on a day.
    pub fn state(&self, on: Date) -> WindowState {
        if let WindowShape::Fixed { from, to } = self {
            return if on < *from {
                WindowState::Closed { opens: *from }
            } else if on > *to {
                WindowState::Over { closed: *to }
            } else {
                WindowState::Open { until: *to }
            };
        }
        let mut next = None;
        for (from, to) in self.spells(on) {
            if from <= on && on <= to {
                return WindowState::Open { until: to };
            }
            if from > on && next.is_none_or(|known| from < known) {
                next = Some(from);
            }
        }
        match next {
            Some(opens) => WindowState::Closed { opens },
            None => WindowState::Over { closed: on },
        }
    }

    /// The spells of this year and the next (and the last days of the year before), in order.
    fn spells(&self, on: Date) -> Vec<(Date, Date)> {
        let mut spells = Vec::new();
        for year in [on.year(), on.year().saturating_add(1)] {
            match self {
                WindowShape::Fixed { from, to } => spells.push((*from, *to)),
                WindowShape::Quarterly { from_day, to_day } => {
                    for first in [1_i8, 4, 7, 10] {
                        let from = Date::new(year, first, *from_day);
                        let to = Date::new(year, first + 2, *to_day);
                        spells.extend(from.ok().zip(to.ok()));
                    }
                }
                WindowShape::Monthly { months } => {
                    spells.extend(months.iter().filter_map(|month| whole_month(year, *month)));
                }
                WindowShape::HalfYearly {
                    first_half,
                    second_half,
                } => {
                    let months = first_half.iter().chain(second_half);
                    spells.extend(months.filter_map(|month| whole_month(year, *month)));
                }
            }
        }
        spells.sort_unstable();
        // Months that follow each other are one spell, so that `until` is the true end.
        let mut joined: Vec<(Date, Date)> = Vec::new();
        for (from, to) in spells {
            match joined.last_mut() {
                Some(last) if last.1.checked_add(1.day()).is_ok_and(|day| day >= from) => {
                    last.1 = last.1.max(to);
                }
                _ => joined.push((from, to)),
            }
        }
        joined
    }
}

fn whole_month(year: i16, month: i8) -> Option<(Date, Date)> {
    let first = Date::new(year, month, 1).ok()?;
    Some((first, first.last_of_month()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_fixed_window_flips_between_two_days() {
        let shape = WindowShape::Fixed {
            from: date(2024, 7, 18),
            to: date(2024, 9, 10),
        };
        let until = date(2024, 9, 10);
        let opens = date(2024, 7, 18);
        assert_eq!(
            shape.state(date(2024, 7, 17)),
            WindowState::Closed { opens }
        );
        assert_eq!(shape.state(opens), WindowState::Open { until });
        assert_eq!(shape.state(until), WindowState::Open { until });
        assert_eq!(
            shape.state(date(2024, 9, 11)),
            WindowState::Over { closed: until }
        );
    }

    #[test]
    fn an_office_window_follows_the_working_days() {
        let window = Window {
            id: "on-site".into(),
            step: Step::FilingOnSite,
            title: Bilingual::new("现场受理", "on site"),
            workdays_only: true,
            hours: Vec::new(),
            shape: WindowShape::Fixed {
                from: date(2023, 5, 29),
                to: date(2023, 6, 25),
            },
            clause: "五".into(),
        };
        let accepts = |m, d| window.accepts(date(2023, m, d), Workdays::builtin());
        assert_eq!(accepts(6, 3), Some(false)); // a Saturday
        assert_eq!(accepts(6, 22), Some(false)); // 端午
        assert_eq!(accepts(6, 25), Some(true)); // a Sunday worked in exchange
        assert_eq!(accepts(6, 26), Some(false)); // over
        let unknown = Window {
            shape: WindowShape::Monthly {
                months: (1..=12).collect(),
            },
            ..window
        };
        assert_eq!(unknown.accepts(date(2031, 1, 2), Workdays::builtin()), None);
    }

    #[test]
    fn a_quarter_runs_from_the_8th_of_its_first_month_to_the_20th_of_its_last() {
        let shape = WindowShape::Quarterly {
            from_day: 8,
            to_day: 20,
        };
        let state = |m, d| shape.state(date(2023, m, d));
        let open = |m| WindowState::Open {
            until: date(2023, m, 20),
        };
        assert_eq!(state(1, 8), open(3));
        assert_eq!(state(3, 20), open(3));
        assert_eq!(
            state(3, 21),
            WindowState::Closed {
                opens: date(2023, 4, 8)
            }
        );
        assert_eq!(
            state(12, 21),
            WindowState::Closed {
                opens: date(2024, 1, 8)
            }
        );
    }

    #[test]
    fn odd_months_accept_and_even_months_wait() {
        let shape = WindowShape::Monthly {
            months: vec![1, 3, 5, 7, 9, 11],
        };
        assert_eq!(
            shape.state(date(2024, 1, 31)),
            WindowState::Open {
                until: date(2024, 1, 31)
            }
        );
        assert_eq!(
            shape.state(date(2024, 2, 29)),
            WindowState::Closed {
                opens: date(2024, 3, 1)
            }
        );
        assert_eq!(
            shape.state(date(2024, 12, 31)),
            WindowState::Closed {
                opens: date(2025, 1, 1)
            }
        );
    }

    #[test]
    fn months_that_follow_each_other_are_one_spell() {
        let shape = WindowShape::HalfYearly {
            first_half: vec![5, 6],
            second_half: vec![11, 12],
        };
        assert_eq!(
            shape.state(date(2024, 5, 1)),
            WindowState::Open {
                until: date(2024, 6, 30)
            }
        );
    }
}
