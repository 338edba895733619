//! Small worlds made on disk, and the laws that any world keeps.

// helpers of tests may panic
#![allow(clippy::unwrap_used)]

mod bytes;
mod numbers;
mod support;
mod truth;
