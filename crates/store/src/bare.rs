//! How fast a database takes the bare records: the measure for an intake.
//!
//! In: the URL of a store that holds records. Out: how many of them went into a table without index or partitions, by the
//! same statements, and how long that took. The table is gone afterwards, and the store is as it was.

use std::time::Duration;

use registry::port::StoreError;

use crate::{open::OpenError, postgres, sqlite, url::Target};

/// Rows that are held in memory and written at once.
pub(crate) const ROWS_AT_ONCE: u32 = 20_000;

/// What was written, and in which time. Reading the rows is not in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bare {
    pub rows: u64,
    pub took: Duration,
}

/// Why the bare table was not written.
#[derive(Debug, thiserror::Error)]
pub enum BareError {
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error("could not fill a bare table")]
    Store(#[from] StoreError),
}

/// Writes records of a store, `rows_max` at the most, into a table of nothing else.
pub async fn write(url: &str, rows_max: u64) -> Result<Bare, BareError> {
    match Target::parse(url)? {
        Target::Sqlite(place) => sqlite::write_bare(place, rows_max).await,
        Target::Postgres(options) => postgres::write_bare(&options, rows_max).await,
    }
}
