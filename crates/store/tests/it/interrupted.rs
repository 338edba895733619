//! A program that is killed between handing over and acknowledging: nothing is lost, nothing is done twice.

use std::{
    process::{Command, Stdio},
    sync::Arc,
    time::Duration,
};

use registry::{
    access::{action::Action, actor::Actor, purpose::PurposeId},
    conformance::fixtures::{minute, profile, reading},
    port::{
        Store,
        outbox::{Consumer, NewEvent, News, Receiver},
    },
    trace::{Entry, Outcome},
};
use store::SqliteStore;

const EVENTS: u64 = 120;
/// Tells this test's own program, started again, to consume.
const STORE: &str = "SOJOURN_TEST_CONSUME";

fn office() -> Receiver {
    Receiver::Agency {
        office: "УВМ".to_owned(),
    }
}

async fn open(url: &str) -> Arc<dyn Store> {
    Arc::new(SqliteStore::open(url).await.unwrap())
}

/// What the consumer does about an event, in the transaction that notes it: here an entry that counts to its number.
fn act(number: u64) -> Entry {
    Entry {
        at: minute(2),
        actor: Actor::Operator {
            name: "consumer".to_owned(),
        },
        action: Action::ReadNotices,
        purpose: PurposeId::parse("notices").unwrap(),
        legal_basis: "152-FZ".to_owned(),
        case: None,
        profiles: Vec::new(),
        outcome: Outcome::Counted { count: number },
        shown_from: minute(2),
    }
}

/// Consumes until nothing is left. Does nothing when the suite runs it: only a program that names a store consumes.
#[tokio::test]
async fn consumer() {
    let Ok(url) = std::env::var(STORE) else { return };
    let store = open(&url).await;
    let consumer = Consumer::from(&office());
    loop {
        let position = reading(&store).await.position(&consumer).await.unwrap();
        let events = reading(&store)
            .await
            .events_to(&office(), position, 7)
            .await
            .unwrap();
        if events.is_empty() {
            return;
        }
        for event in events {
            let mut work = store.begin().await.unwrap();
            if work.consume(&consumer, event.number, minute(2)).await.unwrap() {
                work.trace(act(event.number)).await.unwrap();
            }
            work.commit().await.unwrap();
            // between acting and moving on the program may end: the event is handed over again
            let mut work = store.begin().await.unwrap();
            work.set_position(&consumer, event.number, minute(2))
                .await
                .unwrap();
            work.commit().await.unwrap();
        }
    }
}

#[tokio::test]
async fn delivery_survives_a_kill_at_any_moment() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("sojourn.db").display());
    let store = open(&url).await;
    let mut work = store.begin().await.unwrap();
    for place in 0..EVENTS {
        let event = NewEvent {
            profile: profile(u128::from(place % 3)),
            to: office(),
            news: News::Parted { into: profile(9) },
            shown_from: minute(1),
        };
        work.append_events(&[event], minute(1)).await.unwrap();
    }
    work.commit().await.unwrap();
    let consumer = Consumer::from(&office());
    let mut kills = 0;
    for round in 0_u64.. {
        if reading(&store).await.position(&consumer).await.unwrap() == EVENTS {
            break;
        }
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "interrupted::consumer", "--test-threads", "1"])
            .env(STORE, &url)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        tokio::time::sleep(Duration::from_millis(30 + round * 37 % 90)).await;
        child.kill().unwrap();
        kills += i32::from(!child.wait().unwrap().success());
    }
    assert!(kills > 0, "at least once it was killed in the middle");
    let entries = reading(&store).await.trace_entries(0, 1_000).await.unwrap();
    let acted: Vec<u64> = entries
        .iter()
        .map(|entry| match entry.entry().unwrap().outcome {
            Outcome::Counted { count } => count,
            _ => 0,
        })
        .collect();
    let all: Vec<u64> = (1..=EVENTS).collect();
    assert_eq!(acted, all, "each once, in order");
}
