//! Officials' rulings that moved records between profiles, so that each can be explained and taken back.
//!
//! Invariant: a ruling names every record that it moved; taking it back moves just these.
//! Not here: words on a pair of records (`review_queue`), which linkage respects beside these.

use async_trait::async_trait;
use jiff::Timestamp;
use records::key::{ProfileId, RecordKey};
use serde::{Deserialize, Serialize};

use super::{
    StoreError,
    contests::ContestId,
    review_queue::{OfficialName, Pair},
};

/// Number of a ruling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RulingId(pub u64);

impl std::fmt::Display for RulingId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// What was ruled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ruled", rename_all = "snake_case")]
pub enum Ruled {
    /// Both profiles are one person's: the records of `from` went to `into`. The pair, one record of each, is what
    /// linkage respects.
    Merged {
        from: ProfileId,
        into: ProfileId,
        pair: Pair,
    },
    /// The records are not the person's whose profile is `from`: they went to `into`.
    Parted { from: ProfileId, into: ProfileId },
}

impl Ruled {
    pub fn from_profile(&self) -> ProfileId {
        match self {
            Self::Merged { from, .. } | Self::Parted { from, .. } => *from,
        }
    }

    pub fn into_profile(&self) -> ProfileId {
        match self {
            Self::Merged { into, .. } | Self::Parted { into, .. } => *into,
        }
    }
}

/// A ruling to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRuling {
    pub ruled: Ruled,
    /// The records moved, by key.
    pub records: Vec<RecordKey>,
    pub official: OfficialName,
    pub reason: String,
    pub purpose: String,
    pub legal_basis: String,
    /// The case in which it was ruled.
    pub case: Option<ContestId>,
    pub ruled_at: Timestamp,
}

/// A ruling, standing or taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruling {
    pub id: RulingId,
    pub ruling: NewRuling,
    pub undone: Option<Undone>,
}

/// Who took a ruling back, why and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undone {
    pub official: OfficialName,
    pub reason: String,
    pub legal_basis: String,
    pub at: Timestamp,
}

/// Rulings, none ever removed.
#[async_trait]
pub trait RulingBook {
    /// Keeps a ruling; numbers are 1, 2, 3 …
    async fn add_ruling(&mut self, new: &NewRuling) -> Result<RulingId, StoreError>;

    async fn load_ruling(&mut self, id: RulingId) -> Result<Ruling, StoreError>;

    /// Notes that a ruling was taken back; one that was already is [`StoreError::Duplicate`].
    async fn undo_ruling(&mut self, id: RulingId, undone: &Undone) -> Result<(), StoreError>;

    /// Rulings that moved records from or to a profile, the newest first. More than `limit` is an error.
    async fn rulings_about(&mut self, profile: ProfileId, limit: u32) -> Result<Vec<Ruling>, StoreError>;

    /// Rulings made by `known_at` with numbers above `after`, by number; a taking back that came later is left out.
    async fn rulings(
        &mut self,
        known_at: Timestamp,
        after: Option<RulingId>,
        limit: u32,
    ) -> Result<Vec<Ruling>, StoreError>;
}
