//! What a message to us says.
//!
//! Invariant: a message that cannot be understood becomes a line set aside, with its subject and sequence, never an error:
//! it must not stand in the way of those behind it.
//! Invariant: the source is the subject's, whoever wrote the message: the broker lets each publisher write to its own.

use std::{io::Cursor, ops::ControlFlow};

use async_nats::jetstream::Message;
use jiff::Timestamp;
use records::key::SourceName;
use registry::{
    ingest::Batch,
    port::{outbox::Receiver, quarantine::SetAside},
};
use serde::Deserialize;
use sources::{extract::Input, mapping::Mapping};

use crate::{
    reading::{Document, Reading},
    relay::chain,
    stream::MESSAGE_BYTES_MAX,
    subject::About,
};

/// Stands for the source of a message that names none.
pub(crate) const NAMELESS: &str = "exchange";
/// Characters of a subject that are kept of a message that nobody was told to send.
const SUBJECT_SHOWN: usize = 200;

/// Reasons under which a message as a whole is set aside; the others are those of an extract.
pub const UNKNOWN_SUBJECT: &str = "unknown_subject";
pub const UNKNOWN_SOURCE: &str = "unknown_source";
pub const TOO_LARGE: &str = "too_large";
pub const UNREADABLE: &str = "unreadable";
pub const NO_SUCH_NOTICE: &str = "no_such_notice";

/// A message, as far as reading it goes.
pub(crate) struct Letter {
    pub(crate) subject: String,
    /// How evidence names it: subject, sequence, and when the broker took it.
    pub(crate) place: String,
    pub(crate) payload: Vec<u8>,
}

/// What a letter says.
#[derive(Debug)]
pub(crate) enum Said {
    Records(Vec<Batch>),
    /// A receiver has read its notices up to a number.
    Read {
        by: Receiver,
        up_to: u64,
    },
    /// Nothing that can be used.
    Nothing(Box<SetAside>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReadUpTo {
    number: u64,
}

impl Letter {
    /// None for a message that does not come from a stream.
    pub(crate) fn of(message: &Message) -> Option<Self> {
        let info = message.info().ok()?;
        let shown: String = message.subject.chars().take(SUBJECT_SHOWN).collect();
        let (sequence, at) = (info.stream_sequence, info.published.unix_timestamp());
        Some(Self {
            subject: message.subject.to_string(),
            place: format!("nats:{}/{sequence}@{at}", shown.escape_default()),
            payload: message.payload.to_vec(),
        })
    }

    /// `nameless` stands for the source of a message that names none.
    pub(crate) fn understand(self, reading: &Reading, nameless: &SourceName, now: Timestamp) -> Said {
        let nameless = nameless.clone();
        match About::of(&self.subject) {
            None => self.nothing(nameless, UNKNOWN_SUBJECT),
            Some(About::Read(by)) => match serde_json::from_slice::<ReadUpTo>(&self.payload) {
                Ok(ReadUpTo { number }) => Said::Read { by, up_to: number },
                Err(_) => self.nothing(nameless, UNREADABLE),
            },
            Some(About::Records(source)) => {
                match reading
                    .mappings
                    .iter()
                    .find(|mapping| *mapping.source() == source)
                {
                    Some(_) if self.payload.len() > MESSAGE_BYTES_MAX => self.nothing(source, TOO_LARGE),
                    Some(mapping) => self.records(reading, mapping, now),
                    None => self.nothing(source, UNKNOWN_SOURCE),
                }
            }
        }
    }

    fn records(self, reading: &Reading, mapping: &Mapping, now: Timestamp) -> Said {
        let Self { place, payload, .. } = self;
        let mut batches = Vec::new();
        let mut take = |batch| {
            batches.push(batch);
            ControlFlow::Continue(())
        };
        let document = Document {
            mapping,
            name: &place,
            received_at: now,
        };
        let read = reading.batches(document, Input::seekable(Cursor::new(payload)), &mut take);
        if let Err(error) = read {
            let told = chain(&error);
            let reason = told.strip_prefix(&format!("{place}: ")).unwrap_or(&told);
            let line = set_aside(
                mapping.source().clone(),
                &place,
                format!("{UNREADABLE}: {reason}"),
            );
            batches.push(Batch {
                set_aside: vec![line],
                ..Batch::default()
            });
        }
        batches.retain(|batch| lines(batch) > 0);
        Said::Records(batches)
    }

    fn nothing(&self, source: SourceName, reason: &str) -> Said {
        Said::Nothing(Box::new(self.set_aside(source, reason)))
    }

    /// The message as a line of the quarantine.
    pub(crate) fn set_aside(&self, source: SourceName, reason: &str) -> SetAside {
        set_aside(source, &self.place, reason.to_owned())
    }
}

fn set_aside(source: SourceName, place: &str, reason: String) -> SetAside {
    SetAside {
        source,
        file: place.to_owned(),
        line: 0,
        field: String::new(),
        reason,
        id: None,
    }
}

/// Lines that a batch brings.
pub(crate) fn lines(batch: &Batch) -> usize {
    batch.records.len() + batch.set_aside.len() + batch.presence.len()
}
