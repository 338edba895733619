//! What others have to be told: written in the transaction of the change, handed over as often as it takes.
//!
//! Invariant: events are numbered 1, 2, 3 … in the order in which their transactions were committed. Whoever has read
//! up to a number misses nothing at or below it: no event with a lower number shows up later.
//! Invariant: handing over is at least once; a consumer that notes what it has consumed acts on each event once.
//! Invariant: an event carries kinds and numbers. The profile id in it is for us alone; a receiver is told the id of its
//! own sector (`crate::sector`).

use async_trait::async_trait;
use credential::CredentialId;
use jiff::Timestamp;
use records::key::ProfileId;
use serde::{Deserialize, Serialize};

use super::{StoreError, contests::ContestId};
use crate::access::action::FieldGroup;

/// Events that one call of [`Outbox::append_events`] takes.
pub const EVENTS_MAX: u32 = 10_000;

/// Who is told.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "receiver", rename_all = "snake_case")]
pub enum Receiver {
    Agency { office: String },
    Verifier { organisation: String },
}

impl Receiver {
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Agency { .. } => "agency",
            Self::Verifier { .. } => "verifier",
        }
    }

    pub fn name(&self) -> &str {
        match self {
            Self::Agency { office } => office,
            Self::Verifier { organisation } => organisation,
        }
    }

    /// From [`Receiver::kind`] and [`Receiver::name`].
    pub fn of(kind: &str, name: String) -> Option<Self> {
        match kind {
            "agency" => Some(Self::Agency { office: name }),
            "verifier" => Some(Self::Verifier { organisation: name }),
            _ => None,
        }
    }
}

/// Who reads events, and stands somewhere in them: a receiver, or a program that carries them on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Consumer(String);

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("a consumer is named by 1 to 300 characters without line breaks")]
pub struct ConsumerError;

impl Consumer {
    pub fn parse(raw: &str) -> Result<Self, ConsumerError> {
        if (1..=300).contains(&raw.chars().count()) && !raw.chars().any(char::is_control) {
            Ok(Self(raw.to_owned()))
        } else {
            Err(ConsumerError)
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&Receiver> for Consumer {
    fn from(receiver: &Receiver) -> Self {
        Self(format!("{}/{}", receiver.kind(), receiver.name()))
    }
}

/// Where a consumer stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The last number that it has done with; 0 for one that never read.
    pub position: u64,
    /// How often it was put back, to be told again: tells what it is told again from what it was told before.
    pub replays: u64,
}

/// What happened, in kinds and numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "news", rename_all = "snake_case")]
pub enum News {
    /// What the receiver was told is contested; nothing is decided yet.
    Contested { case: ContestId, group: FieldGroup },
    /// What the receiver was told was wrong: the profile now says what is right.
    Corrected { case: ContestId, group: FieldGroup },
    /// What was contested stands.
    Upheld { case: ContestId, group: FieldGroup },
    /// Two profiles turned out to be one person's; this one went into another.
    Merged { into: ProfileId },
    /// Records went from this profile to another one, because they are not this person's.
    Parted { into: ProfileId },
    /// A merge or a parting was taken back.
    Restored { other: ProfileId },
    /// An answer given earlier no longer stands.
    AnswerWithdrawn {
        #[serde(with = "in_hex")]
        receipt: CredentialId,
    },
    /// The receiver's own case has come further: a question to answer, or a decision.
    CaseMoved { case: ContestId },
}

/// Ids of answers as people quote them.
mod in_hex {
    use credential::CredentialId;
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub(super) fn serialize<S: Serializer>(id: &CredentialId, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(id)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<CredentialId, D::Error> {
        let text = String::deserialize(deserializer)?;
        CredentialId::parse(&text).map_err(D::Error::custom)
    }
}

/// An event to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent {
    pub profile: ProfileId,
    pub to: Receiver,
    pub news: News,
    /// When the person may see that this receiver is told.
    pub shown_from: Timestamp,
}

/// An event in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// From 1, without gaps, over all events.
    pub number: u64,
    /// From 1, without gaps, over the events of this profile.
    pub place: u64,
    pub at: Timestamp,
    pub profile: ProfileId,
    pub to: Receiver,
    pub news: News,
    pub shown_from: Timestamp,
}

/// Append-only log of events, where each consumer stands, and what it has consumed.
#[async_trait]
pub trait Outbox {
    /// Appends in order; answers the numbers. More than [`EVENTS_MAX`] is an error.
    async fn append_events(&mut self, events: &[NewEvent], at: Timestamp) -> Result<Vec<u64>, StoreError>;

    async fn load_event(&mut self, number: u64) -> Result<Event, StoreError>;

    /// Events after a number, in order: whatever was read before can be read again.
    async fn events_after(&mut self, after: u64, limit: u32) -> Result<Vec<Event>, StoreError>;

    /// Events to one receiver after a number, in order.
    async fn events_to(
        &mut self,
        receiver: &Receiver,
        after: u64,
        limit: u32,
    ) -> Result<Vec<Event>, StoreError>;

    /// Events of one profile after a number, in order.
    async fn events_of(
        &mut self,
        profile: ProfileId,
        after: u64,
        limit: u32,
    ) -> Result<Vec<Event>, StoreError>;

    /// Number of the last event; 0 while there is none.
    async fn last_event(&mut self) -> Result<u64, StoreError>;

    async fn standing(&mut self, consumer: &Consumer) -> Result<Standing, StoreError>;

    /// The last number that a consumer has done with; 0 for one that never read.
    async fn position(&mut self, consumer: &Consumer) -> Result<u64, StoreError> {
        Ok(self.standing(consumer).await?.position)
    }

    /// Moves a consumer on, if it stands where its reader saw it stand; `false` if another moved it meanwhile, and
    /// then nothing is changed. A number that is not there yet is [`StoreError::Missing`].
    async fn advance(
        &mut self,
        consumer: &Consumer,
        from: Standing,
        to: u64,
        at: Timestamp,
    ) -> Result<bool, StoreError>;

    /// Puts a consumer on a number; to a lower one for a replay, which is counted. A number that is not there yet is
    /// [`StoreError::Missing`].
    async fn set_position(
        &mut self,
        consumer: &Consumer,
        number: u64,
        at: Timestamp,
    ) -> Result<(), StoreError>;

    /// Notes that a consumer has acted on an event; `false` if it had already.
    async fn consume(&mut self, consumer: &Consumer, number: u64, at: Timestamp) -> Result<bool, StoreError>;

    /// When a consumer acted on an event.
    async fn consumed_at(
        &mut self,
        consumer: &Consumer,
        number: u64,
    ) -> Result<Option<Timestamp>, StoreError>;
}
