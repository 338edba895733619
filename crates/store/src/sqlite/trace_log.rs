//! The trace.

use async_trait::async_trait;
use records::key::ProfileId;
use registry::{
    port::{StoreError, trace_log::TraceLog},
    trace::{ChainHead, ChainedEntry},
};

use super::{
    batch::insert,
    failure::{failed, failed_for},
    transaction::SqliteTransaction,
};
use crate::{
    column::{from_count, from_json},
    trace::{AboutRow, TraceRow, WHAT, check_page, to_entries, to_head},
};

impl SqliteTransaction {
    async fn with_profiles(&mut self, rows: Vec<TraceRow>) -> Result<Vec<ChainedEntry>, StoreError> {
        let numbers: Vec<i64> = rows.iter().map(|row| row.number).collect();
        let about: Vec<AboutRow> = sqlx::query_as(
            "SELECT number, profile FROM trace_about WHERE number IN (SELECT value FROM json_each(?)) \
             ORDER BY number, profile",
        )
        .bind(from_json(&numbers, WHAT)?)
        .fetch_all(self.connection())
        .await
        .map_err(failed)?;
        to_entries(rows, about)
    }
}

#[async_trait]
impl TraceLog for SqliteTransaction {
    async fn trace_head(&mut self) -> Result<Option<ChainHead>, StoreError> {
        let row: Option<(i64, Vec<u8>)> =
            sqlx::query_as("SELECT number, chain FROM trace ORDER BY number DESC LIMIT 1")
                .fetch_optional(self.connection())
                .await
                .map_err(failed)?;
        row.map(to_head).transpose()
    }

    async fn append_trace(&mut self, entry: &ChainedEntry) -> Result<(), StoreError> {
        let next = self.trace_head().await?.map_or(1, |head| head.number + 1);
        if entry.number != next {
            return Err(StoreError::Duplicate { what: WHAT });
        }
        sqlx::query("INSERT INTO trace (number, words, leaf, chain) VALUES (?, ?, ?, ?)")
            .bind(from_count(entry.number))
            .bind(entry.words.as_str())
            .bind(entry.leaf.as_slice())
            .bind(entry.chain.as_slice())
            .execute(self.connection())
            .await
            .map_err(failed_for(WHAT))?;
        let head = "INSERT INTO trace_about (profile, number) ";
        insert(
            self.connection(),
            head,
            2,
            &entry.profiles,
            |mut values, profile| {
                values
                    .push_bind(profile.as_bytes().to_vec())
                    .push_bind(from_count(entry.number));
            },
        )
        .await
    }

    async fn trace_entries(&mut self, after: u64, limit: u32) -> Result<Vec<ChainedEntry>, StoreError> {
        check_page(limit)?;
        let rows: Vec<TraceRow> = sqlx::query_as(
            "SELECT number, words, leaf, chain FROM trace WHERE number > ? ORDER BY number LIMIT ?",
        )
        .bind(from_count(after))
        .bind(limit)
        .fetch_all(self.connection())
        .await
        .map_err(failed)?;
        self.with_profiles(rows).await
    }

    async fn trace_about(
        &mut self,
        profiles: &[ProfileId],
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<ChainedEntry>, StoreError> {
        check_page(limit)?;
        let wanted: Vec<String> = profiles
            .iter()
            .map(|profile| hex::encode(profile.as_bytes()))
            .collect();
        let rows: Vec<TraceRow> = sqlx::query_as(
            "SELECT number, words, leaf, chain FROM trace \
             WHERE number IN (SELECT DISTINCT number FROM trace_about \
                 WHERE profile IN (SELECT unhex(value) FROM json_each(?1)) AND number < ?2 \
                 ORDER BY number DESC LIMIT ?3) \
             ORDER BY number DESC LIMIT ?3",
        )
        .bind(from_json(&wanted, WHAT)?)
        .bind(before.map_or(i64::MAX, from_count))
        .bind(limit)
        .fetch_all(self.connection())
        .await
        .map_err(failed)?;
        self.with_profiles(rows).await
    }
}
