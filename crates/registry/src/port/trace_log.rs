//! Where the trace is kept. What an entry says and how entries are chained: [`crate::trace`].

use async_trait::async_trait;
use records::key::ProfileId;

use super::StoreError;
use crate::trace::{ChainHead, ChainedEntry};

/// Entries that one page of the trace may hold.
pub const TRACE_PAGE_MAX: u32 = 1_000;

/// Append-only log of what was looked at, changed and refused.
#[async_trait]
pub trait TraceLog {
    /// Number and hash of the last entry; `None` while there is none.
    async fn trace_head(&mut self) -> Result<Option<ChainHead>, StoreError>;

    /// Appends the entry that follows the head; any other number is [`StoreError::Duplicate`].
    async fn append_trace(&mut self, entry: &ChainedEntry) -> Result<(), StoreError>;

    /// As [`TraceLog::append_trace`], for entries that follow each other.
    async fn append_traces(&mut self, entries: &[ChainedEntry]) -> Result<(), StoreError> {
        for entry in entries {
            self.append_trace(entry).await?;
        }
        Ok(())
    }

    /// Entries after number `after`, in order.
    async fn trace_entries(&mut self, after: u64, limit: u32) -> Result<Vec<ChainedEntry>, StoreError>;

    /// Entries about any of these profiles (a person's present one and those that went into it) with a number below
    /// `before`, each once, the newest first.
    async fn trace_about(
        &mut self,
        profiles: &[ProfileId],
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<ChainedEntry>, StoreError>;
}
