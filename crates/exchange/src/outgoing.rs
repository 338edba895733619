//! Puts postings into the stream, each once and in order, whoever else does the same.
//!
//! Every message names the sequence that it follows, so the broker refuses whatever would come out of its order; and an id
//! of its own, so it is not kept twice. After a refusal or a silence the end of the stream tells what has arrived.
//! Invariant: what is said to have arrived was acknowledged by the broker, as was everything before it.

use async_nats::{
    Client,
    jetstream::{
        self, Context,
        context::{PublishAckFuture, PublishErrorKind},
        message::PublishMessage,
        stream::Stream,
    },
};
use registry::{port::outbox::Receiver, relay::Posting};

use crate::{
    notice::NoticeReply,
    settings::Settings,
    stream::{self, StreamError},
    subject,
};

const MESSAGE_ID: &str = "Nats-Msg-Id";

#[derive(Debug, thiserror::Error)]
pub enum OutgoingError {
    #[error(transparent)]
    Stream(#[from] StreamError),
    #[error("the end of the stream could not be read")]
    End,
    #[error("the broker did not take a notice: {0}")]
    Refused(PublishErrorKind),
    #[error("a notice could not be written")]
    Form(#[from] serde_json::Error),
}

/// Which telling it is: the first has no mark, so that an event's id is its number and time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Telling {
    /// In the course of the outbox, which was put back so many times.
    Course { replays: u64 },
    /// To one receiver alone, as somebody asked for at a moment.
    Again { to: Receiver, asked: jiff::Timestamp },
}

impl Telling {
    /// The number alone would do, were it not for a store that is restored to an earlier day: it gives the same numbers
    /// to other events.
    fn id(&self, posting: &Posting) -> String {
        let event = format!("{}@{}", posting.notice.number, posting.notice.at.as_microsecond());
        match self {
            Self::Course { replays: 0 } => event,
            Self::Course { replays } => format!("{event}~{replays}"),
            Self::Again { to, asked } => {
                format!("{event}~{}~{}", subject::token(to.name()), asked.as_microsecond())
            }
        }
    }
}

/// How far a load came.
#[derive(Debug)]
pub struct Arrived {
    /// How many postings have arrived, from the first on.
    pub postings: usize,
    /// Why it came no further.
    pub fault: Option<OutgoingError>,
}

/// The end of the stream.
struct End {
    sequence: u64,
    /// Id of the message there, if it has one still.
    id: Option<String>,
}

/// The stream of notices, seen from its end.
pub struct Outgoing {
    context: Context,
    settings: Settings,
    /// As we left it; unknown after a fault.
    end: Option<End>,
}

impl Outgoing {
    pub fn over(client: Client, settings: Settings) -> Self {
        Self {
            context: jetstream::new(client),
            settings,
            end: None,
        }
    }

    /// Puts postings into the stream, and waits for the broker's word on each.
    pub async fn put(&mut self, telling: &Telling, postings: &[Posting]) -> Arrived {
        let end = match self.end.take() {
            Some(end) => end,
            None => match self.look().await {
                Ok(end) => end,
                Err(fault) => {
                    return Arrived {
                        postings: 0,
                        fault: Some(fault),
                    };
                }
            },
        };
        let ids: Vec<String> = postings.iter().map(|posting| telling.id(posting)).collect();
        let there = ids
            .iter()
            .position(|id| Some(id) == end.id.as_ref())
            .map_or(0, |at| at + 1);
        let (sent, fault) = self.send(&postings[there..], &ids[there..], end.sequence).await;
        let mut arrived = there;
        let mut sequence = end.sequence;
        for acknowledgement in sent {
            match acknowledgement.await {
                Ok(taken) => {
                    arrived += 1;
                    sequence = sequence.max(taken.sequence);
                }
                Err(error) => {
                    return Arrived {
                        postings: arrived,
                        fault: Some(OutgoingError::Refused(error.kind())),
                    };
                }
            }
        }
        if fault.is_none() {
            let last = arrived.checked_sub(1).and_then(|last| ids.get(last).cloned());
            self.end = Some(End {
                sequence,
                id: last.or(end.id),
            });
        }
        Arrived {
            postings: arrived,
            fault,
        }
    }

    /// Sends in one go: each names the sequence that the one before it gets.
    async fn send(
        &self,
        postings: &[Posting],
        ids: &[String],
        mut sequence: u64,
    ) -> (Vec<PublishAckFuture>, Option<OutgoingError>) {
        let mut sent = Vec::with_capacity(postings.len());
        for (posting, id) in postings.iter().zip(ids) {
            match self.send_one(posting, id, sequence).await {
                Ok(acknowledgement) => sent.push(acknowledgement),
                Err(fault) => return (sent, Some(fault)),
            }
            sequence += 1;
        }
        (sent, None)
    }

    async fn send_one(
        &self,
        posting: &Posting,
        id: &str,
        follows: u64,
    ) -> Result<PublishAckFuture, OutgoingError> {
        let text = serde_json::to_vec(&NoticeReply::from(posting.notice.clone()))?;
        let message = PublishMessage::build()
            .payload(text.into())
            .message_id(id)
            .expected_stream(&self.settings.out_stream)
            .expected_last_sequence(follows);
        let sent = self
            .context
            .send_publish(subject::of_posting(posting), message)
            .await;
        sent.map_err(|error| OutgoingError::Refused(error.kind()))
    }

    async fn look(&self) -> Result<End, OutgoingError> {
        let stream: Stream = stream::outgoing(&self.context, &self.settings).await?;
        let sequence = stream.cached_info().state.last_sequence;
        if stream.cached_info().state.messages == 0 {
            return Ok(End { sequence, id: None });
        }
        let message = stream
            .get_raw_message(sequence)
            .await
            .map_err(|_| OutgoingError::End)?;
        let id = message.headers.get(MESSAGE_ID).map(ToString::to_string);
        Ok(End { sequence, id })
    }
}
