//! The registry's ports on real databases.
//!
//! In: a URL. Out: a [`registry::port::Store`]. Every backend passes the registry's conformance suite.
//!
//! * [`backup`]: copies of a whole store, and what is made from them
//! * [`sqlite`]: one file beside the program; what a registry starts with
//!
//! Not here: PostgreSQL, for registries that outgrow one machine.

mod account;
pub mod backup;
mod column;
mod link;
mod presence;
mod proof;
mod quarantine;
mod queue;
mod record;
pub mod sqlite;
mod trace;

use std::sync::Arc;

use registry::port::Store;

pub use sqlite::{OpenError, SqliteStore};

/// Opens the store that a URL names: `sqlite:PATH` or `sqlite::memory:`; makes and migrates it where needed.
pub async fn open(url: &str) -> Result<Arc<dyn Store>, OpenError> {
    Ok(Arc::new(SqliteStore::open(url).await?))
}
