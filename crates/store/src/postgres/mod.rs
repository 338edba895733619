//! PostgreSQL 15 and later: rows about a profile spread over partitions, writers that take turns only where the ports
//! demand it, readers that wait for nobody.
//!
//! Invariant: what is committed is on disk, whatever the role's or the database's settings say.
//! Invariant: a transaction of which a statement failed is never said to be committed.
//! Not here: which turns there are and why they suffice (`turn`).

mod accounts;
pub(crate) mod archive;
mod attempts;
mod bare;
mod contests;
mod copy;
mod failure;
mod link_book;
mod outbox;
mod prepared_statuses;
mod presence_log;
mod proofs;
mod quarantine;
mod record_log;
mod review_queue;
mod ruling_book;
mod search_index;
mod server;
mod trace_log;
mod transaction;
mod turn;
mod way;

use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use registry::port::{Store, StoreError, Transaction};
use sqlx::{Connection as _, postgres::PgConnectOptions};

use self::{
    transaction::{Access, PostgresTransaction},
    turn::Turn,
    way::Way,
};
use crate::{form::Form, open::OpenError, url::Target};

pub(crate) use self::{
    bare::{primary, write_bare},
    server::{examine, form},
};

/// How long anybody waits for another: for a turn or a row.
const BUSY_TIMEOUT: Duration = Duration::from_secs(30);
/// How long anybody waits for one of our connections.
const CONNECTION_WAIT_MAX: Duration = Duration::from_secs(10);
/// The longest that one statement may take; the largest are those of a run of linkage.
const STATEMENT_TIMEOUT: Duration = Duration::from_secs(15 * 60);
/// A writer that is silent for so long has died, and others wait for its turn.
const WRITER_SILENT_MAX: Duration = Duration::from_secs(5 * 60);
/// A reader harms nobody but the tables' tidiness; it may compute between two pages.
const READER_SILENT_MAX: Duration = Duration::from_secs(60 * 60);
/// Connections that write, and those that read. They are apart, so that work which holds one of each ends.
const WRITERS: u32 = 8;
const READERS: u32 = 8;
/// The longest that an addition waits for a clock that is a little behind the one by which others added or promised.
const CLOCK_WAIT_MAX: SignedDuration = SignedDuration::from_secs(2);

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("./migrations/postgres");

/// A store in a database of a PostgreSQL server, for any number of programs at once.
pub struct PostgresStore {
    way: Way,
}

impl PostgresStore {
    /// Opens the database that a URL names; makes and migrates its tables where needed.
    pub async fn open(url: &str) -> Result<Self, OpenError> {
        match Target::parse(url)? {
            Target::Postgres(servers) => Self::connect(servers).await,
            Target::Sqlite(_) => Err(OpenError::Url),
        }
    }

    /// Opens the database on the first of the servers that takes writes.
    pub(crate) async fn connect(servers: Vec<PgConnectOptions>) -> Result<Self, OpenError> {
        let (first, mut connection) = server::connect(&servers).await?;
        match server::form_of(&mut connection).await? {
            Form::Current => {}
            Form::Absent { .. } | Form::Behind { .. } => {
                let made = MIGRATIONS.run_direct(None, &mut connection, false).await;
                made.map_err(OpenError::Migration)?;
            }
        }
        let first = first.clone();
        connection.close().await.map_err(OpenError::Database)?;
        Ok(Self {
            way: Way::to(servers, first),
        })
    }

    /// Closes every connection.
    pub async fn close(&self) {
        self.way.readers.close().await;
        self.way.writers.close().await;
    }

    async fn writing(&self, access: Access) -> Result<PostgresTransaction, StoreError> {
        let work = self
            .way
            .begin(
                &self.way.writers,
                "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
            )
            .await?;
        let mut work = PostgresTransaction::new(work, access);
        match access {
            Access::Add => work.lock(Turn::Known).await?,
            Access::Write | Access::Read => work.share(Turn::Known).await?,
        }
        Ok(work)
    }
}

/// Statements of these connections end, whatever happens to them.
fn bounded(options: PgConnectOptions, silent_max: Duration) -> PgConnectOptions {
    let milliseconds = |duration: Duration| duration.as_millis().to_string();
    options.options([
        ("lock_timeout", milliseconds(BUSY_TIMEOUT)),
        ("statement_timeout", milliseconds(STATEMENT_TIMEOUT)),
        ("idle_in_transaction_session_timeout", milliseconds(silent_max)),
        // planned once, not each time for its one partition: a look takes a third of the time
        ("plan_cache_mode", "force_generic_plan".to_owned()),
        // sixteen partitions look dear to the planner, and compiling took a second where the lookup takes 30 ms
        ("jit", "off".to_owned()),
        // a machine that has lost its power says nothing more: found out in a minute, not in two hours
        ("tcp_keepalives_idle", "30".to_owned()),
        ("tcp_keepalives_interval", "10".to_owned()),
        ("tcp_keepalives_count", "3".to_owned()),
    ])
}

#[async_trait]
impl Store for PostgresStore {
    async fn begin(&self) -> Result<Box<dyn Transaction>, StoreError> {
        Ok(Box::new(self.writing(Access::Write).await?))
    }

    async fn begin_addition(&self) -> Result<Box<dyn Transaction>, StoreError> {
        let mut work = self.writing(Access::Add).await?;
        let (latest, promised) = work.known_times().await?;
        if let Some(known) = latest.max(promised) {
            wait_for_clock(known).await;
        }
        Ok(Box::new(work))
    }

    async fn begin_read(&self) -> Result<Box<dyn Transaction>, StoreError> {
        let work = self
            .way
            .begin(
                &self.way.readers,
                "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            )
            .await?;
        Ok(Box::new(PostgresTransaction::new(work, Access::Read)))
    }
}

/// Several machines share one known time, and no two clocks agree to the microsecond. A small difference is waited for,
/// so that known time does not run ahead of the clock by which the same machine looks next; a larger one is the caller's
/// to tell as a clock that is behind.
async fn wait_for_clock(known: Timestamp) {
    let behind = known.duration_since(Timestamp::now());
    if (SignedDuration::ZERO..=CLOCK_WAIT_MAX).contains(&behind) {
        let wait = behind + SignedDuration::from_micros(1);
        tokio::time::sleep(wait.unsigned_abs()).await;
    }
}
