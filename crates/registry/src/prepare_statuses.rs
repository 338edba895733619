//! Makes statuses ready for the looks of today.
//!
//! Reads and judges like any look, and shows nobody anything: the look that uses a status made ready leaves the trace.
//! Invariant: a status is read, judged and kept in one transaction, so it holds all that is known then.

use std::collections::BTreeSet;

use jiff::Timestamp;
use profile::{linked::LinkedRecord, view::Profile};
use records::key::ProfileId;

use crate::{
    access::{action::Action, actor::Asker, permit::AccessError},
    answer::AnswerError,
    port::{
        StoreError, Transaction,
        prepared_statuses::{HeldNumber, PreparedStatus},
    },
    registry::{AsOf, Registry, legal_day},
    search_key::{SearchKey, SearchKind, search_keys},
    trace::Outcome,
};

/// Persons of one transaction: additions wait for so many to be judged.
const PAGE: u32 = 50;

/// Why statuses were not made ready.
#[derive(Debug, thiserror::Error)]
pub enum PrepareError {
    #[error(transparent)]
    Access(#[from] AccessError),
    #[error(transparent)]
    Answer(#[from] AnswerError),
    #[error("a status cannot be written down")]
    Words(#[from] serde_json::Error),
    #[error("could not keep what was made ready")]
    Store(#[from] StoreError),
}

impl Registry {
    /// Makes the status of everybody ready for today; tells after each page how many there are by then.
    pub async fn prepare_statuses(
        &self,
        asker: &Asker,
        told: &mut (dyn FnMut(u64) + Send),
    ) -> Result<u64, PrepareError> {
        self.allow(asker, Action::PrepareStatuses, None).await?;
        let (mut count, mut last) = (0, None);
        loop {
            let mut work = self.store.begin_read().await?;
            let page = work.profiles(self.now(), last, PAGE).await?;
            drop(work);
            let Some(end) = page.last() else { break };
            last = Some(*end);
            count += self.prepare(&page).await?;
            told(count);
        }
        let visit = self.enter(asker, Action::PrepareStatuses, None).await?;
        visit.leave(Vec::new(), Outcome::Counted { count }).await?;
        Ok(count)
    }

    /// Makes the statuses of persons ready for today; answers of how many.
    pub(crate) async fn prepare(&self, persons: &[ProfileId]) -> Result<u64, PrepareError> {
        let mut work = self.store.begin().await?;
        let now = self.clock.now();
        if work.latest_known_time().await?.is_some_and(|latest| now < latest) {
            // What was added last is not known yet by this clock, and would be missed as soon as it is.
            return Ok(0);
        }
        let mut persons = persons.to_vec();
        // two that prepare the same persons wait for each other and not in a circle
        persons.sort_unstable();
        let mut ready = Vec::with_capacity(persons.len());
        for person in persons {
            ready.push(self.ready(&mut *work, person, now).await?);
        }
        work.keep_statuses(&ready).await?;
        work.commit().await?;
        Ok(ready.len() as u64)
    }

    async fn ready(
        &self,
        work: &mut dyn Transaction,
        person: ProfileId,
        now: Timestamp,
    ) -> Result<PreparedStatus, PrepareError> {
        let as_of = AsOf {
            on: legal_day(now),
            known_at: now,
        };
        let records = work.records_of(person, as_of.known_at).await?;
        let (mut numbers, mut words) = (Vec::new(), String::new());
        if !records.is_empty() {
            let seen = self.resolve(person, &records, as_of);
            numbers = held_numbers(&records, &seen);
            words = serde_json::to_string(&self.judge(&seen, as_of)?)?;
        }
        Ok(PreparedStatus {
            person,
            on: as_of.on,
            basis: self.basis.clone(),
            numbers,
            words,
        })
    }
}

/// Numbers of documents that a person's records name, in any version that is known.
pub(crate) fn held_numbers(records: &[LinkedRecord], profile: &Profile) -> Vec<HeldNumber> {
    let named = records
        .iter()
        .flat_map(|linked| search_keys(&linked.record.subject, &linked.record.payload));
    let named: BTreeSet<SearchKey> = named.filter(|key| key.kind() == SearchKind::Document).collect();
    let issuers = |key: &SearchKey| {
        let held = profile.identity.documents.iter().map(|held| &held.document);
        let same = held.filter(|held| SearchKey::number(SearchKind::Document, held.number.as_str()) == *key);
        same.filter_map(|held| held.issuer).collect()
    };
    named
        .iter()
        .map(|key| HeldNumber {
            number: key.value().to_owned(),
            issuers: issuers(key),
        })
        .collect()
}
