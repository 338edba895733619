//! Takes in what lies in the stream to us, for as long as the program runs.
//!
//! Invariant: a message is acknowledged after what it says is committed, so a kill in between brings it again, and again
//! changes nothing: records are known by their ids, lines set aside by their places.
//! Invariant: a message that says nothing of use is set aside and ended; a store that fails gives everything back.

use std::{sync::Arc, time::Duration};

use async_nats::{
    Client,
    jetstream::{
        self, AckKind, Context, Message,
        consumer::{AckPolicy, PullConsumer, pull},
    },
};
use futures_util::StreamExt as _;
use records::key::{KeyError, SourceName};
use registry::{
    access::{
        actor::{Actor, Asker},
        purpose::PurposeId,
    },
    deliver::DeliverError,
    ingest::{Batch, IngestError},
    port::{StoreError, outbox::Receiver, quarantine::SetAside},
    registry::Registry,
};
use tokio::{sync::watch, task::JoinHandle};

use crate::{
    connection::is_connected,
    inbound::{Letter, NAMELESS, NO_SUCH_NOTICE, Said, lines},
    reading::{BATCH_LINES, Reading},
    relay::chain,
    settings::Settings,
    stream::{self, StreamError},
};

/// Name of our place in the stream, and of who acknowledges for a receiver in the trace.
const NAME: &str = "exchange";
/// Messages that are taken at once; with their largest size this bounds the memory.
const MESSAGES_MAX: usize = 64;
/// For how long one look waits for a message.
const WAIT: Duration = Duration::from_secs(5);
/// After so long without our word the broker gives a message out again: what a server that was killed had in hand.
const SILENCE_MAX: Duration = Duration::from_secs(20);
/// Between two words that the messages in hand are still being worked on.
const AT_WORK: Duration = Duration::from_secs(5);
/// When a message that the store did not take comes again.
const AGAIN: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(500);
const PAUSE_MAX: Duration = Duration::from_secs(15);

#[derive(Debug, thiserror::Error)]
pub enum InboxError {
    #[error("the broker is away")]
    Away,
    #[error(transparent)]
    Stream(#[from] StreamError),
    #[error("our place in the stream could not be opened")]
    Place,
    #[error("messages could not be fetched")]
    Fetch,
    #[error("the reader of messages was cut off")]
    CutOff,
    #[error(transparent)]
    Ingest(#[from] IngestError),
    #[error(transparent)]
    Deliver(#[from] DeliverError),
}

pub struct Inbox {
    registry: Arc<Registry>,
    asker: Asker,
    notices: PurposeId,
    reading: Arc<Reading>,
    nameless: SourceName,
    client: Client,
    context: Context,
    settings: Settings,
}

/// Messages whose records go into the store together.
#[derive(Default)]
struct Parcel {
    messages: Vec<(Message, Vec<Batch>)>,
    lines: usize,
}

impl Inbox {
    /// `asker` takes records in; `notices` is the purpose for which receivers read theirs.
    pub fn new(
        registry: Arc<Registry>,
        asker: Asker,
        notices: PurposeId,
        reading: Arc<Reading>,
        client: Client,
        settings: Settings,
    ) -> Result<Self, KeyError> {
        let context = jetstream::new(client.clone());
        Ok(Self {
            registry,
            asker,
            notices,
            reading,
            nameless: SourceName::parse(NAMELESS)?,
            client,
            context,
            settings,
        })
    }

    /// Takes in until told to stop; what is being taken in then is ended first.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut pause = PAUSE;
        while !*stop.borrow() {
            let fault = match self.work(&mut stop).await {
                Ok(()) => return,
                Err(fault) => fault,
            };
            tracing::warn!(fault = chain(&fault), "messages wait");
            tokio::select! {
                changed = stop.changed() => if changed.is_err() { return },
                () = tokio::time::sleep(pause) => {}
            }
            pause = (pause * 2).min(PAUSE_MAX);
        }
    }

    /// Takes in until told to stop, or until something fails.
    async fn work(&self, stop: &mut watch::Receiver<bool>) -> Result<(), InboxError> {
        if !is_connected(&self.client) {
            return Err(InboxError::Away);
        }
        let place = self.open().await?;
        while !*stop.borrow() {
            let messages = tokio::select! {
                _ = stop.changed() => return Ok(()),
                messages = fetch(&place) => messages?,
            };
            self.take(messages).await?;
        }
        Ok(())
    }

    /// Our place in the stream, which several servers share.
    pub async fn open(&self) -> Result<PullConsumer, InboxError> {
        let stream = stream::incoming(&self.context, &self.settings).await?;
        let config = pull::Config {
            durable_name: Some(NAME.to_owned()),
            ack_policy: AckPolicy::Explicit,
            ack_wait: SILENCE_MAX,
            ..pull::Config::default()
        };
        let opened = stream.get_or_create_consumer(NAME, config).await;
        opened.map_err(|_| InboxError::Place)
    }

    /// Takes in messages and tells the broker what became of each.
    pub async fn take(&self, messages: Vec<Message>) -> Result<(), InboxError> {
        let _held = Held::of(&messages);
        let letters: Vec<Option<Letter>> = messages.iter().map(Letter::of).collect();
        let (reading, nameless, now) = (
            Arc::clone(&self.reading),
            self.nameless.clone(),
            self.registry.now(),
        );
        let said = tokio::task::spawn_blocking(move || -> Vec<Option<Said>> {
            let understood = |letter: Letter| letter.understand(&reading, &nameless, now);
            letters.into_iter().map(|letter| letter.map(understood)).collect()
        });
        let said = said.await.map_err(|_| InboxError::CutOff)?;
        let mut parcel = Parcel::default();
        let mut fault = None;
        for (message, said) in messages.into_iter().zip(said) {
            let taken = match said {
                Some(Said::Records(batches)) => match parcel.add(message, batches) {
                    Some(full) => self.take_parcel(full).await,
                    None => Ok(()),
                },
                Some(Said::Read { by, up_to }) => self.take_reading(message, by, up_to).await,
                Some(Said::Nothing(line)) => self.end(message, *line).await,
                None => Ok(()),
            };
            fault = fault.or(taken.err());
        }
        let taken = self.take_parcel(parcel).await;
        match fault.or(taken.err()) {
            Some(fault) => Err(fault),
            None => Ok(()),
        }
    }

    async fn take_parcel(&self, parcel: Parcel) -> Result<(), InboxError> {
        if let [_, _, ..] = parcel.messages.as_slice() {
            match self.registry.ingest(&self.asker, parcel.merged()).await {
                Ok(_) => {
                    for (message, _) in parcel.messages {
                        answer(&message, AckKind::Ack).await;
                    }
                    return Ok(());
                }
                Err(error) if is_of_the_store(&error) => {
                    for (message, _) in parcel.messages {
                        answer(&message, AckKind::Nak(Some(AGAIN))).await;
                    }
                    return Err(error.into());
                }
                // One of them may be at fault: each for itself, so that it does not hold up the others.
                Err(_) => {}
            }
        }
        let mut fault = None;
        for (message, batches) in parcel.messages {
            let taken = self.ingest(batches).await;
            settle(&message, AckKind::Ack, &taken).await;
            fault = fault.or(taken.err());
        }
        fault.map_or(Ok(()), Err)
    }

    async fn ingest(&self, batches: Vec<Batch>) -> Result<(), InboxError> {
        for batch in batches {
            self.registry.ingest(&self.asker, batch).await?;
        }
        Ok(())
    }

    /// Sets a message aside that says nothing of use, and ends it.
    async fn end(&self, message: Message, line: SetAside) -> Result<(), InboxError> {
        let batch = Batch {
            set_aside: vec![line],
            ..Batch::default()
        };
        let taken = self.ingest(vec![batch]).await;
        settle(&message, AckKind::Term, &taken).await;
        taken
    }

    async fn take_reading(&self, message: Message, by: Receiver, up_to: u64) -> Result<(), InboxError> {
        let name = NAME.to_owned();
        let actor = match by {
            Receiver::Agency { office } => Actor::Official { name, office },
            Receiver::Verifier { organisation } => Actor::Verifier { organisation },
        };
        let asker = Asker::new(actor, self.notices.clone());
        match self.registry.acknowledge(&asker, up_to).await {
            Err(DeliverError::NoSuchNotice) => match Letter::of(&message) {
                Some(letter) => {
                    let line = letter.set_aside(self.nameless.clone(), NO_SUCH_NOTICE);
                    self.end(message, line).await
                }
                None => Ok(()),
            },
            acknowledged => {
                let taken = acknowledged.map(drop).map_err(InboxError::from);
                settle(&message, AckKind::Ack, &taken).await;
                taken
            }
        }
    }
}

/// Keeps the broker from giving out again what is being worked on, however long that takes. Ends when dropped; a word
/// on a message that is settled already is nothing to the broker.
struct Held(JoinHandle<()>);

impl Held {
    fn of(messages: &[Message]) -> Self {
        let messages = messages.to_vec();
        Self(tokio::spawn(async move {
            loop {
                tokio::time::sleep(AT_WORK).await;
                for message in &messages {
                    answer(message, AckKind::Progress).await;
                }
            }
        }))
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Parcel {
    /// Adds a message; answers the parcel before it, if both together were too many lines.
    fn add(&mut self, message: Message, batches: Vec<Batch>) -> Option<Self> {
        let more: usize = batches.iter().map(lines).sum();
        let full = if self.lines + more > BATCH_LINES {
            Some(std::mem::take(self))
        } else {
            None
        };
        self.lines += more;
        self.messages.push((message, batches));
        full.filter(|full| !full.messages.is_empty())
    }

    fn merged(&self) -> Batch {
        let mut merged = Batch::default();
        for batch in self.messages.iter().flat_map(|(_, batches)| batches) {
            merged.records.extend(batch.records.iter().cloned());
            merged.set_aside.extend(batch.set_aside.iter().cloned());
            merged.presence.extend(batch.presence.iter().cloned());
        }
        merged
    }
}

/// Whether the store would fail on anything now.
fn is_of_the_store(error: &IngestError) -> bool {
    matches!(
        error,
        IngestError::Access(_)
            | IngestError::Store(
                StoreError::Full | StoreError::Disk(_) | StoreError::Busy | StoreError::ClockBack { .. }
            )
    )
}

/// What is there, or else the first message that comes; none if none comes for a while.
async fn fetch(place: &PullConsumer) -> Result<Vec<Message>, InboxError> {
    let there = place.fetch().max_messages(MESSAGES_MAX).messages().await;
    let messages = all(there.map_err(|_| InboxError::Fetch)?).await?;
    if !messages.is_empty() {
        return Ok(messages);
    }
    let next = place.batch().max_messages(1).expires(WAIT).messages().await;
    all(next.map_err(|_| InboxError::Fetch)?).await
}

async fn all(mut batch: pull::Batch) -> Result<Vec<Message>, InboxError> {
    let mut messages = Vec::new();
    while let Some(message) = batch.next().await {
        messages.push(message.map_err(|_| InboxError::Fetch)?);
    }
    Ok(messages)
}

/// Tells the broker what became of a message: `kind` if it was taken, else that it is to come again.
async fn settle(message: &Message, kind: AckKind, taken: &Result<(), InboxError>) {
    match taken {
        Ok(()) => answer(message, kind).await,
        Err(_) => answer(message, AckKind::Nak(Some(AGAIN))).await,
    }
}

/// A word that does not reach the broker does no harm: the message comes again, and changes nothing.
async fn answer(message: &Message, kind: AckKind) {
    if message.ack_with(kind).await.is_err() {
        tracing::warn!("the broker could not be told what became of a message; it will come again");
    }
}
