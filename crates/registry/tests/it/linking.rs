//! Linking: stable, repeatable, and kept as history.

use jiff::{SignedDuration, civil::date};
use registry::{
    link::LinkError,
    port::{
        StoreError,
        review_queue::{OfficialName, Pair, StandingDecision, Verdict},
    },
    registry::AsOf,
};

use crate::support::{JASUR, MALIKA, Person, key, official, operator, world};

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

/// Records come in by the clock of one server, and linkage runs by that of another, which is behind.
#[tokio::test]
async fn records_of_a_server_whose_clock_runs_ahead_are_linked() {
    let mut linked = 0;
    for behind in 0..12 {
        let world = world();
        world.ingest(JASUR.worker("1")).await;
        world.clock.set_back(SignedDuration::from_secs(behind));
        world.clock.run(SignedDuration::from_secs(1));
        match world.registry.link_all(&operator("operation")).await {
            Ok(report) => {
                assert_eq!((report.records, report.linked), (4, 4), "{behind} s behind");
                linked += 1;
            }
            // It has not caught up by the end.
            Err(LinkError::Access(_) | LinkError::Store(StoreError::ClockBack { .. })) => {}
            Err(error) => panic!("{error}"),
        }
    }
    assert!(linked > 3, "{linked}");
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

#[tokio::test]
async fn of_two_equal_profiles_the_older_goes_on() {
    const NAMES: [&str; 12] = [
        "KARIMOV",
        "YUSUPOVA",
        "SMIRNOV",
        "ABDULLAEV",
        "NGUYEN",
        "PETROSYAN",
        "LIU",
        "GONZALEZ",
        "BAKER",
        "TOKTOSUNOV",
        "HAYDAROV",
        "WAGNER",
    ];
    let world = world();
    let person = |at: usize| Person {
        surname: NAMES[at],
        given: NAMES[11 - at],
        born: ["1961-02-03", "1972-05-28", "1983-08-17", "1994-11-06"][at % 4],
        document: [
            "AB1000001",
            "CD2345678",
            "EF3987601",
            "GH4561230",
            "IJ5098765",
            "KL6712349",
        ][at / 2],
    };
    for half in [0, 1] {
        let people = (0..6).map(|n| n * 2 + half);
        let entries = people.map(|at| person(at).entered(&format!("BX{at:02}"), date(2025, 4, 20)));
        let entries: Vec<_> = entries
            .map(|mut entry| {
                entry.subject.document = None;
                entry
            })
            .collect();
        world.ingest(entries).await;
        world.link().await;
    }
    let mut older = Vec::new();
    let mut work = world.store.begin().await.unwrap();
    for n in 0..6 {
        let pair = [0, 1].map(|half| key("border", &format!("BX{:02}", n * 2 + half)));
        older.push((pair.clone(), world.profile_of(&pair[0]).await));
        let [one, other] = pair;
        let decision = StandingDecision {
            pair: Pair::of(one, other),
            verdict: Verdict::Same,
            official: OfficialName {
                name: "Орлова".to_owned(),
                office: "УВМ".to_owned(),
            },
            reason: "сличены".to_owned(),
            purpose: "identity_review".to_owned(),
            legal_basis: "Decree 467".to_owned(),
            decided_at: world.registry.now(),
        };
        work.add_decision(&decision).await.unwrap();
    }
    work.commit().await.unwrap();
    let report = world.link().await;
    assert_eq!((report.profiles, report.moved), (6, 6));
    for (pair, profile) in older {
        for record in pair {
            assert_eq!(world.profile_of(&record).await, profile);
        }
    }
}
