//! Statuses made ready: whatever happens, what is told out of them is what would be judged anew.

use std::sync::Arc;

use jiff::SignedDuration;
use tokio::task::JoinSet;

use super::{
    fixtures::key,
    happenings::{Draw, PEOPLE, happen},
    people::{JASUR, MALIKA, Person},
    world::{World, official, operator, world_over},
};
use crate::{
    access::action::Action,
    port::{Store, StoreError, prepared_statuses::PreparedStatus},
    registry::legal_day,
    search_key::{SearchKey, SearchKind},
    status_by_document::{AskedDocument, DocumentStatus},
    trace::ChainHead,
};

/// Steps of a sequence that a store is tried on.
const STEPS: u32 = 24;
/// Looks that come at once.
const LOOKS: usize = 40;

fn document_of(person: &Person) -> AskedDocument {
    AskedDocument {
        number: person.number(),
        issuer: None,
    }
}

fn number_of(person: &Person) -> SearchKey {
    SearchKey::number(SearchKind::Document, person.number().as_str())
}

/// Tries a sequence of happenings on a store; `seed` chooses it.
pub async fn try_happenings(store: Arc<dyn Store>, seed: u64, steps: u32) {
    let world = world_over(store);
    let mut draw = Draw(seed);
    for step in 0..steps {
        // sometimes no time passes at all, sometimes it is another day
        match draw.below(8) {
            0 | 1 => {}
            2 => world.clock.advance(SignedDuration::from_hours(24)),
            _ => world.minutes(1),
        }
        if draw.below(3) == 0 {
            let (asker, mut told) = (operator("operation"), |_| {});
            let ready = world.registry.prepare_statuses(&asker, &mut told).await;
            ready.unwrap();
        }
        happen(&world, &mut draw, step).await;
        for person in &PEOPLE {
            let (quick, anew) = (
                tell(&world, person, true).await,
                tell(&world, person, false).await,
            );
            assert!(quick == anew, "seed {seed}, step {step}, {}", person.document);
        }
    }
}

/// What is told of a person out of what is ready, or else judged for the time that it is.
async fn tell(world: &World, person: &Person, ready: bool) -> Result<DocumentStatus, String> {
    let known_at = (!ready).then(|| world.registry.now());
    let (asker, document) = (official("permits"), document_of(person));
    let told = world
        .registry
        .status_by_document(&asker, &document, None, known_at);
    told.await.map_err(|error| error.to_string())
}

/// Whatever happens, what is told out of statuses made ready is what would be judged anew.
pub async fn what_is_ready_is_never_stale(store: Arc<dyn Store>) {
    try_happenings(store, 20_261_124, STEPS).await;
}

/// Each of many looks at once is traced once, and told of the right person.
pub async fn looks_at_once_are_traced_each(store: Arc<dyn Store>) {
    let world = Arc::new(world_over(store));
    world
        .ingest([JASUR.worker("1"), MALIKA.worker("2")].concat())
        .await;
    world.link().await;
    world.minutes(1);
    let mut looks = JoinSet::new();
    for number in 0..LOOKS {
        let world = Arc::clone(&world);
        looks.spawn(async move {
            let person = if number % 2 == 0 { JASUR } else { MALIKA };
            let found = tell(&world, &person, true).await.unwrap();
            (number % 2, found.person)
        });
    }
    let holders = [
        world.profile_of(&key("border", "BX1")).await,
        world.profile_of(&key("border", "BX2")).await,
    ];
    while let Some(look) = looks.join_next().await {
        let (who, person) = look.unwrap();
        assert_eq!(person, holders[who]);
    }
    let mut work = world.store.begin_read().await.unwrap();
    let entries = work.trace_entries(0, 1_000).await.unwrap();
    let mut head: Option<ChainHead> = None;
    let mut traced = [0, 0];
    for chained in entries {
        chained.check(head).unwrap();
        head = Some(chained.head());
        let entry = chained.entry().unwrap();
        if entry.action == Action::ViewStatus {
            let who = usize::from(entry.profiles == [holders[1]]);
            assert_eq!(entry.profiles, [holders[who]]);
            traced[who] += 1;
        }
    }
    assert_eq!(traced, [LOOKS / 2, LOOKS / 2]);
}

/// What is ready is told for its day and its basis only, and goes with the next change; a reader keeps nothing.
pub async fn what_is_ready_is_told_for_its_day_and_basis(store: Arc<dyn Store>) {
    let world = world_over(store);
    world.ingest(JASUR.worker("1")).await;
    world.link().await;
    world.minutes(1);
    let now = world.registry.now();
    let today = legal_day(now);
    let person = world.profile_of(&key("border", "BX1")).await;
    let status = PreparedStatus {
        person,
        on: today,
        basis: "one".to_owned(),
        numbers: Vec::new(),
        words: "{}".to_owned(),
    };
    let mut reading = world.store.begin_read().await.unwrap();
    let refused = reading.keep_statuses(std::slice::from_ref(&status)).await;
    assert!(refused.is_err());
    drop(reading);
    let mut work = world.store.begin().await.unwrap();
    work.keep_statuses(std::slice::from_ref(&status)).await.unwrap();
    work.commit().await.unwrap();
    let numbers = [number_of(&MALIKA), number_of(&JASUR)];
    let ready = async |on, basis: &str| {
        let mut work = world.store.begin_read().await?;
        let [nobody, mut holders] = work.holders(&numbers, now, on, basis).await?.try_into().unwrap();
        assert!(nobody.is_empty());
        let holder = holders.pop().unwrap();
        assert!(holders.is_empty() && holder.person == person);
        Ok::<_, StoreError>(holder.prepared)
    };
    assert_eq!(ready(today, "one").await.unwrap(), Some(status));
    assert_eq!(ready(today, "other").await.unwrap(), None);
    assert_eq!(ready(today.tomorrow().unwrap(), "one").await.unwrap(), None);
    world
        .ingest(vec![JASUR.record(
            "border",
            "BX1",
            2,
            JASUR.crossing(records::payload::Direction::In, today),
        )])
        .await;
    assert_eq!(
        ready(today, "one").await.unwrap(),
        None,
        "a linked record was superseded"
    );
}
