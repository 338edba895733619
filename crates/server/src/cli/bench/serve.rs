//! `sojourn bench serve`: statuses by document over HTTP, beside a bare handler that reads one row by its key.
//!
//! Both are served by this process on loopback, and asked by clients in it, so they share the machine alike. Whose
//! status is asked for is made ready before, as `sojourn prepare` does for everybody.

use std::{collections::BTreeSet, net::Ipv4Addr, sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use clap::{Args, value_parser};
use jiff::Timestamp;
use records::{document::DocumentNumber, key::ProfileId};
use registry::{
    access::actor::{Actor, Asker},
    access::purpose::PurposeId,
    account::Secret,
    port::{Random, random::SystemRandom},
    registry::Registry,
    status_by_document::{AskedDocument, DocumentStatusError},
};
use serde::Serialize;
use serde_json::json;
use store::bare_row::BareRows;
use tokio::{net::TcpListener, sync::oneshot};

use super::load::{self, Measured};
use crate::{
    cli::{Finish, account, args::Common, show},
    http::{
        self,
        state::{AppState, Parts},
    },
    installation::{self, Installation, Stop},
    portal::visitor::Transport,
};

/// Purpose of the looks.
const PURPOSE: &str = "border";
/// Records of one page that are looked through for documents.
const PAGE: u32 = 1_000;
/// Pages that are looked through.
const PAGES_MAX: u32 = 200;

#[derive(Debug, Args)]
pub(crate) struct ServeLoad {
    /// Clients that ask at once, one number after another
    #[arg(long, value_name = "N,…", value_delimiter = ',', default_value = "1,8,32",
        value_parser = value_parser!(u16).range(1..=256))]
    clients: Vec<u16>,
    /// Seconds for each number of clients
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = value_parser!(u64).range(1..=120))]
    seconds: u64,
    /// Documents that are asked for, in turn
    #[arg(long, value_name = "N", default_value_t = 5_000, value_parser = value_parser!(u32).range(1..=100_000))]
    documents: u32,
}

/// One number of clients at both.
#[derive(Debug, Serialize)]
struct Round {
    clients: u16,
    sojourn: Measured,
    bare: Measured,
    ratio: f64,
}

pub(crate) async fn run(common: &Common, load: &ServeLoad) -> Result<Finish, Stop> {
    let installation = crate::cli::open(common).await?;
    let registry = Arc::clone(&installation.registry);
    let random: &dyn Random = &SystemRandom;
    let login = format!("bench-{}", hex::encode(random.bytes::<4>()?));
    let asker = Asker::new(official(), PurposeId::parse(PURPOSE)?);
    let numbers = documents(common, load.documents).await?;
    let ready = make_ready(&registry, &asker, &numbers).await?;
    if ready.is_empty() {
        return Err("no document in the store leads to one person: ingest and link first".into());
    }
    let secret = account::open(&registry, login.clone(), official()).await?;
    let (token, _) = registry.sign_in(&login, Secret::parse(&secret)?, "bench").await?;
    let asked = requests(&ready, token.as_str());
    let (stop, stopped) = oneshot::channel::<()>();
    let (port, serving) = serve(installation, stopped).await?;
    let (bare_port, bare) = serve_bare(common).await?;
    let measured = rounds(load, [(port, asked.0), (bare_port, asked.1)]).await;
    // Clients have hung up; whoever serves ends with them.
    drop(stop);
    serving.await??;
    bare.abort();
    let operator = installation::operator(installation::OPERATION)?;
    registry.close_account(&operator, &login).await?;
    let measured = measured?;
    let looks = registry.grouped_looks();
    if common.json {
        show::json(&json!({ "documents": ready.len(), "rounds": measured }))?;
    } else {
        show::text(&as_text(
            &measured,
            ready.len(),
            looks.questions as f64 / looks.groups.max(1) as f64,
        ))?;
    }
    Ok(Finish::Done)
}

fn official() -> Actor {
    Actor::Official {
        name: "Benchmark".to_owned(),
        office: "Benchmark".to_owned(),
    }
}

/// Numbers of documents that records name, from pages spread over the store.
async fn documents(common: &Common, wanted: u32) -> Result<Vec<DocumentNumber>, Stop> {
    let store = store::open(common.store().as_str()).await?;
    let mut work = store.begin_read().await?;
    let (mut numbers, mut last) = (BTreeSet::new(), None);
    for _ in 0..PAGES_MAX {
        let page = work.latest_records(Timestamp::MAX, last.as_ref(), PAGE).await?;
        let Some(end) = page.last() else { break };
        last = Some(end.key.clone());
        let named = page.into_iter().filter_map(|record| record.subject.document);
        numbers.extend(named.map(|document| document.number));
        if numbers.len() >= wanted as usize {
            break;
        }
    }
    Ok(numbers.into_iter().take(wanted as usize).collect())
}

/// Asks for each document once; keeps those that lead to one person.
async fn make_ready(
    registry: &Registry,
    asker: &Asker,
    numbers: &[DocumentNumber],
) -> Result<Vec<(DocumentNumber, ProfileId)>, Stop> {
    let mut ready = Vec::with_capacity(numbers.len());
    for number in numbers {
        let document = AskedDocument {
            number: number.clone(),
            issuer: None,
        };
        match registry.status_by_document(asker, &document, None, None).await {
            Ok(found) => ready.push((number.clone(), found.person)),
            Err(DocumentStatusError::NoSuchPerson | DocumentStatusError::SeveralPersons) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(ready)
}

type Requests = Arc<[Vec<u8>]>;

/// The same persons asked for at both: by document, and by key.
fn requests(ready: &[(DocumentNumber, ProfileId)], token: &str) -> (Requests, Requests) {
    let by_document = ready.iter().map(|(number, _)| {
        let body = json!({ "document": number }).to_string();
        format!(
            "POST /api/v1/status HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n\
             sojourn-purpose: {PURPOSE}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
        .into_bytes()
    });
    let by_key = ready
        .iter()
        .map(|(_, person)| format!("GET /rows/{person} HTTP/1.1\r\nhost: localhost\r\n\r\n").into_bytes());
    (by_document.collect(), by_key.collect())
}

type Serving = tokio::task::JoinHandle<std::io::Result<()>>;

async fn serve(installation: Installation, stopped: oneshot::Receiver<()>) -> Result<(u16, Serving), Stop> {
    let state = AppState::new(Parts {
        countries: Arc::new(installation::reference(&installation.data)?.countries),
        registry: installation.registry,
        random: Arc::new(SystemRandom),
        transport: Transport::PlainLoopback,
        simulated_day: None,
        demo_sign_ins: Vec::new(),
        publication: None,
        exchange: None,
    })?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let port = listener.local_addr()?.port();
    let stop = async move { drop(stopped.await) };
    Ok((port, tokio::spawn(http::serve::serve(listener, state, stop))))
}

async fn serve_bare(common: &Common) -> Result<(u16, Serving), Stop> {
    let rows = Arc::new(BareRows::open(common.store().as_str()).await?);
    let router = Router::new().route("/rows/{person}", get(row)).with_state(rows);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let port = listener.local_addr()?.port();
    let serving = tokio::spawn(async move { axum::serve(listener, router).await });
    Ok((port, serving))
}

async fn row(State(rows): State<Arc<BareRows>>, Path(person): Path<String>) -> Response {
    let Ok(person) = ProfileId::parse(&person) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match rows.row(person).await {
        Ok(Some(words)) => ([(header::CONTENT_TYPE, "application/json")], words).into_response(),
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn rounds(load: &ServeLoad, both: [(u16, Requests); 2]) -> Result<Vec<Round>, Stop> {
    let [(port, by_document), (bare_port, by_key)] = both;
    let lasts = Duration::from_secs(load.seconds);
    let mut rounds = Vec::new();
    for clients in &load.clients {
        let many = usize::from(*clients);
        let bare = load::ask(bare_port, &by_key, many, lasts).await?;
        let sojourn = load::ask(port, &by_document, many, lasts).await?;
        let refused = bare.refused + sojourn.refused;
        if refused > 0 {
            return Err(format!("{refused} requests were refused: the figures would mean nothing").into());
        }
        rounds.push(Round {
            clients: *clients,
            ratio: sojourn.requests_per_second / bare.requests_per_second.max(f64::EPSILON),
            sojourn,
            bare,
        });
    }
    Ok(rounds)
}

fn as_text(rounds: &[Round], documents: usize, together: f64) -> String {
    let head = [
        "clients",
        "status/s",
        "p50 ms",
        "p99 ms",
        "bare/s",
        "bare p50 ms",
        "bare p99 ms",
        "ratio",
    ];
    let rows: Vec<Vec<String>> = rounds
        .iter()
        .map(|round| {
            vec![
                round.clients.to_string(),
                format!("{:.0}", round.sojourn.requests_per_second),
                format!("{:.2}", round.sojourn.p50_ms),
                format!("{:.2}", round.sojourn.p99_ms),
                format!("{:.0}", round.bare.requests_per_second),
                format!("{:.2}", round.bare.p50_ms),
                format!("{:.2}", round.bare.p99_ms),
                format!("{:.2}", round.ratio),
            ]
        })
        .collect();
    format!(
        "{}\n{documents} documents in turn; on average {together:.1} looks in one transaction",
        show::table(&head, &rows)
    )
}
