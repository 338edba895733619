//! What the registry needs from outside: a store that keeps, a clock that tells, a source of randomness.
//!
//! A use case opens one [`Transaction`], works through the traits below and commits. What it wrote, the trace of its
//! reads among it, is seen together or never; dropping the transaction leaves no mark.
//! Invariant: every list has a named bound, and more than the bound is [`StoreError::TooMany`], never a cut.
//! Invariant: times are kept to the microsecond, as PostgreSQL does; [`Clock`] gives none finer.
//! Not here: what a backend does to keep its word (`store`, [`crate::memory`]); the suite that checks it
//! (`conformance`).

pub mod accounts;
pub mod attempts;
pub mod clock;
pub mod contests;
pub mod link_book;
pub mod outbox;
pub mod prepared_statuses;
pub mod presence_log;
pub mod proofs;
pub mod quarantine;
pub mod random;
pub mod record_log;
pub mod review_queue;
pub mod ruling_book;
pub mod trace_log;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

pub use self::{clock::Clock, random::Random};

/// Rows that one page may hold, whatever it lists.
pub const PAGE_MAX: u32 = 5_000;

/// Keeps everything.
///
/// What is known grows by one at a time, and nobody who looks under a trace works beside it: so an answer given as of
/// a time holds all that will ever be known as of that time.
#[async_trait]
pub trait Store: Send + Sync {
    /// A transaction that may write. Whoever has to wait for another waits at most as long as the backend's
    /// configuration says; then it is told [`StoreError::Busy`].
    async fn begin(&self) -> Result<Box<dyn Transaction>, StoreError>;

    /// A transaction that will call [`Transaction::advance_known_time`]: the clock is to be read after this returns.
    /// A backend on which transactions of [`Store::begin`] run side by side gives the turn here.
    async fn begin_addition(&self) -> Result<Box<dyn Transaction>, StoreError> {
        self.begin().await
    }

    /// A transaction that only reads, and sees one state from its first read to its end. Waits for no writer.
    async fn begin_read(&self) -> Result<Box<dyn Transaction>, StoreError>;
}

/// One unit of work over all ports. Dropped without [`Transaction::commit`], it changes nothing.
#[async_trait]
pub trait Transaction:
    accounts::Accounts
    + attempts::Attempts
    + contests::Contests
    + link_book::LinkBook
    + outbox::Outbox
    + prepared_statuses::PreparedStatuses
    + presence_log::PresenceLog
    + proofs::Proofs
    + quarantine::Quarantine
    + record_log::RecordLog
    + review_queue::ReviewQueue
    + ruling_book::RulingBook
    + trace_log::TraceLog
    + Send
{
    async fn commit(self: Box<Self>) -> Result<(), StoreError>;

    /// Chooses the known time of what this transaction adds: `now`, or the earliest that contradicts nothing that was
    /// added or promised, where that is less than [`KNOWN_TIME_SLACK`] ahead. Known time never runs backwards: a clock
    /// that is further behind is [`StoreError::ClockBack`]. See [`next_known_time`].
    async fn advance_known_time(&mut self, now: Timestamp) -> Result<Timestamp, StoreError>;

    /// Notes that answers were given by what is known at `at`: whatever is added after this transaction is known later,
    /// so that the same question gets the same answer for ever.
    async fn promise_known_time(&mut self, at: Timestamp) -> Result<(), StoreError>;

    /// The known time of what was added last; none while nothing was.
    async fn latest_known_time(&mut self) -> Result<Option<Timestamp>, StoreError>;

    /// How much the store holds; grows with every record, link, standing decision, ruling and its taking back, and with
    /// nothing else.
    async fn extent(&mut self) -> Result<Extent, StoreError>;
}

/// How far known time may run ahead of the clock, when answers were given within one tick of it.
pub const KNOWN_TIME_SLACK: SignedDuration = SignedDuration::from_secs(1);

/// The rule of [`Transaction::advance_known_time`]: `latest` is the known time of what was added last, `promised` the
/// latest time for which an answer was given.
pub fn next_known_time(
    now: Timestamp,
    latest: Option<Timestamp>,
    promised: Option<Timestamp>,
) -> Result<Timestamp, StoreError> {
    let tick = SignedDuration::from_micros(1);
    let after_promise = promised.map(|promised| promised.checked_add(tick).unwrap_or(Timestamp::MAX));
    let Some(earliest) = latest.max(after_promise).filter(|earliest| now < *earliest) else {
        return Ok(now);
    };
    if earliest.duration_since(now) <= KNOWN_TIME_SLACK {
        Ok(earliest)
    } else {
        Err(StoreError::ClockBack {
            known: latest.max(promised).unwrap_or(earliest),
        })
    }
}

/// Counts by which a long computation notices that its input has changed meanwhile.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extent {
    pub records: u64,
    pub links: u64,
    /// Words on pairs, rulings, and rulings taken back.
    pub decisions: u64,
}

/// Why the store refused. Messages name kinds and counts, never a person.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Nothing of the transaction was kept; the same work can be done again when there is room.
    #[error("no room left on the store's disk; nothing of this transaction was kept")]
    Full,
    /// As [`StoreError::Full`], for a disk that fails.
    #[error("the store's disk failed; nothing of this transaction was kept")]
    Disk(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Nothing of the transaction was kept; only where its commit was under way may all of it have been.
    #[error("the store cannot be reached")]
    Away(#[source] Away),
    #[error("the store is busy with another writer")]
    Busy,
    #[error("this transaction may only read")]
    ReadOnly,
    #[error("more than {limit} {what}")]
    TooMany { what: &'static str, limit: u32 },
    #[error("a {what} of this key is there already")]
    Duplicate { what: &'static str },
    #[error("there is no such {what}")]
    Missing { what: &'static str },
    #[error("the clock is behind what the store knows already ({known})")]
    ClockBack { known: Timestamp },
    #[error("a stored {what} cannot be read back")]
    Corrupt {
        what: &'static str,
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    #[error("the store failed")]
    Backend(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// The server behind a store is not there, or the connection to it broke. It may be back soon.
#[derive(Debug, thiserror::Error)]
#[error("no connection to its server")]
pub struct Away(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// What is left of an error's causes when it is told to several.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Told(String);

impl StoreError {
    /// The same error for another who shared the work that failed.
    pub(crate) fn told_again(&self) -> Self {
        let again = |source: &(dyn std::error::Error + Send + Sync)| Box::new(Told(source.to_string()));
        match self {
            Self::Full => Self::Full,
            Self::Disk(source) => Self::Disk(again(&**source)),
            Self::Busy => Self::Busy,
            Self::Away(Away(source)) => Self::Away(Away(again(&**source))),
            Self::ReadOnly => Self::ReadOnly,
            Self::TooMany { what, limit } => Self::TooMany { what, limit: *limit },
            Self::Duplicate { what } => Self::Duplicate { what },
            Self::Missing { what } => Self::Missing { what },
            Self::ClockBack { known } => Self::ClockBack { known: *known },
            Self::Corrupt { what, source } => Self::Corrupt {
                what,
                source: again(&**source),
            },
            Self::Backend(source) => Self::Backend(again(&**source)),
        }
    }
}

/// Refuses a page larger than [`PAGE_MAX`].
pub fn check_page(limit: u32) -> Result<(), StoreError> {
    if limit > PAGE_MAX {
        Err(StoreError::TooMany {
            what: "rows a page",
            limit: PAGE_MAX,
        })
    } else {
        Ok(())
    }
}
