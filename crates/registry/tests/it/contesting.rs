//! Contesting: from the fact to the decision, and what the profile then says.

use jiff::SignedDuration;
use jiff::civil::date;
use profile::field::ChosenBy;
use profile::identity::DocumentState;
use records::country::Country;
use records::document::DocumentNumber;
use records::envelope::Record;
use records::payload::Payload;
use records::payload::PersonField;
use records::subject::Document;
use records::subject::DocumentKind;
use records::subject::Name;
use records::subject::Subject;
use registry::contest::ContestError;
use registry::contestable::stated;
use registry::decide_contest::DecideError;
use registry::find::Query;
use registry::port::contests::ContestState;
use registry::port::contests::Contested;
use registry::port::contests::Happened;
use registry::port::contests::Outcome;
use registry::registry::AsOf;
use registry::work_contest::CaseError;

use crate::cases::{WHY, decide, misspelt, open, seen, worker};
use crate::support::{JASUR, holder, key, named_official, official};

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

/// A source that says something new of what was put right is heard; one that repeats the old is not.
#[tokio::test]
async fn an_amended_part_gives_way_to_new_words_only() {
    let (world, person) = worker().await;
    let paid = Contested::Part {
        record: key("pit", "PY1"),
        version: 1,
        at: "/amount_kopecks".to_owned(),
        was: 2_670_000.into(),
        right: 5_340_000.into(),
    };
    let case = open(&world, person, paid).await;
    decide(&world, case, Outcome::Accepted).await;
    let payment = |version: u32, amount: Option<i64>| {
        let mut worker = JASUR.worker("1");
        let mut record = worker.swap_remove(2);
        if let (Payload::TaxAdvance(advance), Some(amount)) = (&mut record.payload, amount) {
            advance.amount_kopecks = amount;
        }
        record.version = version;
        record
    };
    for (again, shown) in [
        (payment(2, None), 5_340_000),
        (payment(3, Some(8_010_000)), 8_010_000),
    ] {
        world.ingest(vec![again]).await;
        world.link().await;
        let payments = seen(&world, person).await.events.payments;
        assert_eq!(payments.len(), 1);
        assert_eq!(payments[0].fact.amount_kopecks, shown);
    }
}

/// When linkage takes two profiles for one, the decisions on the smaller one go with its records.
#[tokio::test]
async fn a_decision_follows_its_person_into_another_profile() {
    let (world, person) = worker().await;
    let malika = world.profile_of(&key("border", "BX2")).await;
    let about = misspelt(&seen(&world, malika).await, "YUSUPOVAA");
    let case = open(&world, malika, about).await;
    decide(&world, case, Outcome::Accepted).await;
    // every record of hers turns out to be about him, and he has one more
    let hers = JASUR
        .worker("2")
        .into_iter()
        .map(|record| Record { version: 2, ..record });
    let one_more = JASUR.entered("BX9", date(2025, 6, 9));
    world.ingest(hers.chain([one_more]).collect()).await;
    world.link().await;
    let together = world.profile_of(&key("border", "BX1")).await;
    assert_eq!(world.profile_of(&key("border", "BX2")).await, together);
    assert_eq!(world.profile_of(&key("sojourn", "case-1")).await, together);
    assert!([person, malika].contains(&together));
    assert_eq!(
        world
            .registry
            .own_contests(&holder(malika), malika)
            .await
            .unwrap()
            .len(),
        1,
        "her case is found under her former id"
    );
}
