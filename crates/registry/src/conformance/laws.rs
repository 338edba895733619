//! Laws of the whole registry that a store must not break, on sequences of events drawn at random.
//!
//! * an answer given for a time in the past never changes, whatever arrives later;
//! * a merge or a parting that is taken back leaves links, profile and status as they were.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::{Timestamp, civil::date};
use records::{
    Day,
    key::{ProfileId, RecordKey},
};
use status::status::Status;

use super::{
    happenings::{Draw, PEOPLE, arrive, correct, happen, part_one, profiles},
    world::{World, official, operator, world_over},
};
use crate::{
    find::{Found, Query},
    port::{
        Store,
        link_book::{Link, OpenLink},
    },
    registry::AsOf,
    view_profile::ProfileView,
};

/// Steps of a sequence that a store is tried on.
const STEPS: u32 = 24;
/// Questions kept after each step.
const QUESTIONS: u64 = 3;

/// What is asked.
#[derive(Clone, Debug)]
enum Question {
    Profile(ProfileId, AsOf),
    Status(ProfileId, AsOf),
    Links(ProfileId, Timestamp),
    Find(Query, AsOf),
    Export(Option<Day>, Timestamp),
}

/// What was answered; a refusal is an answer too.
#[derive(Debug, PartialEq)]
enum Answer {
    Profile(Box<ProfileView>),
    Status(Box<Status>),
    Links(Vec<Link>),
    Found(Vec<Found>),
    Export(Vec<OpenLink>),
    Refused(String),
}

async fn ask(world: &World, question: &Question) -> Answer {
    let registry = &world.registry;
    let asker = official("permits");
    match question {
        Question::Profile(profile, as_of) => registry
            .view_profile(&asker, *profile, *as_of)
            .await
            .map_or_else(refused, |view| Answer::Profile(Box::new(view))),
        Question::Status(profile, as_of) => registry
            .view_status(&asker, *profile, *as_of)
            .await
            .map_or_else(refused, |status| Answer::Status(Box::new(status))),
        Question::Links(profile, known_at) => registry
            .view_links(&asker, *profile, *known_at)
            .await
            .map_or_else(refused, Answer::Links),
        Question::Find(query, as_of) => registry
            .find(&asker, query, *as_of)
            .await
            .map_or_else(refused, Answer::Found),
        Question::Export(on, known_at) => {
            let mut links = Vec::new();
            let mut keep = |link: OpenLink| {
                links.push(link);
                Ok(())
            };
            let exported = registry
                .export_links(&operator("operation"), *on, *known_at, &mut keep)
                .await;
            exported.map_or_else(refused, |_| Answer::Export(links))
        }
    }
}

fn refused(error: impl std::fmt::Display) -> Answer {
    Answer::Refused(error.to_string())
}

/// Tries a sequence of steps on a store; `seed` chooses it.
pub async fn try_sequence(store: Arc<dyn Store>, seed: u64, steps: u32) {
    let world = world_over(store);
    let mut draw = Draw(seed);
    let mut remembered: Vec<(Question, Answer)> = Vec::new();
    for step in 0..steps {
        // sometimes no time passes at all between an answer and the next event
        if draw.below(4) > 0 {
            world.minutes(1);
        }
        happen(&world, &mut draw, step).await;
        for _ in 0..QUESTIONS {
            let question = question(&world, &mut draw).await;
            let answer = ask(&world, &question).await;
            remembered.push((question, answer));
        }
        if let Some((question, answer)) = draw.of(&remembered) {
            let same = ask(&world, question).await == *answer;
            assert!(same, "seed {seed}, step {step}: {question:?}");
        }
    }
    for (question, answer) in &remembered {
        let same = ask(&world, question).await == *answer;
        assert!(same, "seed {seed}, in the end: {question:?}");
    }
}

async fn question(world: &World, draw: &mut Draw) -> Question {
    let known_at = world.registry.now();
    let as_of = AsOf {
        on: date(2025, 4 + draw.below(4) as i8, 1 + draw.below(27) as i8),
        known_at,
    };
    let profiles = profiles(world).await;
    let profile = draw
        .of(&profiles)
        .copied()
        .unwrap_or_else(|| ProfileId::from_random_bits(5));
    let person = &PEOPLE[draw.below(4) as usize];
    match draw.below(6) {
        0 => Question::Profile(profile, as_of),
        1 => Question::Status(profile, as_of),
        2 => Question::Links(profile, known_at),
        3 => Question::Export((draw.below(2) == 0).then_some(as_of.on), known_at),
        4 => Question::Find(
            Query::Document {
                number: person.number(),
                issuer: None,
            },
            as_of,
        ),
        _ => Question::Find(
            Query::Name {
                name: format!("{} {}", person.surname, person.given),
                born: person.born(),
            },
            as_of,
        ),
    }
}

/// An answer given for a time in the past never changes, whatever arrives later.
pub async fn past_answers_never_change(store: Arc<dyn Store>) {
    try_sequence(store, 20_250_610, STEPS).await;
}

/// All that is known now: whose is each record, and what profile and status say, without the time of asking.
#[derive(Debug, PartialEq)]
struct State {
    links: Vec<OpenLink>,
    profiles: Vec<(ProfileId, Answer)>,
    statuses: Vec<(ProfileId, Answer)>,
}

impl State {
    /// Which records are one person's.
    fn persons(&self) -> BTreeSet<Vec<&RecordKey>> {
        let mut persons: BTreeMap<ProfileId, Vec<&RecordKey>> = BTreeMap::new();
        for link in &self.links {
            persons.entry(link.profile).or_default().push(&link.record);
        }
        persons.into_values().collect()
    }

    /// Names what differs, without the persons.
    fn check(&self, other: &Self, place: &str) {
        let moved = self
            .links
            .iter()
            .zip(&other.links)
            .find(|(one, other)| one != other);
        assert!(
            moved.is_none() && self.links.len() == other.links.len(),
            "{place}: {moved:?}"
        );
        for (part, one, other) in [
            ("profile", &self.profiles, &other.profiles),
            ("status", &self.statuses, &other.statuses),
        ] {
            let changed = one.iter().zip(other).find(|(one, other)| one != other);
            assert!(changed.is_none(), "{place}: {part} {}", changed.unwrap().0.0);
        }
    }
}

async fn state(world: &World) -> State {
    let now = AsOf::now(&world.registry);
    let Answer::Export(links) = ask(world, &Question::Export(None, now.known_at)).await else {
        panic!("links are exported")
    };
    let holding: BTreeSet<ProfileId> = links.iter().map(|link| link.profile).collect();
    let (mut profiles, mut statuses) = (Vec::new(), Vec::new());
    for profile in holding {
        let mut seen = ask(world, &Question::Profile(profile, now)).await;
        if let Answer::Profile(view) = &mut seen {
            view.profile.known_at = Timestamp::UNIX_EPOCH;
        }
        profiles.push((profile, seen));
        statuses.push((profile, ask(world, &Question::Status(profile, now)).await));
    }
    State {
        links,
        profiles,
        statuses,
    }
}

/// Tries merges and partings on a store, each taken back; `seed` chooses them.
pub async fn try_taking_back(store: Arc<dyn Store>, seed: u64, rounds: u32) {
    let world = world_over(store);
    let mut draw = Draw(seed);
    for step in 0..6 {
        arrive(&world, &mut draw, step).await;
    }
    correct(&world, &mut draw).await;
    world.link().await;
    world.minutes(1);
    let asker = official("identity_review");
    for round in 0..rounds {
        let before = state(&world).await;
        let holding: BTreeSet<ProfileId> = before.links.iter().map(|link| link.profile).collect();
        let holding: Vec<ProfileId> = holding.into_iter().collect();
        world.minutes(1);
        let ruling = if draw.below(2) == 0 {
            let sides = [*draw.of(&holding).unwrap(), *draw.of(&holding).unwrap()];
            let merged = world.registry.merge_profiles(&asker, sides, "одно лицо").await;
            merged.ok().map(|merged| merged.ruling)
        } else {
            part_one(&world, &mut draw).await.map(|parted| parted.ruling)
        };
        let Some(ruling) = ruling else { continue };
        world.minutes(1);
        assert!(
            state(&world).await.links != before.links,
            "seed {seed}, round {round}"
        );
        let was_linked_meanwhile = draw.below(2) == 0;
        if was_linked_meanwhile {
            world.link().await;
        }
        world
            .registry
            .undo_ruling(&asker, ruling, "ошибка")
            .await
            .unwrap();
        world.minutes(1);
        let place = format!("seed {seed}, round {round}");
        if !was_linked_meanwhile {
            before.check(&state(&world).await, &format!("taken back, {place}"));
        }
        world.link().await;
        let after = state(&world).await;
        if was_linked_meanwhile {
            // What linkage has moved because of the ruling it moves back, though it may be under another id.
            assert!(after.persons() == before.persons(), "linked again, {place}");
        } else {
            before.check(&after, &format!("linked again, {place}"));
        }
    }
}

/// A merge or a parting that is taken back leaves links, profile and status as they were.
pub async fn what_is_taken_back_leaves_no_mark(store: Arc<dyn Store>) {
    try_taking_back(store, 7, 6).await;
}
