//! What a transaction promises: all or nothing, over every port.

use std::sync::Arc;

use super::{
    accounts::account,
    contests::contest,
    fixtures::{append, assign, key, link, minute, profile, reading, record},
    outbox::event,
    trace::{checked_chain, entry},
};
use crate::port::{
    Extent, Store, StoreError, Transaction,
    attempts::Guessed,
    outbox::{News, Receiver},
    review_queue::{NewItem, Pair},
};

/// Writes through every port.
async fn write_everywhere(work: &mut dyn Transaction) {
    let payment = key("pit", "P1");
    work.advance_known_time(minute(1)).await.unwrap();
    work.append(&[record(&payment, 1, 100, 1)]).await.unwrap();
    work.assign(&[link(&payment, profile(1))], minute(1))
        .await
        .unwrap();
    let item = NewItem {
        pair: Pair::of(payment, key("sfr", "S1")),
        harmful: true,
        weight: 1.0,
        explanation: serde_json::Value::Null,
    };
    work.raise(&[item], minute(1)).await.unwrap();
    work.trace(entry(&[1], 1)).await.unwrap();
    let told = Receiver::Agency {
        office: "УВМ".to_owned(),
    };
    let news = News::Parted { into: profile(2) };
    work.append_events(&[event(1, told, news)], minute(1))
        .await
        .unwrap();
    work.open_contest(&contest(1, 20)).await.unwrap();
    work.add_account(&account(1, "jasur")).await.unwrap();
    work.record_failure(Guessed::Code, [1; 32], minute(1))
        .await
        .unwrap();
}

/// How much of [`write_everywhere`] is to be seen.
async fn seen(work: &mut dyn Transaction) -> u32 {
    let mut seen = 0;
    seen += u32::from(!work.latest_records(minute(9), None, 10).await.unwrap().is_empty());
    seen += u32::from(!work.links_at(minute(9), None, 10).await.unwrap().is_empty());
    seen += u32::from(work.count_open_items().await.unwrap() > 0);
    seen += u32::from(work.trace_head().await.unwrap().is_some());
    seen += u32::from(work.last_event().await.unwrap() > 0);
    seen += u32::from(work.count_open_contests().await.unwrap() > 0);
    seen += u32::from(work.find_account("jasur").await.unwrap().is_some());
    seen += work.failures_in_all(Guessed::Code, minute(0)).await.unwrap();
    seen
}

const EVERYTHING: u32 = 8;

pub async fn nothing_is_seen_before_the_commit(store: Arc<dyn Store>) {
    let mut work = store.begin().await.unwrap();
    write_everywhere(&mut *work).await;
    assert_eq!(seen(&mut *work).await, EVERYTHING, "it sees its own writing");
    assert_eq!(seen(&mut *reading(&store).await).await, 0, "nobody else does");
    work.commit().await.unwrap();
    assert_eq!(seen(&mut *reading(&store).await).await, EVERYTHING);
}

pub async fn dropping_leaves_no_mark(store: Arc<dyn Store>) {
    let mut work = store.begin().await.unwrap();
    write_everywhere(&mut *work).await;
    drop(work);
    assert_eq!(seen(&mut *reading(&store).await).await, 0);
    let mut work = store.begin().await.unwrap();
    work.advance_known_time(minute(0)).await.unwrap();
    assert_eq!(work.extent().await.unwrap(), Extent::default());
}

pub async fn all_ports_commit_together(store: Arc<dyn Store>) {
    let mut work = store.begin().await.unwrap();
    write_everywhere(&mut *work).await;
    work.commit().await.unwrap();
    let mut work = store.begin().await.unwrap();
    work.append(&[record(&key("pit", "P2"), 1, 100, 2)])
        .await
        .unwrap();
    let refused = work
        .assign(&[link(&key("pit", "P9"), profile(1))], minute(2))
        .await;
    assert!(refused.is_err());
    drop(work);
    let latest = reading(&store)
        .await
        .latest_records(minute(9), None, 10)
        .await
        .unwrap();
    assert_eq!(
        latest.len(),
        1,
        "what was written before the failure went with it"
    );
    assert_eq!(checked_chain(&store).await.len(), 1);
}

pub async fn a_reader_may_not_write(store: Arc<dyn Store>) {
    let mut work = reading(&store).await;
    let refused = work.append(&[record(&key("pit", "P1"), 1, 100, 0)]).await;
    assert!(matches!(refused, Err(StoreError::ReadOnly)), "{refused:?}");
    let refused = reading(&store)
        .await
        .record_failure(Guessed::Code, [1; 32], minute(1))
        .await;
    assert!(matches!(refused, Err(StoreError::ReadOnly)), "{refused:?}");
}

pub async fn a_reader_sees_one_state(store: Arc<dyn Store>) {
    append(&store, vec![record(&key("pit", "P1"), 1, 100, 0)]).await;
    let mut reader = reading(&store).await;
    assert_eq!(reader.latest_records(minute(9), None, 10).await.unwrap().len(), 1);
    append(&store, vec![record(&key("pit", "P2"), 1, 100, 0)]).await;
    assert_eq!(
        reader.latest_records(minute(9), None, 10).await.unwrap().len(),
        1,
        "as when it began"
    );
    assert_eq!(
        reading(&store)
            .await
            .latest_records(minute(9), None, 10)
            .await
            .unwrap()
            .len(),
        2
    );
}

pub async fn known_time_never_runs_back(store: Arc<dyn Store>) {
    let mut work = store.begin().await.unwrap();
    work.advance_known_time(minute(10)).await.unwrap();
    work.advance_known_time(minute(10)).await.unwrap();
    work.commit().await.unwrap();
    let mut work = store.begin().await.unwrap();
    let refused = work.advance_known_time(minute(9)).await;
    assert!(
        matches!(refused, Err(StoreError::ClockBack { known }) if known == minute(10)),
        "{refused:?}"
    );
    work.advance_known_time(minute(11)).await.unwrap();
}

/// What is added after an answer was given is known later than that answer.
pub async fn what_was_promised_is_kept(store: Arc<dyn Store>) {
    let tick = jiff::SignedDuration::from_micros(1);
    let mut work = store.begin().await.unwrap();
    assert_eq!(work.advance_known_time(minute(5)).await.unwrap(), minute(5));
    work.promise_known_time(minute(6)).await.unwrap();
    work.promise_known_time(minute(4)).await.unwrap();
    work.commit().await.unwrap();
    let mut work = store.begin().await.unwrap();
    let refused = work.advance_known_time(minute(5)).await;
    assert!(
        matches!(refused, Err(StoreError::ClockBack { known }) if known == minute(6)),
        "a clock behind an answer: {refused:?}"
    );
    assert_eq!(
        work.advance_known_time(minute(6)).await.unwrap(),
        minute(6) + tick,
        "within the tick of an answer: just after it"
    );
    work.commit().await.unwrap();
    let mut work = store.begin().await.unwrap();
    work.promise_known_time(minute(9)).await.unwrap();
    drop(work);
    let mut work = store.begin().await.unwrap();
    assert_eq!(
        work.advance_known_time(minute(7)).await.unwrap(),
        minute(7),
        "a promise that was not committed binds nobody"
    );
}

pub async fn the_extent_counts(store: Arc<dyn Store>) {
    let payment = key("pit", "P1");
    let mut last = Extent::default();
    append(
        &store,
        vec![record(&payment, 1, 100, 0), record(&payment, 2, 200, 0)],
    )
    .await;
    for (records, links) in [(2, 0), (2, 1), (2, 2), (2, 2)] {
        let extent = reading(&store).await.extent().await.unwrap();
        assert_eq!((extent.records, extent.links), (records, links));
        assert!(extent.records >= last.records && extent.links >= last.links);
        last = extent;
        append(&store, vec![record(&payment, 2, 200, 0)]).await;
        assign(
            &store,
            &[link(&payment, profile(u128::from(links.min(1)) + 1))],
            1,
        )
        .await;
    }
}
