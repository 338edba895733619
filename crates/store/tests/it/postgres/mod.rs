//! PostgreSQL against the suite of every store, and against faults.

mod copied;
mod corrected;
mod crash;
mod cut;
mod disk;
mod failover;
mod known_time;
mod server;
mod tampering;
mod together;

use std::sync::Arc;

use jiff::Timestamp;
use records::envelope::Record;
use registry::{
    conformance::fixtures::{key, record},
    port::{Clock as _, Store, StoreError, clock::SystemClock, record_log::Appended},
};
use store::PostgresStore;
use testkit::postgres::{self, Template};

/// A store without a row.
pub(crate) struct EmptyStore;

impl Template for EmptyStore {
    const NAME: &'static str = "empty_store";
    async fn fill(url: &str) {
        PostgresStore::open(url).await.unwrap().close().await;
    }
}

/// URL of a store without a row; none, and a word about it, where there is no PostgreSQL.
pub(crate) async fn fresh_url() -> Option<String> {
    if postgres::is_installed() {
        Some(postgres::fresh_database::<EmptyStore>().await.unwrap())
    } else {
        postgres::skip();
        None
    }
}

async fn fresh() -> Option<Arc<dyn Store>> {
    let url = fresh_url().await?;
    Some(store::open(&url).await.expect("a fresh store opens"))
}

registry::conformance_tests!(super::fresh);

/// Records of one batch, by its number.
fn batch(number: u32, records: u32) -> Vec<Record> {
    (0..records)
        .map(|n| record(&key("pit", &format!("B{number}N{n}")), 1, 100, 0))
        .collect()
}

/// Adds records as known now, in a transaction of their own.
async fn add(store: &dyn Store, batch: &[Record]) -> Result<Vec<Appended>, StoreError> {
    let mut work = store.begin_addition().await?;
    let now = SystemClock.now();
    work.advance_known_time(now).await?;
    let batch: Vec<Record> = batch.iter().map(|record| known(record, now)).collect();
    let appended = work.append(&batch).await?;
    work.commit().await?;
    Ok(appended)
}

fn known(record: &Record, received_at: Timestamp) -> Record {
    Record {
        received_at,
        ..record.clone()
    }
}

/// Ids of all records, and whether the count agrees with them.
async fn ids(store: &dyn Store) -> Vec<String> {
    let mut work = store.begin_read().await.unwrap();
    let (mut ids, mut last) = (Vec::new(), None);
    loop {
        let page = work
            .latest_records(Timestamp::MAX, last.as_ref(), 5_000)
            .await
            .unwrap();
        let Some(record) = page.last() else { break };
        last = Some(record.key.clone());
        ids.extend(page.iter().map(|record| record.key.id.to_string()));
    }
    let extent = work.extent().await.unwrap();
    assert_eq!(
        extent.records,
        ids.len() as u64,
        "what is counted is what is there"
    );
    ids
}
