//! What the log of records promises.

use std::sync::Arc;

use super::fixtures::{append, key, minute, reading, record};
use crate::port::{
    PAGE_MAX, Store, StoreError,
    record_log::{Appended, BATCH_MAX},
};

pub async fn new_then_unchanged(store: Arc<dyn Store>) {
    let payment = key("pit", "PY0000000001");
    assert_eq!(
        append(&store, vec![record(&payment, 1, 100, 0)]).await,
        [Appended::New]
    );
    // the same words received later are the same record
    assert_eq!(
        append(&store, vec![record(&payment, 1, 100, 5)]).await,
        [Appended::Unchanged]
    );
    let versions = reading(&store)
        .await
        .versions_of(&payment, minute(9))
        .await
        .unwrap();
    assert_eq!(versions, [record(&payment, 1, 100, 0)], "kept as it came first");
}

pub async fn a_higher_version_supersedes(store: Arc<dyn Store>) {
    let payment = key("pit", "PY0000000001");
    append(&store, vec![record(&payment, 1, 100, 0)]).await;
    assert_eq!(
        append(&store, vec![record(&payment, 2, 200, 1)]).await,
        [Appended::Superseding]
    );
    let latest = reading(&store)
        .await
        .latest_records(minute(9), None, 10)
        .await
        .unwrap();
    assert_eq!(latest, [record(&payment, 2, 200, 1)]);
}

pub async fn an_earlier_version_is_history(store: Arc<dyn Store>) {
    let payment = key("pit", "PY0000000001");
    append(&store, vec![record(&payment, 3, 300, 0)]).await;
    assert_eq!(
        append(&store, vec![record(&payment, 1, 100, 1)]).await,
        [Appended::Earlier]
    );
    let mut work = reading(&store).await;
    assert_eq!(
        work.latest_records(minute(9), None, 10).await.unwrap(),
        [record(&payment, 3, 300, 0)]
    );
    let versions = work.versions_of(&payment, minute(9)).await.unwrap();
    assert_eq!(
        versions,
        [record(&payment, 1, 100, 1), record(&payment, 3, 300, 0)],
        "lowest first"
    );
}

pub async fn a_version_with_other_words_is_refused(store: Arc<dyn Store>) {
    let payment = key("pit", "PY0000000001");
    append(&store, vec![record(&payment, 1, 100, 0)]).await;
    assert_eq!(
        append(&store, vec![record(&payment, 1, 999, 1)]).await,
        [Appended::VersionReused]
    );
    let versions = reading(&store)
        .await
        .versions_of(&payment, minute(9))
        .await
        .unwrap();
    assert_eq!(versions, [record(&payment, 1, 100, 0)], "nothing is overwritten");
}

pub async fn one_batch_may_hold_several_versions(store: Arc<dyn Store>) {
    let payment = key("pit", "PY0000000001");
    let batch = [(2, 200), (1, 100), (2, 200), (2, 999), (3, 300)];
    let batch = batch.map(|(version, amount)| record(&payment, version, amount, 0));
    let appended = append(&store, batch.to_vec()).await;
    let expected = [
        Appended::New,
        Appended::Earlier,
        Appended::Unchanged,
        Appended::VersionReused,
        Appended::Superseding,
    ];
    assert_eq!(appended, expected, "each as if alone, in order");
}

pub async fn ids_of_two_sources_never_collide(store: Arc<dyn Store>) {
    let (one, other) = (key("pit", "X1"), key("sfr", "X1"));
    let appended = append(&store, vec![record(&one, 1, 100, 0), record(&other, 1, 200, 0)]).await;
    assert_eq!(appended, [Appended::New, Appended::New]);
    let mut work = reading(&store).await;
    assert_eq!(
        work.versions_of(&one, minute(9)).await.unwrap(),
        [record(&one, 1, 100, 0)]
    );
    assert_eq!(
        work.versions_of(&other, minute(9)).await.unwrap(),
        [record(&other, 1, 200, 0)]
    );
    assert!(
        work.versions_of(&key("border", "X1"), minute(9))
            .await
            .unwrap()
            .is_empty()
    );
}

pub async fn what_went_in_comes_out(store: Arc<dyn Store>) {
    let payment = key("pit", "PY0000000001");
    let kept = record(&payment, 7, 625_000, 3);
    append(&store, vec![kept.clone()]).await;
    let versions = reading(&store)
        .await
        .versions_of(&payment, minute(9))
        .await
        .unwrap();
    assert_eq!(
        versions,
        [kept],
        "with its doubts, its evidence, its times and its digest"
    );
}

pub async fn a_batch_is_bounded(store: Arc<dyn Store>) {
    let payment = key("pit", "PY0000000001");
    let one = record(&payment, 1, 100, 0);
    let batch = vec![one; BATCH_MAX as usize + 1];
    let mut work = store.begin().await.unwrap();
    let refused = work.append(&batch).await;
    assert!(
        matches!(refused, Err(StoreError::TooMany { limit: BATCH_MAX, .. })),
        "{refused:?}"
    );
}

pub async fn reads_see_what_was_known(store: Arc<dyn Store>) {
    let payment = key("pit", "PY0000000001");
    append(&store, vec![record(&payment, 2, 200, 10)]).await;
    append(&store, vec![record(&payment, 1, 100, 20)]).await;
    append(&store, vec![record(&payment, 3, 300, 30)]).await;
    let mut work = reading(&store).await;
    for (known, expected) in [
        (9, None),
        (10, Some(2)),
        (20, Some(2)),
        (29, Some(2)),
        (30, Some(3)),
    ] {
        let latest = work.latest_records(minute(known), None, 10).await.unwrap();
        assert_eq!(
            latest.first().map(|record| record.version),
            expected,
            "known at {known}"
        );
    }
    for (known, expected) in [(9, vec![]), (10, vec![2]), (20, vec![1, 2]), (30, vec![1, 2, 3])] {
        let versions = work.versions_of(&payment, minute(known)).await.unwrap();
        let versions: Vec<u32> = versions.iter().map(|record| record.version).collect();
        assert_eq!(versions, expected, "known at {known}");
    }
}

pub async fn pages_follow_each_other(store: Arc<dyn Store>) {
    let keys: Vec<_> = (0..25)
        .map(|n| key(if n % 2 == 0 { "pit" } else { "border" }, &format!("P{n:02}")))
        .collect();
    append(&store, keys.iter().map(|key| record(key, 1, 100, 0)).collect()).await;
    append(&store, keys.iter().map(|key| record(key, 2, 100, 0)).collect()).await;
    let mut work = reading(&store).await;
    let mut seen = Vec::new();
    loop {
        let page = work.latest_records(minute(0), seen.last(), 7).await.unwrap();
        if page.is_empty() {
            break;
        }
        assert!(page.len() <= 7);
        seen.extend(page.into_iter().map(|record| record.key));
    }
    let mut sorted = keys;
    sorted.sort();
    assert_eq!(seen, sorted, "by source and id, each once");
}

pub async fn a_page_is_bounded(store: Arc<dyn Store>) {
    let refused = reading(&store)
        .await
        .latest_records(minute(0), None, PAGE_MAX + 1)
        .await;
    assert!(matches!(
        refused,
        Err(StoreError::TooMany { limit: PAGE_MAX, .. })
    ));
}
