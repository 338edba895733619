//! Relay and inbox at work beside a server, and what can be told of them.

use std::{sync::Arc, time::Duration};

use async_nats::Client;
use records::key::KeyError;
use registry::{
    access::{actor::Asker, purpose::PurposeId},
    port::{
        StoreError,
        outbox::{Consumer, ConsumerError},
    },
    registry::Registry,
};
use tokio::{sync::watch, task::JoinHandle};

use crate::{
    connection::{ConnectionError, Patience, connect, is_connected},
    inbox::Inbox,
    reading::Reading,
    relay::{Relay, carrier},
    settings::Settings,
};

/// How long work under way may take to its end when the program is asked to stop. What is cut then is done again later.
const STOP_MAX: Duration = Duration::from_secs(10);

#[derive(Debug, thiserror::Error)]
pub enum ExchangeError {
    #[error(transparent)]
    Connection(#[from] ConnectionError),
    #[error(transparent)]
    Consumer(#[from] ConsumerError),
    #[error(transparent)]
    Source(#[from] KeyError),
}

/// What the exchange works on, and as whom.
pub struct Parts {
    pub registry: Arc<Registry>,
    pub reading: Arc<Reading>,
    /// Runs the register: hands notices to the broker, takes records in.
    pub operator: Asker,
    /// Purpose for which receivers read their notices.
    pub notices: PurposeId,
}

/// The exchange at work. Dropped, it stops at once; nothing is lost by that.
pub struct Exchange {
    status: Arc<Status>,
    stop: watch::Sender<bool>,
    at_work: Vec<JoinHandle<()>>,
}

impl Exchange {
    /// Begins; a broker that is away is waited for beside everything else.
    pub async fn start(settings: Settings, parts: Parts) -> Result<Self, ExchangeError> {
        let client = connect(&settings, Patience::Wait).await?;
        let status = Status {
            registry: Arc::clone(&parts.registry),
            client: client.clone(),
            carrier: carrier(&settings)?,
        };
        let registry = Arc::clone(&parts.registry);
        let relay = Relay::new(registry, parts.operator.clone(), client.clone(), &settings)?;
        let Parts {
            registry,
            reading,
            operator,
            notices,
        } = parts;
        let inbox = Inbox::new(registry, operator, notices, reading, client, settings)?;
        let (stop, stopped) = watch::channel(false);
        let at_work = vec![
            tokio::spawn(relay.run(stopped.clone())),
            tokio::spawn(inbox.run(stopped)),
        ];
        Ok(Self {
            status: Arc::new(status),
            stop,
            at_work,
        })
    }

    pub fn status(&self) -> Arc<Status> {
        Arc::clone(&self.status)
    }

    /// Lets what is under way come to its end, and stops.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        for work in std::mem::take(&mut self.at_work) {
            let abort = work.abort_handle();
            match tokio::time::timeout(STOP_MAX, work).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) => tracing::error!("a part of the exchange had broken down"),
                Err(_) => abort.abort(),
            }
        }
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        self.at_work.iter().for_each(JoinHandle::abort);
    }
}

/// How the exchange stands, for those who watch over it.
pub struct Status {
    registry: Arc<Registry>,
    client: Client,
    carrier: Consumer,
}

impl Status {
    /// Whether the broker is there.
    pub fn is_connected(&self) -> bool {
        is_connected(&self.client)
    }

    /// Events that the broker has not acknowledged.
    pub async fn waiting(&self) -> Result<u64, StoreError> {
        self.registry.waiting_for(&self.carrier).await
    }
}
