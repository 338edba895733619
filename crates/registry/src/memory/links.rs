//! Links, in memory.

use std::{
    collections::BTreeSet,
    ops::Bound::{Excluded, Unbounded},
    sync::Arc,
};

use async_trait::async_trait;
use jiff::Timestamp;
use records::{
    envelope::Record,
    key::{ProfileId, RecordKey},
};

use super::{MemoryTransaction, at_most};
use crate::port::{
    StoreError, check_page,
    link_book::{Assigned, LINKS_MAX, Link, LinkBook, NewLink, OpenLink},
    record_log::PROFILE_RECORDS_MAX,
};

pub(super) fn holds_at(link: &Link, known_at: Timestamp) -> bool {
    link.known_from <= known_at && link.known_until.is_none_or(|until| known_at < until)
}

impl MemoryTransaction {
    fn assign_one(&mut self, new: &NewLink, at: Timestamp) -> Result<Assigned, StoreError> {
        let Some(versions) = self.tables.records.get(&new.record) else {
            return Err(StoreError::Missing { what: "record" });
        };
        let versions: Vec<Arc<Record>> = versions.values().cloned().collect();
        let links = Arc::make_mut(&mut self.tables.links)
            .entry(new.record.clone())
            .or_default();
        let mut assigned = Assigned::Linked;
        if let Some(last) = links.last_mut().filter(|link| link.known_until.is_none()) {
            if last.profile == new.profile {
                return Ok(Assigned::Unchanged);
            }
            if at < last.known_from {
                return Err(StoreError::ClockBack {
                    known: last.known_from,
                });
            }
            assigned = Assigned::Moved { from: last.profile };
            Arc::make_mut(last).known_until = Some(at);
        }
        links.push(Arc::new(Link {
            record: new.record.clone(),
            profile: new.profile,
            known_from: at,
            known_until: None,
            by: new.by.clone(),
            weight: new.weight,
            explanation: new.explanation.clone(),
        }));
        let linked = Arc::make_mut(&mut self.tables.linked)
            .entry(new.profile)
            .or_default();
        linked.insert(new.record.clone());
        self.tables.extent.links += 1;
        for version in versions {
            self.index(&version, new.profile, at);
        }
        self.forget_status(new.profile);
        if let Assigned::Moved { from } = assigned {
            self.forget_status(from);
        }
        Ok(assigned)
    }

    fn link_at(&self, record: &RecordKey, known_at: Timestamp) -> Option<&Arc<Link>> {
        self.tables
            .links
            .get(record)?
            .iter()
            .find(|link| holds_at(link, known_at))
    }
}

#[async_trait]
impl LinkBook for MemoryTransaction {
    async fn assign(&mut self, links: &[NewLink], at: Timestamp) -> Result<Vec<Assigned>, StoreError> {
        self.may_write()?;
        if links.len() > LINKS_MAX as usize {
            return Err(StoreError::TooMany {
                what: "links at once",
                limit: LINKS_MAX,
            });
        }
        links.iter().map(|new| self.assign_one(new, at)).collect()
    }

    async fn links_at(
        &mut self,
        known_at: Timestamp,
        after: Option<&RecordKey>,
        limit: u32,
    ) -> Result<Vec<OpenLink>, StoreError> {
        check_page(limit)?;
        let start = after.map_or(Unbounded, Excluded);
        let held = self
            .tables
            .links
            .range::<RecordKey, _>((start, Unbounded))
            .filter_map(|(record, links)| {
                let link = links.iter().find(|link| holds_at(link, known_at))?;
                Some(OpenLink {
                    record: record.clone(),
                    profile: link.profile,
                })
            });
        Ok(held.take(limit as usize).collect())
    }

    async fn links_of(&mut self, record: &RecordKey) -> Result<Vec<Link>, StoreError> {
        let links = self.tables.links.get(record).into_iter().flatten();
        Ok(links.map(|link| Link::clone(link)).collect())
    }

    async fn find_link(
        &mut self,
        record: &RecordKey,
        known_at: Timestamp,
    ) -> Result<Option<Link>, StoreError> {
        Ok(self.link_at(record, known_at).map(|link| Link::clone(link)))
    }

    async fn links_to(&mut self, profile: ProfileId, known_at: Timestamp) -> Result<Vec<Link>, StoreError> {
        let records = self.tables.linked.get(&profile).into_iter().flatten();
        let links = records
            .filter_map(|record| self.link_at(record, known_at))
            .filter(|link| link.profile == profile);
        at_most(
            links.map(|link| Link::clone(link)).collect(),
            "links to a profile",
            PROFILE_RECORDS_MAX,
        )
    }

    async fn profiles(
        &mut self,
        known_at: Timestamp,
        after: Option<ProfileId>,
        limit: u32,
    ) -> Result<Vec<ProfileId>, StoreError> {
        check_page(limit)?;
        let start = after.map_or(Unbounded, Excluded);
        let holds = |profile: ProfileId, records: &BTreeSet<RecordKey>| {
            records
                .iter()
                .filter_map(|record| self.link_at(record, known_at))
                .any(|link| link.profile == profile)
        };
        let later = self.tables.linked.range((start, Unbounded));
        let holding = later
            .filter(|(profile, records)| holds(**profile, records))
            .map(|(profile, _)| *profile);
        Ok(holding.take(limit as usize).collect())
    }

    async fn profile_since(&mut self, profile: ProfileId) -> Result<Timestamp, StoreError> {
        let records = self.tables.linked.get(&profile).into_iter().flatten();
        let links = records
            .filter_map(|record| self.tables.links.get(record))
            .flatten();
        let since = links
            .filter(|link| link.profile == profile)
            .map(|link| link.known_from)
            .min();
        since.ok_or(StoreError::Missing { what: "profile" })
    }

    async fn heirs(&mut self, profile: ProfileId, known_at: Timestamp) -> Result<Vec<ProfileId>, StoreError> {
        let records = self.tables.linked.get(&profile).into_iter().flatten();
        let links = records
            .filter_map(|record| self.tables.links.get(record))
            .flatten();
        let links: Vec<&Arc<Link>> = links
            .filter(|link| link.profile == profile && link.known_from <= known_at)
            .collect();
        if links.iter().any(|link| holds_at(link, known_at)) {
            return Ok(vec![profile]);
        }
        let last = links.iter().filter_map(|link| link.known_until).max();
        let left_last = links.iter().filter(|link| link.known_until == last);
        let heirs: BTreeSet<ProfileId> = left_last
            .filter_map(|link| self.link_at(&link.record, known_at))
            .map(|link| link.profile)
            .collect();
        Ok(heirs.into_iter().collect())
    }
}
