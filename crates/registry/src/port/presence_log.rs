//! Counts of devices by region and day: about nobody, and kept apart from everything about somebody.

use async_trait::async_trait;
use jiff::Timestamp;
use records::{Day, country::Country, key::SourceName, region::RegionCode};
use serde::{Deserialize, Serialize};

use super::StoreError;

/// Devices with a SIM card of one country in one region on one day.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Presence {
    /// Who counted: each operator's counts stand for themselves.
    pub source: SourceName,
    pub day: Day,
    pub region: RegionCode,
    pub sim_country: Country,
    pub devices: u32,
}

/// What became of counts offered to the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PresenceAdded {
    pub new: u64,
    /// Cells that had another count: it stays as history.
    pub superseding: u64,
    pub unchanged: u64,
}

/// Append-only log of counts; the last one received for a cell holds.
#[async_trait]
pub trait PresenceLog {
    async fn add_presence(&mut self, rows: &[Presence], at: Timestamp) -> Result<PresenceAdded, StoreError>;

    /// Counts of the days `from..=until` as known at `known_at`, by source, day, region and country.
    /// More than `limit` is an error.
    async fn presence(
        &mut self,
        from: Day,
        until: Day,
        known_at: Timestamp,
        limit: u32,
    ) -> Result<Vec<Presence>, StoreError>;
}
