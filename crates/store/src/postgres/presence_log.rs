//! Counts of devices.

use async_trait::async_trait;
use jiff::Timestamp;
use records::Day;
use registry::port::{
    StoreError,
    presence_log::{Presence, PresenceAdded, PresenceLog},
};

use super::{transaction::PostgresTransaction, turn::Turn};
use crate::{
    column::{at_most, from_time, read},
    presence::{LastCounts, PresenceRow, judge, to_last_counts},
};

/// Cells as four columns: source, day, region, country.
struct Cells<'p> {
    sources: Vec<&'p str>,
    days: Vec<String>,
    regions: Vec<&'p str>,
    countries: Vec<&'p str>,
}

impl<'p> Cells<'p> {
    fn of(rows: impl Iterator<Item = &'p Presence> + Clone) -> Self {
        Self {
            sources: rows.clone().map(|row| row.source.as_str()).collect(),
            days: rows.clone().map(|row| row.day.to_string()).collect(),
            regions: rows.clone().map(|row| row.region.as_str()).collect(),
            countries: rows.map(|row| row.sim_country.as_str()).collect(),
        }
    }
}

impl PostgresTransaction {
    /// The last count of each cell that the rows name.
    async fn last_counts(&mut self, rows: &[Presence]) -> Result<LastCounts, StoreError> {
        let wanted = Cells::of(rows.iter());
        let last = sqlx::query_as(
            "SELECT last.source, last.day, last.region, last.sim_country, last.devices \
             FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS wanted (source, day, region, sim_country) \
             CROSS JOIN LATERAL (SELECT * FROM presence AS cell \
                 WHERE cell.source = wanted.source AND cell.day = wanted.day AND cell.region = wanted.region \
                 AND cell.sim_country = wanted.sim_country ORDER BY number DESC LIMIT 1) AS last",
        )
        .bind(wanted.sources)
        .bind(wanted.days)
        .bind(wanted.regions)
        .bind(wanted.countries);
        to_last_counts(self.all(last).await?)
    }
}

#[async_trait]
impl PresenceLog for PostgresTransaction {
    async fn add_presence(&mut self, rows: &[Presence], at: Timestamp) -> Result<PresenceAdded, StoreError> {
        self.take(Turn::Rows).await?;
        let (added, kept) = judge(rows, self.last_counts(rows).await?);
        let cells = Cells::of(kept.iter().copied());
        let add = sqlx::query(
            "INSERT INTO presence (source, day, region, sim_country, received_at, devices) \
             SELECT source, day, region, sim_country, $6, devices \
             FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[]) \
                 WITH ORDINALITY AS offered (source, day, region, sim_country, devices, place) \
             ORDER BY place",
        )
        .bind(cells.sources)
        .bind(cells.days)
        .bind(cells.regions)
        .bind(cells.countries)
        .bind(kept.iter().map(|row| i64::from(row.devices)).collect::<Vec<_>>())
        .bind(from_time(at));
        self.run(add).await?;
        Ok(added)
    }

    async fn presence(
        &mut self,
        from: Day,
        until: Day,
        known_at: Timestamp,
        limit: u32,
    ) -> Result<Vec<Presence>, StoreError> {
        let known = sqlx::query_as(
            "SELECT source, day, region, sim_country, devices FROM ( \
                 SELECT DISTINCT ON (source, day, region, sim_country) source, day, region, sim_country, devices \
                 FROM presence WHERE day BETWEEN $1 AND $2 AND received_at <= $3 \
                 ORDER BY source, day, region, sim_country, number DESC) AS last \
             ORDER BY source, day, region, sim_country LIMIT $4",
        )
        .bind(from.to_string())
        .bind(until.to_string())
        .bind(from_time(known_at))
        .bind(i64::from(limit) + 1);
        let rows: Vec<PresenceRow> = self.all(known).await?;
        read(at_most(rows, "counts of devices", limit)?)
    }
}
