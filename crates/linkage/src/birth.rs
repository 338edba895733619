//! Comparing birth dates by the kind of slip that can lie between them.

use jiff::civil::Date;
use records::subject::{Birth, UnknownParts};

/// How two birth dates compare, from best to worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum BirthLevel {
    /// The same, all parts known.
    Equal,
    /// The same as far as known; the day or the month and the day are unknown to one or both.
    KnownPartsEqual,
    /// The first of January (or of the month) where the other has a full date of that year (or month).
    FirstForUnknown,
    DayMonthSwapped,
    /// One day, one month, one year or ten years off.
    OffByOne,
    /// One digit of the day, the month or the year differs, or the day by a few.
    OneDigit,
    Different,
}

pub(crate) fn compare(one: Birth, other: Birth) -> BirthLevel {
    if one.date == other.date {
        return if one.date.full().is_some() {
            BirthLevel::Equal
        } else {
            BirthLevel::KnownPartsEqual
        };
    }
    if let (Some(a), Some(b)) = (one.date.full(), other.date.full()) {
        return if first_for_unknown(one, other) || first_for_unknown(other, one) {
            BirthLevel::FirstForUnknown
        } else {
            slip(a, b)
        };
    }
    if one.date.may_equal(&other.date) {
        return BirthLevel::KnownPartsEqual;
    }
    match i32::from(one.date.year()) - i32::from(other.date.year()) {
        -1 | 1 | -10 | 10 => BirthLevel::OneDigit,
        _ => BirthLevel::Different,
    }
}

/// Whether `one` may be an unknown day written as the first, while `other` knows it.
fn first_for_unknown(one: Birth, other: Birth) -> bool {
    let (Some(a), Some(b)) = (one.date.full(), other.date.full()) else {
        return false;
    };
    let january = a.month() == 1 && a.day() == 1 && a.year() == b.year();
    // A clerk of any agency puts the first of January; only an agency that must puts the first of another month.
    let month = one.unknown_parts == UnknownParts::WrittenAsOne
        && a.day() == 1
        && (a.year(), a.month()) == (b.year(), b.month());
    january || month
}

const DAYS_OFF: i32 = 3;

fn slip(a: Date, b: Date) -> BirthLevel {
    let (years, months, days) = (
        i32::from(a.year()) - i32::from(b.year()),
        i32::from(a.month()) - i32::from(b.month()),
        i32::from(a.day()) - i32::from(b.day()),
    );
    if years == 0 && a.month() == b.day() && a.day() == b.month() {
        return BirthLevel::DayMonthSwapped;
    }
    let near = match (years.abs(), months.abs(), days.abs()) {
        (0, 0, 1) | (0, 1, 0) | (1 | 10, 0, 0) => true,
        // the last of a month and the first of the next
        (0 | 1, _, _) => a.duration_until(b).as_hours().abs() == 24,
        _ => false,
    };
    if near {
        return BirthLevel::OffByOne;
    }
    // A few days off within the month: a slip, or a day that a form did not offer.
    if years == 0 && months == 0 && days.abs() <= DAYS_OFF {
        return BirthLevel::OneDigit;
    }
    let digits = |n: i32| n.abs() % 10 == 0 || n.abs() < 10;
    match (years, months, days) {
        (0, 0, d) if one_digit(i32::from(a.day()), d) => BirthLevel::OneDigit,
        (0, m, 0) if one_digit(i32::from(a.month()), m) => BirthLevel::OneDigit,
        (y, 0, 0) if digits(y) && one_digit(i32::from(a.year()), y) => BirthLevel::OneDigit,
        _ => BirthLevel::Different,
    }
}

/// Whether `value` and `value - difference` differ in one decimal digit.
fn one_digit(value: i32, difference: i32) -> bool {
    let (mut a, mut b) = (value, value - difference);
    let mut differing = 0;
    while a > 0 || b > 0 {
        differing += i32::from(a % 10 != b % 10);
        a /= 10;
        b /= 10;
    }
    differing == 1
}

#[cfg(test)]
mod tests {
    use records::partial_date::PartialDate;

    use super::*;

    fn birth(text: &str) -> Birth {
        Birth {
            date: PartialDate::parse_iso(text).unwrap(),
            unknown_parts: UnknownParts::Kept,
        }
    }

    fn as_one(text: &str) -> Birth {
        Birth {
            unknown_parts: UnknownParts::WrittenAsOne,
            ..birth(text)
        }
    }

    #[test]
    fn each_kind_of_slip_has_its_level() {
        use BirthLevel::*;
        for (one, other, level) in [
            ("1985-03-09", "1985-03-09", Equal),
            ("1985-03-09", "1985", KnownPartsEqual),
            ("1985-03", "1985-03", KnownPartsEqual),
            ("1985-03", "1985", KnownPartsEqual),
            ("1985-03-09", "1985-01-01", FirstForUnknown),
            ("1985-03-09", "1985-09-03", DayMonthSwapped),
            ("1985-03-09", "1985-03-10", OffByOne),
            ("1985-03-31", "1985-04-01", OffByOne),
            ("1985-12-31", "1986-01-01", OffByOne),
            ("1985-03-09", "1984-03-09", OffByOne),
            ("1985-03-09", "1995-03-09", OffByOne),
            ("1985-03-09", "1985-04-09", OffByOne),
            ("1985-03-09", "1985-03-29", OneDigit),
            ("1985-03-31", "1985-03-28", OneDigit),
            ("1985-03-09", "1965-03-09", OneDigit),
            ("1985-03-09", "1985-04-10", Different),
            ("1985-03-09", "1990-07-21", Different),
            ("1985-03-09", "1986", OneDigit),
            ("1985-03-09", "1991", Different),
        ] {
            assert_eq!(compare(birth(one), birth(other)), level, "{one} {other}");
            assert_eq!(compare(birth(other), birth(one)), level, "{other} {one}");
        }
    }

    #[test]
    fn the_first_of_a_month_means_unknown_only_where_the_agency_must_write_it() {
        assert_eq!(
            compare(birth("1985-03-09"), as_one("1985-03-01")),
            BirthLevel::FirstForUnknown
        );
        assert_eq!(
            compare(birth("1985-03-09"), birth("1985-03-01")),
            BirthLevel::OneDigit
        );
        assert_eq!(
            compare(as_one("1985-01-01"), birth("1985")),
            BirthLevel::KnownPartsEqual
        );
    }
}
