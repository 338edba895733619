//! Statuses made ready: what the rules say of a person on the day that is today, so that a look need not read and judge
//! the records again.
//!
//! Invariant: what is kept of a person goes in the transaction of the first change of what it rests on, be it a further
//! version of a record that is linked to the person, or a record that comes or goes. So [`RecordLog`] and [`LinkBook`]
//! keep it: nobody who appends or links has to think of it.
//! Invariant: only a transaction that may write, and that has read the records itself, keeps a status; so nothing can
//! have been added between.
//!
//! [`RecordLog`]: super::record_log::RecordLog
//! [`LinkBook`]: super::link_book::LinkBook

use std::collections::BTreeSet;

use async_trait::async_trait;
use jiff::Timestamp;
use records::{Day, country::Country, key::ProfileId};
use serde::{Deserialize, Serialize};

use super::StoreError;
use crate::search_key::SearchKey;

/// Holders of one number that are told apart.
pub const HOLDERS_MAX: u32 = 20;
/// Numbers that one question may name.
pub const NUMBERS_MAX: u32 = 1_000;
/// Statuses that are kept at once.
pub const PREPARED_MAX: u32 = 1_000;

/// Number of a document that a person's records name.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeldNumber {
    /// As [`SearchKey`] compares it.
    pub number: String,
    /// States that are known to have issued a document of this number to the person.
    pub issuers: BTreeSet<Country>,
}

/// A status made ready. Personal data: `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct PreparedStatus {
    pub person: ProfileId,
    /// The day judged, which is also the day on which it was known.
    pub on: Day,
    /// Names the rules and the program that judged: by others it may be another status.
    pub basis: String,
    /// None for a profile that holds no record any more.
    pub numbers: Vec<HeldNumber>,
    /// JSON of the [`status::status::Status`]; empty for a profile that holds no record any more.
    pub words: String,
}

impl std::fmt::Debug for PreparedStatus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PreparedStatus({})", self.person)
    }
}

/// A profile that holds a record under a number, or held one: what is ready of it tells which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    pub person: ProfileId,
    /// None where nothing is ready for that day by that basis.
    pub prepared: Option<PreparedStatus>,
}

/// Statuses made ready. Losing them all loses nothing but time.
#[async_trait]
pub trait PreparedStatuses {
    /// Keeps statuses in the place of those kept of the same persons. More than [`PREPARED_MAX`] is an error.
    async fn keep_statuses(&mut self, prepared: &[PreparedStatus]) -> Result<(), StoreError>;

    /// Who had held a record under each of these numbers by `known_at`, by id, with what is ready for day `on` by `basis`.
    /// Of one number at most [`HOLDERS_MAX`] and one more, which says that there are too many. More than
    /// [`NUMBERS_MAX`] numbers is an error.
    async fn holders(
        &mut self,
        numbers: &[SearchKey],
        known_at: Timestamp,
        on: Day,
        basis: &str,
    ) -> Result<Vec<Vec<Holder>>, StoreError>;
}

/// Refuses more than `limit` at once.
pub fn check_many<T>(many: &[T], what: &'static str, limit: u32) -> Result<(), StoreError> {
    if many.len() > limit as usize {
        Err(StoreError::TooMany { what, limit })
    } else {
        Ok(())
    }
}
