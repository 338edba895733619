//! Counts of devices.

use async_trait::async_trait;
use jiff::Timestamp;
use records::Day;
use registry::port::{
    StoreError,
    presence_log::{Presence, PresenceAdded, PresenceLog},
};

use super::{batch::insert, failure::failed, transaction::SqliteTransaction};
use crate::{
    column::{at_most, from_json, from_time, read},
    presence::{LastCounts, PresenceRow, WHAT, judge, to_last_counts},
};

impl SqliteTransaction {
    /// The last count of each cell that the rows name.
    async fn last_counts(&mut self, rows: &[Presence]) -> Result<LastCounts, StoreError> {
        let wanted: Vec<_> = rows
            .iter()
            .map(|row| {
                (
                    row.source.as_str(),
                    row.day.to_string(),
                    row.region.as_str(),
                    row.sim_country.as_str(),
                )
            })
            .collect();
        let found: Vec<PresenceRow> = sqlx::query_as(
            "SELECT presence.source, presence.day, presence.region, presence.sim_country, presence.devices \
             FROM json_each(?) AS wanted \
             CROSS JOIN presence ON presence.number = (SELECT max(number) FROM presence AS cell \
                 WHERE cell.source = wanted.value ->> 0 AND cell.day = wanted.value ->> 1 \
                 AND cell.region = wanted.value ->> 2 AND cell.sim_country = wanted.value ->> 3)",
        )
        .bind(from_json(&wanted, WHAT)?)
        .fetch_all(self.connection())
        .await
        .map_err(failed)?;
        to_last_counts(found)
    }
}

#[async_trait]
impl PresenceLog for SqliteTransaction {
    async fn add_presence(&mut self, rows: &[Presence], at: Timestamp) -> Result<PresenceAdded, StoreError> {
        let (added, kept) = judge(rows, self.last_counts(rows).await?);
        let head = "INSERT INTO presence (source, day, region, sim_country, received_at, devices) ";
        insert(self.connection(), head, 6, &kept, |mut values, row| {
            values
                .push_bind(row.source.to_string())
                .push_bind(row.day.to_string())
                .push_bind(row.region.to_string())
                .push_bind(row.sim_country.to_string())
                .push_bind(from_time(at))
                .push_bind(i64::from(row.devices));
        })
        .await?;
        Ok(added)
    }

    async fn presence(
        &mut self,
        from: Day,
        until: Day,
        known_at: Timestamp,
        limit: u32,
    ) -> Result<Vec<Presence>, StoreError> {
        let rows: Vec<PresenceRow> = sqlx::query_as(
            "SELECT source, day, region, sim_country, devices FROM presence \
             WHERE day BETWEEN ?1 AND ?2 AND received_at <= ?3 \
             AND NOT EXISTS (SELECT 1 FROM presence AS later \
                 WHERE later.source = presence.source AND later.day = presence.day \
                 AND later.region = presence.region AND later.sim_country = presence.sim_country \
                 AND later.number > presence.number AND later.received_at <= ?3) \
             ORDER BY source, day, region, sim_country LIMIT ?4",
        )
        .bind(from.to_string())
        .bind(until.to_string())
        .bind(from_time(known_at))
        .bind(i64::from(limit) + 1)
        .fetch_all(self.connection())
        .await
        .map_err(failed)?;
        read(at_most(rows, "counts of devices", limit)?)
    }
}
