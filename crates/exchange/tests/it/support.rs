//! A registry with an outbox, a broker, and agencies that read from it.

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use async_nats::{
    Client,
    jetstream::{
        self, Message,
        consumer::{AckPolicy, PullConsumer, pull},
    },
};
use exchange::{
    connection::{Patience, connect},
    exchange::{Exchange, Parts},
    reading::Reading,
    settings::{Servers, Settings},
    stream, subject,
};
use futures_util::StreamExt as _;
use records::{country::Countries, key::ProfileId, region::Regions};
use registry::{
    access::{
        action::FieldGroup,
        actor::{Actor, Asker},
        purpose::PurposeId,
    },
    conformance::world::world_over,
    port::{
        Store,
        contests::ContestId,
        outbox::{NewEvent, News, Receiver},
    },
    registry::Registry,
};
use sources::{extract::Reference, mapping_set::MappingSet};
use testkit::nats::{self, Nats};

/// As long as anything may take here.
pub(crate) const LONG: Duration = Duration::from_secs(60);

/// A registry on SQLite.
pub(crate) struct Register {
    pub(crate) registry: Arc<Registry>,
    pub(crate) store: Arc<dyn Store>,
    _directory: tempfile::TempDir,
}

impl Register {
    pub(crate) async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", directory.path().join("store.db").display());
        let store = store::open(&url).await.unwrap();
        Self {
            registry: Arc::new(world_over(Arc::clone(&store)).registry),
            store,
            _directory: directory,
        }
    }

    /// Tells of cases: each is a person and a receiver, and gets the number after those before as its case.
    pub(crate) async fn tell(&self, events: &[(u128, Receiver)]) {
        let mut work = self.store.begin().await.unwrap();
        let last = work.last_event().await.unwrap();
        let new: Vec<NewEvent> = (last + 1..)
            .zip(events)
            .map(|(case, (person, to))| NewEvent {
                profile: ProfileId::from_random_bits(*person),
                to: to.clone(),
                news: News::Corrected {
                    case: ContestId(case),
                    group: FieldGroup::Identity,
                },
                shown_from: self.registry.now(),
            })
            .collect();
        work.append_events(&new, self.registry.now()).await.unwrap();
        work.commit().await.unwrap();
    }

    pub(crate) fn parts(&self) -> Parts {
        Parts {
            registry: Arc::clone(&self.registry),
            reading: Arc::new(reading()),
            operator: operator(),
            notices: PurposeId::parse("notices").unwrap(),
        }
    }

    pub(crate) async fn exchange(&self, settings: &Settings) -> Exchange {
        Exchange::start(settings.clone(), self.parts()).await.unwrap()
    }
}

pub(crate) fn operator() -> Asker {
    let name = "exchange".to_owned();
    Asker::new(Actor::Operator { name }, PurposeId::parse("operation").unwrap())
}

pub(crate) fn official(office: &str) -> Asker {
    let (name, office) = ("Орлова".to_owned(), office.to_owned());
    Asker::new(
        Actor::Official { name, office },
        PurposeId::parse("notices").unwrap(),
    )
}

pub(crate) fn office(name: &str) -> Receiver {
    Receiver::Agency {
        office: name.to_owned(),
    }
}

pub(crate) fn shop() -> Receiver {
    Receiver::Verifier {
        organisation: "ООО «Пекарня»".to_owned(),
    }
}

fn root() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

pub(crate) fn bytes(path: &str) -> Vec<u8> {
    std::fs::read(root().join(path)).unwrap()
}

pub(crate) fn file(path: &str) -> String {
    String::from_utf8(bytes(path)).unwrap()
}

/// The mappings that come with the program.
pub(crate) fn reading() -> Reading {
    let mut mappings = Vec::new();
    for entry in std::fs::read_dir(root().join("mappings")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        mappings.push((name.clone(), file(&format!("mappings/{name}"))));
    }
    Reading {
        mappings: MappingSet::parse(mappings).unwrap(),
        reference: Reference {
            countries: Countries::parse(
                &file("packs/ru/countries.csv"),
                &file("packs/ru/country_names.csv"),
            )
            .unwrap(),
            regions: Regions::parse(&file("packs/ru/regions_ru.csv")).unwrap(),
        },
    }
}

/// A broker; none, and a word about it, where there is no program for one.
pub(crate) fn broker() -> Option<Nats> {
    if nats::is_installed() {
        Some(Nats::start().unwrap())
    } else {
        nats::skip();
        None
    }
}

pub(crate) fn settings(nats: &Nats) -> Settings {
    Settings::of(Servers::parse(&nats.url()).unwrap())
}

pub(crate) async fn client(settings: &Settings) -> Client {
    connect(settings, Patience::Wait).await.unwrap()
}

/// One agency's place in the stream of notices.
pub(crate) async fn place(settings: &Settings, receiver: &Receiver) -> PullConsumer {
    let context = jetstream::new(client(settings).await);
    let stream = stream::outgoing(&context, settings).await.unwrap();
    let config = pull::Config {
        durable_name: Some(subject::token(receiver.name())),
        filter_subject: subject::all_to(receiver),
        ack_policy: AckPolicy::Explicit,
        ..pull::Config::default()
    };
    stream.create_consumer(config).await.unwrap()
}

/// What lies at a place, up to so many messages; waits a little for more.
pub(crate) async fn fetch(place: &PullConsumer, most: usize) -> Vec<Message> {
    let asked = place
        .batch()
        .max_messages(most)
        .expires(Duration::from_millis(300));
    let mut batch = asked.messages().await.unwrap();
    let mut messages = Vec::new();
    while let Some(message) = batch.next().await {
        messages.push(message.unwrap());
    }
    messages
}

/// Waits until something holds.
pub(crate) async fn until<F: Future<Output = bool>>(what: &str, mut holds: impl FnMut() -> F) {
    let begun = Instant::now();
    while !holds().await {
        assert!(begun.elapsed() < LONG, "waited too long until {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
