//! A first guess at who the people are: groups held together by numbers alone.
//!
//! Good enough to count how many people there are and how common their names are; joins nobody.

use crate::{book::Id, number::NumberKind, party::Party};

/// The guessed persons.
pub(crate) struct People {
    /// Of each, the group with most records.
    pub heads: Vec<Id>,
    /// Of each group, the group that stands for its person.
    pub roots: Vec<Id>,
}

pub(crate) fn guess(groups: &[Party], numbers: usize) -> People {
    let mut owner: Vec<Option<Id>> = vec![None; numbers];
    let mut forest = Forest((0..groups.len() as Id).collect());
    for (at, group) in groups.iter().enumerate() {
        for number in own_numbers(group) {
            match owner[number as usize] {
                Some(first) => forest.unite(first, at as Id),
                None => owner[number as usize] = Some(at as Id),
            }
        }
    }
    let mut largest: Vec<Option<Id>> = vec![None; groups.len()];
    for (at, group) in groups.iter().enumerate() {
        if own_numbers(group).next().is_none() {
            continue;
        }
        let head = &mut largest[forest.root(at as Id) as usize];
        if head.is_none_or(|head| groups[head as usize].size < group.size) {
            *head = Some(at as Id);
        }
    }
    People {
        heads: largest.into_iter().flatten().collect(),
        roots: (0..groups.len() as Id).map(|at| forest.root(at)).collect(),
    }
}

/// Numbers that a family does not share and a clerk does not make up.
fn own_numbers(group: &Party) -> impl Iterator<Item = Id> + '_ {
    group
        .numbers()
        .filter(|(kind, _)| kind.is_anchor() || *kind == NumberKind::Permit)
        .map(|(_, id)| id)
}

/// Union by least root, so that the outcome does not depend on the order of unions.
struct Forest(Vec<Id>);

impl Forest {
    fn root(&mut self, mut at: Id) -> Id {
        while self.0[at as usize] != at {
            self.0[at as usize] = self.0[self.0[at as usize] as usize];
            at = self.0[at as usize];
        }
        at
    }

    fn unite(&mut self, one: Id, other: Id) {
        let (a, b) = (self.root(one), self.root(other));
        self.0[a.max(b) as usize] = a.min(b);
    }
}
