//! Things that happen to a registry, drawn at random: records come, officials decide, persons contest.

use std::collections::BTreeSet;

use jiff::{SignedDuration, civil::date};
use records::{
    key::{ProfileId, RecordKey},
    payload::{Direction, Payload, PersonField},
    subject::{Name, Subject},
};

use super::{
    people::{JASUR, MALIKA, Person},
    world::{World, holder, official},
};
use crate::{
    contestable::stated,
    part::Parted,
    port::{
        contests::{Contested, Outcome},
        review_queue::Verdict,
    },
    registry::AsOf,
    view_profile::ProfileView,
};

pub(super) const PEOPLE: [Person; 4] = [
    JASUR,
    MALIKA,
    // shares name and birth date with the first: pairs for the queue, and merges that are wrong
    Person {
        document: "FB0000001",
        ..JASUR
    },
    Person {
        surname: "KARIMOVA",
        born: "1985-03-09",
        document: "FB0000002",
        ..MALIKA
    },
];

/// Draws numbers that repeat from run to run (splitmix64).
pub(super) struct Draw(pub(super) u64);

impl Draw {
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound.max(1)
    }

    pub(super) fn of<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        list.get(self.below(list.len() as u64) as usize)
    }
}

/// Every profile that there ever was, so that former ids are asked for too.
pub(super) async fn profiles(world: &World) -> Vec<ProfileId> {
    let mut work = world.store.begin_read().await.unwrap();
    let mut found = BTreeSet::new();
    for record in records(world).await {
        let links = work.links_of(&record).await.unwrap();
        found.extend(links.into_iter().map(|link| link.profile));
    }
    found.into_iter().collect()
}

async fn records(world: &World) -> Vec<RecordKey> {
    let mut work = world.store.begin_read().await.unwrap();
    let now = world.registry.now() + SignedDuration::from_secs(1);
    let latest = work.latest_records(now, None, 5_000).await.unwrap();
    latest.into_iter().map(|record| record.key).collect()
}

/// One thing that happens; what the registry refuses happens not.
pub(super) async fn happen(world: &World, draw: &mut Draw, step: u32) {
    match draw.below(9) {
        0 | 1 => arrive(world, draw, step).await,
        2 => supersede(world, draw).await,
        3 => {
            world.link().await;
        }
        4 => decide_pair(world, draw).await,
        5 => correct(world, draw).await,
        6 => {
            let all = profiles(world).await;
            let (Some(one), Some(other)) = (draw.of(&all).copied(), draw.of(&all).copied()) else {
                return;
            };
            let asker = official("identity_review");
            let merged = world.registry.merge_profiles(&asker, [one, other], "одно лицо");
            drop(merged.await);
        }
        7 => drop(part_one(world, draw).await),
        _ => undo_one(world, draw).await,
    }
}

pub(super) async fn arrive(world: &World, draw: &mut Draw, step: u32) {
    let person = &PEOPLE[draw.below(4) as usize];
    let mut records = person.worker(&format!("{step}"));
    if draw.below(2) == 0 {
        records.push(person.ban(&format!("DC{step}")));
    }
    records.push(person.record(
        "border",
        &format!("BY{step}"),
        1,
        person.crossing(Direction::Out, date(2025, 6, 1 + draw.below(9) as i8)),
    ));
    world.ingest(records).await;
    if draw.below(2) == 0 {
        world.link().await;
    }
}

async fn supersede(world: &World, draw: &mut Draw) {
    let keys = records(world).await;
    let Some(key) = draw.of(&keys) else { return };
    let mut work = world.store.begin_read().await.unwrap();
    let now = world.registry.now() + SignedDuration::from_secs(1);
    let Some(last) = work.versions_of(key, now).await.unwrap().pop() else {
        return;
    };
    if matches!(last.payload, Payload::Amendment(_)) {
        return;
    }
    drop(work);
    let person = &PEOPLE[draw.below(4) as usize];
    let (source, id) = (key.source.as_str(), key.id.as_str());
    let version = last.version + 1;
    let payload = last.payload.clone();
    world
        .ingest(vec![person.record(source, id, version, payload)])
        .await;
}

async fn decide_pair(world: &World, draw: &mut Draw) {
    let asker = official("identity_review");
    let page = world.registry.queue(&asker, None, 10).await.unwrap();
    let Some(item) = draw.of(&page.items) else { return };
    let verdict = if draw.below(2) == 0 {
        Verdict::Same
    } else {
        Verdict::Different
    };
    drop(world.registry.take_item(&asker, item.id).await);
    drop(
        world
            .registry
            .decide_item(&asker, item.id, verdict, "сличены")
            .await,
    );
}

pub(super) async fn correct(world: &World, draw: &mut Draw) {
    let all = profiles(world).await;
    let Some(profile) = draw.of(&all).copied() else {
        return;
    };
    let as_of = AsOf::now(&world.registry);
    let Ok(view) = world
        .registry
        .view_profile(&holder(profile), profile, as_of)
        .await
    else {
        return;
    };
    let Some(about) = objection(&view, draw) else {
        return;
    };
    let Ok(case) = world
        .registry
        .contest(&holder(profile), profile, about, "ошибка")
        .await
    else {
        return;
    };
    let asker = official("correction");
    world.registry.take_contest(&asker, case).await.unwrap();
    let outcome = if draw.below(3) > 0 {
        Outcome::Accepted
    } else {
        Outcome::Refused
    };
    drop(
        world
            .registry
            .decide_contest(&asker, case, outcome, "проверено")
            .await,
    );
}

fn objection(view: &ProfileView, draw: &mut Draw) -> Option<Contested> {
    if draw.below(2) == 0 {
        let permit = view.profile.events.permits.first()?;
        let record = permit.cited.key.clone();
        return Some(if draw.below(2) == 0 {
            Contested::Link { record }
        } else {
            Contested::NoEvent {
                record,
                version: permit.cited.version,
            }
        });
    }
    let value = stated(&view.profile, PersonField::Latin)
        .into_iter()
        .next()?
        .value;
    let right = Subject {
        latin: Some(Name {
            surname: "KARIMOFF".to_owned(),
            given: format!("NAME{}", ["A", "B", "C"][draw.below(3) as usize]),
            ..Name::default()
        }),
        ..Subject::default()
    };
    Some(Contested::Person {
        field: PersonField::Latin,
        value: Box::new(value),
        right: Some(Box::new(right)),
    })
}

pub(super) async fn part_one(world: &World, draw: &mut Draw) -> Option<Parted> {
    let keys = records(world).await;
    let record = draw.of(&keys)?.clone();
    let mut work = world.store.begin_read().await.unwrap();
    let now = world.registry.now() + SignedDuration::from_secs(1);
    let link = work.find_link(&record, now).await.unwrap()?;
    drop(work);
    let asker = official("identity_review");
    let parted = world
        .registry
        .part_profile(&asker, link.profile, BTreeSet::from([record]), "чужая запись");
    parted.await.ok()
}

async fn undo_one(world: &World, draw: &mut Draw) {
    let mut work = world.store.begin_read().await.unwrap();
    let rulings = work.rulings(world.registry.now(), None, 1_000).await.unwrap();
    drop(work);
    let Some(ruling) = draw.of(&rulings) else { return };
    let asker = official("identity_review");
    drop(world.registry.undo_ruling(&asker, ruling.id, "ошибка").await);
}
