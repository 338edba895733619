//! How often each value was said.

use std::marker::PhantomData;

use crate::fact::{Fact, Value};

/// Facts of one kind, each value once, sorted by value.
#[derive(Clone, Copy)]
pub(crate) struct Tally<'a, T> {
    facts: &'a [Fact],
    of: PhantomData<T>,
}

impl<'a, T: Value + 'a> Tally<'a, T> {
    pub(crate) fn new(facts: &'a [Fact]) -> Self {
        Self {
            facts,
            of: PhantomData,
        }
    }

    pub(crate) fn is_empty(self) -> bool {
        self.facts.is_empty()
    }

    pub(crate) fn values(self) -> impl Iterator<Item = T> + Clone + 'a {
        self.facts.iter().filter_map(|fact| T::unpack(fact.value()))
    }

    /// The values said most often, and those said at least a third as often.
    pub(crate) fn foremost(self) -> impl Iterator<Item = T> + Clone + 'a {
        let most = self.facts.iter().map(|fact| fact.count()).max().unwrap_or(0);
        let often = self
            .facts
            .iter()
            .filter(move |fact| u64::from(fact.count()) * 3 >= u64::from(most));
        often.filter_map(|fact| T::unpack(fact.value()))
    }

    /// The value said most often, the least of several.
    pub(crate) fn first_choice(self) -> Option<T> {
        let most = self.facts.iter().rev().max_by_key(|fact| fact.count())?;
        T::unpack(most.value())
    }

    /// At most `limit` values, the most frequent first, equal ones by value.
    pub(crate) fn most_frequent(self, limit: usize) -> Vec<T> {
        let mut ordered = self.facts.to_vec();
        ordered.sort_by_key(|fact| (std::cmp::Reverse(fact.count()), fact.value()));
        ordered
            .into_iter()
            .take(limit)
            .filter_map(|fact| T::unpack(fact.value()))
            .collect()
    }

    pub(crate) fn shares_with(self, other: Self) -> impl Iterator<Item = T> + 'a {
        shared(self.facts, other.facts).filter_map(|fact| T::unpack(fact.value()))
    }
}

/// Facts of one side that the other side says too.
pub(crate) fn shared<'a>(one: &'a [Fact], other: &'a [Fact]) -> impl Iterator<Item = Fact> + 'a {
    one.iter().copied().filter(|fact| {
        other
            .binary_search_by_key(&fact.key(), |theirs| theirs.key())
            .is_ok()
    })
}

/// Sorts facts and counts those that say the same as one.
pub(crate) fn fold(facts: &mut Vec<Fact>) {
    facts.sort_unstable();
    facts.dedup_by(|later, kept| {
        let same = later.key() == kept.key();
        if same {
            *kept = kept.said_again(later.count());
        }
        same
    });
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{book::Id, fact::What};

    fn folded(values: &[Id]) -> Vec<Fact> {
        let mut facts = values.iter().map(|value| Fact::new(What::Host, *value)).collect();
        fold(&mut facts);
        facts
    }

    #[test]
    fn foremost_are_those_said_at_least_a_third_as_often_as_any() {
        let facts = folded(&[3, 1, 3, 2, 2, 3, 3]);
        let tally = Tally::<Id>::new(&facts);
        assert_eq!(tally.foremost().collect::<Vec<_>>(), [2, 3]);
        assert_eq!(tally.first_choice(), Some(3));
        assert_eq!(tally.most_frequent(2), [3, 2]);
        assert_eq!(Tally::<Id>::new(&folded(&[5, 4])).first_choice(), Some(4));
    }

    proptest! {
        #[test]
        fn folding_parts_is_folding_the_whole(a in prop::collection::vec(0..9_u32, 0..20), b in prop::collection::vec(0..9_u32, 0..20)) {
            let mut parts = [folded(&a), folded(&b)].concat();
            fold(&mut parts);
            prop_assert!(parts == folded(&[a, b].concat()));
        }
    }
}
