//! What every carrier of notices promises, by the outbox alone and over the broker: each receiver its own, in order per
//! person, at least once, again from any position, and once for a receiver that knows what it has acted on.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use async_nats::jetstream::{AckKind, consumer::PullConsumer};
use exchange::{exchange::Exchange, relay::carrier, settings::Settings};
use registry::{
    deliver::NOTICES_MAX,
    port::outbox::{News, Receiver},
    registry::Registry,
};
use serde_json::Value;
use testkit::nats::Nats;

use crate::support::{
    Register, broker, client, fetch, office, official, operator, place, settings, shop, until,
};

const OFFICE: &str = "УВМ по г. Москве";
const EVENTS: usize = 60;
const PERSONS: u128 = 7;

/// A notice as its receiver has it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Told {
    number: u64,
    person: String,
    case: u64,
}

/// One office's end of a carrier.
trait Carrier {
    /// What has come and is not acknowledged, in order, at most so many.
    async fn receive(&mut self, most: usize) -> Vec<Told>;
    async fn acknowledge(&mut self, up_to: u64);
    /// Asks for everything from an event on once more.
    async fn again_from(&mut self, number: u64);
}

/// The outbox alone: the office asks.
struct InProcess {
    registry: Arc<Registry>,
}

impl Carrier for InProcess {
    async fn receive(&mut self, most: usize) -> Vec<Told> {
        let limit = NOTICES_MAX.min(u32::try_from(most).unwrap());
        let page = self
            .registry
            .notices(&official(OFFICE), None, limit)
            .await
            .unwrap();
        let told = |notice: registry::deliver::Notice| Told {
            number: notice.number,
            person: notice.person.unwrap().to_string(),
            case: match notice.news {
                News::Corrected { case, .. } => case.0,
                other => panic!("{other:?}"),
            },
        };
        page.notices.into_iter().map(told).collect()
    }

    async fn acknowledge(&mut self, up_to: u64) {
        self.registry.acknowledge(&official(OFFICE), up_to).await.unwrap();
    }

    async fn again_from(&mut self, number: u64) {
        self.registry.replay(&official(OFFICE), number - 1).await.unwrap();
    }
}

/// The broker, with the relay at work.
struct OverNats {
    registry: Arc<Registry>,
    settings: Settings,
    place: PullConsumer,
    _exchange: Exchange,
    _nats: Nats,
}

impl OverNats {
    async fn new(register: &Register, nats: Nats) -> Self {
        let settings = settings(&nats);
        Self {
            registry: Arc::clone(&register.registry),
            place: place(&settings, &office(OFFICE)).await,
            _exchange: register.exchange(&settings).await,
            settings,
            _nats: nats,
        }
    }

    async fn settled(&self) {
        let carrier = carrier(&self.settings).unwrap();
        until("all is carried", || async {
            self.registry.waiting_for(&carrier).await.unwrap() == 0
        })
        .await;
    }
}

fn read(payload: &[u8]) -> Told {
    let notice: Value = serde_json::from_slice(payload).unwrap();
    Told {
        number: notice["number"].as_u64().unwrap(),
        person: notice["person"].as_str().unwrap().to_owned(),
        case: notice["case"].as_u64().unwrap(),
    }
}

impl Carrier for OverNats {
    async fn receive(&mut self, most: usize) -> Vec<Told> {
        self.settled().await;
        let mut told = Vec::new();
        for message in fetch(&self.place, most).await {
            told.push(read(&message.payload));
            // not acknowledged: it comes again
            message.ack_with(AckKind::Nak(None)).await.unwrap();
        }
        told
    }

    async fn acknowledge(&mut self, up_to: u64) {
        let mut last = 0;
        while last < up_to {
            let messages = fetch(&self.place, 1).await;
            let message = messages.first().expect("there is something to acknowledge");
            last = read(&message.payload).number;
            message.double_ack().await.unwrap();
        }
    }

    async fn again_from(&mut self, number: u64) {
        let carrier = carrier(&self.settings).unwrap();
        self.registry
            .carry_again(&operator(), &carrier, number)
            .await
            .unwrap();
    }
}

/// Events about several persons, to our office and to others between.
fn events() -> Vec<(u128, Receiver)> {
    let to = |n: usize| match n % 3 {
        0 => office("ФНС"),
        1 => shop(),
        _ => office(OFFICE),
    };
    (0..EVENTS).map(|n| (n as u128 % PERSONS, to(n))).collect()
}

/// Numbers of the events that are for our office.
fn ours() -> Vec<u64> {
    (0..EVENTS as u64).filter(|n| n % 3 == 2).map(|n| n + 1).collect()
}

fn numbers(told: &[Told]) -> Vec<u64> {
    told.iter().map(|told| told.number).collect()
}

/// The suite.
async fn keeps_its_promises(register: &Register, mut carrier: impl Carrier) {
    register.tell(&events()).await;
    let first = carrier.receive(EVENTS).await;
    assert_eq!(numbers(&first), ours(), "our own, in order, none lost");
    assert!(
        first.iter().all(|told| told.case == told.number),
        "each as it was told"
    );
    let persons: BTreeSet<&str> = first.iter().map(|told| told.person.as_str()).collect();
    assert_eq!(persons.len(), usize::try_from(PERSONS).unwrap());
    let plain: Vec<String> = (0..PERSONS)
        .map(|person| records::key::ProfileId::from_random_bits(person).to_string())
        .collect();
    assert!(
        !plain.iter().any(|profile| persons.contains(profile.as_str())
            || persons.contains(profile.replace('-', "").as_str())),
        "a person is told by the id of the sector"
    );
    assert_eq!(
        carrier.receive(EVENTS).await,
        first,
        "what is not acknowledged comes again"
    );

    let third = ours()[2];
    carrier.acknowledge(third).await;
    assert_eq!(
        carrier.receive(EVENTS).await,
        first[3..],
        "what is acknowledged does not"
    );
    let last = *ours().last().unwrap();
    carrier.acknowledge(last).await;
    assert!(carrier.receive(EVENTS).await.is_empty());

    for from in [1, ours()[5], last] {
        let mut acted_on: BTreeMap<u64, Told> =
            first.iter().map(|told| (told.number, told.clone())).collect();
        carrier.again_from(from).await;
        let again = carrier.receive(EVENTS).await;
        let wanted: Vec<Told> = first.iter().filter(|told| told.number >= from).cloned().collect();
        assert_eq!(again, wanted, "from {from} on, in order");
        for told in again {
            let before = acted_on.insert(told.number, told.clone());
            assert_eq!(before, Some(told), "the same words: acted on once");
        }
        carrier.acknowledge(last).await;
    }

    register.tell(&[(1, office(OFFICE)), (1, office("ФНС"))]).await;
    assert_eq!(
        numbers(&carrier.receive(9).await),
        [EVENTS as u64 + 1],
        "and it goes on"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_outbox_alone_keeps_its_promises() {
    let register = Register::new().await;
    let carrier = InProcess {
        registry: Arc::clone(&register.registry),
    };
    keeps_its_promises(&register, carrier).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_broker_keeps_its_promises() {
    let Some(nats) = broker() else { return };
    let register = Register::new().await;
    let carrier = OverNats::new(&register, nats).await;
    keeps_its_promises(&register, carrier).await;
}

/// Two servers on one store carry each event once, in order.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_do_not_overtake_each_other() {
    let Some(nats) = broker() else { return };
    let register = Register::new().await;
    let settings = settings(&nats);
    let place = place(&settings, &office(OFFICE)).await;
    let (_one, _other) = (
        register.exchange(&settings).await,
        register.exchange(&settings).await,
    );
    for n in 0..200 {
        register.tell(&[(n % PERSONS, office(OFFICE))]).await;
    }
    let carrier = carrier(&settings).unwrap();
    until("all is carried", || async {
        register.registry.waiting_for(&carrier).await.unwrap() == 0
    })
    .await;
    let messages = fetch(&place, 500).await;
    let told: Vec<u64> = messages
        .iter()
        .map(|message| read(&message.payload).number)
        .collect();
    assert_eq!(told, (1..=200).collect::<Vec<u64>>());
}

/// A message tells no more than the notice does, and its subject names nobody.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_tells_what_a_notice_tells() {
    let Some(nats) = broker() else { return };
    let register = Register::new().await;
    let settings = settings(&nats);
    let _exchange = register.exchange(&settings).await;
    let context = async_nats::jetstream::new(client(&settings).await);
    let stream = exchange::stream::outgoing(&context, &settings).await.unwrap();
    register
        .tell(&[(1, office(OFFICE)), (1, office("ФНС")), (1, shop())])
        .await;
    let carrier = carrier(&settings).unwrap();
    until("all is carried", || async {
        register.registry.waiting_for(&carrier).await.unwrap() == 0
    })
    .await;
    let mut persons = BTreeSet::new();
    for (sequence, fields) in [(1, 6), (2, 6), (3, 5)] {
        let message = stream.get_raw_message(sequence).await.unwrap();
        let notice: serde_json::Map<String, Value> = serde_json::from_slice(&message.payload).unwrap();
        assert_eq!(notice.len(), fields, "{notice:?}");
        assert_eq!(
            (notice["number"].as_u64(), notice["kind"].as_str()),
            (Some(sequence), Some("corrected"))
        );
        let last = message.subject.rsplit('.').next().unwrap();
        match notice.get("person") {
            Some(person) => {
                assert_eq!(person, last);
                persons.insert(last.to_owned());
            }
            None => assert_eq!(last, "answer"),
        }
    }
    assert_eq!(persons.len(), 2, "two offices do not share an id");
}
