//! Counts of devices.

use std::collections::HashMap;

use async_trait::async_trait;
use jiff::Timestamp;
use records::{Day, country::Country, key::SourceName, region::RegionCode};
use registry::port::{
    StoreError,
    presence_log::{Presence, PresenceAdded, PresenceLog},
};
use sqlx::FromRow;

use super::{
    batch::insert,
    failure::{corrupt, failed},
    transaction::SqliteTransaction,
    value::{from_json, from_time, to_day},
};

const WHAT: &str = "count of devices";

#[derive(FromRow)]
struct PresenceRow {
    source: String,
    day: String,
    region: String,
    sim_country: String,
    devices: i64,
}

impl TryFrom<PresenceRow> for Presence {
    type Error = StoreError;
    fn try_from(row: PresenceRow) -> Result<Self, StoreError> {
        Ok(Self {
            source: SourceName::parse(&row.source).map_err(corrupt(WHAT))?,
            day: to_day(&row.day, WHAT)?,
            region: RegionCode::parse(&row.region).map_err(corrupt(WHAT))?,
            sim_country: Country::parse(&row.sim_country).map_err(corrupt(WHAT))?,
            devices: u32::try_from(row.devices).map_err(corrupt(WHAT))?,
        })
    }
}

type Cell = (SourceName, Day, RegionCode, Country);

fn cell(row: &Presence) -> Cell {
    (row.source.clone(), row.day, row.region, row.sim_country)
}

impl SqliteTransaction {
    /// The last count of each cell that the rows name.
    async fn last_counts(&mut self, rows: &[Presence]) -> Result<HashMap<Cell, u32>, StoreError> {
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
        found
            .into_iter()
            .map(|row| Presence::try_from(row).map(|row| (cell(&row), row.devices)))
            .collect()
    }
}

#[async_trait]
impl PresenceLog for SqliteTransaction {
    async fn add_presence(&mut self, rows: &[Presence], at: Timestamp) -> Result<PresenceAdded, StoreError> {
        let mut last = self.last_counts(rows).await?;
        let mut added = PresenceAdded::default();
        let mut kept = Vec::new();
        for row in rows {
            match last.insert(cell(row), row.devices) {
                Some(devices) if devices == row.devices => {
                    added.unchanged += 1;
                    continue;
                }
                Some(_) => added.superseding += 1,
                None => added.new += 1,
            }
            kept.push(row);
        }
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
        if rows.len() > limit as usize {
            return Err(StoreError::TooMany {
                what: "counts of devices",
                limit,
            });
        }
        rows.into_iter().map(Presence::try_from).collect()
    }
}
