//! Which record says so.

use jiff::Timestamp;
use records::{
    Day,
    envelope::Record,
    key::{RecordKey, SourceName},
};
use serde::{Deserialize, Serialize};

/// One version of one record, with its two known times.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Citation {
    pub key: RecordKey,
    pub version: u32,
    /// Day on which the source took it in.
    pub recorded_on: Day,
    /// When we took it in.
    pub received_at: Timestamp,
}

impl Citation {
    pub fn of(record: &Record) -> Self {
        Self {
            key: record.key.clone(),
            version: record.version,
            recorded_on: record.recorded_on,
            received_at: record.received_at,
        }
    }

    pub fn source(&self) -> &SourceName {
        &self.key.source
    }
}
