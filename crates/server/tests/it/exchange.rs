//! The exchange of a server that runs, with a broker that runs: both are killed at any moment, and nothing is lost.

use std::{
    fs,
    sync::Arc,
    time::{Duration, Instant},
};

use async_nats::jetstream::{self, Context};
use records::key::ProfileId;
use registry::{
    access::action::{Action, FieldGroup},
    port::{
        Store,
        contests::ContestId,
        outbox::{Consumer, NewEvent, News, Receiver},
    },
    trace::Outcome,
};
use serde_json::Value;
use testkit::nats::{self, Nats};

use crate::{
    faults::{Served, agent, moment, tries},
    support::{Place, small_world},
};

const LONG: Duration = Duration::from_secs(60);
const EVENTS_OF_TRY: u64 = 30;
const LINES_OF_TRY: usize = 10;
const MOMENT_MAX: Duration = Duration::from_millis(700);

/// A place whose server exchanges with a broker of its own.
struct Desk {
    place: Place,
    nats: Nats,
    store: Arc<dyn Store>,
    context: Context,
    told: u64,
}

impl Desk {
    async fn new() -> Option<Self> {
        if !nats::is_installed() {
            nats::skip();
            return None;
        }
        let (place, nats) = (Place::new(), Nats::start().unwrap());
        let config = format!(
            "listen = \"127.0.0.1:0\"\npublic_origin = \"http://127.0.0.1\"\nstore = \"{}\"\nkeys = \"{}\"\n\
             [exchange]\nnats = \"{}\"\n",
            place.store(),
            place.path("keys").display(),
            nats.url(),
        );
        fs::write(place.path("sojourn.toml"), config).unwrap();
        let store = store::open(&place.store()).await.unwrap();
        let client = async_nats::connect(nats.url()).await.unwrap();
        Some(Self {
            place,
            nats,
            store,
            context: jetstream::new(client),
            told: 0,
        })
    }

    /// Appends events about five persons to two offices, each in a transaction of its own.
    async fn tell(&mut self, events: u64) {
        for _ in 0..events {
            self.told += 1;
            let office = if self.told.is_multiple_of(3) {
                "ФНС"
            } else {
                "УВМ"
            };
            let event = NewEvent {
                profile: ProfileId::from_random_bits(u128::from(self.told % 5)),
                to: Receiver::Agency {
                    office: office.to_owned(),
                },
                news: News::Corrected {
                    case: ContestId(self.told),
                    group: FieldGroup::Identity,
                },
                shown_from: jiff::Timestamp::UNIX_EPOCH,
            };
            let now = jiff::Timestamp::from_microsecond(jiff::Timestamp::now().as_microsecond()).unwrap();
            let mut work = self.store.begin().await.unwrap();
            work.append_events(&[event], now).await.unwrap();
            work.commit().await.unwrap();
        }
    }

    /// Sends a line again and again until the broker has said that it has it.
    async fn send(&self, line: &str) {
        let mut context = self.context.clone();
        context.set_timeout(Duration::from_millis(300));
        let begun = Instant::now();
        loop {
            let sent = context
                .publish("sojourn.in.contracts", line.to_owned().into_bytes().into())
                .await;
            let taken = match sent {
                Ok(acknowledgement) => acknowledgement.await.is_ok(),
                Err(_) => false,
            };
            if taken {
                return;
            }
            assert!(begun.elapsed() < LONG, "the broker takes nothing");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn position(&self) -> u64 {
        let mut work = self.store.begin_read().await.unwrap();
        let carrier = Consumer::parse("relay/nats/SOJOURN_OUT").unwrap();
        work.position(&carrier).await.unwrap()
    }

    /// Waits until everything is carried and so many records are there. Asks the store, not the broker: one that was
    /// killed may show messages again that were acknowledged long ago (nats-server 2.9).
    async fn settled(&self, wanted: u64) {
        let begun = Instant::now();
        loop {
            let (position, found) = (self.position().await, records(&*self.store).await);
            if position == self.told && found == wanted {
                return;
            }
            let told = self.told;
            assert!(
                begun.elapsed() < LONG,
                "{position} of {told} events, {found} of {wanted} records"
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Everything in the stream of notices from a sequence on: number of the event, and subject.
    async fn carried(&self, from: u64) -> Vec<(u64, String)> {
        let stream = self.context.get_stream("SOJOURN_OUT").await.unwrap();
        let mut carried = Vec::new();
        for sequence in from..=stream.cached_info().state.last_sequence {
            let message = stream.get_raw_message(sequence).await.unwrap();
            let notice: Value = serde_json::from_slice(&message.payload).unwrap();
            carried.push((notice["number"].as_u64().unwrap(), message.subject.to_string()));
        }
        carried
    }

    /// Events that the trace says were handed over.
    async fn traced(&self) -> u64 {
        let mut work = self.store.begin_read().await.unwrap();
        let (mut traced, mut after) = (0, 0);
        loop {
            let page = work.trace_entries(after, 1_000).await.unwrap();
            let Some(last) = page.last() else { return traced };
            after = last.number;
            for entry in page.iter().map(|chained| chained.entry().unwrap()) {
                if let (Action::RelayNotices, Outcome::Counted { count }) = (entry.action, entry.outcome) {
                    traced += count;
                }
            }
        }
    }

    fn get(&self, served: &Served, path: &str) -> String {
        let mut reply = agent().get(format!("{}{path}", served.origin)).call().unwrap();
        assert_eq!(reply.status(), 200);
        reply.body_mut().read_to_string().unwrap()
    }
}

fn contracts() -> Vec<String> {
    let file = small_world().join("sources/employers/contracts.jsonl");
    let text = fs::read_to_string(file).unwrap();
    text.lines().map(|line| format!("{line}\n")).collect()
}

/// What the same lines come to as a file.
fn as_a_file(lines: &[String]) -> u64 {
    let place = Place::new();
    let folder = place.path("extract/employers");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("contracts.jsonl"), lines.concat()).unwrap();
    let extract = place.path("extract");
    let report = place.json(0, &["ingest", &extract.to_string_lossy()]);
    ["new", "superseding", "earlier"]
        .iter()
        .map(|count| report["sources"]["contracts"][count].as_u64().unwrap())
        .sum()
}

async fn records(store: &dyn Store) -> u64 {
    let mut work = store.begin_read().await.unwrap();
    work.extent().await.unwrap().records
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn server_and_broker_may_die_at_any_moment() {
    let Some(mut desk) = Desk::new().await else { return };
    let lines = contracts();
    let sent = LINES_OF_TRY * tries() as usize;
    assert!(sent <= lines.len(), "fewer lines than tries need");
    for number in 1..=tries() {
        let served = Served::start(&desk.place);
        let begun = Instant::now();
        desk.tell(EVENTS_OF_TRY / 2).await;
        for line in lines
            .iter()
            .skip((number as usize - 1) * LINES_OF_TRY)
            .take(LINES_OF_TRY)
        {
            desk.send(line).await;
        }
        desk.tell(EVENTS_OF_TRY / 2).await;
        let at = moment(number, MOMENT_MAX);
        tokio::time::sleep(at.saturating_sub(begun.elapsed())).await;
        // the server, the broker, or both
        if number % 3 != 1 {
            desk.nats.kill().unwrap();
        }
        if number % 3 != 2 {
            served.kill();
            desk.nats.restart().unwrap();
        } else {
            desk.nats.restart().unwrap();
            served.kill();
        }
    }
    let served = Served::start(&desk.place);
    desk.settled(as_a_file(&lines[..sent])).await;
    let carried: Vec<u64> = desk
        .carried(1)
        .await
        .into_iter()
        .map(|(number, _)| number)
        .collect();
    assert_eq!(
        carried,
        (1..=desk.told).collect::<Vec<u64>>(),
        "each once, in order"
    );
    assert_eq!(desk.traced().await, desk.told, "trace and outbox agree");
    served.kill();
    assert_eq!(desk.place.run(&["doctor"]).status.code(), Some(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn notices_are_carried_again_from_any_event() {
    let Some(mut desk) = Desk::new().await else { return };
    desk.tell(20).await;
    let config = desk.place.path("sojourn.toml").to_string_lossy().into_owned();
    let served = Served::start(&desk.place);
    desk.settled(0).await;
    let first = desk.carried(1).await;
    let replay = ["exchange", "replay", "--config", &config];
    assert_eq!(
        desk.place.json(0, &[&replay[..], &["--from", "5"]].concat())["events"],
        16
    );
    desk.settled(0).await;
    let again = desk.carried(21).await;
    assert_eq!(
        again,
        first[4..],
        "everything from there on, to the same subjects"
    );

    let to = [&replay[..], &["--from", "2", "--to", "agency/ФНС"]].concat();
    assert_eq!(desk.place.json(0, &to)["events"], 6);
    let to_one: Vec<u64> = desk
        .carried(37)
        .await
        .into_iter()
        .map(|(number, _)| number)
        .collect();
    assert_eq!(to_one, [3, 6, 9, 12, 15, 18]);
    desk.tell(3).await;
    desk.settled(0).await;
    let after: Vec<u64> = desk
        .carried(43)
        .await
        .into_iter()
        .map(|(number, _)| number)
        .collect();
    assert_eq!(after, [21, 22, 23], "and it goes on");
    assert_eq!(desk.traced().await, 20 + 16 + 6 + 3);
    for beyond in ["0", "24"] {
        let refused = desk.place.run(&[&replay[..], &["--from", beyond]].concat());
        assert_eq!(refused.status.code(), Some(2), "{beyond}");
    }
    served.kill();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broker_that_is_away_is_told_of_and_holds_nobody_up() {
    let Some(mut desk) = Desk::new().await else { return };
    let config = desk.place.path("sojourn.toml").to_string_lossy().into_owned();
    let doctor = ["doctor", "--config", &config];
    assert_eq!(desk.place.run(&doctor).status.code(), Some(0));
    desk.nats.kill().unwrap();
    let served = Served::start(&desk.place);
    desk.tell(7).await;
    assert_eq!(desk.get(&served, "/readyz"), "ready; the broker is away");
    let metrics = desk.get(&served, "/metrics");
    assert!(metrics.contains("sojourn_exchange_connected 0"), "{metrics}");
    assert!(metrics.contains("sojourn_exchange_waiting 7"), "{metrics}");
    let findings = desk.place.json(1, &doctor);
    let broker = findings
        .as_array()
        .unwrap()
        .iter()
        .find(|finding| finding["part"] == "broker");
    assert_eq!(broker.unwrap()["sound"], false);
    desk.nats.restart().unwrap();
    desk.settled(0).await;
    let metrics = desk.get(&served, "/metrics");
    assert!(metrics.contains("sojourn_exchange_connected 1"), "{metrics}");
    assert!(metrics.contains("sojourn_exchange_waiting 0"), "{metrics}");
    assert_eq!(desk.get(&served, "/readyz"), "ready");
    served.kill();
}
