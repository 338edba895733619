//! A person's history: citizenships, birth, and facts in any order.
//!
//! Invariant: facts are sorted and none stands twice, so what order they were told in changes nothing.

mod from_profile;

use std::collections::BTreeSet;

use records::partial_date::PartialDate;

pub use self::from_profile::of_profile;
use crate::{
    citizenship::Citizenship,
    facts::{Fact, FactKind},
};

/// What the rules are judged on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// In the order in which the person or the profile names them; the first is taken where nothing else decides.
    pub citizenships: Vec<Citizenship>,
    pub born: Option<PartialDate>,
    /// Kinds of facts that no connected source reports: their absence says nothing.
    pub unobserved: BTreeSet<FactKind>,
    /// Kinds of which the source loses some: what is on record did happen, and more may have.
    pub partly_observed: BTreeSet<FactKind>,
    facts: Vec<Fact>,
}

impl History {
    pub fn new(
        citizenships: Vec<Citizenship>,
        born: Option<PartialDate>,
        facts: impl IntoIterator<Item = Fact>,
    ) -> Self {
        let mut facts: Vec<Fact> = facts.into_iter().collect();
        facts.sort();
        facts.dedup();
        Self {
            citizenships,
            born,
            unobserved: BTreeSet::new(),
            partly_observed: BTreeSet::new(),
            facts,
        }
    }

    /// In order of their days.
    pub fn facts(&self) -> impl Iterator<Item = &Fact> {
        self.facts.iter()
    }

    pub(crate) fn len(&self) -> usize {
        self.facts.len()
    }
}
