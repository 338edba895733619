//! The few words that an answer comes down to.

use serde::{Deserialize, Serialize};

/// Whether the stay is lawful.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lawful {
    No,
    Yes,
    /// No basis, but a decree gives time.
    Tolerated,
    /// A fact is missing on which the answer hangs.
    Undetermined,
    /// The person is outside, and holds nothing that would let them in on its own.
    NotPresent,
}

impl Serialize for Lawful {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::No => serializer.serialize_bool(false),
            Self::Yes => serializer.serialize_bool(true),
            Self::Tolerated => serializer.serialize_str("tolerated"),
            Self::Undetermined => serializer.serialize_str("undetermined"),
            Self::NotPresent => serializer.serialize_none(),
        }
    }
}

/// Yes, no, or not to be told without a fact that is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    No,
    Yes,
    Undetermined,
}

impl Verdict {
    pub fn of(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }
}

impl Serialize for Verdict {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::No => serializer.serialize_bool(false),
            Self::Yes => serializer.serialize_bool(true),
            Self::Undetermined => serializer.serialize_str("undetermined"),
        }
    }
}

/// Where the person is on the day. A day of crossing counts as a day inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    In,
    Out,
    /// No crossing is on record.
    Unknown,
}

/// Whether something is open to the person: as [`Verdict`], or on conditions that the answer names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Permission {
    No,
    Yes,
    Conditional,
    Undetermined,
}

impl From<Verdict> for Permission {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::No => Self::No,
            Verdict::Yes => Self::Yes,
            Verdict::Undetermined => Self::Undetermined,
        }
    }
}

impl Serialize for Permission {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::No => serializer.serialize_bool(false),
            Self::Yes => serializer.serialize_bool(true),
            Self::Conditional => serializer.serialize_str("conditional"),
            Self::Undetermined => serializer.serialize_str("undetermined"),
        }
    }
}
