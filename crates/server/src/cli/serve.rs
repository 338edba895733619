//! `sojourn serve` and `sojourn openapi`.

use std::{net::SocketAddr, path::Path, sync::Arc};

use exchange::{exchange::Exchange, settings::Settings};
use jiff::Timestamp;
use records::Day;
use registry::{access::purpose::PurposeId, port::random::SystemRandom, registry::legal_day};
use tokio::{net::TcpListener, signal::unix};
use tracing::Level;

use super::{Finish, show, stats};
use crate::{
    api,
    config::Config,
    data::DataFiles,
    http::{
        self,
        state::{AppState, DemoSignIn, Parts},
        telemetry,
    },
    installation::{self, Installation, Site, Stop},
    portal::{publication::Publication, visitor::Transport},
};

/// Name under which the exchange works in the trace.
const EXCHANGE: &str = "exchange";

/// What is served, and how it shows itself.
pub(crate) struct Serving {
    pub(crate) listen: SocketAddr,
    pub(crate) transport: Transport,
    /// The time that a demonstration takes for the moment of its start.
    pub(crate) simulated_start: Option<Timestamp>,
    pub(crate) demo_sign_ins: Vec<DemoSignIn>,
    pub(crate) statistics_days: Vec<Day>,
    pub(crate) exchange: Option<Settings>,
}

pub(crate) async fn run(path: &Path) -> Result<Finish, Stop> {
    let config = Config::load(path)?;
    let _sending = telemetry::start(Level::INFO, &config.telemetry)?;
    let installation = Installation::at(Site {
        store: &config.store,
        keys: &config.keys,
        data: DataFiles::new(config.data.clone()),
        simulated_start: config.simulated_start,
    })
    .await?;
    let serving = Serving {
        listen: config.listen,
        transport: if config.listen.ip().is_loopback() && config.public_origin.starts_with("http://") {
            Transport::PlainLoopback
        } else {
            Transport::Tls
        },
        simulated_start: config.simulated_start,
        demo_sign_ins: Vec::new(),
        statistics_days: config.statistics_days,
        exchange: config.exchange,
    };
    portals(installation, serving).await
}

/// Serves until the process is asked to end (SIGINT, SIGTERM); requests under way are answered first.
pub(crate) async fn portals(installation: Installation, serving: Serving) -> Result<Finish, Stop> {
    let publication = publication(&installation, &serving.statistics_days).await?;
    let exchange = match serving.exchange {
        Some(settings) => Some(begin(&installation, settings).await?),
        None => None,
    };
    let state = AppState::new(Parts {
        registry: installation.registry,
        countries: Arc::new(installation::reference(&installation.data)?.countries),
        random: Arc::new(SystemRandom),
        transport: serving.transport,
        simulated_day: serving.simulated_start.map(legal_day),
        demo_sign_ins: serving.demo_sign_ins,
        publication,
        exchange: exchange.as_ref().map(Exchange::status),
    })?;
    let listener = TcpListener::bind(serving.listen)
        .await
        .map_err(|error| format!("{}: {error}", serving.listen))?;
    tracing::info!(listen = %listener.local_addr()?, "serving");
    let (mut interrupt, mut terminate) = (
        unix::signal(unix::SignalKind::interrupt())?,
        unix::signal(unix::SignalKind::terminate())?,
    );
    let asked_to_end = async move {
        tokio::select! {
            _ = interrupt.recv() => (),
            _ = terminate.recv() => (),
        }
    };
    http::serve::serve(listener, state, asked_to_end).await?;
    if let Some(exchange) = exchange {
        exchange.stop().await;
    }
    Ok(Finish::Done)
}

/// Begins to carry notices to the broker, and to take in what lies there.
async fn begin(installation: &Installation, settings: Settings) -> Result<Exchange, Stop> {
    let parts = exchange::exchange::Parts {
        registry: Arc::clone(&installation.registry),
        reading: Arc::new(installation::reading(&installation.data)?),
        operator: installation::operator_named(EXCHANGE.to_owned(), installation::OPERATION)?,
        notices: PurposeId::parse(installation::NOTICES)?,
    };
    Ok(Exchange::start(settings, parts).await?)
}

/// The protected tables of the days that the operator publishes; none when no day is named.
async fn publication(installation: &Installation, days: &[Day]) -> Result<Option<Publication>, Stop> {
    if days.is_empty() {
        return Ok(None);
    }
    let (register, extract) = stats::build(installation).await?;
    let atlas = installation::atlas(&installation.data)?;
    Ok(Some(Publication::new(&register, days, &extract, atlas)?))
}

/// Prints the description of the API.
pub(crate) fn openapi() -> Result<Finish, Stop> {
    show::text(&api::openapi())?;
    Ok(Finish::Done)
}
