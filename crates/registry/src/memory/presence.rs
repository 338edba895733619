//! Counts of devices, in memory.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use records::Day;

use super::{MemoryTransaction, at_most};
use crate::port::{
    StoreError,
    presence_log::{Presence, PresenceAdded, PresenceLog},
};

#[async_trait]
impl PresenceLog for MemoryTransaction {
    async fn add_presence(&mut self, rows: &[Presence], at: Timestamp) -> Result<PresenceAdded, StoreError> {
        self.may_write()?;
        let cells = Arc::make_mut(&mut self.tables.presence);
        let mut added = PresenceAdded::default();
        for row in rows {
            let counts = cells
                .entry((row.source.clone(), row.day, row.region, row.sim_country))
                .or_default();
            match counts.last() {
                None => added.new += 1,
                Some((_, devices)) if *devices == row.devices => {
                    added.unchanged += 1;
                    continue;
                }
                Some(_) => added.superseding += 1,
            }
            counts.push((at, row.devices));
        }
        Ok(added)
    }

    async fn presence(
        &mut self,
        from: Day,
        until: Day,
        known_at: Timestamp,
        limit: u32,
    ) -> Result<Vec<Presence>, StoreError> {
        let days = from..=until;
        let cells = self
            .tables
            .presence
            .iter()
            .filter(|((_, day, _, _), _)| days.contains(day));
        let known = cells.filter_map(|((source, day, region, sim_country), counts)| {
            let (_, devices) = counts.iter().rev().find(|(at, _)| *at <= known_at)?;
            Some(Presence {
                source: source.clone(),
                day: *day,
                region: *region,
                sim_country: *sim_country,
                devices: *devices,
            })
        });
        at_most(
            known.take(limit as usize + 1).collect(),
            "counts of devices",
            limit,
        )
    }
}
