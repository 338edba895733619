//! A full disk: a clear error, nothing half kept, and the same work goes through when there is room.

use records::envelope::Record;
use registry::{
    conformance::fixtures::{key, minute, record},
    port::{Store as _, StoreError, record_log::Appended},
};
use store::{SqliteStore, sqlite::Bounds};

fn batch(from: u32, records: u32) -> Vec<Record> {
    (from..from + records)
        .map(|n| record(&key("pit", &format!("PY{n:010}")), 1, 100, 0))
        .collect()
}

async fn append(store: &SqliteStore, batch: &[Record]) -> Result<Vec<Appended>, StoreError> {
    let mut work = store.begin().await?;
    work.advance_known_time(minute(0)).await?;
    let appended = work.append(batch).await?;
    work.commit().await?;
    Ok(appended)
}

async fn count(store: &SqliteStore) -> u64 {
    store.begin_read().await.unwrap().extent().await.unwrap().records
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_stops_the_batch_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("small.db").display());
    let store = SqliteStore::open_within(&url, Bounds { pages_max: Some(160) })
        .await
        .unwrap();
    let kept = append(&store, &batch(0, 100)).await.unwrap();
    assert!(kept.iter().all(|one| *one == Appended::New));

    let refused = append(&store, &batch(100, 3_000)).await;
    assert!(matches!(refused, Err(StoreError::Full)), "{refused:?}");
    assert_eq!(count(&store).await, 100, "nothing of the batch was kept");
    // the connection that SQLite rolled back by itself is not used again
    let small = append(&store, &batch(100, 5)).await.unwrap();
    assert!(
        small.iter().all(|one| *one == Appended::New),
        "what fits goes in still"
    );
    store.close().await;

    let store = SqliteStore::open(&url).await.unwrap();
    let resumed = append(&store, &batch(0, 3_100)).await.unwrap();
    let unchanged = resumed.iter().filter(|one| **one == Appended::Unchanged).count();
    let new = resumed.iter().filter(|one| **one == Appended::New).count();
    assert_eq!((unchanged, new), (105, 2_995), "neither lost nor doubled");
    assert_eq!(count(&store).await, 3_100);
    store.close().await;
}
