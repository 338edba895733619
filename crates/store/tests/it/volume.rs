//! A whole extract at once: thousands of records in one transaction, and the same again.

use std::time::Instant;

use jiff::Timestamp;
use records::envelope::Record;
use registry::{
    conformance::fixtures::{key, record_of},
    port::{Store as _, record_log::Appended},
};

const RECORDS: u32 = 7_000;

fn extract() -> Vec<Record> {
    let payments = (0..RECORDS).map(|n| {
        let payment = key("pit", &format!("PY{n:010}"));
        record_of(&payment, 1, i64::from(n), 0, &format!("FA{:07}", n / 17))
    });
    payments.collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_extract_goes_in_at_once_and_not_twice() {
    let store = store::SqliteStore::open("sqlite::memory:").await.unwrap();
    let extract = extract();
    for expected in [Appended::New, Appended::Unchanged] {
        let began = Instant::now();
        let mut work = store.begin().await.unwrap();
        let appended = work.append(&extract).await.unwrap();
        work.commit().await.unwrap();
        println!("{RECORDS} records, {expected:?}: {:?}", began.elapsed());
        assert!(appended.iter().all(|one| *one == expected));
    }
    let began = Instant::now();
    let mut work = store.begin_read().await.unwrap();
    let (mut seen, mut last) = (0, None);
    loop {
        let page = work
            .latest_records(Timestamp::MAX, last.as_ref(), 5_000)
            .await
            .unwrap();
        seen += page.len();
        let Some(record) = page.last() else { break };
        last = Some(record.key.clone());
    }
    println!("read back: {:?}", began.elapsed());
    assert_eq!(seen, RECORDS as usize);
}
