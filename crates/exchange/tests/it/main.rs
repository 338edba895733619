//! The exchange with a real broker.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod carriers;
mod faults;
mod inbox;
mod permissions;
mod support;
