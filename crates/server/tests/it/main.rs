//! The binary as a user runs it: whole journeys on the small world, and on the large one where it is found.

// helpers of tests may panic
#![allow(clippy::unwrap_used)]

mod backup;
mod bench;
mod exchange;
mod faults;
mod hostile;
mod increments;
mod journey;
mod postgres;
mod score;
mod support;
mod telemetry;
mod two_times;
