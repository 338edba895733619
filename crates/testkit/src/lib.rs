//! What tests of several crates need and the program does not.
//!
//! * [`postgres`]: a PostgreSQL server of one's own, for as long as a test runs
//! * [`nats`]: a NATS server with JetStream, likewise
//!
//! Dev only: no crate that ends in the program uses it.

pub mod nats;
pub mod postgres;
mod watchdog;
