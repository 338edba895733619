//! A set of days, as disjoint spans. Stays and bases are sets of days, never counters.
//!
//! Invariant: spans are in order and neither touch nor overlap, so equal sets are equal values.

use records::{Day, calendar::days_between};

use crate::term::{before, next};

/// A set of days. [`Day::MAX`] as the end of a span means "without end".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Days(Vec<(Day, Day)>);

impl Days {
    pub fn none() -> Self {
        Self::default()
    }

    /// From spans in any order, overlapping or not; a span that ends before it begins holds nothing.
    pub fn of(spans: impl IntoIterator<Item = (Day, Day)>) -> Self {
        let mut sorted: Vec<_> = spans.into_iter().filter(|(from, until)| from <= until).collect();
        sorted.sort_unstable();
        let mut merged: Vec<(Day, Day)> = Vec::with_capacity(sorted.len());
        for (from, until) in sorted {
            match merged.last_mut() {
                Some(last) if from <= next(last.1) => last.1 = last.1.max(until),
                Some(_) | None => merged.push((from, until)),
            }
        }
        Self(merged)
    }

    pub fn spans(&self) -> &[(Day, Day)] {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn contains(&self, day: Day) -> bool {
        let at = self.0.partition_point(|&(from, _)| from <= day);
        at > 0 && self.0[at - 1].1 >= day
    }

    /// How many of the days `from..=until` are in the set.
    pub fn count(&self, from: Day, until: Day) -> i32 {
        self.0
            .iter()
            .map(|&(a, b)| (a.max(from), b.min(until)))
            .filter(|(a, b)| a <= b)
            .map(|(a, b)| days_between(a, b) + 1)
            .sum()
    }

    pub fn union(&self, other: &Self) -> Self {
        Self::of(self.0.iter().chain(&other.0).copied())
    }

    pub fn without(&self, other: &Self) -> Self {
        let mut left = Vec::new();
        for &(from, until) in &self.0 {
            let mut at = from;
            let mut whole = false;
            for &(a, b) in other.0.iter().filter(|&&(a, b)| b >= from && a <= until) {
                if at < a {
                    left.push((at, before(a)));
                }
                whole = b >= until;
                at = next(b);
            }
            if !whole && at <= until {
                left.push((at, until));
            }
        }
        Self::of(left)
    }

    /// The last day of the unbroken run of days that holds `day`.
    pub fn run_until(&self, day: Day) -> Option<Day> {
        let at = self.0.partition_point(|&(from, _)| from <= day);
        let last = self.0.get(at.checked_sub(1)?)?.1;
        (last >= day).then_some(last)
    }

    /// The first day of the unbroken run of days that holds `day`.
    pub fn run_since(&self, day: Day) -> Option<Day> {
        let at = self.0.partition_point(|&(from, _)| from <= day);
        let &(from, until) = self.0.get(at.checked_sub(1)?)?;
        (until >= day).then_some(from)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::term::forward;

    const BASE: Day = date(2025, 1, 1);

    fn set(spans: &[(i32, i32)]) -> Days {
        Days::of(
            spans
                .iter()
                .map(|&(from, length)| (forward(BASE, from), forward(BASE, from + length))),
        )
    }

    #[test]
    fn what_has_no_end_takes_all_that_follows() {
        let open = Days::of([(BASE, Day::MAX)]);
        assert!(set(&[(3, 4)]).without(&open).is_empty());
        assert_eq!(open.run_until(date(2300, 1, 1)), Some(Day::MAX));
    }

    proptest! {
        /// Day by day, the set says what its spans say.
        #[test]
        fn operations_agree_day_by_day(
            a in prop::collection::vec((0_i32..60, 0_i32..9), 0..6),
            b in prop::collection::vec((0_i32..60, 0_i32..9), 0..6),
        ) {
            let (left, right) = (set(&a), set(&b));
            let (sum, rest) = (left.union(&right), left.without(&right));
            let mut counted = 0;
            for at in 0..80 {
                let day = forward(BASE, at);
                let inside = |spans: &[(i32, i32)]| spans.iter().any(|&(f, l)| (f..=f + l).contains(&at));
                prop_assert_eq!(left.contains(day), inside(&a));
                prop_assert_eq!(sum.contains(day), inside(&a) || inside(&b));
                prop_assert_eq!(rest.contains(day), inside(&a) && !inside(&b));
                counted += i32::from(inside(&a));
            }
            prop_assert_eq!(left.count(BASE, forward(BASE, 79)), counted);
        }
    }
}
