//! What holds when many write at once.

use std::sync::Arc;

use super::{
    fixtures::{key, minute, new, reading, record},
    trace::{checked_chain, entry},
};
use crate::port::{Store, record_log::Appended};

const WRITERS: u8 = 8;

pub async fn writers_take_turns(store: Arc<dyn Store>) {
    let payment = key("pit", "P1");
    let writers: Vec<_> = (1..=WRITERS)
        .map(|number| {
            let (store, payment) = (Arc::clone(&store), payment.clone());
            tokio::spawn(async move {
                let mut work = store.begin().await.unwrap();
                // every writer says something else under the same version
                let batch = [new(record(&payment, 1, i64::from(number), 0))];
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
