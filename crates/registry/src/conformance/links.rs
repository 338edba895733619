//! What the book of links promises.

use std::sync::Arc;

use super::fixtures::{append, assign, key, link, minute, profile, reading, record};
use crate::port::{
    Store, StoreError,
    link_book::{Assigned, LinkedBy, NewLink, OpenLink},
};

pub async fn a_record_gets_a_profile(store: Arc<dyn Store>) {
    let payment = key("pit", "P1");
    append(&store, vec![record(&payment, 1, 100, 0)]).await;
    let mut work = store.begin().await.unwrap();
    assert_eq!(
        work.assign(&[link(&payment, profile(1))], minute(1))
            .await
            .unwrap(),
        [Assigned::Linked]
    );
    work.commit().await.unwrap();
    let mut work = reading(&store).await;
    let held = work.links_at(minute(1), None, 10).await.unwrap();
    assert_eq!(
        held,
        [OpenLink {
            record: payment.clone(),
            profile: profile(1)
        }]
    );
    assert_eq!(work.profile_since(profile(1)).await.unwrap(), minute(1));
    assert!(matches!(
        work.profile_since(profile(2)).await,
        Err(StoreError::Missing { .. })
    ));
}

pub async fn moving_ends_the_old_link(store: Arc<dyn Store>) {
    let payment = key("pit", "P1");
    append(&store, vec![record(&payment, 1, 100, 0)]).await;
    assign(&store, &[link(&payment, profile(1))], 1).await;
    let mut work = store.begin().await.unwrap();
    let moved = work
        .assign(&[link(&payment, profile(2))], minute(5))
        .await
        .unwrap();
    assert_eq!(moved, [Assigned::Moved { from: profile(1) }]);
    work.commit().await.unwrap();
    let links = reading(&store).await.links_of(&payment).await.unwrap();
    let times: Vec<_> = links
        .iter()
        .map(|link| (link.profile, link.known_from, link.known_until))
        .collect();
    assert_eq!(
        times,
        [
            (profile(1), minute(1), Some(minute(5))),
            (profile(2), minute(5), None)
        ],
        "none is deleted"
    );
}

pub async fn the_same_link_again_changes_nothing(store: Arc<dyn Store>) {
    let payment = key("pit", "P1");
    append(&store, vec![record(&payment, 1, 100, 0)]).await;
    assign(&store, &[link(&payment, profile(1))], 1).await;
    let again = NewLink {
        weight: 1.0,
        ..link(&payment, profile(1))
    };
    let mut work = store.begin().await.unwrap();
    assert_eq!(
        work.assign(&[again.clone(), again], minute(2)).await.unwrap(),
        [Assigned::Unchanged; 2]
    );
    work.commit().await.unwrap();
    let links = reading(&store).await.links_of(&payment).await.unwrap();
    assert_eq!(links.len(), 1);
    assert_eq!((links[0].known_from, links[0].weight), (minute(1), 17.25));
}

pub async fn links_need_a_record(store: Arc<dyn Store>) {
    let payment = key("pit", "P1");
    append(&store, vec![record(&payment, 1, 100, 0)]).await;
    let mut work = store.begin().await.unwrap();
    let refused = work
        .assign(&[link(&key("pit", "P2"), profile(1))], minute(1))
        .await;
    assert!(matches!(refused, Err(StoreError::Missing { .. })), "{refused:?}");
}

pub async fn reads_see_the_links_of_their_time(store: Arc<dyn Store>) {
    let payment = key("pit", "P1");
    append(&store, vec![record(&payment, 1, 100, 0)]).await;
    assign(&store, &[link(&payment, profile(1))], 10).await;
    assign(&store, &[link(&payment, profile(2))], 20).await;
    assign(&store, &[link(&payment, profile(1))], 30).await;
    let mut work = reading(&store).await;
    for (known, expected) in [
        (9, None),
        (10, Some(1)),
        (19, Some(1)),
        (20, Some(2)),
        (30, Some(1)),
        (99, Some(1)),
    ] {
        let expected = expected.map(profile);
        let found = work.find_link(&payment, minute(known)).await.unwrap();
        assert_eq!(found.map(|link| link.profile), expected, "link at {known}");
        let page = work.links_at(minute(known), None, 10).await.unwrap();
        assert_eq!(page.first().map(|link| link.profile), expected, "page at {known}");
        assert_eq!(
            work.profiles(minute(known), None, 10).await.unwrap(),
            Vec::from_iter(expected),
            "{known}"
        );
        for number in [1, 2] {
            let held = work.links_to(profile(number), minute(known)).await.unwrap();
            assert_eq!(
                held.len(),
                usize::from(expected == Some(profile(number))),
                "{number} at {known}"
            );
        }
    }
}

pub async fn records_of_a_profile_as_known(store: Arc<dyn Store>) {
    let (one, other) = (key("pit", "P1"), key("pit", "P2"));
    append(&store, vec![record(&one, 1, 100, 0), record(&other, 1, 100, 0)]).await;
    assign(&store, &[link(&one, profile(1)), link(&other, profile(1))], 10).await;
    append(&store, vec![record(&one, 2, 200, 20)]).await;
    assign(&store, &[link(&other, profile(2))], 30).await;
    let mut work = reading(&store).await;
    for (known, expected) in [
        (9, vec![]),
        (10, vec![("P1", 1), ("P2", 1)]),
        (20, vec![("P1", 1), ("P1", 2), ("P2", 1)]),
        (30, vec![("P1", 1), ("P1", 2)]),
    ] {
        let found = work.records_of(profile(1), minute(known)).await.unwrap();
        let found: Vec<_> = found
            .iter()
            .map(|linked| (linked.record.key.id.as_str(), linked.record.version))
            .collect();
        assert_eq!(found, expected, "known at {known}");
    }
    let linked = work.records_of(profile(1), minute(10)).await.unwrap();
    let when = (linked[1].linked_from, linked[1].linked_until, linked[1].weight);
    assert_eq!(when, (minute(10), None, 17.25), "its end was not known yet");
}

pub async fn profiles_page_by_id(store: Arc<dyn Store>) {
    let keys: Vec<_> = (0..12).map(|n| key("pit", &format!("P{n:02}"))).collect();
    append(&store, keys.iter().map(|key| record(key, 1, 100, 0)).collect()).await;
    let links: Vec<_> = (0..12_u8)
        .map(|n| link(&keys[usize::from(n)], profile(u128::from(n / 2) + 1)))
        .collect();
    assign(&store, &links, 1).await;
    let mut work = reading(&store).await;
    let first = work.profiles(minute(1), None, 4).await.unwrap();
    let second = work.profiles(minute(1), first.last().copied(), 4).await.unwrap();
    let mut expected: Vec<_> = (1..=6).map(profile).collect();
    expected.sort();
    assert_eq!([first, second].concat(), expected, "each once");
}

pub async fn links_go_with_their_author(store: Arc<dyn Store>) {
    let payment = key("pit", "P1");
    append(&store, vec![record(&payment, 1, 100, 0)]).await;
    let by = LinkedBy::Official {
        name: "Орлова".to_owned(),
        office: "УВМ".to_owned(),
    };
    let explanation = serde_json::json!({ "basis": "decided", "weight": [1, 2.5, null] });
    let new = NewLink {
        by: by.clone(),
        explanation: explanation.clone(),
        ..link(&payment, profile(1))
    };
    assign(&store, &[new], 1).await;
    let kept = reading(&store)
        .await
        .find_link(&payment, minute(1))
        .await
        .unwrap()
        .unwrap();
    assert_eq!((kept.by, kept.explanation), (by, explanation));
}

pub async fn a_link_never_begins_before_the_last(store: Arc<dyn Store>) {
    let payment = key("pit", "P1");
    append(&store, vec![record(&payment, 1, 100, 0)]).await;
    assign(&store, &[link(&payment, profile(1))], 10).await;
    let mut work = store.begin().await.unwrap();
    let refused = work.assign(&[link(&payment, profile(2))], minute(9)).await;
    assert!(
        matches!(refused, Err(StoreError::ClockBack { known }) if known == minute(10)),
        "{refused:?}"
    );
}

pub async fn a_merged_profile_has_one_heir(store: Arc<dyn Store>) {
    let keys: Vec<_> = (1..=4).map(|n| key("pit", &format!("P{n}"))).collect();
    append(&store, keys.iter().map(|key| record(key, 1, 100, 0)).collect()).await;
    let all_to = |number: u128| {
        keys.iter()
            .map(|key| link(key, profile(number)))
            .collect::<Vec<_>>()
    };
    assign(&store, &[&all_to(1)[..2], &all_to(2)[2..]].concat(), 1).await;
    // a record leaves early and is not the profile's business any more
    assign(&store, &[link(&keys[0], profile(4))], 5).await;
    assign(&store, &all_to(2)[1..2], 10).await;
    assign(&store, &all_to(3)[1..], 20).await;
    let mut work = reading(&store).await;
    for (known, expected) in [(0, None), (9, Some(1)), (10, Some(2)), (20, Some(3))] {
        let heirs = work.heirs(profile(1), minute(known)).await.unwrap();
        assert_eq!(heirs, Vec::from_iter(expected.map(profile)), "at {known}");
    }
    assert!(work.heirs(profile(9), minute(99)).await.unwrap().is_empty());
}

pub async fn a_split_profile_has_several_heirs(store: Arc<dyn Store>) {
    let (one, other) = (key("pit", "P1"), key("pit", "P2"));
    append(&store, vec![record(&one, 1, 100, 0), record(&other, 1, 100, 0)]).await;
    assign(&store, &[link(&one, profile(1)), link(&other, profile(1))], 1).await;
    assign(&store, &[link(&one, profile(2)), link(&other, profile(3))], 2).await;
    let mut expected = vec![profile(2), profile(3)];
    expected.sort();
    assert_eq!(
        reading(&store).await.heirs(profile(1), minute(2)).await.unwrap(),
        expected
    );
}
