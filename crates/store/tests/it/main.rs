//! The backends against the registry's suite and against faults.

// clippy's leave for tests covers functions marked `#[test]` alone, not what they call
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod append_only;
mod bare;
mod disk;
mod interrupted;
mod migrating;
mod postgres;
mod reopening;
mod sqlite;
mod tampering;
mod volume;
