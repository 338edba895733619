//! One unit of work: dropped, it is rolled back.
//!
//! Writers read what is committed at each statement (`READ COMMITTED`), so that after waiting for a turn they see what
//! the one before them did. Readers see one snapshot (`REPEATABLE READ`).

use async_trait::async_trait;
use jiff::Timestamp;
use registry::{
    port::{Extent, StoreError, Transaction, next_known_time},
    trace::ChainHead,
};
use sqlx::{
    FromRow, PgConnection, Postgres,
    postgres::{PgArguments, PgRow},
    query::{Query, QueryAs},
};

use super::{
    copy::{CopyRows, send_each},
    failure::{FailedBefore, failed},
    turn::Turn,
};
use crate::column::{from_time, to_count, to_time_if};

const KNOWN: &str = "known time";

/// What a transaction may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    Read,
    /// Everything but adding to what is known; shares [`Turn::Known`].
    Write,
    /// Has [`Turn::Known`] for itself, so no other writer is about.
    Add,
}

pub(super) struct PostgresTransaction {
    work: sqlx::Transaction<'static, Postgres>,
    access: Access,
    /// A statement failed: PostgreSQL would answer a commit with a rollback, and call it done.
    broken: bool,
    /// The head of the trace, once the turn to add to it was taken.
    pub(super) head: Option<Option<ChainHead>>,
}

/// A query that gives rows.
pub(super) type Rows<'q, R> = QueryAs<'q, Postgres, R, PgArguments>;

impl PostgresTransaction {
    pub(super) fn new(work: sqlx::Transaction<'static, Postgres>, access: Access) -> Self {
        Self {
            work,
            access,
            broken: false,
            head: None,
        }
    }

    fn connection(&mut self) -> &mut PgConnection {
        &mut self.work
    }

    fn note<T>(&mut self, done: Result<T, sqlx::Error>) -> Result<T, StoreError> {
        done.map_err(|error| {
            self.broken = true;
            failed(error)
        })
    }

    pub(super) async fn all<R>(&mut self, query: Rows<'_, R>) -> Result<Vec<R>, StoreError>
    where
        R: for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        let rows = query.fetch_all(self.connection()).await;
        self.note(rows)
    }

    pub(super) async fn one<R>(&mut self, query: Rows<'_, R>) -> Result<R, StoreError>
    where
        R: for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        let row = query.fetch_one(self.connection()).await;
        self.note(row)
    }

    pub(super) async fn optional<R>(&mut self, query: Rows<'_, R>) -> Result<Option<R>, StoreError>
    where
        R: for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        let row = query.fetch_optional(self.connection()).await;
        self.note(row)
    }

    /// Answers how many rows were changed or found.
    pub(super) async fn run(&mut self, query: Query<'_, Postgres, PgArguments>) -> Result<u64, StoreError> {
        let done = query.execute(self.connection()).await;
        Ok(self.note(done)?.rows_affected())
    }

    /// Runs an insert that leaves out what is there already; then it is [`StoreError::Duplicate`].
    pub(super) async fn insert_new(
        &mut self,
        insert: Query<'_, Postgres, PgArguments>,
        what: &'static str,
    ) -> Result<(), StoreError> {
        match self.run(insert).await? {
            0 => Err(StoreError::Duplicate { what }),
            _ => Ok(()),
        }
    }

    pub(super) async fn copy(&mut self, statement: &str, rows: CopyRows) -> Result<u64, StoreError> {
        let copied = rows.send(self.connection(), statement).await;
        self.note(copied)
    }

    /// Copies a row for each item, as `write` puts it into rows of so many columns.
    pub(super) async fn copy_each<T>(
        &mut self,
        statement: &str,
        columns: i16,
        items: &[T],
        write: impl Fn(&mut CopyRows, &T) -> Result<(), StoreError>,
    ) -> Result<u64, StoreError> {
        let rows = CopyRows::of(columns);
        let copied = send_each(self.connection(), statement, rows, items, write).await;
        self.broken |= copied.is_err();
        copied
    }

    pub(super) fn may_write(&self) -> bool {
        self.access != Access::Read
    }

    /// Waits for a turn and keeps it until the end of the transaction.
    pub(super) async fn take(&mut self, turn: Turn) -> Result<(), StoreError> {
        match self.access {
            Access::Read => Err(StoreError::ReadOnly),
            // whoever adds is alone, so there is nobody to take turns with
            Access::Add => Ok(()),
            Access::Write => self.lock(turn).await,
        }
    }

    pub(super) async fn lock(&mut self, turn: Turn) -> Result<(), StoreError> {
        let (ours, number) = turn.key();
        let lock = sqlx::query("SELECT pg_advisory_xact_lock($1, $2)");
        self.run(lock.bind(ours).bind(number)).await.map(|_| ())
    }

    pub(super) async fn share(&mut self, turn: Turn) -> Result<(), StoreError> {
        let (ours, number) = turn.key();
        let share = sqlx::query("SELECT pg_advisory_xact_lock_shared($1, $2)");
        self.run(share.bind(ours).bind(number)).await.map(|_| ())
    }

    /// The latest known time of an addition, and the latest that was promised since.
    pub(super) async fn known_times(&mut self) -> Result<(Option<Timestamp>, Option<Timestamp>), StoreError> {
        let (latest, promised): (Option<i64>, Option<i64>) = self
            .one(sqlx::query_as(
                "SELECT (SELECT latest FROM known_time), (SELECT max(at) FROM promise)",
            ))
            .await?;
        Ok((to_time_if(latest, KNOWN)?, to_time_if(promised, KNOWN)?))
    }

    /// Counts what this transaction adds.
    pub(super) async fn grow(&mut self, by: Growth) -> Result<(), StoreError> {
        let grow = sqlx::query(
            "UPDATE extent SET records = records + $1, links = links + $2, decisions = decisions + $3",
        );
        let grow = grow.bind(by.records).bind(by.links).bind(by.decisions);
        self.run(grow).await.map(|_| ())
    }
}

/// How many rows came to those that [`Extent`] counts.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Growth {
    pub(super) records: i64,
    pub(super) links: i64,
    pub(super) decisions: i64,
}

#[async_trait]
impl Transaction for PostgresTransaction {
    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        if self.broken {
            return Err(StoreError::Backend(Box::new(FailedBefore)));
        }
        self.work.commit().await.map_err(failed)
    }

    async fn advance_known_time(&mut self, now: Timestamp) -> Result<Timestamp, StoreError> {
        match self.access {
            Access::Read => return Err(StoreError::ReadOnly),
            Access::Write => {
                // Two that come here at once wait for each other, and the server sends one of them away: Busy.
                self.lock(Turn::Known).await?;
                self.access = Access::Add;
            }
            Access::Add => {}
        }
        let (latest, promised) = self.known_times().await?;
        let chosen = next_known_time(now, latest, promised)?;
        // What is known later than every promise keeps them all from now on.
        let advance = sqlx::query(
            "WITH kept AS (DELETE FROM promise) \
             INSERT INTO known_time (single, latest) VALUES (1, $1) \
             ON CONFLICT (single) DO UPDATE SET latest = excluded.latest",
        );
        self.run(advance.bind(from_time(chosen))).await?;
        Ok(chosen)
    }

    async fn promise_known_time(&mut self, at: Timestamp) -> Result<(), StoreError> {
        let promise = sqlx::query(
            "INSERT INTO promise (at) SELECT $1 WHERE NOT EXISTS (SELECT FROM promise WHERE at >= $1)",
        );
        self.run(promise.bind(from_time(at))).await.map(|_| ())
    }

    async fn latest_known_time(&mut self) -> Result<Option<Timestamp>, StoreError> {
        let latest = self
            .optional(sqlx::query_as("SELECT latest FROM known_time"))
            .await?;
        to_time_if(latest.map(|(latest,): (i64,)| latest), KNOWN)
    }

    async fn extent(&mut self) -> Result<Extent, StoreError> {
        let (records, links, decisions): (i64, i64, i64) = self
            .one(sqlx::query_as("SELECT records, links, decisions FROM extent"))
            .await?;
        Ok(Extent {
            records: to_count(records),
            links: to_count(links),
            decisions: to_count(decisions),
        })
    }
}
