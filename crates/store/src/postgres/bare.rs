//! The bare records by `COPY` into a plain logged table.

use std::time::Instant;

use registry::port::StoreError;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, postgres::PgConnectOptions};

use super::{
    copy::CopyRows,
    failure::failed,
    record_log::{COLUMNS, add_record},
    server,
};
use crate::{
    bare::{Bare, BareError, ROWS_AT_ONCE},
    open::OpenError,
    record::RecordRow,
};

/// A table that would be left by a run that was cut off is taken away by the next.
const CLEAR: &str = "DROP TABLE IF EXISTS bare_record";
const MAKE: &str = "CREATE TABLE bare_record (LIKE record)";
const COPY: &str = "COPY bare_record (source, record_id, version, kind, recorded_on, received_at, valid_from, \
                    valid_until, subject, payload, doubts, file, line, digest) FROM STDIN (FORMAT binary)";

pub(crate) async fn write_bare(servers: &[PgConnectOptions], rows_max: u64) -> Result<Bare, BareError> {
    // both on the one that takes what is written
    let (primary, mut from) = server::connect(servers).await?;
    let (_, mut to) = server::connect(std::slice::from_ref(primary)).await?;
    run(&mut to, CLEAR).await?;
    run(&mut to, MAKE).await?;
    let written = pour(&mut from, &mut to, rows_max).await;
    run(&mut to, CLEAR).await?;
    Ok(written?)
}

/// The server among several that takes what is written.
pub(crate) async fn primary(servers: &[PgConnectOptions]) -> Result<PgConnectOptions, OpenError> {
    let (primary, connection) = server::connect(servers).await?;
    connection.close().await.map_err(OpenError::Database)?;
    Ok(primary.clone())
}

async fn pour(from: &mut PgConnection, to: &mut PgConnection, rows_max: u64) -> Result<Bare, StoreError> {
    let mut reading = from.begin().await.map_err(failed)?;
    sqlx::query(
        "DECLARE bare NO SCROLL CURSOR FOR SELECT source, record_id, version, kind, recorded_on, received_at, \
         valid_from, valid_until, subject, payload, doubts, file, line, digest FROM record",
    )
    .execute(&mut *reading)
    .await
    .map_err(failed)?;
    let fetch = format!("FETCH {ROWS_AT_ONCE} FROM bare");
    let mut bare = Bare::default();
    let mut writing = to.begin().await.map_err(failed)?;
    while bare.rows < rows_max {
        let fetch = sqlx::query_as(AssertSqlSafe(fetch.as_str()));
        let rows: Vec<RecordRow> = fetch.fetch_all(&mut *reading).await.map_err(failed)?;
        if rows.is_empty() {
            break;
        }
        let mut copied = CopyRows::of(COLUMNS);
        for row in &rows {
            add_record(&mut copied, row);
        }
        let begun = Instant::now();
        bare.rows += copied.send(&mut writing, COPY).await.map_err(failed)?;
        bare.took += begun.elapsed();
    }
    let begun = Instant::now();
    writing.commit().await.map_err(failed)?;
    bare.took += begun.elapsed();
    Ok(bare)
}

async fn run(connection: &mut PgConnection, statement: &'static str) -> Result<(), StoreError> {
    let done = sqlx::query(statement).execute(connection).await;
    done.map(|_| ()).map_err(failed)
}
