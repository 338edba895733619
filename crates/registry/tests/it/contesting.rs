//! Contesting: from the fact to the decision, and what follows for whoever was told.

use credential::{Answer, Purpose as Matter};
use jiff::{SignedDuration, civil::date};
use profile::{field::ChosenBy, identity::DocumentState, view::Profile};
use records::{
    country::Country,
    document::DocumentNumber,
    key::{ProfileId, RecordKey},
    payload::PersonField,
    subject::{Document, DocumentKind, Name, Subject},
};
use registry::{
    access::{action::FieldGroup, actor::Actor},
    check_answer::QrChecked,
    contest::ContestError,
    contestable::{PartForm, stated},
    decide_contest::DecideError,
    deliver::DeliverError,
    find::{Because, Query},
    port::{
        contests::{ContestId, ContestState, Contested, Happened, Outcome},
        outbox::{News, Receiver},
    },
    registry::AsOf,
    work_contest::CaseError,
};

use status::status::Status;

use crate::support::{JASUR, MALIKA, World, asker, holder, key, named_official, official, verifier, world};

const WHY: &str = "сличено с паспортом";

async fn worker() -> (World, ProfileId) {
    let world = world();
    world
        .ingest([JASUR.worker("1"), MALIKA.worker("2")].concat())
        .await;
    world.link().await;
    let person = world.profile_of(&key("border", "BX1")).await;
    world.minutes(1);
    (world, person)
}

async fn seen(world: &World, person: ProfileId) -> Profile {
    let as_of = AsOf::now(&world.registry);
    let view = world.registry.view_profile(&holder(person), person, as_of).await;
    view.unwrap().profile
}

async fn status(world: &World, person: ProfileId) -> Status {
    let as_of = AsOf::now(&world.registry);
    let status = world
        .registry
        .view_status(&official("permits"), person, as_of)
        .await;
    status.unwrap()
}

/// That the name is spelt wrong, and how it is right.
fn misspelt(profile: &Profile, right: &str) -> Contested {
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

async fn open(world: &World, person: ProfileId, about: Contested) -> ContestId {
    let case = world
        .registry
        .contest(&holder(person), person, about, "в паспорте иначе")
        .await;
    world.minutes(1);
    case.unwrap()
}

async fn decide(world: &World, case: ContestId, outcome: Outcome) {
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

#[tokio::test]
async fn an_accepted_correction_shows_with_its_provenance() {
    let (world, person) = worker().await;
    let before = AsOf::now(&world.registry);
    let about = misspelt(&seen(&world, person).await, "KARIMOFF");
    let case = open(&world, person, about).await;
    let as_of = AsOf::now(&world.registry);
    let view = world
        .registry
        .view_profile(&official("permits"), person, as_of)
        .await
        .unwrap();
    assert_eq!(view.contested.len(), 1, "every reader sees that it is contested");
    let closed = world
        .registry
        .view_profile(&official("medical_care"), person, as_of)
        .await
        .unwrap();
    assert_eq!(closed.contested.len(), 1);
    decide(&world, case, Outcome::Accepted).await;

    let name = seen(&world, person).await.identity.latin.unwrap();
    assert_eq!(name.value.surname, "KARIMOFF");
    assert_eq!(name.chosen_by, ChosenBy::Decided);
    assert!(
        name.cited
            .iter()
            .any(|cited| cited.source().as_str() == "sojourn")
    );
    assert_eq!(name.conflicts().count(), 0, "the conflict is settled");
    let old = name.others.iter().find(|other| other.value.surname == "KARIMOV");
    let old = old.expect("what sources say stays beside it");
    assert_eq!(old.settled_by.as_ref().unwrap().source().as_str(), "sojourn");

    let then = world
        .registry
        .view_profile(&holder(person), person, before)
        .await
        .unwrap();
    assert!(then.contested.is_empty());
    assert_eq!(
        then.profile.identity.latin.unwrap().value.surname,
        "KARIMOV",
        "as it was known then"
    );
    let cases = world
        .registry
        .own_contests(&holder(person), person)
        .await
        .unwrap();
    let steps: Vec<&str> = cases[0]
        .contest
        .steps
        .iter()
        .map(|step| step.happened.code())
        .collect();
    assert_eq!(steps, ["received", "taken", "decided", "told"]);
    let due = cases[0].contest.due_on().unwrap();
    // 10 June 2025 is a Tuesday; 12 and 13 June are days off
    assert_eq!(due, date(2025, 6, 23), "seven working days (152-FZ art. 20 p. 3)");
}

#[tokio::test]
async fn a_corrected_name_finds_and_the_old_one_does_still() {
    let (world, person) = worker().await;
    let about = misspelt(&seen(&world, person).await, "QODIROV");
    let case = open(&world, person, about).await;
    decide(&world, case, Outcome::Accepted).await;
    for name in ["QODIROV JASUR", "KARIMOV JASUR"] {
        let query = Query::Name {
            name: name.to_owned(),
            born: JASUR.born(),
        };
        let found = world.find(&official("border"), &query).await.unwrap();
        assert_eq!(found[0].profile.id, person, "{name}");
    }
}

#[tokio::test]
async fn a_source_that_repeats_itself_changes_nothing_and_one_that_says_anew_is_heard() {
    let (world, person) = worker().await;
    let about = misspelt(&seen(&world, person).await, "KARIMOFF");
    let case = open(&world, person, about).await;
    decide(&world, case, Outcome::Accepted).await;
    world
        .ingest(vec![JASUR.entered("BX7", date(2025, 6, 9)), {
            let mut again = JASUR.entered("BX1", date(2025, 4, 20));
            again.version = 2;
            again
        }])
        .await;
    world.link().await;
    let name = seen(&world, person).await.identity.latin.unwrap();
    assert_eq!(
        (name.value.surname.as_str(), name.conflicts().count()),
        ("KARIMOFF", 0)
    );
    assert_eq!(
        world.profile_of(&key("sojourn", "case-1")).await,
        person,
        "the decision stays with the person when linkage runs"
    );
}

#[tokio::test]
async fn a_refusal_gives_its_reason_and_changes_nothing() {
    let (world, person) = worker().await;
    let before = seen(&world, person).await;
    let about = misspelt(&before, "KARIMOFF");
    let case = open(&world, person, about.clone()).await;
    let refused = world
        .registry
        .contest(&holder(person), person, about, "ещё раз")
        .await;
    assert!(matches!(refused, Err(ContestError::Already)));
    decide(&world, case, Outcome::Refused).await;
    let now = seen(&world, person).await;
    assert!(before.identity == now.identity);
    let cases = world
        .registry
        .own_contests(&holder(person), person)
        .await
        .unwrap();
    assert!(matches!(
        cases[0].contest.state(),
        ContestState::Decided {
            outcome: Outcome::Refused,
            ..
        }
    ));
    let told = cases[0].contest.steps.iter().any(|step| {
        matches!(&step.happened, Happened::Decided { reason, legal_basis, .. }
            if reason == WHY && legal_basis.contains("152-FZ"))
    });
    assert!(told, "the reason and the law are told");
}

#[tokio::test]
async fn who_takes_asks_and_decides_and_the_term_runs_anew() {
    let (world, person) = worker().await;
    let about = misspelt(&seen(&world, person).await, "KARIMOFF");
    let case = open(&world, person, about).await;
    let (orlova, petrov) = (official("correction"), named_official("Петров", "correction"));
    let registry = &world.registry;
    let early = registry
        .decide_contest(&orlova, case, Outcome::Accepted, WHY)
        .await;
    assert!(matches!(early, Err(DecideError::Case(CaseError::NotTaken))));
    registry.take_contest(&orlova, case).await.unwrap();
    assert!(matches!(
        registry.take_contest(&petrov, case).await,
        Err(CaseError::TakenByOther)
    ));
    let silent = registry
        .answer_question(&holder(person), person, case, "да")
        .await;
    assert!(matches!(silent, Err(ContestError::NothingAsked)));
    registry
        .ask_in_contest(&orlova, case, "пришлите копию паспорта")
        .await
        .unwrap();
    world.clock.advance(SignedDuration::from_hours(24 * 6));
    let stranger = world.profile_of(&key("border", "BX2")).await;
    let foreign = registry
        .answer_question(&holder(stranger), stranger, case, "да")
        .await;
    assert!(matches!(foreign, Err(ContestError::NoSuchCase)));
    registry
        .answer_question(&holder(person), person, case, "прилагаю")
        .await
        .unwrap();
    let page = registry.contest_queue(&orlova, None, 10).await.unwrap();
    assert_eq!((page.open, page.contests.len()), (1, 1));
    assert_eq!(
        page.contests[0].due_on().unwrap(),
        date(2025, 6, 25),
        "from the answer of Monday the 16th"
    );
    let words = registry
        .decide_contest(&orlova, case, Outcome::Accepted, "  ")
        .await;
    assert!(matches!(words, Err(DecideError::Case(CaseError::Words))));
    world.minutes(1);
    registry
        .decide_contest(&orlova, case, Outcome::Accepted, WHY)
        .await
        .unwrap();
    assert!(matches!(
        registry.take_contest(&orlova, case).await,
        Err(CaseError::Decided)
    ));
    assert_eq!(registry.contest_queue(&orlova, None, 10).await.unwrap().open, 0);
}

#[tokio::test]
async fn only_what_stands_there_can_be_contested_and_only_soundly() {
    let (world, person) = worker().await;
    let profile = seen(&world, person).await;
    let value = || Box::new(stated(&profile, PersonField::Latin).swap_remove(0).value);
    let right = |latin: Name| {
        Some(Box::new(Subject {
            latin: Some(latin),
            ..Subject::default()
        }))
    };
    let name = |surname: &str| Name {
        surname: surname.to_owned(),
        ..Name::default()
    };
    let person_field = |value, right| Contested::Person {
        field: PersonField::Latin,
        value,
        right,
    };
    for wrong in [
        person_field(value(), None),
        person_field(value(), Some(value())),
        person_field(value(), right(Name::default())),
        person_field(value(), right(name("КАРИМОВ"))),
        person_field(value(), right(name("A\nB"))),
        Contested::Part {
            record: key("permits", "PM1"),
            version: 1,
            at: "/valid_until".to_owned(),
            was: "2026-05-11".into(),
            right: "2020-01-01".into(),
        },
    ] {
        let refused = world.registry.contest(&holder(person), person, wrong, "x").await;
        assert!(matches!(refused, Err(ContestError::Right)), "{refused:?}");
    }
    let other = Box::new(Subject {
        latin: Some(name("SOMEBODY")),
        ..Subject::default()
    });
    for absent in [
        person_field(other, right(name("KARIMOFF"))),
        Contested::Link {
            record: key("border", "BX2"),
        },
        Contested::NoEvent {
            record: key("permits", "PM1"),
            version: 9,
        },
        Contested::Part {
            record: key("permits", "PM1"),
            version: 1,
            at: "/series".to_owned(),
            was: "77".into(),
            right: "50".into(),
        },
    ] {
        let refused = world.registry.contest(&holder(person), person, absent, "x").await;
        assert!(matches!(refused, Err(ContestError::NoSuchFact)), "{refused:?}");
    }
    let hidden = world
        .registry
        .contest(
            &official("labour_inspection"),
            person,
            Contested::Link {
                record: key("border", "BX1"),
            },
            "x",
        )
        .await;
    assert!(
        matches!(hidden, Err(ContestError::NoSuchFact)),
        "what a purpose does not show it does not let contest"
    );
}

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

#[tokio::test]
async fn an_event_that_never_was_is_history() {
    let (world, person) = worker().await;
    let record = key("permits", "PM1");
    let case = open(
        &world,
        person,
        Contested::NoEvent {
            record: record.clone(),
            version: 1,
        },
    )
    .await;
    decide(&world, case, Outcome::Accepted).await;
    let profile = seen(&world, person).await;
    assert!(profile.events.permits.is_empty());
    assert!(profile.corrections.iter().any(
        |correction| correction.superseded.key == record && correction.by.source().as_str() == "sojourn"
    ));
}

#[tokio::test]
async fn a_record_of_somebody_else_leaves_for_good() {
    let (world, person) = worker().await;
    let record = key("pit", "PY1");
    let case = open(
        &world,
        person,
        Contested::Link {
            record: record.clone(),
        },
    )
    .await;
    decide(&world, case, Outcome::Accepted).await;
    assert_ne!(world.profile_of(&record).await, person);
    for _ in 0..2 {
        world.link().await;
        assert_ne!(
            world.profile_of(&record).await,
            person,
            "linkage never brings it back"
        );
    }
    world.ingest(vec![JASUR.entered("BX8", date(2025, 6, 9))]).await;
    world.link().await;
    assert_ne!(
        world.profile_of(&record).await,
        world.profile_of(&key("border", "BX8")).await
    );
    assert!(seen(&world, person).await.events.payments.is_empty());
}

#[tokio::test]
async fn a_number_that_is_not_the_persons_is_overruled() {
    let (world, person) = worker().await;
    let profile = seen(&world, person).await;
    let value = stated(&profile, PersonField::Document).swap_remove(0).value;
    let right = Subject {
        document: Some(Document {
            number: DocumentNumber::parse("FA1234576").unwrap(),
            issuer: Some(Country::constant(b"UZB")),
            kind: DocumentKind::Passport,
        }),
        ..Subject::default()
    };
    let about = Contested::Person {
        field: PersonField::Document,
        value: Box::new(value),
        right: Some(Box::new(right)),
    };
    let case = open(&world, person, about).await;
    decide(&world, case, Outcome::Accepted).await;
    let held = seen(&world, person).await.identity.documents;
    let state = |number: &str| {
        let held = held.iter().find(|held| held.document.number.as_str() == number);
        held.unwrap().state
    };
    assert_eq!(state("FA1234576"), DocumentState::Current);
    assert_eq!(state("FA1234567"), DocumentState::Overruled);
    for number in ["FA1234576", "FA1234567"] {
        let query = Query::Document {
            number: DocumentNumber::parse(number).unwrap(),
            issuer: None,
        };
        assert_eq!(world.find(&official("border"), &query).await.unwrap().len(), 1);
    }
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
