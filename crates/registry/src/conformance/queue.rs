//! What the review queue promises.

use std::sync::Arc;

use super::fixtures::{key, minute, reading};
use crate::port::{
    Store, StoreError,
    review_queue::{Item, ItemId, ItemState, NewItem, OfficialName, Pair, Raised, StandingDecision, Verdict},
};

fn pair(one: &str, other: &str) -> Pair {
    Pair::of(key("pit", one), key("sfr", other))
}

fn item(one: &str, other: &str) -> NewItem {
    let explanation = serde_json::json!({ "waits": "between_thresholds" });
    NewItem {
        pair: pair(one, other),
        harmful: false,
        weight: 4.5,
        explanation,
    }
}

fn official() -> OfficialName {
    OfficialName {
        name: "Орлова".to_owned(),
        office: "УВМ".to_owned(),
    }
}

async fn raise(store: &Arc<dyn Store>, items: &[NewItem], at: i64) -> Raised {
    let mut work = store.begin().await.unwrap();
    let raised = work.raise(items, minute(at)).await.unwrap();
    work.commit().await.unwrap();
    raised
}

async fn set(store: &Arc<dyn Store>, id: ItemId, state: ItemState) {
    let mut work = store.begin().await.unwrap();
    work.set_item_state(id, &state).await.unwrap();
    work.commit().await.unwrap();
}

async fn open(store: &Arc<dyn Store>) -> Vec<Item> {
    let mut work = reading(store).await;
    let items = work.open_items(None, 100).await.unwrap();
    assert_eq!(work.count_open_items().await.unwrap(), items.len() as u64);
    items
}

pub async fn raising_again_keeps_numbers(store: Arc<dyn Store>) {
    let raised = raise(&store, &[item("P1", "S1"), item("P2", "S2")], 1).await;
    assert_eq!(
        raised,
        Raised {
            new: 2,
            kept: 0,
            withdrawn: 0
        }
    );
    let before = open(&store).await;
    let heavier = NewItem {
        weight: 5.5,
        ..item("P1", "S1")
    };
    let raised = raise(&store, &[item("P2", "S2"), heavier], 2).await;
    assert_eq!(
        raised,
        Raised {
            new: 0,
            kept: 2,
            withdrawn: 0
        }
    );
    let after = open(&store).await;
    let numbers = |items: &[Item]| {
        items
            .iter()
            .map(|item| (item.id, item.pair.clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(numbers(&before), numbers(&after));
    assert_eq!(after[0].weight, 5.5, "what linkage says now");
    assert_eq!(after[0].raised_at, minute(1), "waiting since then");
}

pub async fn what_is_not_asked_again_is_withdrawn(store: Arc<dyn Store>) {
    raise(&store, &[item("P1", "S1"), item("P2", "S2")], 1).await;
    let raised = raise(&store, &[item("P2", "S2")], 2).await;
    assert_eq!(
        raised,
        Raised {
            new: 0,
            kept: 1,
            withdrawn: 1
        }
    );
    assert_eq!(open(&store).await.len(), 1);
    let raised = raise(&store, &[item("P1", "S1"), item("P2", "S2")], 3).await;
    assert_eq!(
        raised,
        Raised {
            new: 1,
            kept: 1,
            withdrawn: 0
        }
    );
    let items = open(&store).await;
    assert_eq!(
        (items[0].raised_at, items[0].state.clone()),
        (minute(3), ItemState::Waiting)
    );
}

pub async fn what_is_decided_stays_decided(store: Arc<dyn Store>) {
    raise(&store, &[item("P1", "S1")], 1).await;
    let id = open(&store).await[0].id;
    set(&store, id, ItemState::Decided { at: minute(2) }).await;
    assert_eq!(raise(&store, &[item("P1", "S1")], 3).await, Raised::default());
    assert_eq!(raise(&store, &[], 4).await, Raised::default());
    assert!(open(&store).await.is_empty());
    let kept = reading(&store).await.load_item(id).await.unwrap();
    assert_eq!(kept.state, ItemState::Decided { at: minute(2) });
    let mut work = reading(&store).await;
    assert_eq!(work.find_item(&pair("P1", "S1")).await.unwrap(), Some(kept));
    assert_eq!(work.find_item(&pair("P9", "S1")).await.unwrap(), None);
}

pub async fn harmful_items_come_first(store: Arc<dyn Store>) {
    let harmful = |one: &str| NewItem {
        harmful: true,
        ..item(one, "S9")
    };
    raise(
        &store,
        &[item("P1", "S1"), harmful("P2"), item("P3", "S3"), harmful("P4")],
        1,
    )
    .await;
    let mut work = reading(&store).await;
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = work.open_items(after, 3).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        seen.extend(page.iter().map(|item| item.pair.left().id.to_string()));
    }
    assert_eq!(seen, ["P2", "P4", "P1", "P3"]);
}

pub async fn states_are_kept(store: Arc<dyn Store>) {
    raise(&store, &[item("P1", "S1")], 1).await;
    let id = open(&store).await[0].id;
    let taken = ItemState::Taken {
        by: official(),
        at: minute(2),
    };
    set(&store, id, taken.clone()).await;
    assert_eq!(open(&store).await[0].state, taken, "taken items are open");
    raise(&store, &[item("P1", "S1")], 3).await;
    assert_eq!(open(&store).await[0].state, taken, "and stay with who took them");
    set(&store, id, ItemState::Waiting).await;
    assert_eq!(open(&store).await[0].state, ItemState::Waiting);
}

fn decision(verdict: Verdict, at: i64) -> StandingDecision {
    StandingDecision {
        pair: pair("P1", "S1"),
        verdict,
        official: official(),
        reason: "сличены фотографии".to_owned(),
        purpose: "identity_review".to_owned(),
        legal_basis: "Decree 467".to_owned(),
        decided_at: minute(at),
    }
}

pub async fn the_latest_decision_holds(store: Arc<dyn Store>) {
    let other = StandingDecision {
        pair: pair("P0", "S0"),
        ..decision(Verdict::Same, 3)
    };
    let mut work = store.begin().await.unwrap();
    for decision in [
        &decision(Verdict::Same, 1),
        &decision(Verdict::Different, 2),
        &other,
    ] {
        work.add_decision(decision).await.unwrap();
    }
    work.commit().await.unwrap();
    let mut work = reading(&store).await;
    let now = work.decisions(minute(9), None, 10).await.unwrap();
    assert_eq!(now, [other.clone(), decision(Verdict::Different, 2)], "by pair");
    assert_eq!(
        work.decisions(minute(1), None, 10).await.unwrap(),
        [decision(Verdict::Same, 1)]
    );
    assert_eq!(
        work.decisions(minute(9), Some(&other.pair), 10).await.unwrap(),
        [decision(Verdict::Different, 2)]
    );
    assert_eq!(work.decisions(minute(9), None, 1).await.unwrap(), [other]);
}

pub async fn a_missing_item_is_said_to_be_missing(store: Arc<dyn Store>) {
    let mut work = store.begin().await.unwrap();
    assert!(matches!(
        work.load_item(ItemId(77)).await,
        Err(StoreError::Missing { .. })
    ));
    let refused = work.set_item_state(ItemId(77), &ItemState::Waiting).await;
    assert!(matches!(refused, Err(StoreError::Missing { .. })));
}
