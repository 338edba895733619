//! Clocks that do not agree, and readers that wait for nobody.

use std::{sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use registry::{
    conformance::fixtures::minute,
    port::{Store, StoreError},
};

use super::{add, batch, fresh};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_is_far_behind_is_refused() {
    let Some(store) = fresh().await else { return };
    add(&*store, &batch(0, 1)).await.unwrap();
    let mut work = store.begin_addition().await.unwrap();
    let behind = Timestamp::now() - SignedDuration::from_hours(1);
    let refused = work.advance_known_time(behind).await;
    assert!(
        matches!(refused, Err(StoreError::ClockBack { .. })),
        "{refused:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_is_a_little_behind_is_waited_for() {
    let Some(store) = fresh().await else { return };
    let others = Timestamp::now() + SignedDuration::from_millis(700);
    let mut work = store.begin_addition().await.unwrap();
    work.advance_known_time(others).await.unwrap();
    work.commit().await.unwrap();
    let mut work = store.begin_addition().await.unwrap();
    work.advance_known_time(Timestamp::now()).await.unwrap();
    assert!(Timestamp::now() > others);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readers_wait_for_nobody() {
    let Some(store) = fresh().await else { return };
    add(&*store, &batch(0, 3)).await.unwrap();
    let mut addition = store.begin_addition().await.unwrap();
    addition.append(&batch(1, 3)).await.unwrap();
    let read = async {
        let mut work = store.begin_read().await.unwrap();
        work.latest_records(Timestamp::MAX, None, 10).await.unwrap().len()
    };
    let seen = tokio::time::timeout(Duration::from_secs(5), read).await;
    assert_eq!(seen.unwrap(), 3, "what is committed, at once");
}

/// Takes the turn to add late, in a transaction that was begun for anything.
async fn add_late(store: Arc<dyn Store>, at: i64) -> Result<(), StoreError> {
    let mut work = store.begin().await?;
    tokio::time::sleep(Duration::from_millis(200)).await;
    work.advance_known_time(Timestamp::from_microsecond(at).unwrap())
        .await?;
    work.commit().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_waits_in_a_circle_is_told_so() {
    let Some(store) = fresh().await else { return };
    let (one, other) = (
        tokio::spawn(add_late(Arc::clone(&store), 1)),
        tokio::spawn(add_late(Arc::clone(&store), 1)),
    );
    let (one, other) = (one.await.unwrap(), other.await.unwrap());
    let busy = |ended: &Result<(), StoreError>| matches!(ended, Err(StoreError::Busy));
    assert!(
        one.is_ok() && busy(&other) || busy(&one) && other.is_ok(),
        "{one:?} {other:?}"
    );
}

/// A look that has promised and not come to its end keeps no other from promising the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn promises_wait_for_nobody() {
    let Some(store) = fresh().await else { return };
    let mut slow = store.begin().await.unwrap();
    slow.promise_known_time(minute(1)).await.unwrap();
    for at in [minute(1), minute(2)] {
        let quick = async {
            let mut work = store.begin().await.unwrap();
            work.promise_known_time(at).await.unwrap();
            work.commit().await.unwrap();
        };
        tokio::time::timeout(Duration::from_secs(10), quick)
            .await
            .expect("it waits for the other look");
    }
    slow.commit().await.unwrap();
}
