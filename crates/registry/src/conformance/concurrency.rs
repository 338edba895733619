//! What holds when many write at once.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use jiff::Timestamp;
use records::{envelope::Record, key::RecordKey};

use super::{
    fixtures::{key, minute, profile, reading, record},
    trace::{checked_chain, entry},
};
use crate::{
    answer::Matter,
    port::{
        PAGE_MAX, Store, Transaction,
        attempts::Guessed,
        proofs::ShareCode,
        record_log::Appended,
        review_queue::{ItemId, ItemState, NewItem, OfficialName, Pair},
    },
    trace::Entry,
};

const WRITERS: u8 = 8;
/// Codes and failures that the checks let through.
const BOUND: usize = 3;
/// Transactions of each writer and each looker.
const ADDITIONS: u32 = 20;

pub async fn writers_take_turns(store: Arc<dyn Store>) {
    let payment = key("pit", "P1");
    let writers: Vec<_> = (1..=WRITERS)
        .map(|number| {
            let (store, payment) = (Arc::clone(&store), payment.clone());
            tokio::spawn(async move {
                let mut work = store.begin().await.unwrap();
                // every writer says something else under the same version
                let batch = [record(&payment, 1, i64::from(number), 0)];
                let appended = work.append(&batch).await.unwrap();
                tokio::task::yield_now().await;
                work.commit().await.unwrap();
                appended[0]
            })
        })
        .collect();
    let mut first = 0;
    for writer in writers {
        match writer.await.unwrap() {
            Appended::New => first += 1,
            other => assert_eq!(other, Appended::VersionReused),
        }
    }
    assert_eq!(first, 1, "exactly one was first");
    assert_eq!(
        reading(&store)
            .await
            .versions_of(&payment, minute(9))
            .await
            .unwrap()
            .len(),
        1
    );
}

pub async fn the_chain_survives_many_writers(store: Arc<dyn Store>) {
    let writers: Vec<_> = (1..=WRITERS)
        .map(|number| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                for _ in 0..5 {
                    let mut work = store.begin().await.unwrap();
                    work.trace(entry(&[u128::from(number)], i64::from(number)))
                        .await
                        .unwrap();
                    tokio::task::yield_now().await;
                    work.commit().await.unwrap();
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    assert_eq!(
        checked_chain(&store).await.len(),
        usize::from(WRITERS) * 5,
        "none lost, none twice"
    );
}

/// Adds records as fast as it can, each known at the time of its addition.
async fn add(store: Arc<dyn Store>, clock: Arc<AtomicI64>, writer: u8) {
    for number in 0..ADDITIONS {
        let mut work = store.begin_addition().await.unwrap();
        let now = work.advance_known_time(tick(&clock)).await.unwrap();
        let key = key("pit", &format!("W{writer}N{number}"));
        let added = Record {
            received_at: now,
            ..record(&key, 1, 100, 0)
        };
        work.append(&[added]).await.unwrap();
        tokio::task::yield_now().await;
        work.commit().await.unwrap();
    }
}

/// Looks as often as it can: what was seen, as of when.
async fn look(store: Arc<dyn Store>, clock: Arc<AtomicI64>) -> Vec<(Timestamp, Vec<RecordKey>)> {
    let mut answers = Vec::new();
    for _ in 0..ADDITIONS {
        let mut work = store.begin().await.unwrap();
        let now = tick(&clock);
        answers.push((now, seen(&mut *work, now).await));
        let look = Entry {
            at: now,
            ..entry(&[1], 0)
        };
        work.trace(look).await.unwrap();
        work.promise_known_time(now).await.unwrap();
        work.commit().await.unwrap();
    }
    answers
}

async fn seen(work: &mut dyn Transaction, known_at: Timestamp) -> Vec<RecordKey> {
    let page = work.latest_records(known_at, None, PAGE_MAX).await.unwrap();
    page.into_iter().map(|record| record.key).collect()
}

/// A clock that never gives the same time twice.
fn tick(clock: &AtomicI64) -> Timestamp {
    Timestamp::from_microsecond(clock.fetch_add(1, Ordering::SeqCst)).unwrap()
}

pub async fn an_answer_as_of_a_time_never_changes(store: Arc<dyn Store>) {
    let clock = Arc::new(AtomicI64::new(minute(0).as_microsecond()));
    let writers: Vec<_> = (0..3)
        .map(|writer| tokio::spawn(add(Arc::clone(&store), Arc::clone(&clock), writer)))
        .collect();
    let lookers: Vec<_> = (0..3)
        .map(|_| tokio::spawn(look(Arc::clone(&store), Arc::clone(&clock))))
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    for looker in lookers {
        for (known_at, told) in looker.await.unwrap() {
            let now = seen(&mut *reading(&store).await, known_at).await;
            assert_eq!(now, told, "as of {known_at}");
        }
    }
}

pub async fn one_official_takes_an_item(store: Arc<dyn Store>) {
    let item = NewItem {
        pair: Pair::of(key("pit", "P1"), key("sfr", "S1")),
        harmful: false,
        weight: 1.0,
        explanation: serde_json::Value::Null,
    };
    let mut work = store.begin().await.unwrap();
    work.raise(&[item], minute(0)).await.unwrap();
    let id = work.open_items(None, 1).await.unwrap()[0].id;
    work.commit().await.unwrap();
    let officials: Vec<_> = (1..=WRITERS)
        .map(|number| tokio::spawn(take(Arc::clone(&store), id, number)))
        .collect();
    let mut took = 0;
    for official in officials {
        took += u32::from(official.await.unwrap());
    }
    assert_eq!(took, 1, "whoever comes later sees that it is taken");
}

async fn take(store: Arc<dyn Store>, id: ItemId, number: u8) -> bool {
    let mut work = store.begin().await.unwrap();
    if work.load_item(id).await.unwrap().state != ItemState::Waiting {
        return false;
    }
    // as long as somebody looks at a page: whoever is let in here meanwhile has seen the item wait
    tokio::time::sleep(Duration::from_millis(20)).await;
    let taken = ItemState::Taken {
        by: OfficialName {
            name: number.to_string(),
            office: "УВМ".to_owned(),
        },
        at: minute(1),
    };
    work.set_item_state(id, &taken).await.unwrap();
    work.commit().await.unwrap();
    true
}

pub async fn bounds_hold_when_many_come_at_once(store: Arc<dyn Store>) {
    let comers: Vec<_> = (1..=WRITERS)
        .map(|number| tokio::spawn(come(Arc::clone(&store), number)))
        .collect();
    for comer in comers {
        comer.await.unwrap();
    }
    let mut work = reading(&store).await;
    let codes = work.live_share_codes(profile(1), minute(1)).await.unwrap().len();
    let failures = work.failures(Guessed::Code, [1; 32], minute(0)).await.unwrap();
    assert_eq!((codes, failures), (BOUND, BOUND as u32));
}

/// Guesses once and makes one code, unless there are as many as may be.
async fn come(store: Arc<dyn Store>, number: u8) {
    let mut work = store.begin().await.unwrap();
    let failures = work.failures(Guessed::Code, [1; 32], minute(0)).await.unwrap();
    let codes = work.live_share_codes(profile(1), minute(1)).await.unwrap().len();
    tokio::time::sleep(Duration::from_millis(5)).await;
    if failures < BOUND as u32 {
        work.record_failure(Guessed::Code, [1; 32], minute(1))
            .await
            .unwrap();
    }
    if codes < BOUND {
        let code = ShareCode {
            code_hash: [number; 32],
            profile: profile(1),
            matter: Matter::Stay,
            made_at: minute(0),
            expires_at: minute(9),
            withdrawn_at: None,
        };
        work.add_share_code(&code).await.unwrap();
    }
    work.commit().await.unwrap();
}
