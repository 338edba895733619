//! The crate as its users see it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may panic

mod cases;
mod laws;
mod lives;
mod packs;
mod payments;
mod reference;
mod support;
mod wild;
mod worlds;
