//! The registry's ports on real databases.
//!
//! In: a URL. Out: a [`registry::port::Store`]. Every backend passes the registry's conformance suite.
//!
//! * [`backup`]: copies of a whole store, and what is made from them
//! * [`bare`], [`bare_row`]: how fast the database takes records and gives rows, and nothing else
//! * [`sqlite`]: one file beside the program; what a registry starts with
//! * [`postgres`]: a server, for a registry that many programs write to
//!
//! What both have in common stands beside them, one file a concept: rows and what they stand for, and what becomes of
//! what is offered. SQL stands with its database.

mod account;
pub mod backup;
pub mod bare;
pub mod bare_row;
mod column;
mod contest;
mod event;
pub mod form;
pub mod health;
mod hosts;
mod link;
pub mod open;
pub mod postgres;
mod prepared;
mod presence;
mod proof;
mod quarantine;
mod queue;
mod record;
mod ruling;
mod search;
pub mod sqlite;
mod trace;
pub mod url;

pub use open::{OpenError, open};
pub use postgres::PostgresStore;
pub use sqlite::SqliteStore;
pub use url::StoreUrl;
