//! Signing in: one answer to every failure, sessions that end, guessing that ends.

use std::time::Instant;

use jiff::SignedDuration;
use records::key::ProfileId;
use registry::{
    access::actor::Actor,
    account::{AccountError, NewAccount, Secret},
    sign_in::SignInError,
};

use sha2::{Digest as _, Sha256};

use crate::support::{JASUR, World, key, official, operator, world};

fn secret(raw: &str) -> Secret {
    Secret::parse(raw).unwrap()
}

const RIGHT: &str = "right horse battery";

/// What the store keeps of a token.
fn session_hash(token: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update((token.len() as u64).to_be_bytes());
    hash.update(token);
    hash.finalize().into()
}

async fn with_accounts() -> (World, ProfileId) {
    let world = world();
    world.ingest(JASUR.worker("1")).await;
    world.link().await;
    let profile = world.profile_of(&key("border", "BX1")).await;
    let orlova = Actor::Official {
        name: "Орлова".to_owned(),
        office: "УВМ".to_owned(),
    };
    for (login, actor) in [("jasur", Actor::Holder { profile }), ("orlova", orlova)] {
        let new = NewAccount {
            login: login.to_owned(),
            secret: secret(RIGHT),
            actor,
        };
        world
            .registry
            .open_account(&operator("operation"), new)
            .await
            .unwrap();
    }
    (world, profile)
}

#[tokio::test]
async fn a_session_begins_and_ends() {
    let (world, profile) = with_accounts().await;
    let (token, signed_in) = world
        .registry
        .sign_in(" JASUR ", secret(RIGHT), "10.0.0.1")
        .await
        .unwrap();
    assert_eq!(signed_in.actor, Actor::Holder { profile });
    assert_eq!(token.as_str().len(), 64, "256 bits");
    let (second, _) = world
        .registry
        .sign_in("jasur", secret(RIGHT), "10.0.0.1")
        .await
        .unwrap();
    assert_ne!(token, second, "a new one each time");
    assert_eq!(
        world
            .registry
            .session(token.as_str())
            .await
            .unwrap()
            .unwrap()
            .actor,
        signed_in.actor
    );
    world.registry.sign_out(token.as_str()).await.unwrap();
    world.registry.sign_out(token.as_str()).await.unwrap();
    assert_eq!(world.registry.session(token.as_str()).await.unwrap(), None);
    assert!(world.registry.session(second.as_str()).await.unwrap().is_some());
    assert_eq!(
        world
            .registry
            .sign_out_everywhere(signed_in.account)
            .await
            .unwrap(),
        1
    );
    assert_eq!(world.registry.session("0000").await.unwrap(), None);
}

#[tokio::test]
async fn sessions_end_of_idleness_and_of_age() {
    let (world, _) = with_accounts().await;
    let (token, _) = world
        .registry
        .sign_in("orlova", secret(RIGHT), "10.0.0.1")
        .await
        .unwrap();
    for _ in 0..38 {
        world.minutes(14);
        assert!(world.registry.session(token.as_str()).await.unwrap().is_some());
    }
    world.minutes(14);
    assert_eq!(
        world.registry.session(token.as_str()).await.unwrap(),
        None,
        "a shift is over"
    );
    let (token, _) = world
        .registry
        .sign_in("orlova", secret(RIGHT), "10.0.0.1")
        .await
        .unwrap();
    world.minutes(15);
    assert_eq!(
        world.registry.session(token.as_str()).await.unwrap(),
        None,
        "a desk was left"
    );
    let (token, _) = world
        .registry
        .sign_in("jasur", secret(RIGHT), "10.0.0.1")
        .await
        .unwrap();
    world.minutes(29);
    assert!(world.registry.session(token.as_str()).await.unwrap().is_some());
}

#[tokio::test]
async fn every_failure_is_one_answer() {
    let (world, _) = with_accounts().await;
    world
        .registry
        .close_account(&operator("operation"), "orlova")
        .await
        .unwrap();
    for (login, typed) in [
        ("jasur", "wrong horse"),
        ("nobody", RIGHT),
        ("orlova", RIGHT),
        ("", RIGHT),
    ] {
        let refused = world.registry.sign_in(login, secret(typed), "10.0.0.1").await;
        assert!(
            matches!(refused, Err(SignInError::NotFitting)),
            "{login}: {refused:?}"
        );
    }
}

#[tokio::test]
async fn an_unknown_login_takes_as_long() {
    let (world, _) = with_accounts().await;
    let mut took = Vec::new();
    for (at, login) in ["jasur", "nobody", "jasur", "nobody"].into_iter().enumerate() {
        let began = Instant::now();
        let _refused = world
            .registry
            .sign_in(login, secret("wrong horse"), &format!("place {at}"))
            .await;
        took.push(began.elapsed());
    }
    let (known, unknown) = (took[0].min(took[2]), took[1].min(took[3]));
    assert!(
        unknown * 3 > known && known * 3 > unknown,
        "known {known:?}, unknown {unknown:?}"
    );
}

#[tokio::test]
async fn guessing_ends_and_the_owner_still_comes_in() {
    let (world, _) = with_accounts().await;
    for _ in 0..5 {
        let refused = world
            .registry
            .sign_in("jasur", secret("wrong horse"), "guesser")
            .await;
        assert!(matches!(refused, Err(SignInError::NotFitting)));
    }
    let refused = world.registry.sign_in("jasur", secret(RIGHT), "guesser").await;
    assert!(matches!(refused, Err(SignInError::TooManyAttempts)));
    world
        .registry
        .sign_in("jasur", secret(RIGHT), "home")
        .await
        .unwrap();
    world.clock.advance(SignedDuration::from_mins(16));
    world
        .registry
        .sign_in("jasur", secret(RIGHT), "guesser")
        .await
        .unwrap();
}

#[tokio::test]
async fn accounts_are_opened_by_an_operator_for_somebody_there() {
    let (world, profile) = with_accounts().await;
    let new = |login: &str, profile| NewAccount {
        login: login.to_owned(),
        secret: secret(RIGHT),
        actor: Actor::Holder { profile },
    };
    let taken = world
        .registry
        .open_account(&operator("operation"), new("Jasur", profile))
        .await;
    assert!(matches!(taken, Err(AccountError::LoginTaken)));
    let nobody = ProfileId::from_random_bits(77);
    assert!(
        world
            .registry
            .open_account(&operator("operation"), new("x", nobody))
            .await
            .is_err()
    );
    assert!(
        world
            .registry
            .open_account(&official("border"), new("x", profile))
            .await
            .is_err()
    );
    let spaced = world
        .registry
        .open_account(&operator("operation"), new("a b", profile))
        .await;
    assert!(matches!(spaced, Err(AccountError::Login)));
    assert!(Secret::parse("short").is_err());
    assert!(Secret::parse(&"x".repeat(129)).is_err());
    assert_eq!(format!("{:?}", secret(RIGHT)), "Secret(hidden)");
}

/// Whoever closes an account while its secret is being compared must not lose the race.
#[tokio::test]
async fn a_closed_account_has_no_session_however_it_came_about() {
    let (world, _) = with_accounts().await;
    let (token, signed_in) = world
        .registry
        .sign_in("orlova", secret(RIGHT), "10.0.0.1")
        .await
        .unwrap();
    let mut work = world.store.begin_read().await.unwrap();
    let hash: [u8; 32] = session_hash(token.as_str());
    let open = work.find_session(hash).await.unwrap().unwrap();
    drop(work);
    world
        .registry
        .close_account(&operator("operation"), "orlova")
        .await
        .unwrap();
    let mut work = world.store.begin().await.unwrap();
    work.open_session(&open).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(open.account, signed_in.account);
    assert!(world.registry.session(token.as_str()).await.unwrap().is_none());
}

#[tokio::test]
async fn names_hold_no_control_characters() {
    let (world, _) = with_accounts().await;
    let named = |login: &str, name: &str, office: &str| NewAccount {
        login: login.to_owned(),
        secret: secret(RIGHT),
        actor: Actor::Official {
            name: name.to_owned(),
            office: office.to_owned(),
        },
    };
    for new in [
        named("a\0", "Орлова", "УВМ"),
        named("a", "Орло\0ва", "УВМ"),
        named("a", "Орлова", "УВМ\nМосква"),
        named("a", " ", "УВМ"),
    ] {
        let refused = world.registry.open_account(&operator("operation"), new).await;
        assert!(matches!(refused, Err(AccountError::Login | AccountError::Name)));
    }
}
