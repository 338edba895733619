//! Append-only log of records, and the index by which a person's profile is found.

use async_trait::async_trait;
use jiff::Timestamp;
use profile::linked::LinkedRecord;
use records::{
    envelope::Record,
    key::{ProfileId, RecordKey},
};

use super::StoreError;
use crate::search_key::SearchKey;

/// Records that one call of [`RecordLog::append`] takes.
pub const BATCH_MAX: u32 = 10_000;
/// Record versions that one profile may hold. A person with more is a merge gone wrong, for an official to see.
pub const PROFILE_RECORDS_MAX: u32 = 20_000;
/// Versions that one record may have.
pub const VERSIONS_MAX: u32 = 1_000;

/// What became of a record offered to the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Appended {
    /// First version of its key that the log has seen.
    New,
    /// Higher than every version known.
    Superseding,
    /// Lower than a version known already: kept as history.
    Earlier,
    /// The same words under the same version: nothing to do.
    Unchanged,
    /// Other words under a version that is taken: not kept.
    VersionReused,
}

/// Records by (source, id, version). A record is never changed and never removed.
#[async_trait]
pub trait RecordLog {
    /// Offers records in order, each as if alone; the answers come in the same order.
    /// More than [`BATCH_MAX`] is an error. What a further version of a linked record names finds the profile from now
    /// on; what an unlinked record names finds nobody until it is linked.
    async fn append(&mut self, batch: &[Record]) -> Result<Vec<Appended>, StoreError>;

    /// All versions of one record received up to `known_at`, the lowest first.
    async fn versions_of(&mut self, key: &RecordKey, known_at: Timestamp) -> Result<Vec<Record>, StoreError>;

    /// The highest version received up to `known_at` of each record whose key comes after `after`, by key.
    async fn latest_records(
        &mut self,
        known_at: Timestamp,
        after: Option<&RecordKey>,
        limit: u32,
    ) -> Result<Vec<Record>, StoreError>;

    /// Every version received up to `known_at` of every record that was linked to `profile` at `known_at`, by key and
    /// version. The link's end is left out: at `known_at` nobody knew of it. More than [`PROFILE_RECORDS_MAX`] is an error.
    async fn records_of(
        &mut self,
        profile: ProfileId,
        known_at: Timestamp,
    ) -> Result<Vec<LinkedRecord>, StoreError>;

    /// Profiles that, up to `known_at`, ever held a record of which a version received meanwhile names `key`; each
    /// once, by id. Whether they hold it still, their records tell. More than `limit` is an error.
    async fn profiles_under(
        &mut self,
        key: &SearchKey,
        known_at: Timestamp,
        limit: u32,
    ) -> Result<Vec<ProfileId>, StoreError>;
}
