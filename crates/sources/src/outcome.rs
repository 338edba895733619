//! What a reader gives out, one at a time.

use records::{
    Day,
    country::Country,
    envelope::Record,
    key::{SourceName, SourceRecordId},
    region::RegionCode,
};
use serde::Deserialize;

use crate::fault::Reason;

/// One row of an extract, read.
#[derive(Debug)]
pub enum Outcome {
    Record(Box<Record>),
    Presence(Presence),
    Rejected(Rejected),
}

/// Devices of one country's SIM cards seen in a region on a day. An aggregate: it speaks of no person.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Presence {
    pub date: Day,
    pub region: RegionCode,
    pub sim_country: Country,
    pub devices: u32,
}

/// A line that was set aside. Holds nothing of what the line says but the source's own id of the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    pub source: SourceName,
    pub file: String,
    /// Physical line from 1; in Parquet the row.
    pub line: u64,
    /// Column or element as the source names it; empty when the whole line is at fault.
    pub field: String,
    pub reason: Reason,
    /// Where it can still be read.
    pub record_id: Option<SourceRecordId>,
}

/// How much came out of one extract.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub records: u64,
    pub presence: u64,
    pub rejected: u64,
    /// The caller stopped before the end.
    pub stopped: bool,
}
