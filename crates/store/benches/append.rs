//! Records a second into an empty store: SQLite, PostgreSQL, and PostgreSQL's bare `COPY` of the same rows into a table
//! without index or partitions, which is as fast as that server takes them.

// a step that fails must stop the figures
#![allow(clippy::unwrap_used)]

use divan::{Bencher, counter::ItemsCount};
use records::envelope::Record;
use registry::{
    conformance::fixtures::{key, record_of},
    port::Store,
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
fn records(count: u32) -> Vec<Record> {
    let payments = (0..count).map(|n| {
        let payment = key("pit", &format!("PY{n:010}"));
        record_of(&payment, 1, i64::from(n), 0, &format!("FA{:07}", n / 17))
    });
    payments.collect()
}

async fn append(store: &dyn Store, records: &[Record]) {
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
async fn filled(records: &[Record]) -> (PostgresStore, String) {
    let url = postgres::fresh_database::<EmptyStore>().await.unwrap();
    let store = PostgresStore::open(&url).await.unwrap();
    append(&store, records).await;
    (store, url)
}

#[divan::bench(args = SIZES, sample_count = 3)]
fn bare_copy(bencher: Bencher<'_, '_>, count: u32) {
    let runtime = Runtime::new().unwrap();
    let records = records(count);
    bencher
        .counter(ItemsCount::new(count))
        .with_inputs(|| runtime.block_on(bare(&records)))
        .bench_local_values(|(mut connection, copy)| {
            let copy = sqlx::query(AssertSqlSafe(copy));
            runtime.block_on(copy.execute(&mut connection)).unwrap();
        });
}

/// A server that has these records in a file, and the statement that takes them from there.
async fn bare(records: &[Record]) -> (PgConnection, String) {
    let (store, url) = filled(records).await;
    store.close().await;
    let mut connection = PgConnection::connect(&url).await.unwrap();
    let (directory,): (String,) = sqlx::query_as("SELECT current_setting('data_directory')")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    for statement in [
        "CREATE TABLE bare_record AS SELECT * FROM record WHERE false".to_owned(),
        format!("COPY (SELECT * FROM record) TO '{directory}/record' (FORMAT binary)"),
    ] {
        let statement = sqlx::query(AssertSqlSafe(statement));
        statement.execute(&mut connection).await.unwrap();
    }
    let copy = format!("COPY bare_record FROM '{directory}/record' (FORMAT binary)");
    (connection, copy)
}
