//! Credentials from outside: what is issued comes back, what is forged is refused with the right reason.

// clippy's leave for tests covers functions marked `#[test]` alone, not what they call
#![allow(clippy::unwrap_used)]

mod foreign;
mod forge;
mod hostile;
mod laws;
mod sizes;
mod support;
mod trust_list;
mod verdicts;
