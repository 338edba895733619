//! The backends against the registry's suite and against faults.

mod disk;
mod reopening;
mod sqlite;
mod tampering;
mod volume;
