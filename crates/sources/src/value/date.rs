//! Dates and times as sources write them.

use jiff::Timestamp;
use records::{Day, partial_date::PartialDate, subject::UnknownParts};

use crate::fault::{Fault, Reason};

/// How a source writes a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DateForm {
    /// `2024-03-09`; unknown parts are left out.
    Iso,
    /// `09.03.2024`; unknown parts are `00`.
    Dmy,
    /// `20240309`; unknown parts are `00`.
    Ymd,
}

/// Numbers as written; an unknown part is 0.
struct Written {
    year: i16,
    month: i8,
    day: i8,
}

impl DateForm {
    pub(crate) fn read_day(self, text: &str) -> Result<Day, Reason> {
        let Written { year, month, day } = self.split(text).ok_or_else(unreadable)?;
        civil_day(year, month, day)
    }

    /// A birth date. A source that cannot say "unknown" (`WrittenAsOne`) has all parts.
    pub(crate) fn read_partial(self, text: &str, unknown: UnknownParts) -> Result<PartialDate, Reason> {
        if unknown == UnknownParts::WrittenAsOne {
            return self.read_day(text).map(PartialDate::from);
        }
        if self == Self::Iso && text.len() < "2024-03-09".len() {
            return read_short_iso(text);
        }
        let Written { year, month, day } = self.split(text).ok_or_else(unreadable)?;
        if self == Self::Iso || (month != 0 && day != 0) {
            return civil_day(year, month, day).map(PartialDate::from);
        }
        partial(year, (month != 0).then_some(month), (day != 0).then_some(day))
    }

    fn split(self, text: &str) -> Option<Written> {
        let bytes = text.as_bytes();
        let (year, month, day) = match (self, bytes.len()) {
            (Self::Iso, 10) if bytes[4] == b'-' && bytes[7] == b'-' => (0..4, 5..7, 8..10),
            (Self::Dmy, 10) if bytes[2] == b'.' && bytes[5] == b'.' => (6..10, 3..5, 0..2),
            (Self::Ymd, 8) => (0..4, 4..6, 6..8),
            (Self::Iso | Self::Dmy | Self::Ymd, _) => return None,
        };
        Some(Written {
            year: number(&bytes[year])?,
            month: i8::try_from(number(&bytes[month])?).ok()?,
            day: i8::try_from(number(&bytes[day])?).ok()?,
        })
    }
}

/// `1985-03` or `1985`.
fn read_short_iso(text: &str) -> Result<PartialDate, Reason> {
    let (year, month) = match text.as_bytes() {
        bytes @ &[_, _, _, _] => (number(bytes), None),
        bytes @ &[_, _, _, _, b'-', _, _] => (number(&bytes[..4]), Some(number(&bytes[5..]))),
        _ => return Err(unreadable()),
    };
    let year = year.ok_or_else(unreadable)?;
    let month = match month {
        Some(month) => Some(month.and_then(|m| i8::try_from(m).ok()).ok_or_else(unreadable)?),
        None => None,
    };
    partial(year, month, None)
}

/// A moment with its offset, and the day that the clock there showed: the day that counts in law.
pub(crate) fn read_instant(text: &str) -> Result<(Timestamp, Day), Reason> {
    let (date, time) = text.split_once('T').ok_or_else(unreadable)?;
    let day = DateForm::Iso.read_day(date)?;
    // jiff takes more than RFC 3339 does: zones in brackets, lower case, spaces
    let plain = time
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b':' | b'.' | b'+' | b'-' | b'Z'));
    match text.parse() {
        Ok(at) if plain && time.len() >= "00:00:00Z".len() => Ok((at, day)),
        Ok(_) | Err(_) => Err(Fault::UnreadableDate.because("is not a time of RFC 3339 with its offset")),
    }
}

fn number(digits: &[u8]) -> Option<i16> {
    digits.iter().try_fold(0_i16, |sum, b| {
        let digit = b.is_ascii_digit().then(|| i16::from(b - b'0'))?;
        sum.checked_mul(10)?.checked_add(digit)
    })
}

fn civil_day(year: i16, month: i8, day: i8) -> Result<Day, Reason> {
    if year < 1 {
        return Err(impossible());
    }
    Day::new(year, month, day).map_err(|_| impossible())
}

fn partial(year: i16, month: Option<i8>, day: Option<i8>) -> Result<PartialDate, Reason> {
    if year < 1 {
        return Err(impossible());
    }
    PartialDate::new(year, month, day).map_err(|_| impossible())
}

fn impossible() -> Reason {
    Fault::ImpossibleDate.because("the calendar lacks it")
}

fn unreadable() -> Reason {
    Fault::UnreadableDate.because("is not written as the mapping says")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn birth(form: DateForm, text: &str) -> Result<String, Fault> {
        let read = form.read_partial(text, UnknownParts::Kept);
        read.map(|date| date.to_string()).map_err(|reason| reason.fault)
    }

    #[test]
    fn unknown_parts_in_each_form() {
        for (form, whole, month, year) in [
            (DateForm::Iso, "1985-03-09", "1985-03", "1985"),
            (DateForm::Dmy, "09.03.1985", "00.03.1985", "00.00.1985"),
            (DateForm::Ymd, "19850309", "19850300", "19850000"),
        ] {
            assert_eq!(birth(form, whole).as_deref(), Ok("1985-03-09"));
            assert_eq!(birth(form, month).as_deref(), Ok("1985-03"));
            assert_eq!(birth(form, year).as_deref(), Ok("1985"));
            assert!(form.read_day(month).is_err(), "no unknown parts in events");
        }
    }

    #[test]
    fn a_source_that_cannot_say_unknown_has_all_parts() {
        let full = |form: DateForm, text| {
            form.read_partial(text, UnknownParts::WrittenAsOne)
                .map_err(|r| r.fault)
        };
        assert_eq!(full(DateForm::Dmy, "00.00.1985"), Err(Fault::ImpossibleDate));
        assert_eq!(full(DateForm::Iso, "1985-03"), Err(Fault::UnreadableDate));
        assert!(full(DateForm::Iso, "1985-01-01").is_ok());
    }

    #[test]
    fn what_the_calendar_lacks_differs_from_what_cannot_be_read() {
        for (form, text) in [
            (DateForm::Iso, "2024-02-31"),
            (DateForm::Iso, "1985-00-00"),
            (DateForm::Iso, "1985-13"),
            (DateForm::Iso, "0000-01-01"),
            (DateForm::Dmy, "31.02.2024"),
            (DateForm::Dmy, "09.00.1985"),
            (DateForm::Dmy, "99.99.9999"),
            (DateForm::Ymd, "19850009"),
            (DateForm::Ymd, "20230229"),
        ] {
            assert_eq!(birth(form, text), Err(Fault::ImpossibleDate), "{text}");
        }
        for (form, text) in [
            (DateForm::Iso, "09.03.2024"),
            (DateForm::Iso, "2024-3-9"),
            (DateForm::Iso, "2024-03-09 "),
            (DateForm::Dmy, "9.3.2024"),
            (DateForm::Dmy, "09-03-2024"),
            (DateForm::Ymd, "2024-03-09"),
            (DateForm::Ymd, "202403"),
            (DateForm::Ymd, "２０"),
        ] {
            assert_eq!(birth(form, text), Err(Fault::UnreadableDate), "{text}");
        }
    }

    #[test]
    fn the_day_of_a_crossing_is_that_of_its_checkpoint() {
        let (at, day) = read_instant("2024-03-09T01:05:11+05:00").unwrap();
        assert_eq!(day, jiff::civil::date(2024, 3, 9));
        assert_eq!(at.to_string(), "2024-03-08T20:05:11Z");
        let fault = |text| read_instant(text).unwrap_err().fault;
        assert_eq!(fault("2024-02-30T01:05:11+05:00"), Fault::ImpossibleDate);
        for text in [
            "2024-03-09",
            "2024-03-09T25:00:00Z",
            "2024-03-09T01:05:11",
            "2024-03-09T01:05:11+05:00[Asia/Omsk]",
        ] {
            assert_eq!(fault(text), Fault::UnreadableDate, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in ".{0,26}") {
            for form in [DateForm::Iso, DateForm::Dmy, DateForm::Ymd] {
                prop_assert!(form.read_day(&text).is_err() || text.len() >= 8);
                prop_assert!(form.read_partial(&text, UnknownParts::Kept).is_err() || text.len() >= 4);
            }
            prop_assert!(read_instant(&text).is_err() || text.len() >= 20);
        }
    }
}
