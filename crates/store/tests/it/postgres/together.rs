//! Two programs on one database: what one adds the other knows, nothing twice, no trace entry lost.

use std::{collections::BTreeMap, sync::Arc};

use registry::{
    conformance::trace::{checked_chain, entry},
    port::{Clock as _, Store, clock::SystemClock, record_log::Appended},
    trace::Entry,
};

use super::{add, batch, fresh_url, ids};

const BATCHES: u32 = 15;
const RECORDS: u32 = 40;

/// Takes in the same extract as the others do, and looks in between; answers what became of each record.
async fn work_through(store: Arc<dyn Store>) -> Vec<(String, Appended)> {
    let mut became = Vec::new();
    for number in 0..BATCHES {
        let batch = batch(number, RECORDS);
        let appended = add(&*store, &batch).await.unwrap();
        let ids = batch.iter().map(|record| record.key.id.to_string());
        became.extend(ids.zip(appended));
        let mut work = store.begin().await.unwrap();
        let look = Entry {
            at: SystemClock.now(),
            ..entry(&[u128::from(number)], 0)
        };
        work.trace(look).await.unwrap();
        work.commit().await.unwrap();
    }
    became
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_programs_work_on_one_database() {
    let Some(url) = fresh_url().await else { return };
    let programs = [store::open(&url).await.unwrap(), store::open(&url).await.unwrap()];
    let [one, other] = programs
        .each_ref()
        .map(|store| tokio::spawn(work_through(Arc::clone(store))));
    let mut times_new: BTreeMap<String, u32> = BTreeMap::new();
    for (id, appended) in [one.await.unwrap(), other.await.unwrap()].concat() {
        assert!(
            matches!(appended, Appended::New | Appended::Unchanged),
            "{appended:?}"
        );
        *times_new.entry(id).or_default() += u32::from(appended == Appended::New);
    }
    assert!(
        times_new.values().all(|times| *times == 1),
        "each was new to exactly one"
    );
    assert_eq!(ids(&*programs[0]).await.len() as u32, BATCHES * RECORDS);
    assert_eq!(checked_chain(&programs[1]).await.len() as u32, 2 * BATCHES);
}
