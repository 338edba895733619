//! What the search index promises.

use std::sync::Arc;

use super::fixtures::{append, key, minute, reading, record, record_of};
use crate::{
    port::{Store, StoreError},
    search_key::{SearchKey, SearchKind},
};

fn document(number: &str) -> SearchKey {
    SearchKey::number(SearchKind::Document, number)
}

pub async fn records_are_found_by_their_numbers(store: Arc<dyn Store>) {
    let (one, other) = (key("pit", "P1"), key("pit", "P2"));
    append(
        &store,
        vec![
            record_of(&other, 1, 100, 0, "FA1234567"),
            record_of(&one, 1, 100, 0, "FA1234567"),
        ],
    )
    .await;
    append(&store, vec![record_of(&key("pit", "P3"), 1, 100, 0, "FA7654321")]).await;
    let mut work = reading(&store).await;
    let found = work
        .records_under(&document("fa 1234567"), minute(9), 10)
        .await
        .unwrap();
    assert_eq!(found, [one, other], "by key, each once");
    let permit = SearchKey::number(SearchKind::Permit, "77 0699632730");
    assert_eq!(work.records_under(&permit, minute(9), 10).await.unwrap().len(), 3);
    let same_number_of_another_kind = SearchKey::number(SearchKind::Visa, "FA1234567");
    assert!(
        work.records_under(&same_number_of_another_kind, minute(9), 10)
            .await
            .unwrap()
            .is_empty()
    );
}

pub async fn old_numbers_still_find(store: Arc<dyn Store>) {
    let payment = key("pit", "P1");
    append(&store, vec![record_of(&payment, 1, 100, 0, "FA1234567")]).await;
    append(&store, vec![record_of(&payment, 2, 100, 0, "FB0000001")]).await;
    let mut work = reading(&store).await;
    for number in ["FA1234567", "FB0000001"] {
        let found = work
            .records_under(&document(number), minute(9), 10)
            .await
            .unwrap();
        assert_eq!(found.as_slice(), std::slice::from_ref(&payment), "{number}");
    }
}

pub async fn records_are_found_as_known(store: Arc<dyn Store>) {
    let payment = key("pit", "P1");
    // the later version is taken in first; the earlier one comes after it and names the number too
    append(&store, vec![record_of(&payment, 2, 100, 3, "FB0000001")]).await;
    append(&store, vec![record_of(&payment, 1, 100, 5, "FA1234567")]).await;
    append(&store, vec![record_of(&payment, 3, 100, 7, "FB0000001")]).await;
    let mut work = reading(&store).await;
    for (number, at, found) in [
        ("FB0000001", 2, 0),
        ("FB0000001", 3, 1),
        ("FA1234567", 4, 0),
        ("FA1234567", 5, 1),
        ("FB0000001", 9, 1),
    ] {
        let under = work
            .records_under(&document(number), minute(at), 10)
            .await
            .unwrap();
        assert_eq!(under.len(), found, "{number} as known at minute {at}");
    }
    append(
        &store,
        (0..4)
            .map(|n| record_of(&key("pit", &format!("Q{n}")), 1, 100, 9, "FB0000001"))
            .collect(),
    )
    .await;
    let mut work = reading(&store).await;
    let before = work.records_under(&document("FB0000001"), minute(8), 1).await;
    assert_eq!(
        before.unwrap().len(),
        1,
        "what came later crowds out no earlier answer"
    );
}

pub async fn too_many_is_an_error(store: Arc<dyn Store>) {
    append(
        &store,
        (0..4)
            .map(|n| record(&key("pit", &format!("P{n}")), 1, 100, 0))
            .collect(),
    )
    .await;
    let mut work = reading(&store).await;
    assert_eq!(
        work.records_under(&document("FA1234567"), minute(9), 4)
            .await
            .unwrap()
            .len(),
        4
    );
    let refused = work.records_under(&document("FA1234567"), minute(9), 3).await;
    assert!(
        matches!(refused, Err(StoreError::TooMany { limit: 3, .. })),
        "never a cut list"
    );
}
