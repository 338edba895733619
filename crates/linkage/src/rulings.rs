//! Officials' rulings, translated from records and profiles to groups.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use records::key::{ProfileId, RecordKey};

use crate::{
    book::Id,
    standing::{Ruling, Standing},
};

/// Rulings by index of record. What names a record that is not in the run has no effect in it.
#[derive(Default)]
pub(crate) struct Rulings {
    pub together: Vec<(Id, Id, Ruling)>,
    pub apart: Vec<(Id, Id, Ruling)>,
    /// Records placed into a profile, with the records that stand in it otherwise.
    pub placed: BTreeMap<Id, (ProfileId, Vec<Id>)>,
}

impl Rulings {
    pub(crate) fn read(standing: &Standing, index: &HashMap<&RecordKey, Id>) -> Self {
        let mut of_profile: BTreeMap<ProfileId, Vec<Id>> = BTreeMap::new();
        for (key, profile) in &standing.links {
            if let Some(&record) = index.get(key) {
                of_profile.entry(*profile).or_default().push(record);
            }
        }
        let mut rulings = Self::default();
        for ruling in &standing.rulings {
            rulings.take(ruling, index, &of_profile);
        }
        // The rulings' own order does not matter for the outcome.
        rulings.together.sort_by_key(|(a, b, _)| (*a.min(b), *a.max(b)));
        rulings.apart.sort_by_key(|(a, b, _)| (*a.min(b), *a.max(b)));
        rulings
    }

    fn take(
        &mut self,
        ruling: &Ruling,
        index: &HashMap<&RecordKey, Id>,
        of_profile: &BTreeMap<ProfileId, Vec<Id>>,
    ) {
        let find = |key: &RecordKey| index.get(key).copied();
        let others = |profile: &ProfileId, record: Id| -> Vec<Id> {
            let standing = of_profile.get(profile).into_iter().flatten();
            standing.copied().filter(|other| *other != record).collect()
        };
        match ruling {
            Ruling::SamePerson { one, other } => {
                if let (Some(one), Some(other)) = (find(one), find(other)) {
                    self.together.push((one, other, ruling.clone()));
                }
            }
            Ruling::DifferentPersons { one, other } => {
                if let (Some(one), Some(other)) = (find(one), find(other)) {
                    self.apart.push((one, other, ruling.clone()));
                }
            }
            Ruling::Belongs { record, profile } => {
                if let Some(record) = find(record) {
                    self.placed.insert(record, (*profile, others(profile, record)));
                }
            }
            Ruling::DoesNotBelong { record, profile } => {
                if let Some(record) = find(record) {
                    let apart = others(profile, record);
                    self.apart
                        .extend(apart.into_iter().map(|other| (record, other, ruling.clone())));
                }
            }
        }
    }

    /// Records that a ruling speaks of: each must be free to go where the ruling says.
    pub(crate) fn named(&self) -> BTreeSet<Id> {
        let together = self.together.iter().flat_map(|(a, b, _)| [*a, *b]);
        let apart = self.apart.iter().flat_map(|(a, b, ruling)| match ruling {
            // The profile's other records stay as they are; the one record is to leave them.
            Ruling::DoesNotBelong { .. } => [*a, *a],
            Ruling::SamePerson { .. } | Ruling::DifferentPersons { .. } | Ruling::Belongs { .. } => [*a, *b],
        });
        together.chain(apart).chain(self.placed.keys().copied()).collect()
    }
}
