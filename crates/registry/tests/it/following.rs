//! What follows from a decision: for proofs, for whoever was told, for what is asked again.

use credential::Answer;
use credential::Purpose as Matter;
use jiff::SignedDuration;
use jiff::civil::date;
use records::key::RecordKey;
use registry::access::action::FieldGroup;
use registry::access::actor::Actor;
use registry::access::permit::AccessError;
use registry::check_answer::QrChecked;
use registry::contestable::PartForm;
use registry::deliver::DeliverError;
use registry::find::Because;
use registry::find::Query;
use registry::ingest::IngestError;
use registry::port::StoreError;
use registry::port::contests::Contested;
use registry::port::contests::Outcome;
use registry::port::outbox::News;
use registry::port::outbox::Receiver;
use registry::registry::AsOf;

use crate::cases::{decide, misspelt, open, seen, status, worker};
use crate::support::{JASUR, asker, holder, key, official, operator, verifier};

/// A day put right brings a right back, and every proof of the old answer ends.
#[tokio::test]
async fn a_corrected_event_changes_the_status_and_ends_old_proofs() {
    let (world, person) = worker().await;
    let until = status(&world, person).await.work.until;
    let proof = world
        .registry
        .issue_proof(&holder(person), person, Matter::Work)
        .await
        .unwrap();
    let made = world
        .registry
        .make_share_code(
            &holder(person),
            person,
            Matter::Work,
            SignedDuration::from_hours(24),
        )
        .await
        .unwrap();
    let code = made.code.to_string();
    let bakery = verifier("ООО «Пекарня»");
    world
        .registry
        .check_code(&bakery, &code, JASUR.born())
        .await
        .unwrap();
    let paid = Contested::Part {
        record: key("pit", "PY1"),
        version: 1,
        at: "/amount_kopecks".to_owned(),
        was: 2_670_000.into(),
        right: PartForm::Kopecks.read("5340000").unwrap(),
    };
    let case = open(&world, person, paid).await;
    let before = world.registry.withdrawn_proofs().await.unwrap();
    assert!(before.withdrawn.is_empty(), "contesting alone withdraws nothing");
    decide(&world, case, Outcome::Accepted).await;

    let now = status(&world, person).await;
    assert!(now.work.until > until, "twice the sum pays twice the time");
    let payment = seen(&world, person).await.events.payments.swap_remove(0);
    assert_eq!(payment.fact.amount_kopecks, 5_340_000);
    assert_eq!(payment.amended_by[0].source().as_str(), "sojourn");
    assert_eq!(payment.earlier[0].fact.amount_kopecks, 2_670_000);

    let cites_decision = now.evidence.facts.iter().any(|fact| {
        let record = fact.record.as_ref();
        record.is_some_and(|record| record.key == key("sojourn", "case-1"))
    });
    assert!(cites_decision, "the status names the decision as its ground");

    let list = world.registry.withdrawn_proofs().await.unwrap();
    assert_eq!(list.withdrawn.len(), 1);
    assert_eq!(list.withdrawn[0].credential, proof.statement.credential);
    let checked = world
        .registry
        .check_qr(&bakery, proof.text.as_str())
        .await
        .unwrap();
    let QrChecked::Withdrawn { now, .. } = checked else {
        panic!("a withdrawn proof is told as one: {checked:?}")
    };
    assert!(matches!(now.answer, Answer::Yes(_)), "beside what holds now");
    let ended = world.registry.check_code(&bakery, &code, JASUR.born()).await;
    assert!(ended.is_err(), "the code has ended with the answer it stood for");
    world.clock.advance(SignedDuration::from_hours(25));
    let list = world.registry.withdrawn_proofs().await.unwrap();
    assert!(
        list.withdrawn.is_empty(),
        "a proof that has ended by itself is on no list"
    );
}

/// Who was told hears of it: once, under its own id, and only of what it may know.
#[tokio::test]
async fn whoever_was_told_and_may_know_gets_a_notice() {
    let (world, person) = worker().await;
    let agency = |office: &str, purpose: &str| {
        let actor = Actor::Official {
            name: "Белова".to_owned(),
            office: office.to_owned(),
        };
        asker(actor, purpose)
    };
    let as_of = AsOf::now(&world.registry);
    for (office, purpose) in [
        ("ФНС", "tax"),
        ("Миграция", "permits"),
        ("Труд", "labour_inspection"),
        ("Розыск", "investigation"),
    ] {
        let asker = agency(office, purpose);
        world.registry.view_profile(&asker, person, as_of).await.unwrap();
    }
    let about = Contested::Part {
        record: key("pit", "PY1"),
        version: 1,
        at: "/amount_kopecks".to_owned(),
        was: 2_670_000.into(),
        right: 5_340_000.into(),
    };
    let case = open(&world, person, about).await;
    decide(&world, case, Outcome::Accepted).await;
    let group = FieldGroup::Payments;
    let read = |office: &str| {
        let asker = agency(office, "notices");
        let registry = &world.registry;
        async move { registry.notices(&asker, None, 10).await.unwrap() }
    };
    let tax = read("ФНС").await;
    let news: Vec<News> = tax.notices.iter().map(|notice| notice.news.clone()).collect();
    assert_eq!(
        news,
        [News::Contested { case, group }, News::Corrected { case, group }]
    );
    let permits = read("Миграция").await;
    assert_eq!(permits.notices.len(), 2);
    let ids: Vec<_> = [&tax, &permits]
        .iter()
        .map(|read| read.notices[0].person.unwrap().to_string())
        .collect();
    assert_ne!(ids[0], ids[1], "each sector has its own id");
    assert!(!ids.contains(&person.to_string().replace('-', "")));
    assert!(
        read("Труд").await.notices.is_empty(),
        "who never sees payments is not told of them"
    );
    assert!(read("Розыск").await.notices.is_empty());

    let number = tax.notices[0].number;
    let found = world
        .find(&agency("ФНС", "tax"), &Query::Notice { number })
        .await
        .unwrap();
    assert_eq!(
        (found[0].profile.id, &found[0].because[..]),
        (person, &[Because::Notice][..])
    );
    let foreign = world
        .find(&agency("Миграция", "permits"), &Query::Notice { number })
        .await
        .unwrap();
    assert!(foreign.is_empty(), "another office's notice leads nowhere");
}

/// A look that a law keeps from the person does not come out by the notice either.
#[tokio::test]
async fn a_kept_look_stays_kept() {
    let (world, person) = worker().await;
    let secret = asker(
        Actor::Official {
            name: "Белова".to_owned(),
            office: "Розыск".to_owned(),
        },
        "investigation",
    );
    let as_of = AsOf::now(&world.registry);
    world.registry.view_profile(&secret, person, as_of).await.unwrap();
    let about = misspelt(&seen(&world, person).await, "KARIMOFF");
    let case = open(&world, person, about).await;
    decide(&world, case, Outcome::Accepted).await;
    let own = world
        .registry
        .own_contests(&holder(person), person)
        .await
        .unwrap();
    let office = Receiver::Agency {
        office: "Розыск".to_owned(),
    };
    assert!(own[0].notices.iter().all(|notice| notice.to != office));
    let told = asker(secret.actor.clone(), "notices");
    assert_eq!(
        world
            .registry
            .notices(&told, None, 10)
            .await
            .unwrap()
            .notices
            .len(),
        2
    );
}

/// A receiver that fails between reading and acknowledging reads the same again; nothing is done twice.
#[tokio::test]
async fn notices_are_delivered_until_they_are_acknowledged() {
    let (world, person) = worker().await;
    let office = official("permits");
    let as_of = AsOf::now(&world.registry);
    world.registry.view_profile(&office, person, as_of).await.unwrap();
    for surname in ["KARIMOFF", "KARIMOW"] {
        let about = misspelt(&seen(&world, person).await, surname);
        let case = open(&world, person, about).await;
        decide(&world, case, Outcome::Accepted).await;
    }
    let asker = official("notices");
    let registry = &world.registry;
    let first = registry.notices(&asker, None, 3).await.unwrap();
    assert_eq!(
        (first.notices.len(), first.more, first.acknowledged),
        (3, true, 0)
    );
    // the receiver dies here, before it acknowledges
    let again = registry.notices(&asker, None, 3).await.unwrap();
    assert_eq!(again, first);
    let last = first.notices[2].number;
    assert_eq!(registry.acknowledge(&asker, last).await.unwrap(), 3);
    assert_eq!(
        registry.acknowledge(&asker, last).await.unwrap(),
        0,
        "a second time does nothing"
    );
    let rest = registry.notices(&asker, None, 3).await.unwrap();
    assert_eq!(
        (rest.notices.len(), rest.more, rest.acknowledged),
        (1, false, last)
    );
    let cases = registry.own_contests(&holder(person), person).await.unwrap();
    let confirmed = |case: usize| {
        cases[case]
            .notices
            .iter()
            .filter(|n| n.confirmed_at.is_some())
            .count()
    };
    assert_eq!(
        (confirmed(1), confirmed(0)),
        (1, 0),
        "the holder sees who has read it"
    );
    registry.replay(&asker, 0).await.unwrap();
    assert_eq!(registry.notices(&asker, None, 10).await.unwrap().notices.len(), 4);
    assert_eq!(
        registry.acknowledge(&asker, last).await.unwrap(),
        0,
        "read again, not acted on again"
    );
    for wrong in [0, last + 100] {
        assert!(matches!(
            registry.acknowledge(&asker, wrong).await,
            Err(DeliverError::NoSuchNotice)
        ));
    }
    let other = verifier("ООО");
    let other = registry::access::actor::Asker::new(
        other.actor,
        registry::access::purpose::PurposeId::parse("notices").unwrap(),
    );
    assert!(matches!(
        registry.acknowledge(&other, last).await,
        Err(DeliverError::NoSuchNotice)
    ));
}

/// An agency contests too; its case is its own, and it is told when the case moves.
#[tokio::test]
async fn an_agency_contests_and_hears_of_its_case() {
    let (world, person) = worker().await;
    let tax = asker(
        Actor::Official {
            name: "Белова".to_owned(),
            office: "ФНС".to_owned(),
        },
        "tax",
    );
    let record: RecordKey = key("pit", "PY1");
    let about = Contested::NoEvent { record, version: 1 };
    let case = world
        .registry
        .contest(&tax, person, about, "платёж возвращён")
        .await
        .unwrap();
    assert!(
        world
            .registry
            .own_contests(&holder(person), person)
            .await
            .unwrap()
            .is_empty(),
        "the exchange is the agency's"
    );
    let view = world
        .registry
        .view_profile(&holder(person), person, AsOf::now(&world.registry))
        .await
        .unwrap();
    assert_eq!(
        view.contested.len(),
        1,
        "but the holder sees that it is contested"
    );
    decide(&world, case, Outcome::Accepted).await;
    let listed = world.registry.office_contests(&tax, None, 10).await.unwrap();
    assert_eq!(listed.len(), 1);
    let told = asker(tax.actor.clone(), "notices");
    let notices = world.registry.notices(&told, None, 10).await.unwrap().notices;
    assert!(
        notices
            .iter()
            .any(|notice| notice.news == News::CaseMoved { case })
    );
    let other = world
        .registry
        .office_contests(&official("permits"), None, 10)
        .await
        .unwrap();
    assert!(other.is_empty());
}

#[tokio::test]
async fn a_source_that_corrects_itself_ends_proofs_too() {
    let (world, person) = worker().await;
    let proof = world
        .registry
        .issue_proof(&holder(person), person, Matter::Work)
        .await
        .unwrap();
    let untouched = JASUR.entered("BX7", date(2025, 6, 9));
    world.ingest(vec![untouched]).await;
    assert!(
        world
            .registry
            .withdrawn_proofs()
            .await
            .unwrap()
            .withdrawn
            .is_empty()
    );
    let mut corrected = JASUR.worker("1").swap_remove(2);
    corrected.version = 2;
    world.ingest(vec![corrected]).await;
    let list = world.registry.withdrawn_proofs().await.unwrap().withdrawn;
    assert_eq!(list[0].credential, proof.statement.credential);
}

#[tokio::test]
async fn nobody_speaks_for_the_register() {
    let (world, person) = worker().await;
    let about = misspelt(&seen(&world, person).await, "KARIMOFF");
    let case = open(&world, person, about).await;
    decide(&world, case, Outcome::Accepted).await;
    let mut work = world.store.begin_read().await.unwrap();
    let decision = key("sojourn", "case-1");
    let mut forged = work
        .versions_of(&decision, world.registry.now())
        .await
        .unwrap()
        .swap_remove(0);
    drop(work);
    forged.version = 2;
    let report = world.ingest(vec![forged]).await.total();
    assert_eq!((report.superseding, report.quarantined), (0, 1));
    let mut work = world.store.begin_read().await.unwrap();
    let kept = work.versions_of(&decision, world.registry.now()).await.unwrap();
    assert_eq!(kept.len(), 1);
}

/// The clock was set back behind an answer: nothing may be added that would have belonged into it.
#[tokio::test]
async fn what_was_answered_binds_what_comes_later() {
    let (world, person) = worker().await;
    world.minutes(5);
    let as_of = AsOf::now(&world.registry);
    let view = world
        .registry
        .view_profile(&official("permits"), person, as_of)
        .await;
    let before = view.unwrap();
    world.clock.set_back(SignedDuration::from_mins(3));
    let batch = registry::ingest::Batch {
        records: vec![JASUR.entered("BX7", date(2025, 6, 9))],
        ..registry::ingest::Batch::default()
    };
    let refused = world
        .registry
        .ingest(&operator("operation"), batch)
        .await
        .unwrap_err();
    assert!(matches!(
        refused,
        IngestError::Access(AccessError::Store(StoreError::ClockBack { .. }))
    ));
    world.minutes(10);
    let again = world
        .registry
        .view_profile(&official("permits"), person, as_of)
        .await;
    assert!(again.unwrap() == before);
}

/// What is to come is known to nobody: a time of knowledge ahead of the clock is now.
#[tokio::test]
async fn nobody_knows_the_future() {
    let (world, person) = worker().await;
    let now = AsOf::now(&world.registry);
    let ahead = AsOf {
        known_at: now.known_at + SignedDuration::from_hours(24),
        ..now
    };
    let view = world
        .registry
        .view_profile(&official("permits"), person, ahead)
        .await;
    assert_eq!(view.unwrap().profile.known_at, now.known_at);
}

/// Contested while two persons were taken for one: when that is taken back, the case is its own person's alone.
#[tokio::test]
async fn a_case_stays_with_its_person() {
    let (world, jasur) = worker().await;
    let malika = world.profile_of(&key("border", "BX2")).await;
    let reviewer = official("identity_review");
    let merged = world
        .registry
        .merge_profiles(&reviewer, [jasur, malika], "одно лицо")
        .await
        .unwrap();
    world.minutes(1);
    let (gone, stayed) = if merged.into == jasur {
        (malika, jasur)
    } else {
        (jasur, malika)
    };
    let about = misspelt(&seen(&world, gone).await, "KARIMOFF");
    open(&world, gone, about).await;
    let marked = world
        .registry
        .view_profile(&official("permits"), stayed, AsOf::now(&world.registry))
        .await
        .unwrap();
    assert_eq!(marked.contested.len(), 1, "seen under either id");
    let looks = world.registry.rulings_about(&reviewer, stayed).await.unwrap();
    assert_eq!(looks[0].id, merged.ruling);
    world
        .registry
        .undo_ruling(&reviewer, merged.ruling, "разные лица")
        .await
        .unwrap();
    world.minutes(1);
    for (profile, cases) in [(gone, 1), (stayed, 0)] {
        let own = world
            .registry
            .own_contests(&holder(profile), profile)
            .await
            .unwrap();
        assert_eq!(own.len(), cases);
    }
}
