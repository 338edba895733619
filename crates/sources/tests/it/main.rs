//! The shipped mappings on whole extracts: the example worlds, hostile bytes, endless lines.
#![allow(
    clippy::unwrap_used,
    reason = "clippy's leave for tests does not reach the helpers beside them"
)]

mod aggregates;
mod endless;
mod hostile;
mod kinds;
mod laws;
mod proofs;
mod setting;
mod worlds;
