//! Which record belongs to whom, since when, by whose word.

use async_trait::async_trait;
use jiff::Timestamp;
use records::key::{ProfileId, RecordKey};
use serde::{Deserialize, Serialize};

use super::StoreError;

/// Links that one call of [`LinkBook::assign`] takes.
pub const LINKS_MAX: u32 = 10_000;

/// A record belongs to a profile. Known from `known_from` until just before `known_until`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Link {
    pub record: RecordKey,
    pub profile: ProfileId,
    pub known_from: Timestamp,
    /// `None`: holds still.
    pub known_until: Option<Timestamp>,
    pub by: LinkedBy,
    /// Weight of evidence; comparable within one engine version only.
    pub weight: f64,
    /// What spoke for it and against it.
    pub explanation: serde_json::Value,
}

/// Whose word a link is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkedBy {
    Engine { version: String },
    Official { name: String, office: String },
}

/// A link to be made.
#[derive(Clone, Debug, PartialEq)]
pub struct NewLink {
    pub record: RecordKey,
    pub profile: ProfileId,
    pub by: LinkedBy,
    pub weight: f64,
    pub explanation: serde_json::Value,
}

/// What became of a link to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assigned {
    /// The record had no link.
    Linked,
    /// The record's link to this profile was ended.
    Moved { from: ProfileId },
    /// The record was linked so already: the link that stands keeps its author and its explanation.
    Unchanged,
}

/// An open link as linkage needs it: nothing but who has what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenLink {
    pub record: RecordKey,
    pub profile: ProfileId,
}

/// Links, none ever deleted: a record that goes to another profile ends one and begins another.
#[async_trait]
pub trait LinkBook {
    /// Makes links as known from `at`; a profile is found from then on by what every version of its record names. A
    /// record of no known version is [`StoreError::Missing`]. More than [`LINKS_MAX`] is an error. Links of one profile
    /// side by side are cheaper: a key that several records name is indexed once.
    async fn assign(&mut self, links: &[NewLink], at: Timestamp) -> Result<Vec<Assigned>, StoreError>;

    /// Links that held at `known_at`, of records after `after`, by record.
    async fn links_at(
        &mut self,
        known_at: Timestamp,
        after: Option<&RecordKey>,
        limit: u32,
    ) -> Result<Vec<OpenLink>, StoreError>;

    /// Every link that a record ever had, the earliest first.
    async fn links_of(&mut self, record: &RecordKey) -> Result<Vec<Link>, StoreError>;

    /// The link of a record that held at `known_at`.
    async fn find_link(
        &mut self,
        record: &RecordKey,
        known_at: Timestamp,
    ) -> Result<Option<Link>, StoreError>;

    /// Links of a profile that held at `known_at`, by record.
    async fn links_to(&mut self, profile: ProfileId, known_at: Timestamp) -> Result<Vec<Link>, StoreError>;

    /// Profiles that held a record at `known_at`, after `after`, by id.
    async fn profiles(
        &mut self,
        known_at: Timestamp,
        after: Option<ProfileId>,
        limit: u32,
    ) -> Result<Vec<ProfileId>, StoreError>;

    /// When the first record was linked to a profile; [`StoreError::Missing`] for one that never was.
    async fn profile_since(&mut self, profile: ProfileId) -> Result<Timestamp, StoreError>;

    /// Where the records stand at `known_at` that the profile held last, each profile once, by id: the profile itself
    /// while it holds any, the one that took its records after a merge, several after a split.
    async fn heirs(&mut self, profile: ProfileId, known_at: Timestamp) -> Result<Vec<ProfileId>, StoreError>;
}
