//! What leaves for statistics names nobody.

use profile::extract::{Pseudonym, Row};
use registry::registry::AsOf;

use crate::support::{
    JASUR, MALIKA, World, asker, key, official, operator, world, world_with_statistics_key,
};

async fn extract(world: &World) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut keep = |row| {
        rows.push(row);
        Ok(())
    };
    let as_of = AsOf::now(&world.registry);
    let count = world
        .registry
        .statistical_extract(&operator("statistics"), as_of, &mut keep)
        .await
        .unwrap();
    assert_eq!(count, rows.len() as u64);
    rows
}

async fn filled(world: World) -> World {
    world
        .ingest([JASUR.worker("1"), MALIKA.worker("2")].concat())
        .await;
    world.link().await;
    world
}

fn pseudonyms(rows: &[Row]) -> Vec<Pseudonym> {
    let mut pseudonyms: Vec<Pseudonym> = rows.iter().map(|row| row.pseudonym).collect();
    pseudonyms.sort();
    pseudonyms
}

#[tokio::test]
async fn one_row_a_person_and_no_names() {
    let world = filled(world()).await;
    let rows = extract(&world).await;
    assert_eq!(rows.len(), 2);
    let text = serde_json::to_string(&rows).unwrap();
    let person = world.profile_of(&key("border", "BX1")).await.to_string();
    for mark in ["KARIMOV", "FA1234567", "1985-03-09", "BX1", "PM1", &person] {
        assert!(!text.contains(mark), "{mark}");
    }
    assert!(text.contains("1985") && text.contains("UZB"));
}

#[tokio::test]
async fn a_pseudonym_stays_and_hangs_on_its_key() {
    let (one, other) = (
        filled(world_with_statistics_key(1)).await,
        filled(world_with_statistics_key(2)).await,
    );
    let first = pseudonyms(&extract(&one).await);
    assert_eq!(first, pseudonyms(&extract(&one).await));
    // the same random numbers gave both worlds the same profile ids
    let person = key("border", "BX1");
    assert_eq!(one.profile_of(&person).await, other.profile_of(&person).await);
    let second = pseudonyms(&extract(&other).await);
    assert!(first.iter().all(|pseudonym| !second.contains(pseudonym)));
}

#[tokio::test]
async fn only_who_may_extracts() {
    let world = filled(world()).await;
    let mut sink = |_| Ok(());
    let as_of = AsOf::now(&world.registry);
    assert!(
        world
            .registry
            .statistical_extract(&official("border"), as_of, &mut sink)
            .await
            .is_err()
    );
    let analyst = registry::access::actor::Actor::Analyst {
        name: "Ли".to_owned(),
        office: "Росстат".to_owned(),
    };
    world
        .registry
        .statistical_extract(&asker(analyst, "statistics"), as_of, &mut sink)
        .await
        .unwrap();
}
