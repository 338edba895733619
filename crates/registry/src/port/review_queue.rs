//! Pairs that an official has to look at, and what officials decided.

use async_trait::async_trait;
use jiff::Timestamp;
use records::key::RecordKey;
use serde::{Deserialize, Serialize};

use super::StoreError;

/// Items that one run of linkage may raise.
pub const RAISED_MAX: u32 = 100_000;

/// Two records of which somebody must say whether they speak of one person. Unordered: `left` is the lesser key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Pair {
    left: RecordKey,
    right: RecordKey,
}

impl Pair {
    pub fn of(one: RecordKey, other: RecordKey) -> Self {
        if one <= other {
            Self {
                left: one,
                right: other,
            }
        } else {
            Self {
                left: other,
                right: one,
            }
        }
    }

    pub fn left(&self) -> &RecordKey {
        &self.left
    }

    pub fn right(&self) -> &RecordKey {
        &self.right
    }
}

/// Number of a queue item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ItemId(pub u64);

impl std::fmt::Display for ItemId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// A pair that linkage would not settle by itself.
#[derive(Clone, Debug, PartialEq)]
pub struct NewItem {
    pub pair: Pair,
    /// One of the records is a ban, a restriction or a debt: a wrong link puts it on somebody else.
    pub harmful: bool,
    pub weight: f64,
    pub explanation: serde_json::Value,
}

/// An item of the queue.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    pub id: ItemId,
    pub pair: Pair,
    pub harmful: bool,
    pub weight: f64,
    pub explanation: serde_json::Value,
    pub raised_at: Timestamp,
    pub state: ItemState,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ItemState {
    Waiting,
    /// An official has taken it; nobody else can decide it.
    Taken {
        by: OfficialName,
        at: Timestamp,
    },
    Decided {
        at: Timestamp,
    },
    /// Linkage no longer asks: other records have settled it.
    Withdrawn {
        at: Timestamp,
    },
}

/// Which official, as the trace and the person see it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct OfficialName {
    pub name: String,
    pub office: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Same,
    Different,
}

/// An official's word on a pair. It stands before any score until another official's word replaces it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandingDecision {
    pub pair: Pair,
    pub verdict: Verdict,
    pub official: OfficialName,
    pub reason: String,
    pub purpose: String,
    pub legal_basis: String,
    pub decided_at: Timestamp,
}

/// What became of the pairs that a run of linkage raised.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Raised {
    pub new: u64,
    /// Waiting or taken before, and raised again.
    pub kept: u64,
    /// Waiting before, and not raised any more.
    pub withdrawn: u64,
}

/// The queue and the decisions that came out of it; decisions are never changed or removed.
#[async_trait]
pub trait ReviewQueue {
    /// Makes the queue hold exactly `items`: a pair that waits or is taken keeps its number, a pair not among them
    /// is withdrawn, a withdrawn pair that comes again waits again. A pair that is decided stays decided.
    async fn raise(&mut self, items: &[NewItem], at: Timestamp) -> Result<Raised, StoreError>;

    async fn load_item(&mut self, id: ItemId) -> Result<Item, StoreError>;

    /// The item of a pair, in whatever state.
    async fn find_item(&mut self, pair: &Pair) -> Result<Option<Item>, StoreError>;

    /// Items waiting or taken, harmful ones first, then by number; those after `after` in that order.
    async fn open_items(&mut self, after: Option<ItemId>, limit: u32) -> Result<Vec<Item>, StoreError>;

    async fn count_open_items(&mut self) -> Result<u64, StoreError>;

    async fn set_item_state(&mut self, id: ItemId, state: &ItemState) -> Result<(), StoreError>;

    async fn add_decision(&mut self, decision: &StandingDecision) -> Result<(), StoreError>;

    /// The latest decision on each pair, as known at `known_at`, by pair; those after `after`.
    async fn decisions(
        &mut self,
        known_at: Timestamp,
        after: Option<&Pair>,
        limit: u32,
    ) -> Result<Vec<StandingDecision>, StoreError>;
}
