//! One unit of work: dropped, it is rolled back.

use async_trait::async_trait;
use jiff::Timestamp;
use registry::port::{Extent, StoreError, Transaction, next_known_time};
use sqlx::{Sqlite, SqliteConnection};

use super::failure::failed;
use crate::column::{from_time, to_count, to_time_if};

const KNOWN: &str = "known time";

pub(super) struct SqliteTransaction {
    pub(super) work: sqlx::Transaction<'static, Sqlite>,
}

impl SqliteTransaction {
    pub(super) fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.work
    }
}

#[async_trait]
impl Transaction for SqliteTransaction {
    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        self.work.commit().await.map_err(failed)
    }

    async fn advance_known_time(&mut self, now: Timestamp) -> Result<Timestamp, StoreError> {
        let row: Option<(i64, Option<i64>)> =
            sqlx::query_as("SELECT latest, promised FROM known_time WHERE only = 1")
                .fetch_optional(self.connection())
                .await
                .map_err(failed)?;
        let (latest, promised) = row.map_or((None, None), |(latest, promised)| (Some(latest), promised));
        let (latest, promised) = (to_time_if(latest, KNOWN)?, to_time_if(promised, KNOWN)?);
        let chosen = next_known_time(now, latest, promised)?;
        sqlx::query(
            "INSERT INTO known_time (only, latest) VALUES (1, ?) \
             ON CONFLICT (only) DO UPDATE SET latest = excluded.latest",
        )
        .bind(from_time(chosen))
        .execute(self.connection())
        .await
        .map_err(failed)?;
        Ok(chosen)
    }

    async fn promise_known_time(&mut self, at: Timestamp) -> Result<(), StoreError> {
        // Where nothing was added yet, everything that comes is known later than the beginning of time.
        sqlx::query(
            "INSERT INTO known_time (only, latest, promised) VALUES (1, ?, ?) \
             ON CONFLICT (only) DO UPDATE SET promised = max(coalesce(promised, excluded.promised), excluded.promised)",
        )
        .bind(from_time(Timestamp::MIN))
        .bind(from_time(at))
        .execute(self.connection())
        .await
        .map_err(failed)?;
        Ok(())
    }

    async fn latest_known_time(&mut self) -> Result<Option<Timestamp>, StoreError> {
        let latest: Option<i64> = sqlx::query_scalar("SELECT latest FROM known_time WHERE only = 1")
            .fetch_optional(self.connection())
            .await
            .map_err(failed)?;
        to_time_if(latest, KNOWN)
    }

    async fn extent(&mut self) -> Result<Extent, StoreError> {
        // Rows of these tables are never removed, so the last number is the count.
        let (records, links, decisions): (i64, i64, i64) = sqlx::query_as(
            "SELECT (SELECT coalesce(max(number), 0) FROM record), \
                    (SELECT coalesce(max(number), 0) FROM link), \
                    (SELECT coalesce(max(number), 0) FROM decision) \
                    + (SELECT coalesce(max(id), 0) FROM ruling) \
                    + (SELECT count(*) FROM ruling WHERE undone_at IS NOT NULL)",
        )
        .fetch_one(self.connection())
        .await
        .map_err(failed)?;
        Ok(Extent {
            records: to_count(records),
            links: to_count(links),
            decisions: to_count(decisions),
        })
    }
}
