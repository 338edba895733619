//! A birth date of which the day, or the day and the month, may be unknown.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Day;

/// Year, and as much of month and day as is known. Personal data: `Debug` hides it.
///
/// Invariant: a known day has a known month, and the date exists in the calendar.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PartialDate {
    year: i16,
    month: Option<i8>,
    day: Option<i8>,
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum PartialDateError {
    #[error("is not of the form YYYY, YYYY-MM or YYYY-MM-DD")]
    Form,
    #[error("is a date that the calendar lacks")]
    Impossible,
}

impl PartialDate {
    pub fn new(year: i16, month: Option<i8>, day: Option<i8>) -> Result<Self, PartialDateError> {
        if day.is_some() && month.is_none() {
            return Err(PartialDateError::Impossible);
        }
        jiff::civil::Date::new(year, month.unwrap_or(1), day.unwrap_or(1))
            .map_err(|_| PartialDateError::Impossible)?;
        Ok(Self { year, month, day })
    }

    /// `1985-03-09`, `1985-03`, `1985`.
    pub fn parse_iso(raw: &str) -> Result<Self, PartialDateError> {
        let mut parts = raw.split('-');
        let year = digits(parts.next().unwrap_or_default(), 4)?;
        let month = parts.next().map(|p| digits(p, 2)).transpose()?;
        let day = parts.next().map(|p| digits(p, 2)).transpose()?;
        if parts.next().is_some() {
            return Err(PartialDateError::Form);
        }
        let small = |n: i16| i8::try_from(n).map_err(|_| PartialDateError::Impossible);
        Self::new(year, month.map(small).transpose()?, day.map(small).transpose()?)
    }

    pub fn year(&self) -> i16 {
        self.year
    }

    pub fn month(&self) -> Option<i8> {
        self.month
    }

    pub fn day(&self) -> Option<i8> {
        self.day
    }

    /// The date when every part is known.
    pub fn full(&self) -> Option<Day> {
        Day::new(self.year, self.month?, self.day?).ok()
    }

    /// First day that it can be.
    pub fn earliest(&self) -> Day {
        // `new` has checked that this day exists
        Day::constant(self.year, self.month.unwrap_or(1), self.day.unwrap_or(1))
    }

    /// Last day that it can be.
    pub fn latest(&self) -> Day {
        match (self.month, self.day) {
            (Some(_), Some(_)) => self.earliest(),
            (Some(_), None) => self.earliest().last_of_month(),
            (None, _) => self.earliest().last_of_year(),
        }
    }

    /// Whether both can be the same day.
    pub fn may_equal(&self, other: &Self) -> bool {
        self.earliest() <= other.latest() && other.earliest() <= self.latest()
    }
}

fn digits(part: &str, length: usize) -> Result<i16, PartialDateError> {
    if part.len() != length || !part.bytes().all(|b| b.is_ascii_digit()) {
        return Err(PartialDateError::Form);
    }
    part.parse().map_err(|_| PartialDateError::Form)
}

impl From<Day> for PartialDate {
    fn from(day: Day) -> Self {
        Self {
            year: day.year(),
            month: Some(day.month()),
            day: Some(day.day()),
        }
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if let Some(month) = self.month {
            write!(f, "-{month:02}")?;
        }
        if let Some(day) = self.day {
            write!(f, "-{day:02}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PartialDate(hidden)")
    }
}

impl TryFrom<String> for PartialDate {
    type Error = PartialDateError;
    fn try_from(raw: String) -> Result<Self, PartialDateError> {
        Self::parse_iso(&raw)
    }
}

impl From<PartialDate> for String {
    fn from(date: PartialDate) -> String {
        date.to_string()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_unknown_part_spans_all_it_can_be() {
        let month = PartialDate::parse_iso("1984-02").unwrap();
        assert_eq!(month.latest(), jiff::civil::date(1984, 2, 29));
        assert!(month.may_equal(&PartialDate::parse_iso("1984").unwrap()));
        assert!(!month.may_equal(&PartialDate::parse_iso("1984-03-01").unwrap()));
        assert_eq!(month.full(), None);
    }

    #[test]
    fn what_the_calendar_lacks_is_refused() {
        for (raw, error) in [
            ("1985-02-29", PartialDateError::Impossible),
            ("1985-13", PartialDateError::Impossible),
            ("1985-00", PartialDateError::Impossible),
            ("85", PartialDateError::Form),
            ("1985-3", PartialDateError::Form),
            ("1985-03-09-01", PartialDateError::Form),
            ("", PartialDateError::Form),
            ("１９８５", PartialDateError::Form),
        ] {
            assert_eq!(PartialDate::parse_iso(raw), Err(error), "{raw}");
        }
    }

    proptest! {
        #[test]
        fn written_and_read_back_is_the_same(
            year in 1900_i16..2100, month in prop::option::of(1_i8..=12), day in prop::option::of(1_i8..=28),
        ) {
            let date = PartialDate::new(year, month, day.filter(|_| month.is_some())).unwrap();
            prop_assert_eq!(PartialDate::parse_iso(&date.to_string()), Ok(date));
        }

        #[test]
        fn no_text_makes_it_panic(raw in ".{0,14}") {
            prop_assert_eq!(PartialDate::parse_iso(&raw).map(|d| d.to_string()).unwrap_or(raw.clone()), raw);
        }
    }
}
