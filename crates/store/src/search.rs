//! The search index as rows: under which key a profile is found, and since when.
//!
//! Invariant: a row that is there stays as it is. Known time never runs backwards, so what comes later is known later.

use std::collections::BTreeMap;

use records::{
    envelope::Record,
    key::{ProfileId, RecordKey},
    payload::Payload,
    subject::Subject,
};
use registry::{
    port::StoreError,
    search_key::{SearchKey, search_keys},
};
use sqlx::FromRow;

use crate::{
    column::{at_most, from_time, read, to_json, to_key, to_profile},
    link::Begun,
};

const WHAT: &str = "record";

/// What a version of a record says, and since when that is known.
#[derive(FromRow)]
pub(crate) struct SaidRow {
    pub(crate) source: String,
    pub(crate) record_id: String,
    pub(crate) received_at: i64,
    pub(crate) subject: String,
    pub(crate) payload: String,
}

/// The profile that holds a record.
#[derive(FromRow)]
pub(crate) struct HolderRow {
    pub(crate) source: String,
    pub(crate) record_id: String,
    pub(crate) profile: Vec<u8>,
    pub(crate) known_from: i64,
}

/// Rows to be added, each once, in the order of the index, so that its pages are filled one after another.
#[derive(Default)]
pub(crate) struct Entries(BTreeMap<(SearchKey, ProfileId), i64>);

impl Entries {
    /// What the versions of newly linked records name.
    pub(crate) fn of_links(begun: &[Begun<'_>], said: &[SaidRow], at: i64) -> Result<Self, StoreError> {
        // a link that ended as it began was never seen
        let lasting = begun.iter().filter(|link| link.until.is_none());
        let holders: BTreeMap<&RecordKey, ProfileId> =
            lasting.map(|link| (&link.new.record, link.new.profile)).collect();
        let mut entries = Self::default();
        for row in said {
            let key = to_key(&row.source, &row.record_id, WHAT)?;
            if let Some(profile) = holders.get(&key) {
                let (subject, payload) = (to_json(&row.subject, WHAT)?, to_json(&row.payload, WHAT)?);
                entries.add(*profile, row.received_at.max(at), &subject, &payload);
            }
        }
        Ok(entries)
    }

    /// What further versions of linked records name.
    pub(crate) fn of_versions(versions: &[&Record], holders: Vec<HolderRow>) -> Result<Self, StoreError> {
        let mut held = BTreeMap::new();
        for row in holders {
            let key = to_key(&row.source, &row.record_id, WHAT)?;
            held.insert(key, (to_profile(&row.profile, WHAT)?, row.known_from));
        }
        let mut entries = Self::default();
        for version in versions {
            if let Some((profile, linked_from)) = held.get(&version.key) {
                let known_from = from_time(version.received_at).max(*linked_from);
                entries.add(*profile, known_from, &version.subject, &version.payload);
            }
        }
        Ok(entries)
    }

    fn add(&mut self, profile: ProfileId, known_from: i64, subject: &Subject, payload: &Payload) {
        for key in search_keys(subject, payload) {
            let since = self.0.entry((key, profile)).or_insert(known_from);
            *since = known_from.min(*since);
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn rows(&self) -> Vec<(&SearchKey, &ProfileId, i64)> {
        let rows = self.0.iter();
        rows.map(|((key, profile), since)| (key, profile, *since))
            .collect()
    }
}

#[derive(FromRow)]
pub(crate) struct ProfileRow {
    profile: Vec<u8>,
}

impl TryFrom<ProfileRow> for ProfileId {
    type Error = StoreError;
    fn try_from(row: ProfileRow) -> Result<Self, StoreError> {
        to_profile(&row.profile, "search index")
    }
}

/// Profiles under a key; one row more than `limit` says that there are too many.
pub(crate) fn to_found(rows: Vec<ProfileRow>, limit: u32) -> Result<Vec<ProfileId>, StoreError> {
    read(at_most(rows, "profiles under a search key", limit)?)
}
