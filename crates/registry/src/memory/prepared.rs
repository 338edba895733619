//! Statuses made ready, in memory.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use records::{
    Day,
    key::{ProfileId, RecordKey},
};

use super::MemoryTransaction;
use crate::{
    port::{
        StoreError,
        prepared_statuses::{
            HOLDERS_MAX, Holder, NUMBERS_MAX, PREPARED_MAX, PreparedStatus, PreparedStatuses, check_many,
        },
    },
    search_key::SearchKey,
};

impl MemoryTransaction {
    pub(super) fn forget_status(&mut self, person: ProfileId) {
        if self.tables.prepared.contains_key(&person) {
            Arc::make_mut(&mut self.tables.prepared).remove(&person);
        }
    }

    /// Forgets what rests on a record.
    pub(super) fn forget_status_of(&mut self, record: &RecordKey) {
        let links = self.tables.links.get(record).and_then(|links| links.last());
        if let Some(person) = links
            .filter(|link| link.known_until.is_none())
            .map(|link| link.profile)
        {
            self.forget_status(person);
        }
    }

    fn holder(&self, person: ProfileId, on: Day, basis: &str) -> Holder {
        let kept = self.tables.prepared.get(&person);
        let good = kept.filter(|kept| kept.on == on && kept.basis == basis);
        Holder {
            person,
            prepared: good.map(|kept| PreparedStatus::clone(kept)),
        }
    }
}

#[async_trait]
impl PreparedStatuses for MemoryTransaction {
    async fn keep_statuses(&mut self, prepared: &[PreparedStatus]) -> Result<(), StoreError> {
        self.may_write()?;
        check_many(prepared, "statuses at once", PREPARED_MAX)?;
        let kept = prepared.iter().map(|one| (one.person, Arc::new(one.clone())));
        Arc::make_mut(&mut self.tables.prepared).extend(kept);
        Ok(())
    }

    async fn holders(
        &mut self,
        numbers: &[SearchKey],
        known_at: Timestamp,
        on: Day,
        basis: &str,
    ) -> Result<Vec<Vec<Holder>>, StoreError> {
        check_many(numbers, "numbers at once", NUMBERS_MAX)?;
        let under = numbers.iter().map(|number| self.tables.search.get(number));
        Ok(under
            .map(|under| {
                let known = under
                    .into_iter()
                    .flatten()
                    .filter(|(_, since)| **since <= known_at);
                let first = known.take(HOLDERS_MAX as usize + 1);
                first.map(|(person, _)| self.holder(*person, on, basis)).collect()
            })
            .collect())
    }
}
