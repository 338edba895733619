//! Why each record is in its cluster, told when it is asked: told at once for all, it would be most of the memory.

use std::collections::BTreeMap;

use records::key::{ProfileId, RecordKey};

use crate::{
    assignment::Basis,
    book::Id,
    compare::{Comparison, compare},
    engine::Material,
    evidence::Evidence,
    groups::Groups,
    joins::Joins,
    model::Model,
    party::Party,
    weight::Weight,
};

/// A record that harms, carried into a person by the comparison with it.
pub(crate) struct Carried {
    /// Least record of the person.
    pub with: Id,
    pub comparison: Comparison,
}

pub(crate) struct Reasons {
    pub material: Material,
    pub model: Model,
    pub groups: Groups,
    pub joins: Joins,
    /// By group.
    pub carried: BTreeMap<Id, Carried>,
    /// Records placed into a profile by officials.
    pub placed: BTreeMap<Id, (ProfileId, Vec<Id>)>,
    pub cluster_of_record: Vec<u32>,
    pub sizes: Vec<u32>,
}

/// A reason before its evidence is told.
enum Reason<'a> {
    Alone,
    Ruled {
        with: Id,
    },
    Joined {
        with: Id,
        weight: Weight,
        evidence: &'a [Evidence],
    },
    /// In one group with it: both say the same of their person.
    SameWords {
        with: Id,
    },
}

impl Reasons {
    pub(crate) fn basis(&self, record: Id) -> Basis {
        let (with, weight, evidence) = match self.reason(record) {
            Reason::Alone => return Basis::Alone,
            Reason::Ruled { with } => {
                return self.key(with).map_or(Basis::Alone, |with| Basis::Ruled { with });
            }
            Reason::Joined {
                with,
                weight,
                evidence,
            } => (with, weight, evidence.to_vec()),
            Reason::SameWords { with } => {
                let comparison = self.compare(record, with);
                (with, comparison.weight, comparison.evidence)
            }
        };
        self.key(with).map_or(Basis::Alone, |with| Basis::Joined {
            with,
            weight,
            evidence,
        })
    }

    /// Records that evidence put where they are.
    pub(crate) fn count_joined(&self) -> u64 {
        let records = 0..self.material.keys.len();
        let joined = records.filter(|record| match self.reason(*record) {
            Reason::Joined { .. } | Reason::SameWords { .. } => true,
            Reason::Alone | Reason::Ruled { .. } => false,
        });
        joined.count() as u64
    }

    pub(crate) fn key(&self, record: Id) -> Option<RecordKey> {
        self.material.keys.get(record)
    }

    fn reason(&self, record: Id) -> Reason<'_> {
        let group = self.groups.of(record);
        if self.sizes[self.cluster_of_record[record as usize] as usize] == 1 {
            return Reason::Alone;
        }
        if let Some((_, others)) = self.placed.get(&record)
            && let Some(&with) = others.first()
        {
            return Reason::Ruled { with };
        }
        if let Some(Carried { with, comparison }) = self.carried.get(&group) {
            return Reason::Joined {
                with: *with,
                weight: comparison.weight,
                evidence: &comparison.evidence,
            };
        }
        let members = self.groups.members(group);
        if members[0] != record {
            return Reason::SameWords { with: members[0] };
        }
        match self.joins.first(group) {
            Some(join) if join.ruled => Reason::Ruled { with: join.with },
            Some(join) => Reason::Joined {
                with: join.with,
                weight: join.weight,
                evidence: join.evidence,
            },
            // The group itself is the cluster: its least record is joined by the next one.
            None => members
                .get(1)
                .map_or(Reason::Alone, |next| Reason::SameWords { with: *next }),
        }
    }

    fn compare(&self, one: Id, other: Id) -> Comparison {
        let Material { claims, book, .. } = &self.material;
        let [one, other] = [one, other].map(|record| Party::of(record, &claims.get(record), book));
        compare(&one, &other, &self.model, book)
    }
}
