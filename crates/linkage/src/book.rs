//! Everything that claims refer to: names, numbers, places and hosts, each once and by id.
//!
//! Invariant: ids are given in the order of entering, which is the order of the sorted records, so the same records
//! give the same ids.

use std::{borrow::Borrow, collections::HashMap, hash::Hash};

use names::{
    skeleton::skeleton,
    sounds::Sounds,
    spelled::{Cut, Spelled},
};

use crate::number::Number;

/// Index of a thing in its table.
pub(crate) type Id = u32;

/// A name part with its lookup key.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Part {
    pub sounds: Sounds,
    /// Id of these very sounds.
    pub sound: Id,
    /// Id of the key that they share with confusable ones.
    pub skeleton: Id,
}

/// A spelling with its parts' lookup keys.
#[derive(Clone)]
pub(crate) struct NameEntry {
    pub surname: Part,
    pub given: Part,
    pub father: Part,
    /// Surname and given names as one word.
    pub whole: Part,
    /// The source did not say which part is which.
    pub guessed: bool,
}

#[derive(Default)]
pub(crate) struct Book {
    pub names: Vec<NameEntry>,
    pub numbers: Vec<Number>,
    name_ids: HashMap<Spelled, Id>,
    number_ids: HashMap<Number, Id>,
    sound_ids: Index<Sounds>,
    skeleton_ids: Index<String>,
    place_ids: Index<Sounds>,
    host_ids: Index<String>,
    episode_ids: Index<String>,
}

/// Ids of things that are never looked at again.
struct Index<K>(HashMap<K, Id>);

impl<K> Default for Index<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Eq + Hash + Clone> Index<K> {
    fn enter<Q>(&mut self, key: &Q) -> Id
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ToOwned<Owned = K> + ?Sized,
    {
        if let Some(&id) = self.0.get(key) {
            return id;
        }
        let id = self.0.len() as Id;
        self.0.insert(key.to_owned(), id);
        id
    }
}

impl Book {
    pub(crate) fn number_id(&self, number: &Number) -> Option<Id> {
        self.number_ids.get(number).copied()
    }

    pub(crate) fn enter_number(&mut self, number: Number) -> Id {
        if let Some(id) = self.number_id(&number) {
            return id;
        }
        let id = self.numbers.len() as Id;
        self.numbers.push(number.clone());
        self.number_ids.insert(number, id);
        id
    }

    /// `None` for a name without a letter that is known here.
    pub(crate) fn enter_name(&mut self, spelled: Spelled) -> Option<Id> {
        if spelled.is_empty() {
            return None;
        }
        if let Some(&id) = self.name_ids.get(&spelled) {
            return Some(id);
        }
        let id = self.names.len() as Id;
        let entry = NameEntry {
            surname: self.part(&spelled.surname),
            given: self.part(&spelled.given),
            father: self.part(&spelled.father),
            whole: self.part(&spelled.whole()),
            guessed: spelled.cut == Cut::Guessed,
        };
        self.names.push(entry);
        self.name_ids.insert(spelled, id);
        Some(id)
    }

    fn part(&mut self, sounds: &Sounds) -> Part {
        Part {
            sound: self.sound_ids.enter(sounds),
            skeleton: self.skeleton_ids.enter(skeleton(sounds).as_str()),
            sounds: sounds.clone(),
        }
    }

    pub(crate) fn enter_place(&mut self, place: &Sounds) -> Id {
        self.place_ids.enter(place)
    }

    pub(crate) fn enter_host(&mut self, host: &str) -> Id {
        self.host_ids.enter(host)
    }

    pub(crate) fn enter_episode(&mut self, episode: &str) -> Id {
        self.episode_ids.enter(episode)
    }
}
