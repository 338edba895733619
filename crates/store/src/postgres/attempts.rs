//! Failed attempts.

use async_trait::async_trait;
use jiff::Timestamp;
use registry::port::{
    StoreError,
    attempts::{Attempts, Guessed},
};

use super::{transaction::PostgresTransaction, turn::Turn};
use crate::{account::to_failures, column::from_time};

impl PostgresTransaction {
    /// Whoever counts in order to let an attempt through counts those of all others before.
    async fn take_attempts(&mut self) -> Result<(), StoreError> {
        if self.may_write() {
            self.take(Turn::Attempts).await?;
        }
        Ok(())
    }
}

#[async_trait]
impl Attempts for PostgresTransaction {
    async fn record_failure(
        &mut self,
        guessed: Guessed,
        at_what: [u8; 32],
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.take(Turn::Attempts).await?;
        let record = sqlx::query("INSERT INTO failure (guessed, at_what, failed_at) VALUES ($1, $2, $3)")
            .bind(guessed.as_str())
            .bind(at_what.as_slice())
            .bind(from_time(at));
        self.run(record).await.map(|_| ())
    }

    async fn take_back_failure(
        &mut self,
        guessed: Guessed,
        at_what: [u8; 32],
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.take(Turn::Attempts).await?;
        let take_back = sqlx::query(
            "DELETE FROM failure WHERE number = (SELECT max(number) FROM failure \
                 WHERE guessed = $1 AND at_what = $2 AND failed_at = $3)",
        )
        .bind(guessed.as_str())
        .bind(at_what.as_slice())
        .bind(from_time(at));
        self.run(take_back).await.map(|_| ())
    }

    async fn failures(
        &mut self,
        guessed: Guessed,
        at_what: [u8; 32],
        since: Timestamp,
    ) -> Result<u32, StoreError> {
        self.take_attempts().await?;
        let count = sqlx::query_as(
            "SELECT count(*) FROM failure WHERE guessed = $1 AND at_what = $2 AND failed_at >= $3",
        )
        .bind(guessed.as_str())
        .bind(at_what.as_slice())
        .bind(from_time(since));
        let (failures,): (i64,) = self.one(count).await?;
        Ok(to_failures(failures))
    }

    async fn failures_in_all(&mut self, guessed: Guessed, since: Timestamp) -> Result<u32, StoreError> {
        self.take_attempts().await?;
        let count = sqlx::query_as("SELECT count(*) FROM failure WHERE guessed = $1 AND failed_at >= $2")
            .bind(guessed.as_str())
            .bind(from_time(since));
        let (failures,): (i64,) = self.one(count).await?;
        Ok(to_failures(failures))
    }

    async fn sweep_failures(&mut self, before: Timestamp) -> Result<(), StoreError> {
        self.take(Turn::Attempts).await?;
        let sweep = sqlx::query("DELETE FROM failure WHERE failed_at < $1").bind(from_time(before));
        self.run(sweep).await.map(|_| ())
    }
}
