//! Officials' rulings, translated from records and profiles to groups.

use std::collections::{BTreeMap, BTreeSet};

use records::key::{ProfileId, RecordKey, list::KeyList};

use crate::{book::Id, holding::Holding, standing::Ruling};

/// Rulings by index of record. What names a record that is not in the run has no effect in it.
#[derive(Default)]
pub(crate) struct Rulings {
    pub together: Vec<(Id, Id, Ruling)>,
    pub apart: Vec<(Id, Id, Ruling)>,
    /// Records placed into a profile, with the records that stand in it otherwise.
    pub placed: BTreeMap<Id, (ProfileId, Vec<Id>)>,
}

impl Rulings {
    pub(crate) fn read(standing: &[Ruling], keys: &KeyList, holding: &Holding) -> Self {
        let mut of_profile: BTreeMap<ProfileId, Vec<Id>> = standing
            .iter()
            .filter_map(|ruling| match ruling {
                Ruling::Belongs { profile, .. } | Ruling::DoesNotBelong { profile, .. } => {
                    Some((*profile, Vec::new()))
                }
                Ruling::SamePerson { .. } | Ruling::DifferentPersons { .. } => None,
            })
            .collect();
        if !of_profile.is_empty() {
            for record in 0..keys.len() {
                if let Some(held) = holding
                    .of(record)
                    .and_then(|profile| of_profile.get_mut(&profile))
                {
                    held.push(record);
                }
            }
        }
        let mut rulings = Self::default();
        for ruling in standing {
            rulings.take(ruling, keys, &of_profile);
        }
        // The rulings' own order does not matter for the outcome.
        rulings.together.sort_by_key(|(a, b, _)| (*a.min(b), *a.max(b)));
        rulings.apart.sort_by_key(|(a, b, _)| (*a.min(b), *a.max(b)));
        rulings
    }

    fn take(&mut self, ruling: &Ruling, keys: &KeyList, of_profile: &BTreeMap<ProfileId, Vec<Id>>) {
        let find = |key: &RecordKey| keys.find(key);
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
