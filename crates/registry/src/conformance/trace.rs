//! What the trace's keeper promises.

use std::sync::Arc;

use super::fixtures::{minute, profile, reading};
use crate::{
    access::{
        action::Action,
        actor::{Actor, CaseNumber},
        purpose::PurposeId,
    },
    port::{Store, StoreError, trace_log::TRACE_PAGE_MAX},
    trace::{ChainHead, ChainedEntry, Entry, Outcome},
};

/// A look at profiles by their numbers.
pub fn entry(about: &[u128], at: i64) -> Entry {
    Entry {
        at: minute(at),
        actor: Actor::Official {
            name: "Орлова".to_owned(),
            office: "УВМ по г. Москве".to_owned(),
        },
        action: Action::ViewProfile,
        purpose: PurposeId::parse("registration").unwrap(),
        legal_basis: "109-FZ".to_owned(),
        case: Some(CaseNumber::parse("12/345").unwrap()),
        profiles: about.iter().copied().map(profile).collect(),
        outcome: Outcome::Done,
        shown_from: minute(at),
    }
}

async fn write(store: &Arc<dyn Store>, entries: &[Entry]) {
    let mut work = store.begin().await.unwrap();
    for entry in entries {
        work.trace(entry.clone()).await.unwrap();
    }
    work.commit().await.unwrap();
}

/// The whole chain, each link of it checked.
pub async fn checked_chain(store: &Arc<dyn Store>) -> Vec<ChainedEntry> {
    let mut work = reading(store).await;
    let mut head: Option<ChainHead> = None;
    let mut chain = Vec::new();
    loop {
        let page = work
            .trace_entries(head.map_or(0, |head| head.number), 3)
            .await
            .unwrap();
        if page.is_empty() {
            assert_eq!(work.trace_head().await.unwrap(), head);
            return chain;
        }
        for entry in page {
            entry.check(head).unwrap();
            head = Some(entry.head());
            chain.push(entry);
        }
    }
}

pub async fn entries_chain(store: Arc<dyn Store>) {
    assert_eq!(reading(&store).await.trace_head().await.unwrap(), None);
    let entries: Vec<Entry> = (1..=7).map(|n| entry(&[n, n + 1], i64::from(n as u8))).collect();
    write(&store, &entries).await;
    let chain = checked_chain(&store).await;
    let kept: Vec<Entry> = chain.iter().map(|chained| chained.entry().unwrap()).collect();
    assert_eq!(kept, entries, "word for word");
}

pub async fn a_gap_is_refused(store: Arc<dyn Store>) {
    write(&store, &[entry(&[1], 1)]).await;
    let mut work = store.begin().await.unwrap();
    let head = work.trace_head().await.unwrap();
    let next = ChainedEntry::after(head, &entry(&[1], 2)).unwrap();
    for number in [1, 3] {
        let misplaced = ChainedEntry {
            number,
            ..next.clone()
        };
        let refused = work.append_trace(&misplaced).await;
        assert!(
            matches!(refused, Err(StoreError::Duplicate { .. })),
            "{number}: {refused:?}"
        );
    }
    work.append_trace(&next).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(checked_chain(&store).await.len(), 2);
}

pub async fn entries_about_a_person_newest_first(store: Arc<dyn Store>) {
    write(
        &store,
        &[
            entry(&[1], 1),
            entry(&[2], 2),
            entry(&[2, 1], 3),
            entry(&[], 4),
            entry(&[1], 5),
        ],
    )
    .await;
    let mut work = reading(&store).await;
    let numbers = |entries: Vec<ChainedEntry>| entries.iter().map(|entry| entry.number).collect::<Vec<_>>();
    assert_eq!(
        numbers(work.trace_about(&[profile(1)], None, 10).await.unwrap()),
        [5, 3, 1]
    );
    assert_eq!(
        numbers(work.trace_about(&[profile(1)], None, 2).await.unwrap()),
        [5, 3]
    );
    assert_eq!(
        numbers(work.trace_about(&[profile(1)], Some(3), 2).await.unwrap()),
        [1]
    );
    let both = work
        .trace_about(&[profile(2), profile(1)], Some(5), 10)
        .await
        .unwrap();
    assert_eq!(numbers(both), [3, 2, 1], "each once");
    assert_eq!(
        numbers(work.trace_about(&[profile(3)], None, 10).await.unwrap()),
        [0_u64; 0]
    );
}

pub async fn pages_are_bounded(store: Arc<dyn Store>) {
    let mut work = reading(&store).await;
    let refused = work.trace_entries(0, TRACE_PAGE_MAX + 1).await;
    assert!(matches!(
        refused,
        Err(StoreError::TooMany {
            limit: TRACE_PAGE_MAX,
            ..
        })
    ));
    let refused = work.trace_about(&[profile(1)], None, TRACE_PAGE_MAX + 1).await;
    assert!(matches!(
        refused,
        Err(StoreError::TooMany {
            limit: TRACE_PAGE_MAX,
            ..
        })
    ));
}
