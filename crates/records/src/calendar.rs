//! Legal arithmetic on days: working days, months, years. The only place where terms are counted.

use std::collections::BTreeMap;

use jiff::{ToSpan as _, civil::Weekday};
use serde::Deserialize;

use crate::Day;

#[derive(Debug, thiserror::Error)]
pub enum CalendarError {
    #[error("{file}: cannot be read as a table")]
    Table { file: String, source: csv::Error },
    #[error("{file}, row {row}: {problem}")]
    Row {
        file: String,
        row: usize,
        problem: &'static str,
    },
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the day lies outside the calendar's years")]
pub struct OutOfRange;

/// Which days are worked: Monday to Friday, but for the days that the government moves (Labour Code art. 112).
#[derive(Clone, Debug, Default)]
pub struct WorkCalendar {
    /// Days that differ from the plain week, and whether they are worked.
    exceptions: BTreeMap<Day, bool>,
}

#[derive(Deserialize)]
struct ExceptionRow {
    date: Day,
    is_working: u8,
}

impl WorkCalendar {
    /// From a table with the columns `date` and `is_working` (0 or 1); other columns are for the reader.
    pub fn parse(file: &str, table: &str) -> Result<Self, CalendarError> {
        let mut exceptions = BTreeMap::new();
        for (at, row) in csv::Reader::from_reader(table.as_bytes())
            .deserialize::<ExceptionRow>()
            .enumerate()
        {
            let wrong = |problem| CalendarError::Row {
                file: file.to_owned(),
                row: at + 2,
                problem,
            };
            let row = row.map_err(|source| CalendarError::Table {
                file: file.to_owned(),
                source,
            })?;
            let worked = match row.is_working {
                0 => false,
                1 => true,
                _ => return Err(wrong("is_working is neither 0 nor 1")),
            };
            if exceptions.insert(row.date, worked).is_some() {
                return Err(wrong("the day stands twice"));
            }
        }
        Ok(Self { exceptions })
    }

    pub fn is_working(&self, day: Day) -> bool {
        let plain_week = !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        self.exceptions.get(&day).copied().unwrap_or(plain_week)
    }

    /// Whether the exceptions of this year are known; without them a count of working days is a guess.
    pub fn covers(&self, year: i16) -> bool {
        self.exceptions.keys().any(|day| day.year() == year)
    }

    /// The `n`-th working day after `day`; `day` itself does not count.
    pub fn working_days_after(&self, day: Day, n: u32) -> Result<Day, OutOfRange> {
        self.step(day, n, 1)
    }

    /// The `n`-th working day before `day`; `day` itself does not count.
    pub fn working_days_before(&self, day: Day, n: u32) -> Result<Day, OutOfRange> {
        self.step(day, n, -1)
    }

    fn step(&self, day: Day, n: u32, direction: i32) -> Result<Day, OutOfRange> {
        let mut at = day;
        let mut left = n;
        while left > 0 {
            at = add_days(at, direction)?;
            if self.is_working(at) {
                left -= 1;
            }
        }
        Ok(at)
    }
}

/// `day` plus `n` calendar days; `day` itself does not count.
pub fn add_days(day: Day, n: i32) -> Result<Day, OutOfRange> {
    day.checked_add(n.days()).map_err(|_| OutOfRange)
}

/// The same day number `n` months on, clamped to the end of the month (Civil Code art. 192 p. 3).
pub fn add_months(day: Day, n: i32) -> Result<Day, OutOfRange> {
    day.checked_add(n.months()).map_err(|_| OutOfRange)
}

/// The same day and month `n` years on, 29 February clamped.
pub fn add_years(day: Day, n: i32) -> Result<Day, OutOfRange> {
    day.checked_add(n.years()).map_err(|_| OutOfRange)
}

/// Days from `from` to `to`, negative when `to` is earlier.
pub fn days_between(from: Day, to: Day) -> i32 {
    // Both lie within jiff's range of years, so the difference in whole days fits.
    (to.duration_since(from).as_hours() / 24) as i32
}

/// Age in full years on a day. Somebody born on 29 February is a year older on 1 March of a common year.
pub fn age_on(born: Day, on: Day) -> i32 {
    let had_birthday = (on.month(), on.day()) >= (born.month(), born.day());
    i32::from(on.year()) - i32::from(born.year()) - i32::from(!had_birthday)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn shipped() -> WorkCalendar {
        WorkCalendar::parse(
            "work_calendar.csv",
            include_str!("../../../packs/ru/work_calendar.csv"),
        )
        .unwrap()
    }

    #[test]
    fn seven_working_days_over_a_weekend() {
        assert_eq!(
            shipped().working_days_after(date(2025, 3, 7), 7),
            Ok(date(2025, 3, 18))
        );
    }

    #[test]
    fn months_are_clamped_to_the_end() {
        assert_eq!(add_months(date(2025, 1, 31), 1), Ok(date(2025, 2, 28)));
        assert_eq!(add_months(date(2024, 1, 31), 1), Ok(date(2024, 2, 29)));
        assert_eq!(add_years(date(2024, 2, 29), 1), Ok(date(2025, 2, 28)));
    }

    #[test]
    fn age_of_a_leap_child() {
        assert_eq!(age_on(date(2004, 2, 29), date(2022, 2, 28)), 17);
        assert_eq!(age_on(date(2004, 2, 29), date(2022, 3, 1)), 18);
    }

    #[test]
    fn years_with_known_exceptions() {
        let calendar = shipped();
        assert!(
            calendar.covers(2024) && calendar.covers(2025) && calendar.covers(2026) && !calendar.covers(2031)
        );
    }

    #[test]
    fn a_day_twice_is_refused() {
        let error =
            WorkCalendar::parse("c.csv", "date,is_working\n2025-01-01,0\n2025-01-01,1\n").unwrap_err();
        assert_eq!(error.to_string(), "c.csv, row 3: the day stands twice");
    }

    proptest! {
        #[test]
        fn forth_and_back_is_a_working_day_at_or_before(offset in 0_i32..900, n in 1_u32..40) {
            let calendar = shipped();
            let day = add_days(date(2024, 1, 1), offset).unwrap();
            let there = calendar.working_days_after(day, n).unwrap();
            prop_assert!(calendar.is_working(there));
            let back = calendar.working_days_before(there, n).unwrap();
            prop_assert!(back <= day);
            prop_assert_eq!(back == day, calendar.is_working(day));
        }
    }
}
