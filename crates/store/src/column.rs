//! Values as columns of either database hold them: times in microseconds, days and JSON as text, ids as bytes.

use jiff::Timestamp;
use records::{
    Day,
    key::{ProfileId, RecordKey, SourceName, SourceRecordId},
};
use registry::port::StoreError;
use serde::{Serialize, de::DeserializeOwned};

/// A stored value that cannot be read back.
pub(crate) fn corrupt<E>(what: &'static str) -> impl Fn(E) -> StoreError
where
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    move |error| StoreError::Corrupt {
        what,
        source: error.into(),
    }
}

pub(crate) fn from_time(time: Timestamp) -> i64 {
    time.as_microsecond()
}

pub(crate) fn to_time(column: i64, what: &'static str) -> Result<Timestamp, StoreError> {
    Timestamp::from_microsecond(column).map_err(corrupt(what))
}

pub(crate) fn to_time_if(column: Option<i64>, what: &'static str) -> Result<Option<Timestamp>, StoreError> {
    column.map(|column| to_time(column, what)).transpose()
}

pub(crate) fn to_day(column: &str, what: &'static str) -> Result<Day, StoreError> {
    column.parse().map_err(corrupt(what))
}

pub(crate) fn to_key(source: &str, id: &str, what: &'static str) -> Result<RecordKey, StoreError> {
    Ok(RecordKey {
        source: SourceName::parse(source).map_err(corrupt(what))?,
        id: SourceRecordId::parse(id).map_err(corrupt(what))?,
    })
}

pub(crate) fn to_profile(column: &[u8], what: &'static str) -> Result<ProfileId, StoreError> {
    Ok(ProfileId::from_bytes(to_bytes(column, what)?))
}

pub(crate) fn to_bytes<const N: usize>(column: &[u8], what: &'static str) -> Result<[u8; N], StoreError> {
    column.try_into().map_err(corrupt(what))
}

pub(crate) fn from_json<T: Serialize>(value: &T, what: &'static str) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(corrupt(what))
}

pub(crate) fn to_json<T: DeserializeOwned>(column: &str, what: &'static str) -> Result<T, StoreError> {
    serde_json::from_str(column).map_err(corrupt(what))
}

/// Refuses a list that is longer than its bound; the query asks for one row more than that.
pub(crate) fn at_most<T>(rows: Vec<T>, what: &'static str, limit: u32) -> Result<Vec<T>, StoreError> {
    if rows.len() > limit as usize {
        Err(StoreError::TooMany { what, limit })
    } else {
        Ok(rows)
    }
}

/// Rows as what they stand for.
pub(crate) fn read<R, T>(rows: Vec<R>) -> Result<Vec<T>, StoreError>
where
    T: TryFrom<R, Error = StoreError>,
{
    rows.into_iter().map(T::try_from).collect()
}

/// Counts are never below zero, and no table holds more rows than an `i64` counts.
pub(crate) fn from_count(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

pub(crate) fn to_count(column: i64) -> u64 {
    u64::try_from(column).unwrap_or(0)
}
