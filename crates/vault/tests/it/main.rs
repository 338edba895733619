//! A master key in a real security module: SoftHSM2, with a token of the test's own.
#![allow(clippy::unwrap_used, reason = "a step of a test that fails must stop it")]

mod softhsm;
