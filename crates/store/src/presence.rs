//! Counts of devices as rows, and what becomes of those offered.

use std::collections::HashMap;

use records::{Day, country::Country, key::SourceName, region::RegionCode};
use registry::port::{
    StoreError,
    presence_log::{Presence, PresenceAdded},
};
use sqlx::FromRow;

use crate::column::{corrupt, to_day};

pub(crate) const WHAT: &str = "count of devices";

#[derive(FromRow)]
pub(crate) struct PresenceRow {
    pub(crate) source: String,
    pub(crate) day: String,
    pub(crate) region: String,
    pub(crate) sim_country: String,
    pub(crate) devices: i64,
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

pub(crate) type Cell = (SourceName, Day, RegionCode, Country);

pub(crate) fn cell(row: &Presence) -> Cell {
    (row.source.clone(), row.day, row.region, row.sim_country)
}

/// The last count of each cell.
pub(crate) type LastCounts = HashMap<Cell, u32>;

pub(crate) fn to_last_counts(rows: Vec<PresenceRow>) -> Result<LastCounts, StoreError> {
    rows.into_iter()
        .map(|row| Presence::try_from(row).map(|row| (cell(&row), row.devices)))
        .collect()
}

/// Counts that say something new, in their order.
pub(crate) fn judge(rows: &[Presence], mut last: LastCounts) -> (PresenceAdded, Vec<&Presence>) {
    let mut added = PresenceAdded::default();
    let mut kept = Vec::with_capacity(rows.len());
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
    (added, kept)
}
