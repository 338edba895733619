//! The registry from outside: its store in memory against the suite, its use cases over it.

mod access;
mod finding;
mod ingesting;
mod linking;
mod looking;
mod memory;
mod proving;
mod reviewing;
mod signing_in;
mod statistics;
mod support;
