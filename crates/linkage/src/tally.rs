//! How often each value was said.

/// Values with their counts, sorted by value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tally<T>(Vec<(T, u32)>);

impl<T> Default for Tally<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Copy + Ord> Tally<T> {
    pub(crate) fn of(value: Option<T>) -> Self {
        Self(value.map(|value| (value, 1)).into_iter().collect())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn add(&mut self, value: T) {
        match self.0.binary_search_by(|(have, _)| have.cmp(&value)) {
            Ok(at) => self.0[at].1 += 1,
            Err(at) => self.0.insert(at, (value, 1)),
        }
    }

    pub(crate) fn absorb(&mut self, other: &Self) {
        if self.0.is_empty() {
            self.0.clone_from(&other.0);
            return;
        }
        for &(value, count) in &other.0 {
            match self.0.binary_search_by(|(have, _)| have.cmp(&value)) {
                Ok(at) => self.0[at].1 += count,
                Err(at) => self.0.insert(at, (value, count)),
            }
        }
    }

    pub(crate) fn count(&self, value: T) -> u32 {
        self.0
            .binary_search_by(|(have, _)| have.cmp(&value))
            .map_or(0, |at| self.0[at].1)
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = T> + '_ {
        self.0.iter().map(|&(value, _)| value)
    }

    /// The values said most often, and those said at least a third as often.
    pub(crate) fn foremost(&self) -> impl Iterator<Item = T> + '_ {
        let most = self.0.iter().map(|(_, count)| *count).max().unwrap_or(0);
        self.0
            .iter()
            .filter(move |(_, count)| *count * 3 >= most)
            .map(|&(value, _)| value)
    }

    /// The value said most often, the least of several.
    pub(crate) fn first_choice(&self) -> Option<T> {
        self.0
            .iter()
            .max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(&a.0)))
            .map(|&(value, _)| value)
    }

    /// At most `limit` values, the most frequent first, equal ones by value.
    pub(crate) fn most_frequent(&self, limit: usize) -> Vec<T> {
        let mut ordered: Vec<&(T, u32)> = self.0.iter().collect();
        ordered.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        ordered.into_iter().take(limit).map(|&(value, _)| value).collect()
    }

    pub(crate) fn shares_with<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = T> + 'a {
        self.values().filter(|value| other.count(*value) > 0)
    }
}

impl<T: Copy + Ord> FromIterator<T> for Tally<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        let mut tally = Self::default();
        values.into_iter().for_each(|value| tally.add(value));
        tally
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn foremost_are_those_said_at_least_a_third_as_often_as_any() {
        let tally: Tally<u8> = [3, 1, 3, 2, 2, 3, 3].into_iter().collect();
        assert_eq!(tally.foremost().collect::<Vec<_>>(), [2, 3]);
        assert_eq!(tally.first_choice(), Some(3));
        assert_eq!(tally.most_frequent(2), [3, 2]);
    }

    proptest! {
        #[test]
        fn absorbing_is_adding_one_by_one(a in prop::collection::vec(0..9_u8, 0..20), b in prop::collection::vec(0..9_u8, 0..20)) {
            let fill = |values: &[u8]| {
                let mut tally = Tally::default();
                values.iter().for_each(|&value| tally.add(value));
                tally
            };
            let mut absorbed = fill(&a);
            absorbed.absorb(&fill(&b));
            prop_assert_eq!(absorbed, fill(&[a, b].concat()));
        }
    }
}
