//! A value chosen among those that sources state, with the others beside it.

use serde::{Deserialize, Serialize};

use crate::cite::Citation;

/// The chosen value, why it was chosen, and what else is said.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field<T> {
    pub value: T,
    pub chosen_by: ChosenBy,
    /// Records that state exactly this value.
    pub cited: Vec<Citation>,
    /// Every other value, the best supported first.
    #[serde(default = "Vec::new", skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<Other<T>>,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Other<T> {
    pub value: T,
    pub difference: Difference,
    pub cited: Vec<Citation>,
    /// The decision that found this value wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settled_by: Option<Citation>,
}

/// How another value differs from the chosen one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Difference {
    /// The same word spelt or ordered otherwise: Ё or Е, hyphen or space, names swapped.
    Spelling,
    /// Agrees as far as it goes: an unknown day, a missing patronymic.
    LessPrecise,
    /// One letter or digit lost, doubled, mistyped or swapped with its neighbour; day and month swapped.
    Slip,
    /// Cannot be the same value.
    Conflict,
}

/// The rule that settled the choice: the first of the configured ones that left one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChosenBy {
    /// An official decided so when it was contested.
    Decided,
    /// Nobody says otherwise.
    OnlyValue,
    /// The best ranked source says so.
    SourcePriority,
    /// More records of the best ranked sources say so.
    Majority,
    /// Its latest record speaks of the latest day.
    LatestRecorded,
    /// The person used this document at the last crossing (RU.CITIZENSHIP.DOC).
    DocumentOfEntry,
    /// All else is equal: the least value, so that the answer is the same every time.
    FixedOrder,
}

impl<T> Field<T> {
    /// Values that cannot be reconciled with the chosen one, and on which nobody has decided.
    pub fn conflicts(&self) -> impl Iterator<Item = &Other<T>> {
        self.others
            .iter()
            .filter(|other| other.difference == Difference::Conflict && other.settled_by.is_none())
    }
}
