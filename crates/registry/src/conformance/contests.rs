//! What the keeper of contested cases promises.

use std::sync::Arc;

use jiff::civil::date;
use records::{
    payload::PersonField,
    subject::{Sex, Subject},
};

use super::fixtures::{key, minute, profile, reading};
use crate::{
    access::action::FieldGroup,
    port::{
        Store, StoreError,
        contests::{
            Contest, ContestId, ContestState, Contested, Happened, NewContest, Outcome, Party, STEPS_MAX,
            Step,
        },
        review_queue::OfficialName,
    },
};

pub(super) fn contest(about: u128, due: i8) -> NewContest {
    NewContest {
        profile: profile(about),
        by: Party::Holder,
        about: Contested::Person {
            field: PersonField::Sex,
            value: Box::new(Subject {
                sex: Some(Sex::Male),
                ..Subject::default()
            }),
            right: Some(Box::new(Subject {
                sex: Some(Sex::Female),
                ..Subject::default()
            })),
        },
        group: FieldGroup::Identity,
        says: "опечатка".to_owned(),
        opened_at: minute(1),
        due_on: date(2025, 3, due),
    }
}

fn official() -> OfficialName {
    OfficialName {
        name: "Орлова".to_owned(),
        office: "УВМ".to_owned(),
    }
}

async fn open(store: &Arc<dyn Store>, new: &NewContest) -> ContestId {
    let mut work = store.begin().await.unwrap();
    let id = work.open_contest(new).await.unwrap();
    work.commit().await.unwrap();
    id
}

async fn step(store: &Arc<dyn Store>, id: ContestId, at: i64, happened: Happened) {
    let mut work = store.begin().await.unwrap();
    let step = Step {
        at: minute(at),
        happened,
    };
    work.add_step(id, &step).await.unwrap();
    work.commit().await.unwrap();
}

fn ids(contests: &[Contest]) -> Vec<u64> {
    contests.iter().map(|contest| contest.id.0).collect()
}

fn decided() -> Happened {
    Happened::Decided {
        by: official(),
        outcome: Outcome::Refused,
        reason: "паспорт говорит иное".to_owned(),
        purpose: "correction".to_owned(),
        legal_basis: "152-FZ art. 20".to_owned(),
    }
}

pub async fn a_case_is_kept_word_for_word(store: Arc<dyn Store>) {
    let record = key("pit", "P1");
    let by = Party::Agency {
        office: "ФНС".to_owned(),
        name: "Белова".to_owned(),
    };
    let abouts = [
        contest(1, 20).about,
        Contested::Part {
            record: record.clone(),
            version: 2,
            at: "/amount_kopecks".to_owned(),
            was: serde_json::json!(100),
            right: serde_json::json!(200),
        },
        Contested::NoEvent {
            record: record.clone(),
            version: 1,
        },
        Contested::Link { record },
    ];
    for (expected, about) in (1..).zip(abouts) {
        let new = NewContest {
            about: about.clone(),
            by: by.clone(),
            ..contest(1, 20)
        };
        let id = open(&store, &new).await;
        assert_eq!(id, ContestId(expected));
        let kept = reading(&store).await.load_contest(id).await.unwrap();
        assert_eq!(
            (&kept.about, &kept.by, kept.group, kept.says.as_str()),
            (&about, &by, new.group, new.says.as_str())
        );
        assert_eq!((kept.opened_at, kept.due_on()), (minute(1), Some(new.due_on)));
        assert_eq!(kept.state(), ContestState::Waiting);
    }
    assert!(matches!(
        reading(&store).await.load_contest(ContestId(9)).await,
        Err(StoreError::Missing { .. })
    ));
}

pub async fn steps_are_kept_in_order(store: Arc<dyn Store>) {
    let id = open(&store, &contest(1, 20)).await;
    let steps = [
        Happened::Taken { by: official() },
        Happened::Released,
        Happened::Taken { by: official() },
        Happened::Asked {
            by: official(),
            question: "пришлите копию".to_owned(),
        },
        Happened::Answered {
            text: "прилагаю".to_owned(),
            due_on: date(2025, 3, 25),
        },
        decided(),
        Happened::Told { receivers: 3 },
    ];
    for (at, happened) in (2..).zip(steps.clone()) {
        step(&store, id, at, happened).await;
    }
    let kept = reading(&store).await.load_contest(id).await.unwrap();
    let told: Vec<Happened> = kept.steps[1..].iter().map(|step| step.happened.clone()).collect();
    assert_eq!(told, steps);
    assert_eq!(kept.steps[1].at, minute(2));
    assert_eq!(kept.due_on(), Some(date(2025, 3, 25)));
    assert!(kept.was_open_at(minute(6)) && !kept.was_open_at(minute(7)) && !kept.was_open_at(minute(0)));
    assert!(!kept.is_open());
}

pub async fn open_cases_come_by_their_day(store: Arc<dyn Store>) {
    for due in [20, 18, 19, 18] {
        open(&store, &contest(1, due)).await;
    }
    let answered = Happened::Answered {
        text: "да".to_owned(),
        due_on: date(2025, 3, 30),
    };
    step(&store, ContestId(2), 2, answered).await;
    step(&store, ContestId(3), 2, decided()).await;
    let mut work = reading(&store).await;
    assert_eq!(work.count_open_contests().await.unwrap(), 3);
    let all = work.open_contests(None, 10).await.unwrap();
    assert_eq!(ids(&all), [4, 1, 2]);
    assert!(all.iter().all(|contest| !contest.steps.is_empty()));
    assert_eq!(
        ids(&work.open_contests(Some(ContestId(4)), 1).await.unwrap()),
        [1]
    );
    assert_eq!(
        ids(&work.open_contests(Some(ContestId(1)), 9).await.unwrap()),
        [2]
    );
}

pub async fn cases_are_found_by_person_and_office(store: Arc<dyn Store>) {
    let by_office = |about: u128, office: &str| NewContest {
        by: Party::Agency {
            office: office.to_owned(),
            name: "Белова".to_owned(),
        },
        ..contest(about, 20)
    };
    for new in [
        contest(1, 20),
        by_office(2, "ФНС"),
        by_office(1, "ФНС"),
        by_office(3, "УВМ"),
    ] {
        open(&store, &new).await;
    }
    let mut work = reading(&store).await;
    let about = work.contests_about(&[profile(1), profile(2)], 10).await.unwrap();
    assert_eq!(ids(&about), [3, 2, 1], "the newest first");
    assert!(matches!(
        work.contests_about(&[profile(1)], 1).await,
        Err(StoreError::TooMany { limit: 1, .. })
    ));
    assert_eq!(ids(&work.contests_of("ФНС", None, 10).await.unwrap()), [3, 2]);
    assert_eq!(
        ids(&work.contests_of("ФНС", Some(ContestId(3)), 10).await.unwrap()),
        [2]
    );
    assert!(work.contests_of("МИД", None, 10).await.unwrap().is_empty());
}

pub async fn steps_are_bounded(store: Arc<dyn Store>) {
    let id = open(&store, &contest(1, 20)).await;
    let mut work = store.begin().await.unwrap();
    let released = Step {
        at: minute(2),
        happened: Happened::Released,
    };
    for _ in 1..STEPS_MAX {
        work.add_step(id, &released).await.unwrap();
    }
    assert!(matches!(
        work.add_step(id, &released).await,
        Err(StoreError::TooMany { .. })
    ));
    assert!(matches!(
        work.add_step(ContestId(5), &released).await,
        Err(StoreError::Missing { .. })
    ));
}
