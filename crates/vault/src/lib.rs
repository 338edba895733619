//! Envelope encryption: who may read a record is decided by who has a key, and a key that is gone is gone everywhere.
//!
//! ```text
//! master key    outside the store: file, environment, security module          [`master`]
//!   └ working key   random, in the store, wrapped by the master key            [`vault`]
//!       ├ intake key   of a day, for records of which nobody knows whose they are
//!       └ profile key  of a person
//!           └ data key   of a record, wrapped by one of those two              [`wrapped`]
//!               └ content  of each version of the record                       [`sealed`]
//! ```
//!
//! In: keys, nonces and what they are for, as arguments. Out: bytes that only the same key and purpose open.
//! Invariant: whatever is opened was sealed by the same key for the same purpose, unchanged; else it is an error.
//! Invariant: keys hide themselves from `Debug` and are wiped when they are dropped.
//! Not here: where wrapped keys are kept and when a key is destroyed (`registry::port::key_book`).

pub mod key;
pub mod master;
mod open_key;
pub mod place;
pub mod sealed;
mod security_module;
pub mod vault;
pub mod wrapped;
