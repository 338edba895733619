//! What tests of several crates need and the program does not.
//!
//! * [`postgres`]: a PostgreSQL server of one's own, for as long as a test runs
//!
//! Dev only: no crate that ends in the program uses it.

pub mod postgres;
