//! What stands already: in which profile a record is, and what officials ruled.

use std::collections::BTreeMap;

use records::key::{ProfileId, RecordKey};
use serde::{Deserialize, Serialize};

/// Present links and the rulings that every run respects.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Keeps profile ids stable; it is no evidence, so a run over the same records gives the same clusters without it.
    pub links: BTreeMap<RecordKey, ProfileId>,
    /// Decisions of officials in force, in the order in which they were taken.
    pub rulings: Vec<Ruling>,
}

/// An official's word on whose a record is. It outweighs any evidence.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "ruling", rename_all = "snake_case")]
pub enum Ruling {
    SamePerson {
        one: RecordKey,
        other: RecordKey,
    },
    DifferentPersons {
        one: RecordKey,
        other: RecordKey,
    },
    /// The record belongs with the records that stand in this profile.
    Belongs {
        record: RecordKey,
        profile: ProfileId,
    },
    /// The record does not belong with any record that stands in this profile.
    DoesNotBelong {
        record: RecordKey,
        profile: ProfileId,
    },
}
