//! What comes in: a record, and since when it is held to be this person's.

use jiff::Timestamp;
use records::envelope::Record;
use serde::{Deserialize, Serialize};

/// A record with the link that gives it to the profile. Links are bitemporal as records are: a link that was
/// withdrawn has an end, and answers about earlier known times still see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LinkedRecord {
    pub record: Record,
    pub linked_from: Timestamp,
    /// When the link was withdrawn (a split, a decision of an official).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub linked_until: Option<Timestamp>,
    /// Weight of evidence that linkage gave; for display only, it chooses no value.
    pub weight: f64,
}

impl LinkedRecord {
    /// Whether the profile held this record at `known_at`.
    pub fn known_at(&self, known_at: Timestamp) -> bool {
        self.record.received_at <= known_at
            && self.linked_from <= known_at
            && self.linked_until.is_none_or(|until| known_at < until)
    }
}
