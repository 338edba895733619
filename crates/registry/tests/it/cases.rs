//! A case from its opening to its decision, for the tests of both.

use crate::support::{JASUR, MALIKA, World, holder, key, official, world};
use profile::view::Profile;
use records::key::ProfileId;
use records::payload::PersonField;
use records::subject::Name;
use records::subject::Subject;
use registry::contestable::stated;
use registry::port::contests::ContestId;
use registry::port::contests::Contested;
use registry::port::contests::Outcome;
use registry::registry::AsOf;
use status::status::Status;

pub(crate) const WHY: &str = "сличено с паспортом";

pub(crate) async fn worker() -> (World, ProfileId) {
    let world = world();
    world
        .ingest([JASUR.worker("1"), MALIKA.worker("2")].concat())
        .await;
    world.link().await;
    let person = world.profile_of(&key("border", "BX1")).await;
    world.minutes(1);
    (world, person)
}

pub(crate) async fn seen(world: &World, person: ProfileId) -> Profile {
    let as_of = AsOf::now(&world.registry);
    let view = world.registry.view_profile(&holder(person), person, as_of).await;
    view.unwrap().profile
}

pub(crate) async fn status(world: &World, person: ProfileId) -> Status {
    let as_of = AsOf::now(&world.registry);
    let status = world
        .registry
        .view_status(&official("permits"), person, as_of)
        .await;
    status.unwrap()
}

/// That the name is spelt wrong, and how it is right.
pub(crate) fn misspelt(profile: &Profile, right: &str) -> Contested {
    let value = stated(profile, PersonField::Latin).swap_remove(0).value;
    let right = Subject {
        latin: Some(Name {
            surname: right.to_owned(),
            given: "JASUR".to_owned(),
            ..Name::default()
        }),
        ..Subject::default()
    };
    Contested::Person {
        field: PersonField::Latin,
        value: Box::new(value),
        right: Some(Box::new(right)),
    }
}

pub(crate) async fn open(world: &World, person: ProfileId, about: Contested) -> ContestId {
    let case = world
        .registry
        .contest(&holder(person), person, about, "в паспорте иначе")
        .await;
    world.minutes(1);
    case.unwrap()
}

pub(crate) async fn decide(world: &World, case: ContestId, outcome: Outcome) {
    let asker = official("correction");
    world.registry.take_contest(&asker, case).await.unwrap();
    world.minutes(1);
    world
        .registry
        .decide_contest(&asker, case, outcome, WHY)
        .await
        .unwrap();
    world.minutes(1);
}
