//! The bare records by the statements of an intake, into a table without index in a file of its own.

use std::{path::Path, time::Instant};

use registry::port::StoreError;
use sqlx::{
    ConnectOptions as _, Connection as _, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

use super::{BUSY_TIMEOUT, failure::failed, record_log::insert_rows};
use crate::{
    bare::{Bare, BareError, ROWS_AT_ONCE},
    open::OpenError,
    record::RecordRow,
};

const MAKE: &str = "CREATE TABLE record (source TEXT NOT NULL, record_id TEXT NOT NULL, version INTEGER NOT NULL, \
                    kind TEXT NOT NULL, recorded_on TEXT NOT NULL, received_at INTEGER NOT NULL, \
                    valid_from TEXT NOT NULL, valid_until TEXT, subject TEXT NOT NULL, payload TEXT NOT NULL, \
                    doubts TEXT NOT NULL, file TEXT NOT NULL, line INTEGER NOT NULL, digest BLOB NOT NULL) STRICT";

pub(crate) async fn write_bare(place: &str, rows_max: u64) -> Result<Bare, BareError> {
    let beside = Path::new(place).parent().unwrap_or(Path::new("."));
    let folder = tempfile::tempdir_in(beside).map_err(OpenError::Folder)?;
    let from = SqliteConnectOptions::new()
        .filename(place)
        .busy_timeout(BUSY_TIMEOUT);
    let to = SqliteConnectOptions::new()
        .filename(folder.path().join("bare.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let mut from = from.connect().await.map_err(failed)?;
    let mut to = to.connect().await.map_err(failed)?;
    let written = pour(&mut from, &mut to, rows_max).await?;
    to.close().await.map_err(failed)?;
    Ok(written)
}

async fn pour(
    from: &mut SqliteConnection,
    to: &mut SqliteConnection,
    rows_max: u64,
) -> Result<Bare, StoreError> {
    sqlx::query(MAKE).execute(&mut *to).await.map_err(failed)?;
    let (mut bare, mut last) = (Bare::default(), 0_i64);
    while bare.rows < rows_max {
        let rows: Vec<RecordRow> = sqlx::query_as(
            "SELECT source, record_id, version, kind, recorded_on, received_at, valid_from, valid_until, subject, \
             payload, doubts, file, line, digest FROM record WHERE number > ?1 AND number <= ?1 + ?2",
        )
        .bind(last)
        .bind(ROWS_AT_ONCE)
        .fetch_all(&mut *from)
        .await
        .map_err(failed)?;
        if rows.is_empty() {
            break;
        }
        last += i64::from(ROWS_AT_ONCE);
        let begun = Instant::now();
        let mut writing = to.begin().await.map_err(failed)?;
        insert_rows(&mut writing, &rows).await?;
        writing.commit().await.map_err(failed)?;
        bare.took += begun.elapsed();
        bare.rows += rows.len() as u64;
    }
    Ok(bare)
}
