//! Which counts share a shade.

/// Shades at most.
pub const CLASSES_MAX: usize = 5;

/// Lower ends of the classes, ascending; the last class has no upper end but the greatest count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Classes {
    from: Vec<u64>,
    greatest: u64,
}

impl Classes {
    /// Quantiles of the published counts above zero, their ends rounded down to two figures.
    pub fn of(counts: impl IntoIterator<Item = u64>) -> Self {
        let mut counts: Vec<u64> = counts.into_iter().filter(|&count| count > 0).collect();
        counts.sort_unstable();
        let mut from: Vec<u64> = (0..CLASSES_MAX)
            .filter_map(|class| counts.get(class * counts.len() / CLASSES_MAX))
            .map(|&count| round_down(count))
            .collect();
        from.dedup();
        if let Some(first) = from.first_mut() {
            *first = 1;
        }
        Self {
            from,
            greatest: counts.last().copied().unwrap_or(0),
        }
    }

    /// Class of a count, from 0; `None` for zero.
    pub fn class(&self, count: u64) -> Option<usize> {
        self.from.partition_point(|&from| from <= count).checked_sub(1)
    }

    /// Least and greatest count of each class.
    pub fn ranges(&self) -> impl Iterator<Item = (u64, u64)> {
        self.from.iter().enumerate().map(|(at, &from)| {
            let until = self
                .from
                .get(at + 1)
                .map_or(self.greatest.max(from), |next| next - 1);
            (from, until)
        })
    }
}

fn round_down(count: u64) -> u64 {
    let step = 10_u64.pow(count.checked_ilog10().unwrap_or(0).saturating_sub(1));
    count / step * step
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn classes_are_quantiles_with_round_ends() {
        let classes = Classes::of([0, 5, 8, 13, 40, 77, 120, 433, 1_255, 2_310, 9_000]);
        let ranges: Vec<_> = classes.ranges().collect();
        assert_eq!(
            ranges,
            [(1, 12), (13, 76), (77, 429), (430, 2_299), (2_300, 9_000)]
        );
        assert_eq!(classes.class(0), None);
        assert_eq!(classes.class(77), Some(2));
    }

    proptest! {
        #[test]
        fn every_count_above_zero_has_one_class(counts in prop::collection::vec(0_u64..100_000, 0..90)) {
            let classes = Classes::of(counts.clone());
            let ranges: Vec<_> = classes.ranges().collect();
            prop_assert!(ranges.len() <= CLASSES_MAX);
            for count in counts.into_iter().filter(|&count| count > 0) {
                let class = classes.class(count).unwrap();
                prop_assert!(ranges[class].0 <= count && count <= ranges[class].1);
                prop_assert_eq!(ranges.iter().filter(|r| r.0 <= count && count <= r.1).count(), 1);
            }
        }
    }
}
