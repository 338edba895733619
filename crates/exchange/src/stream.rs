//! The two streams at the broker, made when they are not there, left as the operator made them when they are.

use std::time::Duration;

use async_nats::{
    Client,
    jetstream::{
        self, Context,
        context::CreateStreamErrorKind,
        stream::{Config, DiscardPolicy, RetentionPolicy, StorageType, Stream},
    },
};

use crate::{
    settings::Settings,
    subject::{IN_ALL, OUT_ALL},
};

/// Bytes of one message to us; the broker refuses more.
pub const MESSAGE_BYTES_MAX: usize = 1024 * 1024;
/// Bytes that wait for us; a publisher is refused then, and keeps what it has.
const WAITING_BYTES_MAX: i64 = 1024 * 1024 * 1024;
/// For how long the broker knows what it was sent already.
const DUPLICATES: Duration = Duration::from_secs(2 * 60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[derive(Debug, thiserror::Error)]
pub enum StreamError {
    #[error("stream {stream} could not be opened: {kind}")]
    Open {
        stream: String,
        kind: CreateStreamErrorKind,
    },
    #[error("stream {stream} does not take {subject}")]
    Subjects { stream: String, subject: &'static str },
}

/// Notices on their way: kept for some days, read by each receiver as often as it likes.
pub async fn outgoing(context: &Context, settings: &Settings) -> Result<Stream, StreamError> {
    let config = Config {
        name: settings.out_stream.clone(),
        description: Some("notices of Sojourn to agencies and verifiers".to_owned()),
        subjects: vec![OUT_ALL.to_owned()],
        retention: RetentionPolicy::Limits,
        discard: DiscardPolicy::New,
        storage: StorageType::File,
        max_age: DAY * settings.keep_days.max(1),
        duplicate_window: DUPLICATES,
        num_replicas: settings.replicas,
        ..Config::default()
    };
    open(context, config, &[OUT_ALL]).await
}

/// Messages to us: they hold personal data, so the broker has them only until we do.
pub async fn incoming(context: &Context, settings: &Settings) -> Result<Stream, StreamError> {
    let config = Config {
        name: settings.in_stream.clone(),
        description: Some("records and acknowledgements to Sojourn".to_owned()),
        subjects: IN_ALL.map(str::to_owned).to_vec(),
        retention: RetentionPolicy::WorkQueue,
        discard: DiscardPolicy::New,
        storage: StorageType::File,
        max_bytes: WAITING_BYTES_MAX,
        max_message_size: i32::try_from(MESSAGE_BYTES_MAX).unwrap_or(i32::MAX),
        duplicate_window: DUPLICATES,
        num_replicas: settings.replicas,
        ..Config::default()
    };
    open(context, config, &IN_ALL).await
}

/// How much lies in the streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    pub notices: u64,
    pub messages: u64,
}

/// Looks into both streams.
pub async fn kept(client: Client, settings: &Settings) -> Result<Kept, StreamError> {
    let context = jetstream::new(client);
    let notices = outgoing(&context, settings).await?.cached_info().state.messages;
    let messages = incoming(&context, settings).await?.cached_info().state.messages;
    Ok(Kept { notices, messages })
}

async fn open(context: &Context, config: Config, needed: &[&'static str]) -> Result<Stream, StreamError> {
    let name = config.name.clone();
    let opened = context.get_or_create_stream(config).await;
    let stream = opened.map_err(|error| StreamError::Open {
        stream: name.clone(),
        kind: error.kind(),
    })?;
    let taken = &stream.cached_info().config.subjects;
    match needed
        .iter()
        .find(|subject| !taken.iter().any(|taken| taken == *subject))
    {
        Some(subject) => Err(StreamError::Subjects {
            stream: name,
            subject,
        }),
        None => Ok(stream),
    }
}
