//! Linking: stable, repeatable, and kept as history.

use jiff::civil::date;
use registry::{link::LinkError, registry::AsOf};

use crate::support::{JASUR, MALIKA, key, official, operator, world};

#[tokio::test]
async fn a_second_run_changes_nothing() {
    let world = world();
    world
        .ingest([JASUR.worker("1"), MALIKA.worker("2")].concat())
        .await;
    let first = world.link().await;
    assert_eq!((first.records, first.profiles, first.new_profiles), (8, 2, 2));
    assert_eq!((first.linked, first.moved), (8, 0));
    let before = world.store.begin_read().await.unwrap().extent().await.unwrap();
    let second = world.link().await;
    assert_eq!(
        (second.linked, second.moved, second.new_profiles, second.queue_new),
        (0, 0, 0, 0)
    );
    let after = world.store.begin_read().await.unwrap().extent().await.unwrap();
    assert_eq!(before, after);
}

#[tokio::test]
async fn a_profile_keeps_its_id_as_records_come() {
    let world = world();
    world.ingest(vec![JASUR.entered("BX0", date(2024, 2, 1))]).await;
    world.link().await;
    let person = world.profile_of(&key("border", "BX0")).await;
    world.ingest(JASUR.worker("1")).await;
    let report = world.link().await;
    assert_eq!((report.linked, report.moved, report.new_profiles), (4, 0, 0));
    assert_eq!(world.profile_of(&key("permits", "PM1")).await, person);
    let as_of = AsOf::now(&world.registry);
    let links = world
        .registry
        .view_links(&official("border"), person, as_of.known_at)
        .await
        .unwrap();
    assert_eq!(links.len(), 5);
    assert!(
        links.iter().all(|link| link.explanation.get("basis").is_some()),
        "each says why"
    );
}

#[tokio::test]
async fn an_empty_store_links_nothing() {
    let world = world();
    let report = world.link().await;
    assert_eq!((report.records, report.profiles, report.linked), (0, 0, 0));
}

#[tokio::test]
async fn only_an_operator_links() {
    let world = world();
    let refused = world.registry.link_all(&official("border")).await;
    assert!(matches!(refused, Err(LinkError::Access(_))));
    let refused = world.registry.link_all(&operator("support")).await;
    assert!(matches!(refused, Err(LinkError::Access(_))));
}
