//! Byte strings, each held once, back to back, and known by the order of their coming.

use std::hash::{BuildHasher, RandomState};

use hashbrown::HashTable;

use crate::book::Id;

#[derive(Default)]
pub(crate) struct Interner {
    bytes: Vec<u8>,
    /// Where each string ends.
    ends: Vec<usize>,
    table: HashTable<Id>,
    hasher: RandomState,
}

impl Interner {
    pub(crate) fn get(&self, id: Id) -> &[u8] {
        text(&self.bytes, &self.ends, id)
    }

    pub(crate) fn find(&self, wanted: &[u8]) -> Option<Id> {
        let hash = self.hasher.hash_one(wanted);
        self.table.find(hash, |id| self.get(*id) == wanted).copied()
    }

    pub(crate) fn enter(&mut self, entered: &[u8]) -> Id {
        if let Some(id) = self.find(entered) {
            return id;
        }
        let Self {
            bytes,
            ends,
            table,
            hasher,
        } = self;
        let id = ends.len() as Id;
        bytes.extend_from_slice(entered);
        ends.push(bytes.len());
        table.insert_unique(hasher.hash_one(entered), id, |id| {
            hasher.hash_one(text(bytes, ends, *id))
        });
        id
    }
}

fn text<'a>(bytes: &'a [u8], ends: &[usize], id: Id) -> &'a [u8] {
    let at = id as usize;
    let from = at.checked_sub(1).map_or(0, |before| ends[before]);
    &bytes[from..ends[at]]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn each_string_has_one_id_in_the_order_of_coming(all in prop::collection::vec("[ab]{0,3}", 0..60)) {
            let mut interner = Interner::default();
            let mut known: Vec<&str> = Vec::new();
            for one in &all {
                let id = interner.enter(one.as_bytes()) as usize;
                if id == known.len() {
                    known.push(one);
                }
                prop_assert_eq!(known[id], one);
            }
            for one in known {
                prop_assert_eq!(interner.get(interner.find(one.as_bytes()).unwrap()), one.as_bytes());
            }
            prop_assert_eq!(interner.find(b"c"), None);
        }
    }
}
