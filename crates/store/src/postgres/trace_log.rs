//! The trace.

use std::collections::BTreeSet;

use async_trait::async_trait;
use records::key::ProfileId;
use registry::{
    port::{StoreError, trace_log::TraceLog},
    trace::{ChainHead, ChainedEntry},
};

use super::{transaction::PostgresTransaction, turn::Turn};
use crate::{
    column::from_count,
    trace::{AboutRow, TraceRow, WHAT, check_page, to_entries, to_head},
};

impl PostgresTransaction {
    async fn with_profiles(&mut self, rows: Vec<TraceRow>) -> Result<Vec<ChainedEntry>, StoreError> {
        let numbers: Vec<i64> = rows.iter().map(|row| row.number).collect();
        let about = sqlx::query_as(
            "SELECT number, profile FROM trace_about WHERE number = ANY($1) ORDER BY number, profile",
        )
        .bind(numbers);
        let about: Vec<AboutRow> = self.all(about).await?;
        to_entries(rows, about)
    }
}

fn columns(profiles: &[ProfileId]) -> Vec<&[u8]> {
    profiles
        .iter()
        .map(|profile| profile.as_bytes().as_slice())
        .collect()
}

#[async_trait]
impl TraceLog for PostgresTransaction {
    async fn trace_head(&mut self) -> Result<Option<ChainHead>, StoreError> {
        if let Some(head) = self.head {
            return Ok(head);
        }
        if self.may_write() {
            self.take(Turn::Trace).await?;
        }
        let head = sqlx::query_as("SELECT number, chain FROM trace ORDER BY number DESC LIMIT 1");
        let head = self.optional(head).await?.map(to_head).transpose()?;
        // from now on the head is ours, or, in a snapshot, stays what it is
        self.head = Some(head);
        Ok(head)
    }

    async fn append_trace(&mut self, entry: &ChainedEntry) -> Result<(), StoreError> {
        self.append_traces(std::slice::from_ref(entry)).await
    }

    async fn append_traces(&mut self, entries: &[ChainedEntry]) -> Result<(), StoreError> {
        let Some(last) = entries.last() else {
            return Ok(());
        };
        let mut next = self.trace_head().await?.map_or(1, |head| head.number + 1);
        for entry in entries {
            if entry.number != next {
                return Err(StoreError::Duplicate { what: WHAT });
            }
            next += 1;
        }
        let about: BTreeSet<(&[u8], i64)> = entries
            .iter()
            .flat_map(|entry| {
                let number = from_count(entry.number);
                entry
                    .profiles
                    .iter()
                    .map(move |profile| (profile.as_bytes().as_slice(), number))
            })
            .collect();
        let (profiles, abouts): (Vec<&[u8]>, Vec<i64>) = about.into_iter().unzip();
        let append = sqlx::query(
            "WITH added AS ( \
                 INSERT INTO trace (number, words, leaf, chain) \
                 SELECT * FROM unnest($1::bigint[], $2::text[], $3::bytea[], $4::bytea[])) \
             INSERT INTO trace_about (profile, number) SELECT * FROM unnest($5::bytea[], $6::bigint[])",
        )
        .bind(
            entries
                .iter()
                .map(|entry| from_count(entry.number))
                .collect::<Vec<_>>(),
        )
        .bind(
            entries
                .iter()
                .map(|entry| entry.words.as_str())
                .collect::<Vec<_>>(),
        )
        .bind(
            entries
                .iter()
                .map(|entry| entry.leaf.as_slice())
                .collect::<Vec<_>>(),
        )
        .bind(
            entries
                .iter()
                .map(|entry| entry.chain.as_slice())
                .collect::<Vec<_>>(),
        )
        .bind(profiles)
        .bind(abouts);
        self.run(append).await?;
        self.head = Some(Some(last.head()));
        Ok(())
    }

    async fn trace_entries(&mut self, after: u64, limit: u32) -> Result<Vec<ChainedEntry>, StoreError> {
        check_page(limit)?;
        let page = sqlx::query_as(
            "SELECT number, words, leaf, chain FROM trace WHERE number > $1 ORDER BY number LIMIT $2",
        )
        .bind(from_count(after))
        .bind(i64::from(limit));
        let rows = self.all(page).await?;
        self.with_profiles(rows).await
    }

    async fn trace_about(
        &mut self,
        profiles: &[ProfileId],
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<ChainedEntry>, StoreError> {
        check_page(limit)?;
        let about = sqlx::query_as(
            "SELECT number, words, leaf, chain FROM trace \
             WHERE number IN (SELECT DISTINCT number FROM trace_about WHERE profile = ANY($1) AND number < $2 \
                 ORDER BY number DESC LIMIT $3) \
             ORDER BY number DESC LIMIT $3",
        )
        .bind(columns(profiles))
        .bind(before.map_or(i64::MAX, from_count))
        .bind(i64::from(limit));
        let rows = self.all(about).await?;
        self.with_profiles(rows).await
    }
}
