//! What officials ruled and every run respects.

use records::key::{ProfileId, RecordKey};
use serde::{Deserialize, Serialize};

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
