//! A full disk: a clear error, nothing half kept, and the same work goes through when there is room.

use std::fs;

use registry::port::{StoreError, record_log::Appended};
use testkit::postgres::{self, Cluster};

use super::{add, batch, ids};

/// The tables take about 12 MB before anything is in them.
const DISK_MB: u32 = 24;
const FILLER: usize = 4 << 20;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_stops_the_batch_and_loses_nothing() {
    if !postgres::is_installed() {
        return postgres::skip();
    }
    // readers sort elsewhere, so that they see what is there
    let cluster = Cluster::start_with(&[("temp_tablespaces", "pg_default")])
        .await
        .unwrap();
    let small = cluster.database_on_small_disk("sojourn", DISK_MB).await;
    let Some(disk) = small.unwrap() else {
        println!("SKIPPED: only root may mount a small disk");
        return;
    };
    let filler = disk.with_file_name("filler");
    fs::write(&filler, vec![0; FILLER]).unwrap();
    let store = store::open(&cluster.url("sojourn")).await.unwrap();

    let mut kept = 0;
    let refused = loop {
        match add(&*store, &batch(kept, 500)).await {
            Ok(_) => kept += 1,
            Err(error) => break error,
        }
        assert!(kept < 200, "the disk is not full yet");
    };
    assert!(matches!(refused, StoreError::Full), "{refused:?}");
    assert_eq!(
        ids(&*store).await.len() as u32,
        kept * 500,
        "nothing of the batch was kept"
    );

    fs::remove_file(&filler).unwrap();
    let again = add(&*store, &batch(kept, 500)).await.unwrap();
    assert!(
        again.iter().all(|one| *one == Appended::New),
        "there is room again"
    );
    assert_eq!(ids(&*store).await.len() as u32, (kept + 1) * 500);
}
