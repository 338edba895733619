//! Words for codes that others use for the same: worked cases come from many hands.
//!
//! In: `vocabulary.csv` (word, means). Out: whether two words mean the same.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{PackError, table};

pub(super) const FILE: &str = "vocabulary.csv";

#[derive(Deserialize)]
struct Row {
    word: String,
    means: String,
}

/// The table.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary(BTreeMap<String, String>);

impl Vocabulary {
    pub(super) fn parse(text: &str) -> Result<Self, PackError> {
        let mut words = BTreeMap::new();
        for (line, row) in table::rows::<Row>(FILE, text)? {
            if words.insert(row.word, row.means).is_some() {
                return Err(PackError::at(FILE, line, "word", "stands twice"));
            }
        }
        Ok(Self(words))
    }

    fn meaning<'w>(&'w self, word: &'w str) -> &'w str {
        self.0.get(word).map_or(word, String::as_str)
    }

    pub fn same(&self, one: &str, other: &str) -> bool {
        one == other || self.meaning(one) == self.meaning(other)
    }
}
