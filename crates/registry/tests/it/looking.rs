//! Looking: as far as the purpose opens it, never without a trace.

use jiff::{SignedDuration, civil::date};
use records::document::DocumentNumber;
use registry::{
    access::{action::Action, action::FieldGroup, actor::Actor},
    registry::AsOf,
    status_by_document::{AskedDocument, DocumentStatusError},
    trace::Outcome,
    view_profile::ViewError,
};

use crate::support::{JASUR, MALIKA, Person, holder, key, official, operator, world};

#[tokio::test]
async fn a_purpose_opens_its_fields_and_no_others() {
    let world = world();
    world.ingest(JASUR.worker("1")).await;
    world.link().await;
    let person = world.profile_of(&key("border", "BX1")).await;
    let as_of = AsOf::now(&world.registry);

    let own = world
        .registry
        .view_profile(&holder(person), person, as_of)
        .await
        .unwrap();
    assert!(own.closed.is_empty());
    let whole = serde_json::to_string(&own.profile).unwrap();

    for purpose in [
        "registration",
        "permits",
        "supervision",
        "border",
        "labour_inspection",
        "tax",
        "medical_care",
    ] {
        let view = world
            .registry
            .view_profile(&official(purpose), person, as_of)
            .await
            .unwrap();
        let seen = serde_json::to_string(&view.profile).unwrap();
        for (group, mark) in [
            (FieldGroup::Identity, "KARIMOV"),
            (FieldGroup::Identity, "1985-03-09"),
            (FieldGroup::Documents, "FA1234567"),
            (FieldGroup::Stays, "A-SVO"),
            (FieldGroup::Permits, "Подсобный рабочий"),
            (FieldGroup::Payments, "2670000"),
            (FieldGroup::Medical, "ЛО-77-01-001234"),
        ] {
            assert!(whole.contains(mark), "the whole profile holds {mark}");
            let open = !view.closed.contains(&group);
            assert_eq!(seen.contains(mark), open, "{mark} for {purpose}");
        }
    }
}

#[tokio::test]
async fn every_look_is_seen_by_the_person_it_was_about() {
    let world = world();
    world
        .ingest([JASUR.worker("1"), MALIKA.worker("2")].concat())
        .await;
    world.link().await;
    let (jasur, malika) = (
        world.profile_of(&key("border", "BX1")).await,
        world.profile_of(&key("border", "BX2")).await,
    );
    assert_ne!(jasur, malika);
    let as_of = AsOf::now(&world.registry);
    world
        .registry
        .view_profile(&official("border"), jasur, as_of)
        .await
        .unwrap();
    world.minutes(1);
    world
        .registry
        .view_status(&official("registration"), jasur, as_of)
        .await
        .unwrap();
    world
        .registry
        .view_links(&official("border"), malika, as_of.known_at)
        .await
        .unwrap();

    let looks = world
        .registry
        .who_looked(&holder(jasur), jasur, None, 10)
        .await
        .unwrap();
    let said: Vec<_> = looks
        .looks
        .iter()
        .map(|look| (look.action, look.purpose.as_str()))
        .collect();
    assert_eq!(
        said,
        [
            (Action::ViewStatus, "registration"),
            (Action::ViewProfile, "border")
        ],
        "newest first"
    );
    let first = &looks.looks[1];
    assert!(
        matches!(&first.actor, Actor::Official { name, office } if name == "Орлова" && !office.is_empty())
    );
    assert!(first.legal_basis.starts_with("114-FZ"));
    assert_eq!((first.at, first.outcome.clone()), (as_of.known_at, Outcome::Done));
    assert_eq!(looks.withheld, 0);
}

#[tokio::test]
async fn a_look_that_a_law_keeps_back_is_counted_and_appears_later() {
    let world = world();
    world.ingest(JASUR.worker("1")).await;
    world.link().await;
    let person = world.profile_of(&key("border", "BX1")).await;
    let as_of = AsOf::now(&world.registry);
    world
        .registry
        .view_profile(&official("investigation"), person, as_of)
        .await
        .unwrap();
    let looks = world
        .registry
        .who_looked(&holder(person), person, None, 10)
        .await
        .unwrap();
    assert_eq!((looks.looks.len(), looks.withheld), (0, 1));
    world.clock.advance(SignedDuration::from_hours(24 * 180));
    let looks = world
        .registry
        .who_looked(&holder(person), person, None, 10)
        .await
        .unwrap();
    assert!(
        looks
            .looks
            .iter()
            .any(|look| look.purpose.as_str() == "investigation")
    );
    assert_eq!(looks.withheld, 0);
}

#[tokio::test]
async fn the_past_is_answered_as_it_was_known() {
    let world = world();
    world.ingest(vec![JASUR.entered("BX1", date(2025, 4, 20))]).await;
    world.link().await;
    let before = AsOf::now(&world.registry);
    world.ingest(JASUR.worker("2")).await;
    world.link().await;
    let person = world.profile_of(&key("border", "BX1")).await;
    let asker = official("permits");
    let then = world
        .registry
        .view_profile(&asker, person, before)
        .await
        .unwrap()
        .profile;
    let now = world
        .registry
        .view_profile(&asker, person, AsOf::now(&world.registry))
        .await
        .unwrap()
        .profile;
    assert_eq!((then.events.permits.len(), now.events.permits.len()), (0, 1));
    let never = AsOf {
        known_at: before.known_at - SignedDuration::from_hours(24),
        ..before
    };
    let nothing = world.registry.view_profile(&asker, person, never).await;
    assert!(matches!(nothing, Err(ViewError::NoSuchProfile)));
}

#[tokio::test]
async fn the_trace_tells_of_every_use_case() {
    let world = world();
    world.ingest(JASUR.worker("1")).await;
    world.link().await;
    let mut sink = |_| Ok(());
    world
        .registry
        .export_links(&operator("operation"), None, world.registry.now(), &mut sink)
        .await
        .unwrap();
    let report = world.registry.verify_trace(&operator("operation")).await.unwrap();
    assert_eq!(report.entries, 4, "the check itself is among them");
    assert!(report.head.is_some());
}

/// A status is never shown for one of several whom a number fits, and whoever it fits sees the look.
#[tokio::test]
async fn a_document_leads_to_one_person_or_to_none() {
    let world = world();
    let other = Person {
        surname: "SAIDOV",
        given: "RUSTAM",
        born: "1971-01-17",
        ..JASUR
    };
    world
        .ingest([JASUR.worker("1"), MALIKA.worker("2")].concat())
        .await;
    world.link().await;
    let (asker, document) = (official("border"), asked(JASUR.document));
    let ask = || world.registry.status_by_document(&asker, &document, None, None);
    let jasur = world.profile_of(&key("border", "BX1")).await;
    let found = ask().await.unwrap();
    assert_eq!(found.person, jasur);
    let as_of = AsOf::now(&world.registry);
    let by_id = world.registry.view_status(&asker, jasur, as_of).await.unwrap();
    assert_eq!(found.words, serde_json::to_string(&by_id).unwrap());
    let before = world.registry.now();

    world.ingest(other.worker("3")).await;
    world.link().await;
    let rustam = world.profile_of(&key("border", "BX3")).await;
    assert_ne!(jasur, rustam);
    world.minutes(1);
    assert!(matches!(ask().await, Err(DocumentStatusError::SeveralPersons)));
    let then = world
        .registry
        .status_by_document(&asker, &document, None, Some(before));
    assert_eq!(then.await.unwrap().person, jasur, "as was known then");
    let looks = world
        .registry
        .who_looked(&holder(rustam), rustam, None, 10)
        .await
        .unwrap();
    assert_eq!(looks.looks[0].action, Action::ViewStatus);
    let nobody = asked("FX0000000");
    let none = world
        .registry
        .status_by_document(&asker, &nobody, None, None)
        .await;
    assert!(matches!(none, Err(DocumentStatusError::NoSuchPerson)));
}

fn asked(number: &str) -> AskedDocument {
    AskedDocument {
        number: DocumentNumber::parse(number).unwrap(),
        issuer: None,
    }
}
