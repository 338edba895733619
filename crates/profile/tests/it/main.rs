//! Laws of the fold, and what an official reads.

#![allow(clippy::unwrap_used, clippy::expect_used)] // a test may panic

mod given;
mod laws;
mod presence;
mod reading;
