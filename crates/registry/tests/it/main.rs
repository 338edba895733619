//! The registry from outside: its store in memory against the suite, its use cases over it.

// clippy's leave for tests covers functions marked `#[test]` alone, not what they call
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod access;
mod cases;
mod contesting;
mod finding;
mod following;
mod ingesting;
mod laws;
mod linking;
mod looking;
mod memory;
mod proving;
mod reviewing;
mod signing_in;
mod statistics;
mod support;
