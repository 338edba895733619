//! Terms: so many days, working days, months, years; and how the law counts them.
//!
//! All counting ends in `records::calendar`. Invariant: a term never leaves the calendar; it stops at its last day.

use records::{
    Day,
    calendar::{WorkCalendar, add_days, add_months, add_years},
};
use serde::Serialize;

/// In what a term is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    Hours,
    Days,
    WorkingDays,
    Months,
    Years,
}

/// A length of time as an act writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Term {
    pub count: u32,
    pub unit: Unit,
}

const HOURS_IN_DAY: u32 = 24;

impl Term {
    pub fn new(count: u32, unit: Unit) -> Self {
        Self { count, unit }
    }

    /// Last day of "within this term from the day of the event": the event's day does not count (Civil Code art. 191).
    pub fn after(self, event: Day, calendar: &WorkCalendar) -> Day {
        let n = i32::try_from(self.count).unwrap_or(i32::MAX);
        match self.unit {
            Unit::Hours => forward(event, self.whole_days()),
            Unit::Days => add_days(event, n).unwrap_or(Day::MAX),
            Unit::WorkingDays => calendar.working_days_after(event, self.count).unwrap_or(Day::MAX),
            Unit::Months => add_months(event, n).unwrap_or(Day::MAX),
            Unit::Years => add_years(event, n).unwrap_or(Day::MAX),
        }
    }

    /// Last day of a term whose first day is `first`: thirty days from the 1st end on the 30th.
    pub fn including(self, first: Day, calendar: &WorkCalendar) -> Day {
        before(self.after(first, calendar))
    }

    /// Latest day on which this term still lies whole before `end`.
    pub fn ahead_of(self, end: Day, calendar: &WorkCalendar) -> Day {
        let n = i32::try_from(self.count).unwrap_or(i32::MAX);
        match self.unit {
            Unit::Hours => add_days(end, -self.whole_days()).unwrap_or(Day::MIN),
            Unit::Days => add_days(end, -n).unwrap_or(Day::MIN),
            Unit::WorkingDays => calendar.working_days_before(end, self.count).unwrap_or(Day::MIN),
            Unit::Months => add_months(end, -n).unwrap_or(Day::MIN),
            Unit::Years => add_years(end, -n).unwrap_or(Day::MIN),
        }
    }

    fn whole_days(self) -> i32 {
        i32::try_from(self.count.div_ceil(HOURS_IN_DAY)).unwrap_or(i32::MAX)
    }
}

/// The day after, or the last day of the calendar.
pub fn next(day: Day) -> Day {
    add_days(day, 1).unwrap_or(Day::MAX)
}

/// The day before, or the first day of the calendar. A day without end stays so.
pub fn before(day: Day) -> Day {
    if day == Day::MAX {
        day
    } else {
        add_days(day, -1).unwrap_or(Day::MIN)
    }
}

/// `n` days on, or the last day of the calendar.
pub fn forward(day: Day, n: i32) -> Day {
    add_days(day, n).unwrap_or(if n < 0 { Day::MIN } else { Day::MAX })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_event_day_counts_only_where_the_term_includes_it() {
        let calendar = WorkCalendar::default();
        let month = Term::new(30, Unit::Days);
        assert_eq!(month.after(date(2025, 3, 1), &calendar), date(2025, 3, 31));
        assert_eq!(month.including(date(2025, 3, 1), &calendar), date(2025, 3, 30));
        assert_eq!(
            Term::new(3, Unit::Years).including(date(2024, 5, 15), &calendar),
            date(2027, 5, 14)
        );
        assert_eq!(
            Term::new(72, Unit::Hours).ahead_of(date(2025, 7, 10), &calendar),
            date(2025, 7, 7)
        );
    }

    #[test]
    fn a_term_stops_at_the_end_of_the_calendar() {
        let calendar = WorkCalendar::default();
        assert_eq!(Term::new(3, Unit::Years).including(Day::MAX, &calendar), Day::MAX);
        assert_eq!(before(Day::MAX), Day::MAX);
    }
}
