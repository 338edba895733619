//! The server is killed in the middle: what was acknowledged is there, the rest wholly or not at all.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use registry::{
    conformance::trace::{checked_chain, entry},
    port::{Clock as _, Store, StoreError, clock::SystemClock, record_log::Appended},
    trace::Entry,
};
use testkit::postgres::{self, Cluster};

use super::{add, batch, ids};

const ROUNDS: u32 = 4;
const RECORDS: u32 = 300;

/// Writes batches and looks until the server is gone; answers what was acknowledged.
async fn write(store: Arc<dyn Store>, first: u32, killed: Arc<AtomicBool>) -> (Vec<u32>, u64, u32) {
    let (mut batches, mut looks, mut number) = (Vec::new(), 0, first);
    loop {
        match add(&*store, &batch(number, RECORDS)).await {
            Ok(_) => batches.push(number),
            Err(error) => {
                assert!(killed.load(Ordering::SeqCst), "nothing was in the way: {error:?}");
                return (batches, looks, number);
            }
        }
        match look(&*store).await {
            Ok(()) => looks += 1,
            Err(error) => {
                assert!(killed.load(Ordering::SeqCst), "nothing was in the way: {error:?}");
                return (batches, looks, number);
            }
        }
        number += 1;
    }
}

async fn look(store: &dyn Store) -> Result<(), StoreError> {
    let mut work = store.begin().await?;
    let look = Entry {
        at: SystemClock.now(),
        ..entry(&[1], 0)
    };
    work.trace(look).await?;
    work.commit().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_a_server_that_is_killed() {
    if !postgres::is_installed() {
        return postgres::skip();
    }
    let mut cluster = Cluster::start().await.unwrap();
    let url = cluster.new_database("sojourn").await.unwrap();
    let store = store::open(&url).await.unwrap();
    let (mut acknowledged, mut looks, mut number) = (BTreeSet::new(), 0, 0);
    for round in 0..ROUNDS {
        let killed = Arc::new(AtomicBool::new(false));
        let writer = tokio::spawn(write(Arc::clone(&store), number, Arc::clone(&killed)));
        tokio::time::sleep(Duration::from_millis(150 + u64::from(round) * 97)).await;
        killed.store(true, Ordering::SeqCst);
        cluster.kill().unwrap();
        let (batches, traced, last) = writer.await.unwrap();
        acknowledged.extend(batches);
        looks += traced;
        number = last + 1;
        cluster.restart().await.unwrap();

        let kept = ids(&*store).await;
        let whole = u32::try_from(kept.len()).unwrap() / RECORDS;
        assert_eq!(
            kept.len() as u32 % RECORDS,
            0,
            "a batch is kept wholly or not at all"
        );
        let sound = acknowledged
            .iter()
            .all(|batch| kept.contains(&format!("B{batch}N0")));
        assert!(sound, "a batch that was acknowledged is lost");
        // one commit a round may have come through without its answer
        assert!((acknowledged.len() as u32..=acknowledged.len() as u32 + round + 1).contains(&whole));
        let chain = checked_chain(&store).await;
        assert!((looks..=looks + u64::from(round) + 1).contains(&(chain.len() as u64)));
    }
    assert!(acknowledged.len() > 1, "something was written between the blows");

    for number in 0..number {
        let again = add(&*store, &batch(number, RECORDS)).await.unwrap();
        if acknowledged.contains(&number) {
            assert!(
                again.iter().all(|one| *one == Appended::Unchanged),
                "batch {number}"
            );
        }
    }
    let kept = ids(&*store).await;
    assert_eq!(kept.len() as u32, number * RECORDS, "neither lost nor doubled");
}
