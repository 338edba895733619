//! `sojourn bench`: measurements that a user can repeat, each beside the least that the same machine could do.

mod ingest;
pub(crate) mod load;
mod serve;

use clap::Subcommand;

use super::{Finish, args::Common};
use crate::installation::Stop;

/// What is measured.
#[derive(Debug, Subcommand)]
pub(crate) enum Bench {
    /// Take an invented world in, and write the same records into a bare table; the store has to be empty
    Ingest(ingest::IngestLoad),
    /// Ask a server for statuses by document, beside a bare handler that reads one row; for rehearsal stores, as it
    /// leaves traces
    Serve(serve::ServeLoad),
}

pub(crate) async fn run(common: &Common, bench: Bench) -> Result<Finish, Stop> {
    match bench {
        Bench::Ingest(load) => ingest::run(common, &load).await,
        Bench::Serve(load) => serve::run(common, &load).await,
    }
}
