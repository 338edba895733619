//! The bare table takes the records of the store, goes again, and leaves the store as it was.

use std::sync::Arc;

use records::envelope::Record;
use registry::{
    conformance::fixtures::{append, key, record},
    port::Store,
};
use store::bare;

const RECORDS: u64 = 300;

async fn filled(store: Arc<dyn Store>, url: &str) {
    let records: Vec<Record> = (0..RECORDS)
        .map(|n| record(&key("pit", &format!("P{n}")), 1, 100, 0))
        .collect();
    append(&store, records).await;
    for (most, written) in [(u64::MAX, RECORDS), (u64::MAX, RECORDS), (0, 0)] {
        let bare = bare::write(url, most).await.unwrap();
        assert_eq!(bare.rows, written);
    }
    let mut work = store.begin_read().await.unwrap();
    assert_eq!(work.extent().await.unwrap().records, RECORDS);
}

#[tokio::test]
async fn on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("sojourn.db").display());
    filled(store::open(&url).await.unwrap(), &url).await;
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert!(left.len() <= 3, "the store and its log, and no other file");
}

#[tokio::test]
async fn on_postgresql() {
    if let Some(url) = crate::postgres::fresh_url().await {
        filled(store::open(&url).await.unwrap(), &url).await;
    }
}
