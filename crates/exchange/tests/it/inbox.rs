//! Messages to us: taken in by the way that files go, once, and the bad ones out of the way.

use async_nats::{
    Client, HeaderMap,
    jetstream::{self, Context, stream::Stream},
};
use exchange::{exchange::Exchange, settings::Settings, stream, subject};
use registry::port::{outbox::Consumer, quarantine::SetAside};
use testkit::nats::Nats;

use crate::support::{Register, broker, bytes, client, file, office, operator, settings, shop, until};

const CONTRACTS: &str = "sojourn.in.contracts";
const BORDER: &str = "sojourn.in.border";

struct Desk {
    register: Register,
    settings: Settings,
    context: Context,
    incoming: Stream,
    exchange: Option<Exchange>,
    _client: Client,
    _nats: Nats,
}

impl Desk {
    async fn new() -> Option<Self> {
        let nats = broker()?;
        let settings = settings(&nats);
        let client = client(&settings).await;
        let context = jetstream::new(client.clone());
        let register = Register::new().await;
        Some(Self {
            incoming: stream::incoming(&context, &settings).await.unwrap(),
            exchange: Some(register.exchange(&settings).await),
            register,
            settings,
            context,
            _client: client,
            _nats: nats,
        })
    }

    async fn send(&self, subject: &str, document: impl Into<Vec<u8>>) {
        let document: Vec<u8> = document.into();
        let sent = self.context.publish(subject.to_owned(), document.into()).await;
        sent.unwrap().await.unwrap();
    }

    /// Waits until nothing lies there any more.
    async fn emptied(&self) {
        until("all is taken in", || async {
            self.incoming.get_info().await.unwrap().state.messages == 0
        })
        .await;
    }

    async fn records(&self) -> u64 {
        let mut work = self.register.store.begin_read().await.unwrap();
        work.extent().await.unwrap().records
    }

    async fn set_aside(&self) -> Vec<SetAside> {
        let mut work = self.register.store.begin_read().await.unwrap();
        // the hand clock stands still, known time moves on by ticks
        let soon = self.register.registry.now() + jiff::SignedDuration::from_secs(1);
        work.lines_set_aside(soon, None, 1_000).await.unwrap()
    }
}

/// The header and so many lines, in the bytes of the extract.
fn crossings(lines: usize) -> Vec<u8> {
    let bytes = bytes("examples/world/sources/border/crossings.csv");
    let lines = bytes.split_inclusive(|byte| *byte == b'\n').take(1 + lines);
    lines.flatten().copied().collect()
}

fn contracts(lines: usize) -> Vec<String> {
    let text = file("examples/world/sources/employers/contracts.jsonl");
    text.lines().take(lines).map(|line| format!("{line}\n")).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn documents_of_any_form_are_taken_in_once() {
    let Some(desk) = Desk::new().await else { return };
    let lines = contracts(10);
    for line in &lines[..5] {
        desk.send(CONTRACTS, line.as_str()).await;
    }
    desk.send(CONTRACTS, lines[5..].concat()).await;
    let crossings = crossings(3);
    desk.send(BORDER, crossings.clone()).await;
    desk.emptied().await;
    let taken = desk.records().await;
    assert_eq!(taken, 13, "{:?}", desk.set_aside().await);
    desk.send(CONTRACTS, lines.concat()).await;
    desk.send(BORDER, crossings).await;
    desk.emptied().await;
    assert_eq!(desk.records().await, taken, "the same words again change nothing");
    assert!(desk.set_aside().await.is_empty());
}

/// A file and messages make the same records.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_says_what_a_file_says() {
    let Some(desk) = Desk::new().await else { return };
    let document = contracts(40).concat();
    desk.send(CONTRACTS, document.as_str()).await;
    desk.emptied().await;
    let by_message = desk.records().await;
    assert!(by_message > 0);
    let reading = crate::support::reading();
    let mapping = reading.mappings.for_path("employers/contracts.jsonl").unwrap();
    let by_file = exchange::reading::Document {
        mapping,
        name: "employers/contracts.jsonl",
        received_at: desk.register.registry.now(),
    };
    let mut batches = Vec::new();
    let input = sources::extract::Input::seekable(std::io::Cursor::new(document.into_bytes()));
    reading
        .batches(by_file, input, &mut |batch| {
            batches.push(batch);
            std::ops::ControlFlow::Continue(())
        })
        .unwrap();
    for batch in batches {
        let report = desk.register.registry.ingest(&operator(), batch).await.unwrap();
        let total = report.total();
        assert_eq!(
            total.unchanged + total.quarantined,
            total.read,
            "nothing new in the file"
        );
    }
    assert_eq!(desk.records().await, by_message);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_read_is_set_aside_and_holds_nobody_up() {
    let Some(desk) = Desk::new().await else { return };
    let lines = contracts(3);
    let secret = "Тайна";
    for (subject, document) in [
        (CONTRACTS, format!("{{\"notice_id\": \"{secret}\"}}\n")),
        (CONTRACTS, format!("{}not json {secret}\n{}", lines[0], lines[1])),
        (CONTRACTS, String::new()),
        (BORDER, format!("{secret};no header\n")),
        ("sojourn.in.nobody", lines[0].clone()),
        ("sojourn.in.border.deeper", lines[0].clone()),
        ("sojourn.ack.agency.FNS", "{\"number\": 4711}".to_owned()),
        ("sojourn.ack.agency.FNS", "{\"number\": -1}".to_owned()),
        (CONTRACTS, lines[2].clone()),
    ] {
        desk.send(subject, document).await;
    }
    desk.emptied().await;
    assert_eq!(desk.records().await, 3, "the good ones among and behind the bad");
    let found = desk.set_aside().await;
    let place = |line: &SetAside| {
        let (place, _) = line.file.split_once('@').unwrap();
        let word = line.reason.split(':').next().unwrap();
        format!(
            "{} {place} {} {:?} {word}",
            line.source.as_str(),
            line.line,
            line.field
        )
    };
    let mut places: Vec<String> = found.iter().map(place).collect();
    places.sort();
    assert!(!format!("{found:?}").contains(secret), "words are not kept");
    assert_eq!(found.len(), 8, "{places:#?}");
    for wanted in [
        "border nats:sojourn.in.border/4 0 \"\" unreadable",
        "contracts nats:sojourn.in.contracts/2 2 \"\" broken_json",
        "contracts nats:sojourn.in.contracts/3 0 \"\" unreadable",
        "exchange nats:sojourn.ack.agency.FNS/7 0 \"\" no_such_notice",
        "exchange nats:sojourn.ack.agency.FNS/8 0 \"\" unreadable",
        "exchange nats:sojourn.in.border.deeper/6 0 \"\" unknown_subject",
        "nobody nats:sojourn.in.nobody/5 0 \"\" unknown_source",
    ] {
        assert!(
            places.iter().any(|place| place == wanted),
            "{wanted}: {places:#?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn receivers_say_what_they_have_read() {
    let Some(desk) = Desk::new().await else { return };
    let tax_service = office("ФНС");
    desk.register
        .tell(&[(1, tax_service.clone()), (2, shop()), (3, tax_service.clone())])
        .await;
    desk.send(&subject::of_reading(&tax_service), "{\"number\": 3}")
        .await;
    // Nobody reads what another was told.
    desk.send(&subject::of_reading(&tax_service), "{\"number\": 2}")
        .await;
    desk.emptied().await;
    let mut work = desk.register.store.begin_read().await.unwrap();
    let consumer = Consumer::from(&tax_service);
    assert_eq!(work.position(&consumer).await.unwrap(), 3);
    assert!(work.consumed_at(&consumer, 1).await.unwrap().is_some());
    assert_eq!(work.position(&Consumer::from(&shop())).await.unwrap(), 0);
}

/// A message whose answer was lost comes again: nothing is doubled, on the list of lines set aside neither.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_that_comes_twice_counts_once() {
    let Some(mut desk) = Desk::new().await else { return };
    desk.exchange.take().unwrap().stop().await;
    let lines = contracts(2);
    desk.send(CONTRACTS, format!("{}broken\n", lines.concat())).await;
    desk.send("sojourn.in.nobody", "x").await;
    let parts = desk.register.parts();
    let (registry, reading) = (parts.registry.clone(), parts.reading.clone());
    let inbox = exchange::inbox::Inbox::new(
        registry,
        parts.operator,
        parts.notices,
        reading,
        client(&desk.settings).await,
        desk.settings.clone(),
    )
    .unwrap();
    until("the broker is there", || async { inbox.open().await.is_ok() }).await;
    let place = inbox.open().await.unwrap();
    let first = crate::support::fetch(&place, 2).await;
    let again = first.clone();
    inbox.take(first).await.unwrap();
    assert_eq!((desk.records().await, desk.set_aside().await.len()), (2, 2));
    inbox.take(again).await.unwrap();
    assert_eq!((desk.records().await, desk.set_aside().await.len()), (2, 2));
}

/// The broker refuses what is too large, and says so to the publisher.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_has_a_bound() {
    let Some(desk) = Desk::new().await else { return };
    let mut headers = HeaderMap::new();
    // what the stream counts is payload and headers together
    headers.insert("padding", "x".repeat(2_000).as_str());
    let large = vec![b' '; stream::MESSAGE_BYTES_MAX - 1_000];
    let sent = desk
        .context
        .publish_with_headers(CONTRACTS, headers, large.into())
        .await;
    let refused = match sent {
        Ok(acknowledgement) => acknowledgement.await.is_err(),
        Err(_) => true,
    };
    assert!(refused);
}
