//! Carries what the outbox holds to the broker, for as long as the program runs.
//!
//! Invariant: the carrier moves on only over what the broker has acknowledged. Whatever stops it in between (a kill, a
//! broker that goes) leaves it where it stood, and what it sent already is known by its id.

use std::{sync::Arc, time::Duration};

use async_nats::Client;
use registry::{
    access::actor::Asker,
    port::outbox::{Consumer, ConsumerError},
    registry::Registry,
    relay::RelayError,
};
use tokio::sync::watch;

use crate::{
    connection::is_connected,
    outgoing::{Outgoing, OutgoingError, Telling},
    settings::Settings,
};

/// Between two looks into an outbox that holds nothing new.
const IDLE: Duration = Duration::from_millis(250);
/// After a fault; doubled each time up to the longest.
const PAUSE: Duration = Duration::from_millis(500);
const PAUSE_MAX: Duration = Duration::from_secs(15);

/// As whom the relay stands in the outbox. Another stream is another carrier, and begins at the first event.
pub fn carrier(settings: &Settings) -> Result<Consumer, ConsumerError> {
    Consumer::parse(&format!("relay/nats/{}", settings.out_stream))
}

#[derive(Debug, thiserror::Error)]
pub enum RoundError {
    #[error("the broker is away")]
    Away,
    #[error(transparent)]
    Outgoing(#[from] OutgoingError),
    #[error(transparent)]
    Registry(#[from] RelayError),
}

/// What a round found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Round {
    Idle,
    Carried,
    /// Another program carried the same, or the carrier was put back.
    Overtaken,
}

pub struct Relay {
    registry: Arc<Registry>,
    asker: Asker,
    carrier: Consumer,
    client: Client,
    outgoing: Outgoing,
}

impl Relay {
    pub fn new(
        registry: Arc<Registry>,
        asker: Asker,
        client: Client,
        settings: &Settings,
    ) -> Result<Self, ConsumerError> {
        Ok(Self {
            registry,
            asker,
            carrier: carrier(settings)?,
            outgoing: Outgoing::over(client.clone(), settings.clone()),
            client,
        })
    }

    /// Carries until told to stop; the round under way is ended first.
    pub async fn run(mut self, mut stop: watch::Receiver<bool>) {
        let mut pause = PAUSE;
        while !*stop.borrow() {
            let rest = match self.round().await {
                Ok(Round::Carried | Round::Overtaken) => {
                    pause = PAUSE;
                    continue;
                }
                Ok(Round::Idle) => {
                    pause = PAUSE;
                    IDLE
                }
                Err(fault) => {
                    tracing::warn!(fault = chain(&fault), "notices wait");
                    let rest = pause;
                    pause = (pause * 2).min(PAUSE_MAX);
                    rest
                }
            };
            tokio::select! {
                // whoever could stop us is gone: that is a stop as well
                changed = stop.changed() => if changed.is_err() { return },
                () = tokio::time::sleep(rest) => {}
            }
        }
    }

    /// Carries one load.
    pub async fn round(&mut self) -> Result<Round, RoundError> {
        let load = self.registry.next_load(&self.asker, &self.carrier).await?;
        if load.postings.is_empty() {
            return Ok(Round::Idle);
        }
        if !is_connected(&self.client) {
            return Err(RoundError::Away);
        }
        let telling = Telling::Course {
            replays: load.standing.replays,
        };
        let arrived = self.outgoing.put(&telling, &load.postings).await;
        let last = arrived
            .postings
            .checked_sub(1)
            .and_then(|last| load.postings.get(last));
        let mut round = Round::Carried;
        if let Some(last) = last {
            let up_to = last.notice.number;
            let moved = self
                .registry
                .carried(&self.asker, &self.carrier, load.standing, up_to)
                .await?;
            if !moved {
                round = Round::Overtaken;
            }
        }
        match arrived.fault {
            // Some of it came through: the rest is looked at afresh, at once.
            Some(fault) if arrived.postings == 0 => Err(fault.into()),
            _ => Ok(round),
        }
    }
}

/// An error with its causes, in one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
