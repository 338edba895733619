//! Failed attempts.

use async_trait::async_trait;
use jiff::Timestamp;
use registry::port::{
    StoreError,
    attempts::{Attempts, Guessed},
};

use super::{failure::failed, transaction::SqliteTransaction};
use crate::{account::to_failures, column::from_time};

#[async_trait]
impl Attempts for SqliteTransaction {
    async fn record_failure(
        &mut self,
        guessed: Guessed,
        at_what: [u8; 32],
        at: Timestamp,
    ) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO failure (guessed, at_what, failed_at) VALUES (?, ?, ?)")
            .bind(guessed.as_str())
            .bind(at_what.as_slice())
            .bind(from_time(at))
            .execute(self.connection())
            .await
            .map_err(failed)?;
        Ok(())
    }

    async fn take_back_failure(
        &mut self,
        guessed: Guessed,
        at_what: [u8; 32],
        at: Timestamp,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "DELETE FROM failure WHERE number = (SELECT max(number) FROM failure \
                 WHERE guessed = ? AND at_what = ? AND failed_at = ?)",
        )
        .bind(guessed.as_str())
        .bind(at_what.as_slice())
        .bind(from_time(at))
        .execute(self.connection())
        .await
        .map_err(failed)?;
        Ok(())
    }

    async fn failures(
        &mut self,
        guessed: Guessed,
        at_what: [u8; 32],
        since: Timestamp,
    ) -> Result<u32, StoreError> {
        let count: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM failure WHERE guessed = ? AND at_what = ? AND failed_at >= ?",
        )
        .bind(guessed.as_str())
        .bind(at_what.as_slice())
        .bind(from_time(since))
        .fetch_one(self.connection())
        .await
        .map_err(failed)?;
        Ok(to_failures(count))
    }

    async fn failures_in_all(&mut self, guessed: Guessed, since: Timestamp) -> Result<u32, StoreError> {
        let count: i64 =
            sqlx::query_scalar("SELECT count(*) FROM failure WHERE guessed = ? AND failed_at >= ?")
                .bind(guessed.as_str())
                .bind(from_time(since))
                .fetch_one(self.connection())
                .await
                .map_err(failed)?;
        Ok(to_failures(count))
    }

    async fn sweep_failures(&mut self, before: Timestamp) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM failure WHERE failed_at < ?")
            .bind(from_time(before))
            .execute(self.connection())
            .await
            .map_err(failed)?;
        Ok(())
    }
}
