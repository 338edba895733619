//! What every handler can reach.

use std::sync::Arc;

use records::{Day, country::Countries};
use registry::{
    access::actor::Role,
    port::{Random, random::RandomError},
    registry::Registry,
};
use serde::{Serialize, Serializer};

use super::limits::Limits;
use crate::portal::{
    assets::Assets, forms::FormKey, matter::Matters, page::Frame, publication::Publication,
    visitor::Transport,
};

/// A sign-in that the demonstration offers by a button. Never present outside a demonstration.
#[derive(Clone, Debug)]
pub(crate) struct DemoSignIn {
    pub(crate) login: String,
    pub(crate) secret: String,
    pub(crate) role: Role,
    pub(crate) shows: Sight,
}

/// What a sign-in of the demonstration shows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sight {
    /// A holder who stays lawfully, on this basis of the pack.
    Lawful {
        basis: String,
    },
    NoBasis,
    /// A holder of whom a fact is missing.
    Undetermined,
    /// The office's pages.
    Office,
    /// The page that checks.
    Check,
}

impl std::fmt::Display for Sight {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Lawful { basis } => write!(f, "lawful stay by {basis}"),
            Self::NoBasis => f.write_str("no basis to stay"),
            Self::Undetermined => f.write_str("undetermined, a fact is missing"),
            Self::Office => f.write_str("an official: find with a purpose, profile, queue"),
            Self::Check => f.write_str("an employer: checks a code or a QR"),
        }
    }
}

impl Serialize for Sight {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What the portals and the API are given at start.
pub(crate) struct Parts {
    pub(crate) registry: Arc<Registry>,
    pub(crate) countries: Arc<Countries>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) transport: Transport,
    /// The day that a demonstration takes for today.
    pub(crate) simulated_day: Option<Day>,
    pub(crate) demo_sign_ins: Vec<DemoSignIn>,
    /// Tables that may be shown; none before the first publication.
    pub(crate) publication: Option<Publication>,
    /// How the exchange with a broker stands; none where there is no broker.
    pub(crate) exchange: Option<Arc<exchange::exchange::Status>>,
}

/// Shared by all handlers.
#[derive(Clone)]
pub(crate) struct AppState {
    pub(crate) registry: Arc<Registry>,
    pub(crate) countries: Arc<Countries>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) transport: Transport,
    pub(crate) frame: Arc<Frame>,
    pub(crate) form_key: Arc<FormKey>,
    pub(crate) limits: Arc<Limits>,
    pub(crate) demo_sign_ins: Arc<[DemoSignIn]>,
    pub(crate) publication: Arc<Option<Publication>>,
    pub(crate) exchange: Option<Arc<exchange::exchange::Status>>,
    /// What each official works on.
    pub(crate) matters: Arc<Matters>,
}

/// Why the portals could not be set up.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SetUpError {
    #[error("the list of web assets cannot be read; build them again (npm run build in web/)")]
    Assets(#[from] serde_json::Error),
    #[error("no randomness for the forms' key")]
    Random(#[from] RandomError),
}

impl AppState {
    pub(crate) fn new(parts: Parts) -> Result<Self, SetUpError> {
        let assets = Assets::load()?;
        if !assets.are_built() {
            tracing::warn!(
                "web assets are not built: pages are served without style (npm run build in web/)"
            );
        }
        let form_key = FormKey::new(&parts.random.bytes()?);
        Ok(Self {
            registry: parts.registry,
            countries: parts.countries,
            random: parts.random,
            transport: parts.transport,
            frame: Arc::new(Frame {
                assets,
                simulated_day: parts.simulated_day,
            }),
            form_key: Arc::new(form_key),
            limits: Arc::new(Limits::default()),
            demo_sign_ins: parts.demo_sign_ins.into(),
            publication: Arc::new(parts.publication),
            exchange: parts.exchange,
            matters: Arc::new(Matters::default()),
        })
    }
}
