//! PostgreSQL's failures in the registry's words.

use registry::port::{Away, StoreError};

/// SQLSTATE codes (PostgreSQL, appendix A).
const READ_ONLY: &str = "25006";
const DISK_FULL: &str = "53100";
const TOO_MANY_CONNECTIONS: &str = "53300";
/// What another transaction is in the way of; the same work can be done again.
const BUSY: [&str; 4] = ["40001", "40P01", "55P03", TOO_MANY_CONNECTIONS];
/// A file that cannot be read or written, and pages that are not what was written.
const DISK: [&str; 4] = ["58030", "58P01", "XX001", "XX002"];

/// The server ends, has crashed, or is not ready yet; class 08 is that of connections.
const ENDING: [&str; 4] = ["57P01", "57P02", "57P03", "57P05"];
const CONNECTION_CLASS: &str = "08";

/// What a failure means to the caller. Nothing of the transaction was kept; only a connection that is lost while a
/// commit is under way leaves open whether all of it was.
pub(super) fn failed(error: sqlx::Error) -> StoreError {
    if is_away(&error) {
        return StoreError::Away(Away(Box::new(error)));
    }
    let code = match &error {
        sqlx::Error::Database(database) => database.code().unwrap_or_default().into_owned(),
        _ => return StoreError::Backend(Box::new(error)),
    };
    match code.as_str() {
        READ_ONLY => StoreError::ReadOnly,
        DISK_FULL => StoreError::Full,
        code if BUSY.contains(&code) => StoreError::Busy,
        code if DISK.contains(&code) => StoreError::Disk(Box::new(error)),
        _ => StoreError::Backend(Box::new(error)),
    }
}

/// Whether there is no server, or no way to it any more: another connection may do.
pub(super) fn is_away(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(database) => {
            let code = database.code().unwrap_or_default();
            ENDING.contains(&&*code) || code.starts_with(CONNECTION_CLASS)
        }
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::WorkerCrashed => true,
        // what else there is was said by a server that answers, or by ourselves
        _ => false,
    }
}

/// An earlier statement of the transaction failed, so PostgreSQL keeps nothing of it.
#[derive(Debug, thiserror::Error)]
#[error("an earlier step of this transaction failed")]
pub(super) struct FailedBefore;

/// None of the servers that the URL names takes writes, or none answers.
#[derive(Debug, thiserror::Error)]
#[error("no server that takes writes answers")]
pub(super) struct Unreachable;
