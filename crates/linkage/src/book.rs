//! Everything that claims refer to: names, numbers, places and hosts, each once and by id.
//!
//! Invariant: ids are given in the order of entering, which is the order of the records' keys, so the same records give
//! the same ids.

use std::hash::{BuildHasher, RandomState};

use hashbrown::HashTable;
use names::{
    skeleton::skeleton,
    sounds::Sounds,
    spelled::{Cut, Spelled},
};

use crate::{
    interner::Interner,
    number::{Number, NumberKind},
};

/// What stands before the characters of a number: its kind.
const KIND_BYTES: usize = 1;

/// Index of a thing in its table.
pub(crate) type Id = u32;

/// A name part with its lookup key.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Part {
    /// Id of these very sounds.
    pub sound: Id,
    /// Id of the key that they share with confusable ones.
    pub skeleton: Id,
}

/// A spelling with its parts' lookup keys.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct NameEntry {
    pub surname: Part,
    pub given: Part,
    pub father: Part,
    /// The source did not say which part is which.
    pub guessed: bool,
}

#[derive(Default)]
pub(crate) struct Book {
    names: Vec<NameEntry>,
    /// Of each name, the lookup key of surname and given names as one word.
    wholes: Vec<Id>,
    name_ids: HashTable<Id>,
    hasher: RandomState,
    sounds: Vec<Sounds>,
    sound_ids: Interner,
    /// Lookup key of each sound.
    sound_skeletons: Vec<Id>,
    skeletons: Interner,
    kinds: Vec<NumberKind>,
    numbers: Interner,
    places: Interner,
    hosts: Interner,
    episodes: Interner,
}

impl Book {
    pub(crate) fn name(&self, id: Id) -> &NameEntry {
        &self.names[id as usize]
    }

    pub(crate) fn sounds(&self, part: Part) -> &Sounds {
        &self.sounds[part.sound as usize]
    }

    /// Lookup key of surname and given names as one word.
    pub(crate) fn whole(&self, name: Id) -> Id {
        self.wholes[name as usize]
    }

    /// Lookup keys of surname and given name, whichever of them stands first.
    pub(crate) fn sorted_parts(&self, name: Id) -> [Id; 2] {
        let name = self.name(name);
        let mut parts = [name.surname.skeleton, name.given.skeleton];
        parts.sort_unstable();
        parts
    }

    pub(crate) fn number_count(&self) -> usize {
        self.kinds.len()
    }

    pub(crate) fn number_kind(&self, number: Id) -> NumberKind {
        self.kinds[number as usize]
    }

    /// The characters of a number: ASCII letters and digits.
    pub(crate) fn number_text(&self, number: Id) -> &[u8] {
        &self.numbers.get(number)[KIND_BYTES..]
    }

    pub(crate) fn number_id(&self, kind: NumberKind, text: &str) -> Option<Id> {
        self.numbers.find(&number_bytes(kind, text))
    }

    pub(crate) fn enter_number(&mut self, number: &Number) -> Id {
        let id = self.numbers.enter(&number_bytes(number.kind, &number.text));
        if id as usize == self.kinds.len() {
            self.kinds.push(number.kind);
        }
        id
    }

    /// `None` for a name without a letter that is known here.
    pub(crate) fn enter_name(&mut self, spelled: &Spelled) -> Option<Id> {
        if spelled.is_empty() {
            return None;
        }
        let entry = NameEntry {
            surname: self.part(&spelled.surname),
            given: self.part(&spelled.given),
            father: self.part(&spelled.father),
            guessed: spelled.cut == Cut::Guessed,
        };
        let hash = self.hasher.hash_one(entry);
        if let Some(&id) = self.name_ids.find(hash, |id| self.names[*id as usize] == entry) {
            return Some(id);
        }
        let whole = self.skeletons.enter(skeleton(&spelled.whole()).as_bytes());
        let Self {
            names,
            wholes,
            name_ids,
            hasher,
            ..
        } = self;
        let id = names.len() as Id;
        names.push(entry);
        wholes.push(whole);
        name_ids.insert_unique(hash, id, |id| hasher.hash_one(names[*id as usize]));
        Some(id)
    }

    fn part(&mut self, sounds: &Sounds) -> Part {
        let sound = self.sound_ids.enter(sounds.as_bytes());
        if sound as usize == self.sounds.len() {
            self.sounds.push(sounds.clone());
            let skeleton = self.skeletons.enter(skeleton(sounds).as_bytes());
            self.sound_skeletons.push(skeleton);
        }
        Part {
            sound,
            skeleton: self.sound_skeletons[sound as usize],
        }
    }

    pub(crate) fn enter_place(&mut self, place: &Sounds) -> Id {
        self.places.enter(place.as_bytes())
    }

    pub(crate) fn enter_host(&mut self, host: &str) -> Id {
        self.hosts.enter(host.as_bytes())
    }

    pub(crate) fn enter_episode(&mut self, episode: &str) -> Id {
        self.episodes.enter(episode.as_bytes())
    }
}

fn number_bytes(kind: NumberKind, text: &str) -> Vec<u8> {
    let kind: [u8; KIND_BYTES] = [kind as u8];
    [&kind, text.as_bytes()].concat()
}
