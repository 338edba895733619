//! Agencies in and out: notices go to a message broker, records and acknowledgements come from it.
//!
//! * [`settings`], [`connection`], [`stream`]: which broker, and what is kept there
//! * [`notice`], [`subject`]: what a receiver reads, and where
//! * [`relay`], [`outgoing`]: from the outbox to the broker, in order, until it has arrived
//! * [`inbox`], [`inbound`], [`reading`]: from the broker to the registry, by the way that files go
//! * [`exchange`]: both at work beside a server
//!
//! Invariant: a broker that is away loses nothing and holds nobody up: events stay in the outbox, messages in the stream.

pub mod connection;
pub mod exchange;
pub mod inbound;
pub mod inbox;
pub mod notice;
pub mod outgoing;
pub mod reading;
pub mod relay;
pub mod settings;
pub mod stream;
pub mod subject;
