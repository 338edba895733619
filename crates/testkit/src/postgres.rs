//! A PostgreSQL server of one's own, for as long as a test runs.
//!
//! * [`Cluster`]: for a test that stops it, fills its disk or cuts its connections
//! * [`fresh_database`]: for all others, on one server that the test programs of a checkout share
//!
//! Invariant: a server ends and leaves nothing behind when the tests end, however they end: a watchdog outside of their
//! process group notices. PostgreSQL refuses to run as root, so there it runs as `nobody`.

mod cluster;
mod program;
mod shared;

use std::{io, path::PathBuf};

pub use self::{
    cluster::{Cluster, Start},
    program::{hand_over, is_installed, shell, skip},
    shared::{Template, fresh_database},
};

/// Why a test got no server.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    #[error("{program} failed: {says}")]
    Program { program: String, says: String },
    #[error("the server did not answer; its log: {log}")]
    Silent { log: String },
    #[error("{} could not be used", path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("{program} could not be run")]
    Run { program: String, source: io::Error },
    #[error("the server refused")]
    Refused(#[from] sqlx::Error),
}

/// Turns an error of the watchdog into ours.
fn unwatched(source: io::Error) -> ClusterError {
    let program = "sh".to_owned();
    ClusterError::Run { program, source }
}

/// Turns an error of a file into ours.
fn at(path: &std::path::Path) -> impl FnOnce(io::Error) -> ClusterError {
    let path = path.to_owned();
    |source| ClusterError::File { path, source }
}
