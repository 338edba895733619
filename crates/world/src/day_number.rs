//! A civil day as a number, which is what making millions of days asks for, and the window that a world covers.
//!
//! Terms of months are counted by `records::calendar`, as everywhere.

use jiff::civil;
use records::calendar::{add_months, days_between};

/// Days since 1 January 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DayNumber(pub i32);

/// First day of the extracts: what began earlier and was over is not in them.
pub const WINDOW_START: DayNumber = DayNumber::of(2023, 1, 1);
/// Last day of the extracts.
pub const WINDOW_END: DayNumber = DayNumber::of(2025, 12, 31);
/// Days of the window, both ends included.
pub const WINDOW_DAYS: usize = (WINDOW_END.0 - WINDOW_START.0 + 1) as usize;

impl DayNumber {
    /// Of a date of the proleptic Gregorian calendar; the arithmetic is that of H. Hinnant's `days_from_civil`.
    pub const fn of(year: i32, month: i32, day: i32) -> Self {
        let y = if month <= 2 { year - 1 } else { year };
        let era = y.div_euclid(400);
        let year_of_era = y.rem_euclid(400);
        let month_from_march = (month + 9) % 12;
        let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        Self(era * 146_097 + day_of_era - 719_468)
    }

    /// Year, month and day.
    pub const fn civil(self) -> (i32, i32, i32) {
        let shifted = self.0 + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 {
            month_from_march + 3
        } else {
            month_from_march - 9
        };
        let year = year_of_era + era * 400;
        (if month <= 2 { year + 1 } else { year }, month, day)
    }

    pub const fn year(self) -> i32 {
        self.civil().0
    }

    pub const fn plus(self, days: i32) -> Self {
        Self(self.0 + days)
    }

    pub const fn minus(self, days: i32) -> Self {
        Self(self.0 - days)
    }

    /// Days from `earlier` to this day.
    pub const fn since(self, earlier: Self) -> i32 {
        self.0 - earlier.0
    }

    /// The same day number `n` months on, clamped to the end of the month.
    pub fn plus_months(self, n: i32) -> Self {
        let (year, month, day) = self.civil();
        // Every day of a world lies within jiff's years and so within its i16 and i8.
        let added = civil::Date::new(year as i16, month as i8, day as i8)
            .ok()
            .and_then(|date| add_months(date, n).ok());
        added.map_or(self.plus(30 * n), |date| {
            Self(days_between(civil::date(1970, 1, 1), date))
        })
    }

    pub fn in_window(self) -> bool {
        (WINDOW_START..=WINDOW_END).contains(&self)
    }

    /// Place in the window, for tables by day.
    pub fn window_index(self) -> Option<usize> {
        usize::try_from(self.since(WINDOW_START))
            .ok()
            .filter(|&index| index < WINDOW_DAYS)
    }
}

/// Age in full years on a day.
pub fn age_on(born: DayNumber, on: DayNumber) -> i32 {
    let (year, month, day) = born.civil();
    let (on_year, on_month, on_day) = on.civil();
    on_year - year - i32::from((on_month, on_day) < (month, day))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_window_is_three_years() {
        assert_eq!(WINDOW_DAYS, 1_096);
        assert_eq!(WINDOW_START.civil(), (2023, 1, 1));
        assert_eq!(WINDOW_END.window_index(), Some(1_095));
        assert_eq!(WINDOW_END.plus(1).window_index(), None);
    }

    #[test]
    fn months_are_clamped() {
        assert_eq!(
            DayNumber::of(2024, 1, 31).plus_months(1),
            DayNumber::of(2024, 2, 29)
        );
        assert_eq!(
            DayNumber::of(2023, 9, 20).plus_months(12),
            DayNumber::of(2024, 9, 20)
        );
    }

    proptest! {
        #[test]
        fn days_agree_with_the_calendar(number in -40_000_i32..40_000) {
            let (year, month, day) = DayNumber(number).civil();
            let date = civil::date(1970, 1, 1) + jiff::SignedDuration::from_hours(24 * i64::from(number));
            prop_assert_eq!((year, month, day), (i32::from(date.year()), i32::from(date.month()), i32::from(date.day())));
            prop_assert_eq!(DayNumber::of(year, month, day), DayNumber(number));
        }
    }
}
