//! Records a second into an empty store: SQLite, PostgreSQL, and PostgreSQL's bare `COPY` of the same rows into a table
//! without index or partitions, which is as fast as that server takes them.

// a step that fails must stop the figures
#![allow(clippy::unwrap_used)]

use divan::{Bencher, counter::ItemsCount};
use registry::{
    conformance::fixtures::{key, new, record_of},
    port::{Store, record_log::NewRecord},
};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use store::{PostgresStore, SqliteStore};
use testkit::postgres::{self, Template};
use tokio::runtime::Runtime;

const SIZES: [u32; 2] = [10_000, 100_000];
/// As `sojourn ingest` cuts them.
const BATCH: usize = 5_000;

struct EmptyStore;

impl Template for EmptyStore {
    const NAME: &'static str = "bench_store";
    async fn fill(url: &str) {
        PostgresStore::open(url).await.unwrap().close().await;
    }
}

fn main() {
    if !postgres::is_installed() {
        return postgres::skip();
    }
    divan::main();
}

/// Payments of persons with seventeen records each.
fn records(count: u32) -> Vec<NewRecord> {
    let payments = (0..count).map(|n| {
        let payment = key("pit", &format!("PY{n:010}"));
        new(record_of(
            &payment,
            1,
            i64::from(n),
            0,
            &format!("FA{:07}", n / 17),
        ))
    });
    payments.collect()
}

async fn append(store: &dyn Store, records: &[NewRecord]) {
    for batch in records.chunks(BATCH) {
        let mut work = store.begin_addition().await.unwrap();
        work.append(batch).await.unwrap();
        work.commit().await.unwrap();
    }
}

#[divan::bench(args = SIZES, sample_count = 3)]
fn sqlite(bencher: Bencher<'_, '_>, count: u32) {
    let runtime = Runtime::new().unwrap();
    let records = records(count);
    bencher
        .counter(ItemsCount::new(count))
        .with_inputs(|| runtime.block_on(SqliteStore::open("sqlite::memory:")).unwrap())
        .bench_local_values(|store| runtime.block_on(append(&store, &records)));
}

#[divan::bench(args = SIZES, sample_count = 3)]
fn postgresql(bencher: Bencher<'_, '_>, count: u32) {
    let runtime = Runtime::new().unwrap();
    let records = records(count);
    bencher
        .counter(ItemsCount::new(count))
        .with_inputs(|| runtime.block_on(filled(&[])).0)
        .bench_local_values(|store| runtime.block_on(append(&store, &records)));
}

/// A store on PostgreSQL that holds these records, and its URL.
async fn filled(records: &[NewRecord]) -> (PostgresStore, String) {
    let url = postgres::fresh_database::<EmptyStore>().await.unwrap();
    let store = PostgresStore::open(&url).await.unwrap();
    append(&store, records).await;
    (store, url)
}

/// The records alone.
#[divan::bench(args = SIZES, sample_count = 3)]
fn bare_copy(bencher: Bencher<'_, '_>, count: u32) {
    copy(bencher, count, &["record"]);
}

/// Every row that an append writes: the records and their entries in the index.
#[divan::bench(args = SIZES, sample_count = 3)]
fn bare_copy_of_all(bencher: Bencher<'_, '_>, count: u32) {
    copy(bencher, count, &["record", "search_key"]);
}

fn copy(bencher: Bencher<'_, '_>, count: u32, tables: &[&str]) {
    let runtime = Runtime::new().unwrap();
    let records = records(count);
    bencher
        .counter(ItemsCount::new(count))
        .with_inputs(|| runtime.block_on(bare(&records, tables)))
        .bench_local_values(|(mut connection, copies)| {
            for copy in copies {
                let copy = sqlx::query(AssertSqlSafe(copy));
                runtime.block_on(copy.execute(&mut connection)).unwrap();
            }
        });
}

/// A server that has the rows of these records in files, and the statements that take them from there.
async fn bare(records: &[NewRecord], tables: &[&str]) -> (PgConnection, Vec<String>) {
    let (store, url) = filled(records).await;
    store.close().await;
    let mut connection = PgConnection::connect(&url).await.unwrap();
    let (directory,): (String,) = sqlx::query_as("SELECT current_setting('data_directory')")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    let mut copies = Vec::new();
    for table in tables {
        for statement in [
            format!("CREATE TABLE bare_{table} AS SELECT * FROM {table} WHERE false"),
            format!("COPY (SELECT * FROM {table}) TO '{directory}/{table}' (FORMAT binary)"),
        ] {
            let statement = sqlx::query(AssertSqlSafe(statement));
            statement.execute(&mut connection).await.unwrap();
        }
        copies.push(format!(
            "COPY bare_{table} FROM '{directory}/{table}' (FORMAT binary)"
        ));
    }
    (connection, copies)
}
