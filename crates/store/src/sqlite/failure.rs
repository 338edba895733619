//! SQLite's failures in the registry's words.

use registry::port::StoreError;

/// Primary result codes of SQLite (sqlite3.h); an extended code holds one in its last byte.
const BUSY: i32 = 5;
const LOCKED: i32 = 6;
const READ_ONLY: i32 = 8;
const DISK_IO: i32 = 10;
const FULL: i32 = 13;

/// What a failure means to the caller.
pub(super) fn failed(error: sqlx::Error) -> StoreError {
    let code = match &error {
        sqlx::Error::PoolTimedOut => return StoreError::Busy,
        sqlx::Error::Database(database) => database.code().and_then(|code| code.parse::<i32>().ok()),
        _ => None,
    };
    match code.map(|code| code & 0xff) {
        Some(FULL) => StoreError::Full,
        Some(BUSY | LOCKED) => StoreError::Busy,
        Some(READ_ONLY) => StoreError::ReadOnly,
        Some(DISK_IO) => StoreError::Disk(Box::new(error)),
        _ => StoreError::Backend(Box::new(error)),
    }
}

/// As [`failed`]; a key that is taken is [`StoreError::Duplicate`].
pub(super) fn failed_for(what: &'static str) -> impl Fn(sqlx::Error) -> StoreError {
    move |error| match &error {
        sqlx::Error::Database(database) if database.is_unique_violation() => StoreError::Duplicate { what },
        _ => failed(error),
    }
}
