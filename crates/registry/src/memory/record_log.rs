//! Records and the search index, in memory.

use std::{
    ops::Bound::{Excluded, Unbounded},
    sync::Arc,
};

use async_trait::async_trait;
use jiff::Timestamp;
use profile::linked::LinkedRecord;
use records::{
    envelope::Record,
    key::{ProfileId, RecordKey},
};

use super::{MemoryTransaction, at_most, links::holds_at};
use crate::{
    port::{
        StoreError, check_page,
        record_log::{Appended, BATCH_MAX, PROFILE_RECORDS_MAX, RecordLog, VERSIONS_MAX},
    },
    search_key::{SearchKey, search_keys},
};

impl MemoryTransaction {
    fn append_one(&mut self, record: &Record) -> Appended {
        let versions = Arc::make_mut(&mut self.tables.records)
            .entry(record.key.clone())
            .or_default();
        if let Some(known) = versions.get(&record.version) {
            return if known.digest == record.digest {
                Appended::Unchanged
            } else {
                Appended::VersionReused
            };
        }
        let appended = match versions.last_key_value() {
            None => Appended::New,
            Some((&highest, _)) if highest < record.version => Appended::Superseding,
            Some(_) => Appended::Earlier,
        };
        versions.insert(record.version, Arc::new(record.clone()));
        self.forget_status_of(&record.key);
        self.tables.extent.records += 1;
        let mut links = self.tables.links.get(&record.key).into_iter().flatten();
        if let Some(link) = links.find(|link| link.known_until.is_none()).cloned() {
            self.index(record, link.profile, link.known_from);
        }
        appended
    }

    /// From when a version is known and the link too, the profile is found by what the version names.
    pub(super) fn index(&mut self, version: &Record, profile: ProfileId, linked_from: Timestamp) {
        let known_from = version.received_at.max(linked_from);
        for key in search_keys(&version.subject, &version.payload) {
            let under = Arc::make_mut(&mut self.tables.search).entry(key).or_default();
            let since = under.entry(profile).or_insert(known_from);
            *since = known_from.min(*since);
        }
    }
}

#[async_trait]
impl RecordLog for MemoryTransaction {
    async fn append(&mut self, batch: &[Record]) -> Result<Vec<Appended>, StoreError> {
        self.may_write()?;
        if batch.len() > BATCH_MAX as usize {
            return Err(StoreError::TooMany {
                what: "records in a batch",
                limit: BATCH_MAX,
            });
        }
        Ok(batch.iter().map(|record| self.append_one(record)).collect())
    }

    async fn versions_of(&mut self, key: &RecordKey, known_at: Timestamp) -> Result<Vec<Record>, StoreError> {
        let versions = self
            .tables
            .records
            .get(key)
            .into_iter()
            .flat_map(|versions| versions.values());
        let known = versions
            .filter(|record| record.received_at <= known_at)
            .map(|record| Record::clone(record));
        at_most(known.collect(), "versions of a record", VERSIONS_MAX)
    }

    async fn latest_records(
        &mut self,
        known_at: Timestamp,
        after: Option<&RecordKey>,
        limit: u32,
    ) -> Result<Vec<Record>, StoreError> {
        check_page(limit)?;
        let start = after.map_or(Unbounded, Excluded);
        let known = self
            .tables
            .records
            .range::<RecordKey, _>((start, Unbounded))
            .filter_map(|(_, versions)| {
                versions
                    .values()
                    .rev()
                    .find(|record| record.received_at <= known_at)
            });
        Ok(known
            .take(limit as usize)
            .map(|record| Record::clone(record))
            .collect())
    }

    async fn records_of(
        &mut self,
        profile: ProfileId,
        known_at: Timestamp,
    ) -> Result<Vec<LinkedRecord>, StoreError> {
        let mut found = Vec::new();
        for key in self.tables.linked.get(&profile).into_iter().flatten() {
            let links = self.tables.links.get(key).into_iter().flatten();
            let Some(link) = links
                .filter(|link| link.profile == profile)
                .find(|link| holds_at(link, known_at))
            else {
                continue;
            };
            let versions = self
                .tables
                .records
                .get(key)
                .into_iter()
                .flat_map(|versions| versions.values());
            found.extend(
                versions
                    .filter(|record| record.received_at <= known_at)
                    .map(|record| LinkedRecord {
                        record: Record::clone(record),
                        linked_from: link.known_from,
                        linked_until: None,
                        weight: link.weight,
                    }),
            );
        }
        at_most(found, "record versions of a profile", PROFILE_RECORDS_MAX)
    }

    async fn profiles_under(
        &mut self,
        key: &SearchKey,
        known_at: Timestamp,
        limit: u32,
    ) -> Result<Vec<ProfileId>, StoreError> {
        check_page(limit)?;
        let under = self.tables.search.get(key).into_iter().flatten();
        let known = under.filter(|(_, since)| **since <= known_at);
        at_most(
            known.map(|(profile, _)| *profile).collect(),
            "profiles under a search key",
            limit,
        )
    }
}
