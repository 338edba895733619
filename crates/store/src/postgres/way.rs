//! The way to the server that takes writes, out of those that a URL names.
//!
//! After a failover another server takes them: new connections are led to it, without a restart of the program. A server
//! that only reads (a standby, or a former primary that came back as one) gets no connection that lasts.
//! Invariant: while no server is there whoever asks is told so soon, not when his patience has ended.

use std::time::{Duration, Instant};

use registry::port::{Away, StoreError};
use sqlx::{
    PgConnection, PgPool, Postgres,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::sync::Mutex;

use super::{
    CONNECTION_WAIT_MAX, READER_SILENT_MAX, READERS, WRITER_SILENT_MAX, WRITERS, bounded,
    failure::{Unreachable, failed, is_away},
    server,
};

/// Who waits longer for a connection looks whether there is a server at all.
const PATIENCE: Duration = Duration::from_millis(500);
/// A server that takes longer to answer is not there.
const ANSWER_MAX: Duration = Duration::from_secs(3);
/// What one has seen the others believe for so long, lest all of them ask a server that has enough to do.
const LOOK_LASTS: Duration = Duration::from_millis(500);

/// Connections that write, those that read, and where new ones lead.
pub(super) struct Way {
    pub(super) writers: PgPool,
    pub(super) readers: PgPool,
    servers: Vec<PgConnectOptions>,
    looked: Mutex<Option<Look>>,
}

/// What was seen when somebody looked for the server that takes writes.
#[derive(Clone, Copy)]
struct Look {
    at: Instant,
    found: bool,
}

impl Way {
    /// Leads to `first`, which was found to take writes, until another does.
    pub(super) fn to(servers: Vec<PgConnectOptions>, first: PgConnectOptions) -> Self {
        Self {
            writers: pool(WRITERS, bounded(first.clone(), WRITER_SILENT_MAX)),
            readers: pool(READERS, bounded(first, READER_SILENT_MAX)),
            servers,
            looked: Mutex::new(None),
        }
    }

    /// Begins a transaction on a connection of one of our pools.
    pub(super) async fn begin(
        &self,
        pool: &PgPool,
        statement: &'static str,
    ) -> Result<sqlx::Transaction<'static, Postgres>, StoreError> {
        match self.begin_once(pool, statement).await? {
            Ok(work) => Ok(work),
            // nothing was done yet, so it can be done again on another connection
            Err(error) if is_away(&error) && !matches!(error, sqlx::Error::PoolTimedOut) => {
                self.look().await?;
                self.begin_once(pool, statement).await?.map_err(failed)
            }
            Err(sqlx::Error::PoolTimedOut) => Err(StoreError::Busy),
            Err(error) => Err(failed(error)),
        }
    }

    async fn begin_once(
        &self,
        pool: &PgPool,
        statement: &'static str,
    ) -> Result<Result<sqlx::Transaction<'static, Postgres>, sqlx::Error>, StoreError> {
        let begun = pool.begin_with(statement);
        tokio::pin!(begun);
        match tokio::time::timeout(PATIENCE, &mut begun).await {
            Ok(begun) => Ok(begun),
            Err(_) => {
                self.look().await?;
                Ok(begun.await)
            }
        }
    }

    /// Looks for the server that takes writes and leads new connections to it.
    async fn look(&self) -> Result<(), StoreError> {
        let mut looked = self.looked.lock().await;
        let found = match *looked {
            Some(look) if look.at.elapsed() < LOOK_LASTS => look.found,
            _ => {
                let found = self.turn_to_primary().await;
                let at = Instant::now();
                *looked = Some(Look { at, found });
                found
            }
        };
        if found {
            Ok(())
        } else {
            Err(StoreError::Away(Away(Box::new(Unreachable))))
        }
    }

    async fn turn_to_primary(&self) -> bool {
        for server in &self.servers {
            let Ok(Ok(_)) = tokio::time::timeout(ANSWER_MAX, server::connect_to(server)).await else {
                continue;
            };
            self.writers
                .set_connect_options(bounded(server.clone(), WRITER_SILENT_MAX));
            self.readers
                .set_connect_options(bounded(server.clone(), READER_SILENT_MAX));
            return true;
        }
        false
    }
}

fn pool(connections: u32, options: PgConnectOptions) -> PgPool {
    PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(CONNECTION_WAIT_MAX)
        .idle_timeout(None)
        .max_lifetime(None)
        .after_connect(|connection, _| Box::pin(settle(connection)))
        .after_release(|connection, _| {
            Box::pin(async move {
                // A rollback may be on its way still; after the ping it has come through or failed.
                sqlx::Connection::ping(connection).await?;
                Ok(!sqlx::Connection::is_in_transaction(connection))
            })
        })
        .connect_lazy_with(options)
}

/// Refuses a server that only reads, and has what is committed written to disk.
async fn settle(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let only_reads: bool = sqlx::query_scalar(server::ONLY_READS)
        .fetch_one(&mut *connection)
        .await?;
    if only_reads {
        return Err(sqlx::Error::Configuration("this server only reads".into()));
    }
    // stricter settings (a standby that has to confirm) stay as they are
    sqlx::query(
        "SELECT set_config('synchronous_commit', 'on', false) \
         WHERE current_setting('synchronous_commit') = 'off'",
    )
    .execute(connection)
    .await
    .map(|_| ())
}
