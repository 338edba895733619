//! The backends against the registry's suite and against faults.

mod sqlite;
