//! What the keeper of accounts, sessions and failed attempts promises.

use std::sync::Arc;

use super::fixtures::{minute, profile, reading};
use crate::{
    access::actor::{AccountId, Actor},
    port::{
        Store, StoreError,
        accounts::{Account, SESSIONS_MAX, Session},
        attempts::Guessed,
    },
};

pub(super) fn account(number: u128, login: &str) -> Account {
    Account {
        id: AccountId::from_random_bits(number << 80 | number),
        login: login.to_owned(),
        secret_hash: "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2g".to_owned(),
        actor: Actor::Holder {
            profile: profile(number),
        },
        created_at: minute(0),
        closed_at: None,
    }
}

fn session(number: u8, account: AccountId) -> Session {
    Session {
        token_hash: [number; 32],
        account,
        opened_at: minute(0),
        last_used_at: minute(0),
        idle_until: minute(30),
        ends_at: minute(600),
    }
}

async fn add(store: &Arc<dyn Store>, account: &Account) {
    let mut work = store.begin().await.unwrap();
    work.add_account(account).await.unwrap();
    work.commit().await.unwrap();
}

pub async fn a_login_is_taken_once(store: Arc<dyn Store>) {
    let first = account(1, "Jasur");
    add(&store, &first).await;
    let mut work = store.begin().await.unwrap();
    let refused = work.add_account(&account(2, "jASUR")).await;
    assert!(
        matches!(refused, Err(StoreError::Duplicate { .. })),
        "{refused:?}"
    );
    drop(work);
    let mut work = reading(&store).await;
    assert_eq!(work.find_account("JASUR").await.unwrap(), Some(first.clone()));
    assert_eq!(work.find_account("nobody").await.unwrap(), None);
    assert_eq!(work.load_account(first.id).await.unwrap(), first);
    let missing = work.load_account(account(9, "x").id).await;
    assert!(matches!(missing, Err(StoreError::Missing { .. })));
}

pub async fn sessions_open_and_end(store: Arc<dyn Store>) {
    let holder = account(1, "jasur");
    add(&store, &holder).await;
    let mut work = store.begin().await.unwrap();
    let refused = work.open_session(&session(9, account(2, "x").id)).await;
    assert!(
        matches!(refused, Err(StoreError::Missing { .. })),
        "no account, no session: {refused:?}"
    );
    work.open_session(&session(1, holder.id)).await.unwrap();
    work.open_session(&session(2, holder.id)).await.unwrap();
    work.touch_session([1; 32], minute(5), minute(35)).await.unwrap();
    let missing = work.touch_session([7; 32], minute(5), minute(35)).await;
    assert!(matches!(missing, Err(StoreError::Missing { .. })));
    work.commit().await.unwrap();
    let touched = Session {
        last_used_at: minute(5),
        idle_until: minute(35),
        ..session(1, holder.id)
    };
    assert_eq!(
        reading(&store).await.find_session([1; 32]).await.unwrap(),
        Some(touched)
    );
    let mut work = store.begin().await.unwrap();
    work.end_session([1; 32]).await.unwrap();
    work.end_session([1; 32]).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(reading(&store).await.find_session([1; 32]).await.unwrap(), None);
    assert!(
        reading(&store)
            .await
            .find_session([2; 32])
            .await
            .unwrap()
            .is_some()
    );
}

pub async fn sessions_are_bounded(store: Arc<dyn Store>) {
    let holder = account(1, "jasur");
    add(&store, &holder).await;
    let mut work = store.begin().await.unwrap();
    for number in 0..SESSIONS_MAX {
        work.open_session(&session(u8::try_from(number).unwrap(), holder.id))
            .await
            .unwrap();
    }
    let refused = work.open_session(&session(255, holder.id)).await;
    assert!(matches!(
        refused,
        Err(StoreError::TooMany {
            limit: SESSIONS_MAX,
            ..
        })
    ));
}

pub async fn closing_an_account_ends_its_sessions(store: Arc<dyn Store>) {
    let holder = account(1, "jasur");
    add(&store, &holder).await;
    let mut work = store.begin().await.unwrap();
    work.open_session(&session(1, holder.id)).await.unwrap();
    work.close_account(holder.id, minute(1)).await.unwrap();
    work.close_account(holder.id, minute(2)).await.unwrap();
    let missing = work.close_account(account(9, "x").id, minute(2)).await;
    assert!(matches!(missing, Err(StoreError::Missing { .. })));
    work.commit().await.unwrap();
    let mut work = reading(&store).await;
    assert_eq!(work.find_session([1; 32]).await.unwrap(), None);
    assert_eq!(
        work.load_account(holder.id).await.unwrap().closed_at,
        Some(minute(1)),
        "closed once"
    );
}

pub async fn ended_sessions_are_swept(store: Arc<dyn Store>) {
    let holder = account(1, "jasur");
    add(&store, &holder).await;
    let mut work = store.begin().await.unwrap();
    work.open_session(&session(1, holder.id)).await.unwrap();
    work.open_session(&Session {
        idle_until: minute(90),
        ..session(2, holder.id)
    })
    .await
    .unwrap();
    work.open_session(&Session {
        ends_at: minute(20),
        ..session(3, holder.id)
    })
    .await
    .unwrap();
    assert_eq!(work.sweep_sessions(minute(30)).await.unwrap(), 2);
    assert_eq!(work.end_sessions_of(holder.id).await.unwrap(), 1);
    assert_eq!(work.end_sessions_of(holder.id).await.unwrap(), 0);
}

pub async fn failures_are_counted(store: Arc<dyn Store>) {
    let mut work = store.begin().await.unwrap();
    for (guessed, at_what, at) in [
        (Guessed::Code, 1, 1),
        (Guessed::Code, 1, 2),
        (Guessed::Code, 2, 2),
        (Guessed::SignIn, 1, 2),
    ] {
        work.record_failure(guessed, [at_what; 32], minute(at))
            .await
            .unwrap();
    }
    work.commit().await.unwrap();
    let mut work = store.begin().await.unwrap();
    assert_eq!(work.failures(Guessed::Code, [1; 32], minute(1)).await.unwrap(), 2);
    assert_eq!(work.failures(Guessed::Code, [1; 32], minute(2)).await.unwrap(), 1);
    assert_eq!(work.failures(Guessed::Code, [3; 32], minute(0)).await.unwrap(), 0);
    assert_eq!(work.failures_in_all(Guessed::Code, minute(0)).await.unwrap(), 3);
    work.take_back_failure(Guessed::Code, [1; 32], minute(2))
        .await
        .unwrap();
    work.take_back_failure(Guessed::Code, [1; 32], minute(2))
        .await
        .unwrap();
    assert_eq!(work.failures(Guessed::Code, [1; 32], minute(0)).await.unwrap(), 1);
    work.record_failure(Guessed::Code, [1; 32], minute(2))
        .await
        .unwrap();
    work.sweep_failures(minute(2)).await.unwrap();
    assert_eq!(work.failures_in_all(Guessed::Code, minute(0)).await.unwrap(), 2);
}
