//! Reviewing: who takes decides, the decision stands, and a ban lands by an official's word only.

use records::key::ProfileId;
use registry::{
    access::action::Action,
    port::review_queue::{Item, Verdict},
    review::{Effect, ReviewError},
};

use crate::support::{JASUR, MALIKA, World, holder, key, named_official, official, operator, world};

const PURPOSE: &str = "identity_review";

/// A worker, and a ban that names the same person without a document.
async fn with_a_ban() -> (World, ProfileId, ProfileId, Item) {
    let world = world();
    world
        .ingest([JASUR.worker("1"), MALIKA.worker("2"), vec![JASUR.ban("DC1")]].concat())
        .await;
    let report = world.link().await;
    assert_eq!(report.queue_open, 1);
    let person = world.profile_of(&key("border", "BX1")).await;
    let banned = world.profile_of(&key("decisions", "DC1")).await;
    let page = world.registry.queue(&official(PURPOSE), None, 10).await.unwrap();
    assert_eq!((page.open, page.next_after), (1, None));
    let item = page.items.into_iter().next().unwrap();
    (world, person, banned, item)
}

#[tokio::test]
async fn a_ban_waits_for_an_official() {
    let (world, person, banned, item) = with_a_ban().await;
    assert_ne!(person, banned, "a score alone puts no ban on anybody");
    assert!(item.harmful);
    let view = world
        .registry
        .view_item(&official(PURPOSE), item.id)
        .await
        .unwrap();
    let sides: Vec<_> = view
        .sides
        .iter()
        .map(|side| side.profile.as_ref().unwrap().id)
        .collect();
    assert!(sides.contains(&person) && sides.contains(&banned));
    let looks = world
        .registry
        .who_looked(&holder(person), person, None, 10)
        .await
        .unwrap()
        .looks;
    assert!(
        looks.iter().any(|look| look.action == Action::ViewQueue),
        "whoever is compared sees it"
    );
}

#[tokio::test]
async fn who_takes_decides() {
    let (world, _, _, item) = with_a_ban().await;
    let (orlova, petrov) = (official(PURPOSE), named_official("Петров", PURPOSE));
    let decide = |asker, reason| {
        let registry = &world.registry;
        async move { registry.decide_item(&asker, item.id, Verdict::Same, reason).await }
    };
    assert!(matches!(
        decide(orlova.clone(), "x").await,
        Err(ReviewError::NotTaken)
    ));
    world.registry.take_item(&orlova, item.id).await.unwrap();
    world.registry.take_item(&orlova, item.id).await.unwrap();
    assert!(matches!(
        world.registry.take_item(&petrov, item.id).await,
        Err(ReviewError::TakenByOther)
    ));
    assert!(matches!(
        decide(petrov.clone(), "x").await,
        Err(ReviewError::TakenByOther)
    ));
    for no_reason in ["  ", "сличены\0документы"] {
        assert!(matches!(
            decide(orlova.clone(), no_reason).await,
            Err(ReviewError::Reason)
        ));
    }
    world.registry.release_item(&orlova, item.id).await.unwrap();
    world.registry.take_item(&petrov, item.id).await.unwrap();
    decide(petrov.clone(), "сличены документы").await.unwrap();
    assert!(matches!(decide(petrov, "x").await, Err(ReviewError::Closed)));
    let refused = world.registry.take_item(&operator(PURPOSE), item.id).await;
    assert!(matches!(refused, Err(ReviewError::NotAnOfficial)));
}

#[tokio::test]
async fn same_joins_two_profiles_and_stays_so() {
    let (world, person, banned, item) = with_a_ban().await;
    let asker = official(PURPOSE);
    world.registry.take_item(&asker, item.id).await.unwrap();
    world.minutes(1);
    let effect = world
        .registry
        .decide_item(&asker, item.id, Verdict::Same, "сличены")
        .await
        .unwrap();
    assert_eq!(
        effect,
        Effect::Merged {
            into: person,
            records: 1
        }
    );
    assert_eq!(world.profile_of(&key("decisions", "DC1")).await, person);
    let report = world.link().await;
    assert_eq!(
        (report.moved, report.queue_open),
        (0, 0),
        "the engine keeps the official's word"
    );
    let looks = world
        .registry
        .who_looked(&holder(banned), banned, None, 50)
        .await
        .unwrap()
        .looks;
    assert!(
        looks.iter().any(|look| look.action == Action::DecideItem),
        "told under the former id"
    );
    let now = registry::registry::AsOf::now(&world.registry);
    let view = world
        .registry
        .view_profile(&official("border"), banned, now)
        .await
        .unwrap();
    assert_eq!(view.profile.id, person, "the former id leads to the present one");
}

#[tokio::test]
async fn different_keeps_them_apart() {
    let (world, person, banned, item) = with_a_ban().await;
    let asker = official(PURPOSE);
    world.registry.take_item(&asker, item.id).await.unwrap();
    let effect = world
        .registry
        .decide_item(&asker, item.id, Verdict::Different, "другое лицо")
        .await
        .unwrap();
    assert_eq!(effect, Effect::None);
    let report = world.link().await;
    assert_eq!(
        (report.moved, report.queue_open, report.queue_new),
        (0, 0, 0),
        "not asked again"
    );
    assert_ne!(world.profile_of(&key("decisions", "DC1")).await, person);
    assert_eq!(world.profile_of(&key("decisions", "DC1")).await, banned);
}
