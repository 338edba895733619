//! A span of days with both ends inside; an open end means "not ended as far as known".

use serde::{Deserialize, Serialize};

use crate::{Day, calendar::days_between};

/// Days `from..=until`; `until == None` has no end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    pub from: Day,
    pub until: Option<Day>,
}

/// A span that ends before it begins.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the span ends before it begins")]
pub struct Backwards;

impl Span {
    pub fn new(from: Day, until: Option<Day>) -> Result<Self, Backwards> {
        match until {
            Some(until) if until < from => Err(Backwards),
            Some(_) | None => Ok(Self { from, until }),
        }
    }

    pub fn single(day: Day) -> Self {
        Self {
            from: day,
            until: Some(day),
        }
    }

    pub fn open(from: Day) -> Self {
        Self { from, until: None }
    }

    pub fn contains(&self, day: Day) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }

    pub fn overlaps(&self, other: &Self) -> bool {
        self.until.is_none_or(|until| other.from <= until)
            && other.until.is_none_or(|until| self.from <= until)
    }

    /// The days that both hold, if any.
    pub fn intersection(&self, other: &Self) -> Option<Self> {
        let until = match (self.until, other.until) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        Self::new(self.from.max(other.from), until).ok()
    }

    /// How many days up to `on`, both ends counted; days after `on` do not count.
    pub fn days_until(&self, on: Day) -> i32 {
        let last = self.until.map_or(on, |until| until.min(on));
        if last < self.from {
            0
        } else {
            days_between(self.from, last) + 1
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn both_ends_count_once() {
        let span = Span::new(date(2025, 3, 1), Some(date(2025, 5, 29))).unwrap();
        assert_eq!(span.days_until(date(2026, 1, 1)), 90);
        assert_eq!(span.days_until(date(2025, 3, 1)), 1);
        assert_eq!(span.days_until(date(2025, 2, 28)), 0);
        assert!(span.contains(date(2025, 5, 29)) && !span.contains(date(2025, 5, 30)));
    }

    #[test]
    fn a_backward_span_is_refused() {
        assert_eq!(
            Span::new(date(2025, 3, 2), Some(date(2025, 3, 1))),
            Err(Backwards)
        );
    }

    #[test]
    fn intersection_and_overlap_agree() {
        let a = Span::new(date(2025, 1, 1), Some(date(2025, 1, 10))).unwrap();
        let b = Span::open(date(2025, 1, 10));
        let c = Span::open(date(2025, 1, 11));
        assert!(a.overlaps(&b) && b.overlaps(&a) && !a.overlaps(&c));
        assert_eq!(a.intersection(&b), Some(Span::single(date(2025, 1, 10))));
        assert_eq!(a.intersection(&c), None);
    }
}
