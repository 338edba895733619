//! The configuration that the documentation shows, in a server that really runs: each writes to its own subjects alone.

use std::time::Duration;

use async_nats::{
    Client, ConnectOptions,
    jetstream::{
        self,
        consumer::{AckPolicy, PullConsumer, pull},
        stream::Stream,
    },
};
use exchange::{
    settings::{Servers, Settings},
    stream, subject,
};
use testkit::nats::{self, Nats};

use crate::support::{Register, client, fetch, file, office, shop, until};

/// The broker gives no answer to what it refuses.
const REFUSED_AFTER: Duration = Duration::from_millis(500);

/// The block of configuration, with a directory that tests may write to left to them.
fn documented() -> String {
    let text = file("docs/exchange.md");
    let (_, rest) = text.split_once("```conf\n").unwrap();
    let (block, _) = rest.split_once("```").unwrap();
    let (jetstream, rest) = block.split_once('\n').unwrap();
    assert!(jetstream.starts_with("jetstream"), "{jetstream}");
    rest.to_owned()
}

/// The tax service's client, as the documentation has it.
async fn tax_service(nats: &Nats) -> Client {
    ConnectOptions::with_user_and_password("fns".to_owned(), "change-me-2".to_owned())
        .custom_inbox_prefix("_INBOX_fns")
        .connect(nats.url())
        .await
        .unwrap()
}

async fn is_taken(client: &Client, subject: &str) -> bool {
    let mut context = jetstream::new(client.clone());
    context.set_timeout(REFUSED_AFTER);
    let sent = context.publish(subject.to_owned(), "{}".into()).await.unwrap();
    sent.await.is_ok()
}

async fn operators_consumer(stream: &Stream) {
    let config = pull::Config {
        durable_name: Some("fns".to_owned()),
        filter_subject: subject::all_to(&office("FNS")),
        ack_policy: AckPolicy::Explicit,
        ..pull::Config::default()
    };
    let _made: PullConsumer = stream.create_consumer(config).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_writes_to_its_own_subjects_alone() {
    if !nats::is_installed() {
        return nats::skip();
    }
    let nats = Nats::start_with(&documented()).unwrap();
    let directory = tempfile::tempdir().unwrap();
    let password = directory.path().join("password");
    std::fs::write(&password, "change-me-1\n").unwrap();
    let settings = Settings {
        user: Some("sojourn".to_owned()),
        password_file: Some(password),
        ..Settings::of(Servers::parse(&nats.url()).unwrap())
    };
    let register = Register::new().await;
    let own = jetstream::new(client(&settings).await);
    let out = stream::outgoing(&own, &settings).await.unwrap();
    operators_consumer(&out).await;
    let incoming = stream::incoming(&own, &settings).await.unwrap();

    let agency = tax_service(&nats).await;
    assert!(is_taken(&agency, "sojourn.in.pit").await);
    assert!(is_taken(&agency, "sojourn.ack.agency.FNS").await);
    for others in [
        "sojourn.in.border",
        "sojourn.in.decisions",
        "sojourn.ack.agency.MVD",
        "sojourn.ack.verifier.FNS",
        "sojourn.out.agency.FNS.0",
    ] {
        assert!(!is_taken(&agency, others).await, "{others}");
    }
    assert_eq!(incoming.get_info().await.unwrap().state.messages, 2);

    let context = jetstream::new(agency.clone());
    for forbidden in ["SOJOURN_OUT", "SOJOURN_IN"] {
        let mut context = context.clone();
        context.set_timeout(REFUSED_AFTER);
        assert!(context.get_stream(forbidden).await.is_err(), "{forbidden}");
        assert!(context.delete_stream(forbidden).await.is_err(), "{forbidden}");
    }
    register
        .tell(&[(1, office("MVD")), (1, office("FNS")), (2, shop())])
        .await;
    let exchange = register.exchange(&settings).await;
    until("notices and messages have moved", || async {
        exchange.status().waiting().await.unwrap() == 0
            && incoming.get_info().await.unwrap().state.messages == 0
    })
    .await;
    let place: PullConsumer = context
        .get_consumer_from_stream("fns", "SOJOURN_OUT")
        .await
        .unwrap();
    let mine = fetch(&place, 10).await;
    assert_eq!(mine.len(), 1, "its own notice and no other");
    assert!(mine[0].subject.starts_with("sojourn.out.agency.FNS."));
    mine[0].double_ack().await.unwrap();
}

/// Whoever names no user, or the wrong password, is told by a kind, and never sees the secret in the words.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_not_let_in_is_told_without_the_secret() {
    if !nats::is_installed() {
        return nats::skip();
    }
    let nats = Nats::start_with(&documented()).unwrap();
    let directory = tempfile::tempdir().unwrap();
    let password = directory.path().join("password");
    std::fs::write(&password, "s3cr3t").unwrap();
    let settings = Settings {
        user: Some("sojourn".to_owned()),
        password_file: Some(password),
        ..Settings::of(Servers::parse(&nats.url()).unwrap())
    };
    let refused = exchange::connection::connect(&settings, exchange::connection::Patience::Once).await;
    let words = format!("{0} {0:?} {settings:?}", refused.unwrap_err());
    assert!(words.contains("authorization"), "{words}");
    assert!(!words.contains("s3cr3t"), "{words}");
}
