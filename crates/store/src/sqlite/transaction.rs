//! One unit of work: dropped, it is rolled back.

use async_trait::async_trait;
use jiff::Timestamp;
use registry::port::{Extent, StoreError, Transaction};
use sqlx::{Sqlite, SqliteConnection};

use super::{
    failure::failed,
    value::{from_time, to_count, to_time},
};

pub(super) struct SqliteTransaction {
    pub(super) work: sqlx::Transaction<'static, Sqlite>,
}

impl SqliteTransaction {
    pub(super) fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.work
    }

    /// Nothing is added any more as known before `at`.
    pub(super) async fn promise(&mut self, at: Timestamp) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO known_time (only, latest) VALUES (1, ?) \
             ON CONFLICT (only) DO UPDATE SET latest = max(latest, excluded.latest)",
        )
        .bind(from_time(at))
        .execute(self.connection())
        .await
        .map_err(failed)?;
        Ok(())
    }
}

#[async_trait]
impl Transaction for SqliteTransaction {
    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        self.work.commit().await.map_err(failed)
    }

    async fn advance_known_time(&mut self, now: Timestamp) -> Result<(), StoreError> {
        let latest: Option<i64> = sqlx::query_scalar("SELECT latest FROM known_time WHERE only = 1")
            .fetch_optional(self.connection())
            .await
            .map_err(failed)?;
        if let Some(latest) = latest.filter(|latest| from_time(now) < *latest) {
            return Err(StoreError::ClockBack {
                known: to_time(latest, "known time")?,
            });
        }
        self.promise(now).await
    }

    async fn extent(&mut self) -> Result<Extent, StoreError> {
        // Rows of these tables are never removed, so the last number is the count.
        let (records, links, decisions): (i64, i64, i64) = sqlx::query_as(
            "SELECT (SELECT coalesce(max(number), 0) FROM record), \
                    (SELECT coalesce(max(number), 0) FROM link), \
                    (SELECT coalesce(max(number), 0) FROM decision)",
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
