//! What the search index promises.

use std::sync::Arc;

use records::key::ProfileId;

use super::fixtures::{append, assign, key, link, minute, profile, reading, record, record_of};
use crate::{
    port::{Store, StoreError},
    search_key::{SearchKey, SearchKind},
};

fn document(number: &str) -> SearchKey {
    SearchKey::number(SearchKind::Document, number)
}

async fn under(store: &Arc<dyn Store>, number: &str, at: i64) -> Vec<ProfileId> {
    let mut work = reading(store).await;
    work.profiles_under(&document(number), minute(at), 10)
        .await
        .unwrap()
}

pub async fn profiles_are_found_by_their_numbers(store: Arc<dyn Store>) {
    let [one, other, third] = ["P1", "P2", "P3"].map(|id| key("pit", id));
    append(
        &store,
        vec![
            record_of(&other, 1, 100, 0, "FA1234567"),
            record_of(&one, 1, 100, 0, "FA1234567"),
            record_of(&third, 1, 100, 0, "FA1234567"),
        ],
    )
    .await;
    append(&store, vec![record_of(&key("pit", "P4"), 1, 100, 0, "FA7654321")]).await;
    assert!(
        under(&store, "FA1234567", 9).await.is_empty(),
        "a record that is nobody's yet finds nobody"
    );
    let links = [
        link(&other, profile(2)),
        link(&one, profile(1)),
        link(&third, profile(2)),
    ];
    assign(&store, &links, 1).await;
    let both = [profile(1), profile(2)];
    assert_eq!(under(&store, "fa 1234567", 9).await, both, "by id, each once");
    let mut work = reading(&store).await;
    let permit = SearchKey::number(SearchKind::Permit, "77 0699632730");
    assert_eq!(work.profiles_under(&permit, minute(9), 10).await.unwrap(), both);
    let same_number_of_another_kind = SearchKey::number(SearchKind::Visa, "FA1234567");
    let found = work
        .profiles_under(&same_number_of_another_kind, minute(9), 10)
        .await;
    assert!(found.unwrap().is_empty());
}

pub async fn old_numbers_still_find(store: Arc<dyn Store>) {
    let [before, after] = ["P1", "P2"].map(|id| key("pit", id));
    append(
        &store,
        vec![
            record_of(&before, 1, 100, 0, "FA1234567"),
            record_of(&before, 2, 100, 0, "FB0000001"),
            record_of(&after, 1, 100, 0, "FC1234567"),
        ],
    )
    .await;
    assign(&store, &[link(&before, profile(1)), link(&after, profile(2))], 1).await;
    append(&store, vec![record_of(&after, 2, 100, 2, "FD0000001")]).await;
    for (number, holder) in [
        ("FA1234567", profile(1)),
        ("FB0000001", profile(1)),
        ("FC1234567", profile(2)),
        ("FD0000001", profile(2)),
    ] {
        assert_eq!(under(&store, number, 9).await, [holder], "{number}");
    }
}

pub async fn profiles_are_found_as_known(store: Arc<dyn Store>) {
    let payment = key("pit", "P1");
    // the later version is taken in first; the earlier one comes after it and names the number too
    append(&store, vec![record_of(&payment, 2, 100, 2, "FB0000001")]).await;
    assign(&store, &[link(&payment, profile(1))], 3).await;
    append(&store, vec![record_of(&payment, 1, 100, 5, "FA1234567")]).await;
    append(&store, vec![record_of(&payment, 3, 100, 7, "FB0000001")]).await;
    for (number, at, found) in [
        ("FB0000001", 2, 0),
        ("FB0000001", 3, 1),
        ("FA1234567", 4, 0),
        ("FA1234567", 5, 1),
        ("FB0000001", 9, 1),
    ] {
        let under = under(&store, number, at).await;
        assert_eq!(under.len(), found, "{number} as known at minute {at}");
    }
    let keys: Vec<_> = (0..4).map(|n| key("pit", &format!("Q{n}"))).collect();
    let later = keys.iter().map(|key| record_of(key, 1, 100, 9, "FB0000001"));
    append(&store, later.collect()).await;
    let links: Vec<_> = (2..).zip(&keys).map(|(n, key)| link(key, profile(n))).collect();
    assign(&store, &links, 9).await;
    let mut work = reading(&store).await;
    let before = work.profiles_under(&document("FB0000001"), minute(8), 1).await;
    assert_eq!(
        before.unwrap(),
        [profile(1)],
        "what came later crowds out no earlier answer"
    );
}

pub async fn a_record_that_moves_finds_both(store: Arc<dyn Store>) {
    let payment = key("pit", "P1");
    append(&store, vec![record_of(&payment, 1, 100, 0, "FA1234567")]).await;
    assign(&store, &[link(&payment, profile(1))], 1).await;
    assign(&store, &[link(&payment, profile(2))], 4).await;
    append(&store, vec![record_of(&payment, 2, 100, 6, "FB0000001")]).await;
    assert_eq!(under(&store, "FA1234567", 3).await, [profile(1)]);
    assert_eq!(under(&store, "FA1234567", 4).await, [profile(1), profile(2)]);
    assert_eq!(
        under(&store, "FB0000001", 6).await,
        [profile(2)],
        "who held a record before is not found by what it says since"
    );
}

pub async fn too_many_is_an_error(store: Arc<dyn Store>) {
    let keys: Vec<_> = (0..4).map(|n| key("pit", &format!("P{n}"))).collect();
    append(&store, keys.iter().map(|key| record(key, 1, 100, 0)).collect()).await;
    let links: Vec<_> = (1..).zip(&keys).map(|(n, key)| link(key, profile(n))).collect();
    assign(&store, &links, 1).await;
    assert_eq!(under(&store, "FA1234567", 9).await.len(), 4);
    let mut work = reading(&store).await;
    let refused = work.profiles_under(&document("FA1234567"), minute(9), 3).await;
    assert!(
        matches!(refused, Err(StoreError::TooMany { limit: 3, .. })),
        "never a cut list"
    );
}
