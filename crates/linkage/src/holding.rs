//! In which profile each record stands before a run.

use std::collections::HashMap;

use records::key::ProfileId;

use crate::book::Id;

/// Profiles by record: each profile is held once, a record has its number.
#[derive(Default)]
pub(crate) struct Holding {
    /// Counted from one; zero stands in none.
    of_record: Vec<u32>,
    profiles: Vec<ProfileId>,
    numbers: HashMap<ProfileId, u32>,
}

impl Holding {
    /// Of the next record.
    pub(crate) fn push(&mut self, profile: Option<ProfileId>) {
        let number = profile.map_or(0, |profile| {
            *self.numbers.entry(profile).or_insert_with(|| {
                self.profiles.push(profile);
                self.profiles.len() as u32
            })
        });
        self.of_record.push(number);
    }

    /// No more records come.
    pub(crate) fn close(&mut self) {
        self.numbers = HashMap::new();
        self.of_record.shrink_to_fit();
    }

    pub(crate) fn of(&self, record: Id) -> Option<ProfileId> {
        let number = *self.of_record.get(record as usize)? as usize;
        self.profiles.get(number.checked_sub(1)?).copied()
    }
}
