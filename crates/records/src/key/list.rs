//! Keys of many records in little memory: in order, each held as what differs from the one before it.
//!
//! Invariant: keys come in rising order, so a key has a place and is found by halving.

use super::{RecordKey, SourceName, SourceRecordId};

/// Every so many-th key of a source is held whole.
const WHOLE_EVERY: usize = 16;

/// A key did not come after the one before it.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("record {key} does not come after the one before it")]
pub struct OutOfOrder {
    pub key: RecordKey,
}

/// Keys by place.
#[derive(Default)]
pub struct KeyList {
    sources: Vec<Section>,
    /// Of each key: how many bytes it shares with the one before, how many follow, and these.
    bytes: Vec<u8>,
    last: Option<RecordKey>,
    len: u32,
}

/// The keys of one source.
struct Section {
    source: SourceName,
    /// Place of its first key.
    first: u32,
    /// Where each key that is held whole begins.
    whole: Vec<usize>,
    len: usize,
}

impl KeyList {
    /// Places, of which there are at most 2^32.
    pub fn len(&self) -> u32 {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub fn push(&mut self, key: &RecordKey) -> Result<(), OutOfOrder> {
        if self.last.as_ref().is_some_and(|last| last >= key) {
            return Err(OutOfOrder { key: key.clone() });
        }
        let begins = self.last.as_ref().is_none_or(|last| last.source != key.source);
        if begins {
            self.sources.push(Section {
                source: key.source.clone(),
                first: self.len,
                whole: Vec::new(),
                len: 0,
            });
        }
        if let Some(section) = self.sources.last_mut() {
            let id = key.id.as_str().as_bytes();
            let before = self
                .last
                .as_ref()
                .map_or(&[] as &[u8], |last| last.id.as_str().as_bytes());
            let shared = if section.len.is_multiple_of(WHOLE_EVERY) {
                section.whole.push(self.bytes.len());
                0
            } else {
                before.iter().zip(id).take_while(|(a, b)| a == b).count()
            };
            // an id has 64 characters at most
            self.bytes.extend([shared as u8, (id.len() - shared) as u8]);
            self.bytes.extend_from_slice(&id[shared..]);
            section.len += 1;
        }
        self.last = Some(key.clone());
        self.len += 1;
        Ok(())
    }

    /// The key at a place; `None` beyond the last one.
    pub fn get(&self, place: u32) -> Option<RecordKey> {
        let section = &self.sources[self
            .sources
            .partition_point(|section| section.first <= place)
            .checked_sub(1)?];
        let within = (place - section.first) as usize;
        let begin = *section.whole.get(within / WHOLE_EVERY)?;
        if within >= section.len {
            return None;
        }
        let id = self.ids(begin).nth(within % WHOLE_EVERY)?;
        Some(RecordKey {
            source: section.source.clone(),
            // it was an id when it came in
            id: SourceRecordId(String::from_utf8_lossy(&id).into_owned()),
        })
    }

    /// The place of a key.
    pub fn find(&self, key: &RecordKey) -> Option<u32> {
        let at = self
            .sources
            .binary_search_by(|section| section.source.cmp(&key.source))
            .ok()?;
        let section = &self.sources[at];
        let id = key.id.as_str().as_bytes();
        let whole = section
            .whole
            .partition_point(|begin| {
                self.ids(*begin)
                    .next()
                    .is_some_and(|first| first.as_slice() <= id)
            })
            .checked_sub(1)?;
        let left = (section.len - whole * WHOLE_EVERY).min(WHOLE_EVERY);
        let within = self
            .ids(section.whole[whole])
            .take(left)
            .position(|have| have == id)?;
        Some(section.first + (whole * WHOLE_EVERY + within) as u32)
    }

    /// Ids from one that is held whole on.
    fn ids(&self, begin: usize) -> impl Iterator<Item = Vec<u8>> + '_ {
        let mut rest = &self.bytes[begin..];
        let mut id = Vec::new();
        std::iter::from_fn(move || {
            let &[shared, more, ref tail @ ..] = rest else {
                return None;
            };
            let (own, tail) = tail.split_at_checked(usize::from(more))?;
            id.truncate(usize::from(shared));
            id.extend_from_slice(own);
            rest = tail;
            Some(id.clone())
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn key(source: &str, id: &str) -> RecordKey {
        RecordKey {
            source: SourceName::parse(source).unwrap(),
            id: SourceRecordId::parse(id).unwrap(),
        }
    }

    #[test]
    fn a_key_that_comes_late_or_twice_is_refused() {
        let mut list = KeyList::default();
        list.push(&key("border", "B2")).unwrap();
        for late in [key("border", "B2"), key("border", "B1"), key("a", "B3")] {
            assert_eq!(list.push(&late), Err(OutOfOrder { key: late }));
        }
        assert_eq!(list.len(), 1);
    }

    proptest! {
        #[test]
        fn every_key_has_its_place(keys in prop::collection::btree_set(("[a-c]{1,2}", "[A-C0-2]{1,4}"), 0..200)) {
            let keys: BTreeSet<RecordKey> = keys.iter().map(|parts| key(&parts.0, &parts.1)).collect();
            let mut list = KeyList::default();
            for key in &keys {
                list.push(key).unwrap();
            }
            for (place, key) in keys.iter().enumerate() {
                prop_assert_eq!(list.get(place as u32), Some(key.clone()));
                prop_assert_eq!(list.find(key), Some(place as u32));
            }
            prop_assert_eq!(list.get(keys.len() as u32), None);
            for absent in [key("a", "Z"), key("b", "A"), key("d", "A"), key("c", "99999")] {
                prop_assert_eq!(list.find(&absent).is_some(), keys.contains(&absent));
            }
        }
    }
}
