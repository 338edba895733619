//! The server is killed while cases are opened, taken and decided: each step is there as a whole, once, with its notices
//! and its trace, and no step that was acknowledged is lost.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use records::{
    key::ProfileId,
    payload::PersonField,
    subject::{Name, Subject},
};
use registry::{
    conformance::{
        fixtures::key,
        people::Person,
        trace::checked_chain,
        world::{World, holder, official, world_over},
    },
    contestable::stated,
    port::contests::{ContestState, Contested, Outcome},
    registry::AsOf,
};
use testkit::postgres::{self, Cluster};

/// Rounds where the environment names no number.
const ROUNDS: u32 = 3;
/// Persons of whom one goes through all steps; a round decides some of them.
const PEOPLE_A_ROUND: u32 = 6;

/// How far a case has come; each is one transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Nothing,
    Opened,
    Taken,
    Decided,
}

/// What the store holds of a person: notices sent, and entries of the trace that change something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Marks {
    notices: usize,
    entries: usize,
    records: usize,
}

fn rounds() -> u32 {
    std::env::var("SOJOURN_FAULT_TRIES").map_or(ROUNDS, |tries| tries.parse().unwrap())
}

/// People so unlike each other that linkage never takes one for a misspelling of another.
fn person(number: u32) -> Person {
    let word = |word: String| -> &'static str { Box::leak(word.into_boxed_str()) };
    let letters: String = [number / 676, number / 26 % 26, number % 26]
        .iter()
        .map(|at| char::from(b'A' + u8::try_from(*at).unwrap()))
        .collect();
    Person {
        surname: word(format!("KARIM{letters}OV")),
        given: "JASUR",
        born: word(format!(
            "19{:02}-{:02}-{:02}",
            60 + number % 40,
            1 + number % 12,
            1 + number % 28
        )),
        document: word(format!("FA{:07}", (1_234_567 + number * 104_729) % 10_000_000)),
    }
}

async fn stage(world: &World, profile: ProfileId) -> Stage {
    let mut work = world.store.begin_read().await.unwrap();
    let cases = work.contests_about(&[profile], 10).await.unwrap();
    assert!(cases.len() <= 1, "a case is opened once");
    match cases.first().map(|case| case.state()) {
        None => Stage::Nothing,
        Some(ContestState::Waiting) => Stage::Opened,
        Some(ContestState::Taken { .. } | ContestState::Asked { .. }) => Stage::Taken,
        Some(ContestState::Decided { .. }) => Stage::Decided,
    }
}

async fn marks(world: &World, profile: ProfileId) -> Marks {
    let mut work = world.store.begin_read().await.unwrap();
    let entries = work.trace_about(&[profile], None, 1_000).await.unwrap();
    let entries = entries
        .iter()
        .map(|entry| entry.entry().unwrap())
        .filter(|entry| {
            let action = format!("{:?}", entry.action);
            !action.starts_with("View")
        });
    let links = work.links_to(profile, world.registry.now()).await.unwrap();
    Marks {
        notices: work.events_of(profile, 0, 100).await.unwrap().len(),
        entries: entries.count(),
        records: links.len(),
    }
}

/// Does the step after `stage`; none if it failed.
async fn step(world: &World, profile: ProfileId, stage: Stage) -> Option<Stage> {
    world.minutes(1);
    let decider = official("correction");
    let case = || async {
        let mut work = world.store.begin_read().await.ok()?;
        let cases = work.contests_about(&[profile], 10).await.ok()?;
        Some(cases.first()?.id)
    };
    match stage {
        Stage::Nothing => {
            let as_of = AsOf::now(&world.registry);
            let asker = holder(profile);
            let seen = world.registry.view_profile(&asker, profile, as_of).await.ok()?;
            let value = stated(&seen.profile, PersonField::Latin).swap_remove(0).value;
            let misspelt = value.latin.clone().unwrap();
            // still nobody else's name, or linkage might take two for one
            let right = Subject {
                latin: Some(Name {
                    surname: format!("{}A", misspelt.surname),
                    ..misspelt
                }),
                ..Subject::default()
            };
            let about = Contested::Person {
                field: PersonField::Latin,
                value: Box::new(value),
                right: Some(Box::new(right)),
            };
            let opened = world.registry.contest(&asker, profile, about, "misspelt").await;
            opened.ok().map(|_| Stage::Opened)
        }
        Stage::Opened => {
            let taken = world.registry.take_contest(&decider, case().await?).await;
            taken.ok().map(|_| Stage::Taken)
        }
        Stage::Taken => {
            let decided = world
                .registry
                .decide_contest(&decider, case().await?, Outcome::Accepted, "as in the passport")
                .await;
            decided.ok().map(|_| Stage::Decided)
        }
        Stage::Decided => Some(Stage::Decided),
    }
}

/// Takes a person's case to its end, or until the server is gone; tells how far it was acknowledged.
async fn correct(world: &World, profile: ProfileId, killed: &AtomicBool) -> Stage {
    let mut acknowledged = stage(world, profile).await;
    while acknowledged < Stage::Decided {
        match step(world, profile, acknowledged).await {
            Some(done) => acknowledged = done,
            None => {
                assert!(killed.load(Ordering::SeqCst), "nothing was in the way");
                break;
            }
        }
    }
    acknowledged
}

/// Makes the people of a round, each of whom an official has looked at, so that somebody is to be told.
async fn people(world: &World, round: u32) -> Vec<ProfileId> {
    let numbers: Vec<u32> = (0..PEOPLE_A_ROUND)
        .map(|at| round * PEOPLE_A_ROUND + at)
        .collect();
    let records = numbers
        .iter()
        .flat_map(|number| person(*number).worker(&number.to_string()));
    world.ingest(records.collect()).await;
    world.link().await;
    let mut people = Vec::new();
    for number in numbers {
        let profile = world.profile_of(&key("border", &format!("BX{number}"))).await;
        world.minutes(1);
        let as_of = AsOf::now(&world.registry);
        let asker = official("permits");
        let looked = world.registry.view_status(&asker, profile, as_of).await;
        looked.unwrap();
        people.push(profile);
    }
    people
}

/// What each stage leaves behind when nobody is in the way.
async fn undisturbed(world: &World, profile: ProfileId) -> BTreeMap<Stage, Marks> {
    let mut by_stage = BTreeMap::from([(Stage::Nothing, marks(world, profile).await)]);
    let mut stage = Stage::Nothing;
    while stage < Stage::Decided {
        stage = step(world, profile, stage).await.unwrap();
        by_stage.insert(stage, marks(world, profile).await);
    }
    let notices = by_stage.values().map(|marks| marks.notices).max();
    assert!(notices > Some(0), "somebody is told: {by_stage:?}");
    by_stage
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_correction_survives_a_server_that_is_killed() {
    if !postgres::is_installed() {
        return postgres::skip();
    }
    let mut cluster = Cluster::start().await.unwrap();
    let url = cluster.new_database("sojourn").await.unwrap();
    let world = Arc::new(world_over(store::open(&url).await.unwrap()));
    let expected = undisturbed(&world, people(&world, 0).await[0]).await;
    let mut steps = 0;
    for round in 1..=rounds() {
        let people = people(&world, round).await;
        let killed = Arc::new(AtomicBool::new(false));
        let (working, asked, gone) = (Arc::clone(&world), people.clone(), Arc::clone(&killed));
        let worker = tokio::spawn(async move {
            let mut told = Vec::new();
            for profile in asked {
                if gone.load(Ordering::SeqCst) {
                    break;
                }
                told.push((profile, correct(&working, profile, &gone).await));
            }
            told
        });
        let part = (f64::from(round) * 0.618_033_988_75).fract();
        tokio::time::sleep(Duration::from_millis(1_500).mul_f64(part)).await;
        killed.store(true, Ordering::SeqCst);
        cluster.kill().unwrap();
        let told = worker.await;
        cluster.restart().await.unwrap();
        for (profile, acknowledged) in told.unwrap() {
            let found = stage(&world, profile).await;
            assert!(
                found >= acknowledged,
                "round {round}: {acknowledged:?} became {found:?}"
            );
            steps += acknowledged as u32;
        }
        let never = AtomicBool::new(false);
        for profile in people {
            let found = stage(&world, profile).await;
            assert_eq!(marks(&world, profile).await, expected[&found], "round {round}");
            assert_eq!(correct(&world, profile, &never).await, Stage::Decided);
            assert_eq!(marks(&world, profile).await, expected[&Stage::Decided]);
        }
        checked_chain(&world.store).await;
    }
    println!("{steps} steps of corrections acknowledged before a blow, none lost");
    assert!(steps > 0);
}
