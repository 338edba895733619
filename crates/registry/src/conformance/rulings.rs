//! What the book of rulings promises.

use std::sync::Arc;

use super::fixtures::{key, minute, profile, reading};
use crate::port::{
    Store, StoreError,
    contests::ContestId,
    review_queue::{OfficialName, Pair},
    ruling_book::{NewRuling, Ruled, Ruling, RulingId, Undone},
};

fn official() -> OfficialName {
    OfficialName {
        name: "Орлова".to_owned(),
        office: "УВМ".to_owned(),
    }
}

fn ruling(ruled: Ruled, at: i64) -> NewRuling {
    NewRuling {
        ruled,
        records: vec![key("border", "B1"), key("pit", "P1")],
        official: official(),
        reason: "сличены фотографии".to_owned(),
        purpose: "identity_review".to_owned(),
        legal_basis: "Decree 467".to_owned(),
        case: Some(ContestId(4)),
        ruled_at: minute(at),
    }
}

fn merged(from: u128, into: u128) -> Ruled {
    Ruled::Merged {
        from: profile(from),
        into: profile(into),
        pair: Pair::of(key("border", "B1"), key("sfr", "S1")),
    }
}

fn parted(from: u128, into: u128) -> Ruled {
    Ruled::Parted {
        from: profile(from),
        into: profile(into),
    }
}

async fn add(store: &Arc<dyn Store>, new: &NewRuling) -> RulingId {
    let mut work = store.begin().await.unwrap();
    let id = work.add_ruling(new).await.unwrap();
    work.commit().await.unwrap();
    id
}

fn undone(at: i64) -> Undone {
    Undone {
        official: official(),
        reason: "ошибка".to_owned(),
        legal_basis: "Decree 467".to_owned(),
        at: minute(at),
    }
}

fn ids(rulings: &[Ruling]) -> Vec<u64> {
    rulings.iter().map(|ruling| ruling.id.0).collect()
}

pub async fn a_ruling_is_kept_word_for_word(store: Arc<dyn Store>) {
    let news = [
        ruling(merged(1, 2), 1),
        NewRuling {
            case: None,
            ..ruling(parted(2, 3), 2)
        },
    ];
    for (expected, new) in (1..).zip(&news) {
        let before = reading(&store).await.extent().await.unwrap().decisions;
        let id = add(&store, new).await;
        assert_eq!(id, RulingId(expected));
        let mut work = reading(&store).await;
        let kept = work.load_ruling(id).await.unwrap();
        assert_eq!((&kept.ruling, &kept.undone), (new, &None));
        assert_eq!(work.extent().await.unwrap().decisions, before + 1);
    }
    assert!(matches!(
        reading(&store).await.load_ruling(RulingId(9)).await,
        Err(StoreError::Missing { .. })
    ));
}

pub async fn a_ruling_is_taken_back_once(store: Arc<dyn Store>) {
    let id = add(&store, &ruling(merged(1, 2), 1)).await;
    let mut work = store.begin().await.unwrap();
    let before = work.extent().await.unwrap().decisions;
    work.undo_ruling(id, &undone(5)).await.unwrap();
    assert_eq!(work.extent().await.unwrap().decisions, before + 1);
    assert_eq!(work.load_ruling(id).await.unwrap().undone, Some(undone(5)));
    assert!(matches!(
        work.undo_ruling(id, &undone(6)).await,
        Err(StoreError::Duplicate { .. })
    ));
    assert!(matches!(
        work.undo_ruling(RulingId(8), &undone(6)).await,
        Err(StoreError::Missing { .. })
    ));
}

pub async fn rulings_are_read_as_known(store: Arc<dyn Store>) {
    for (ruled, at) in [(merged(1, 2), 1), (parted(2, 3), 2), (merged(4, 5), 3)] {
        add(&store, &ruling(ruled, at)).await;
    }
    let mut work = store.begin().await.unwrap();
    work.undo_ruling(RulingId(1), &undone(4)).await.unwrap();
    work.commit().await.unwrap();
    let mut work = reading(&store).await;
    assert_eq!(ids(&work.rulings(minute(2), None, 10).await.unwrap()), [1, 2]);
    assert_eq!(work.rulings(minute(3), None, 1).await.unwrap()[0].undone, None);
    assert_eq!(
        work.rulings(minute(4), None, 1).await.unwrap()[0].undone,
        Some(undone(4))
    );
    assert_eq!(
        ids(&work.rulings(minute(9), Some(RulingId(1)), 10).await.unwrap()),
        [2, 3]
    );
    assert_eq!(ids(&work.rulings_about(profile(2), 10).await.unwrap()), [2, 1]);
    assert_eq!(ids(&work.rulings_about(profile(3), 10).await.unwrap()), [2]);
    assert!(matches!(
        work.rulings_about(profile(2), 1).await,
        Err(StoreError::TooMany { limit: 1, .. })
    ));
}
