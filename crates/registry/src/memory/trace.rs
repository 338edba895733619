//! The trace, in memory.

use std::sync::Arc;

use async_trait::async_trait;
use records::key::ProfileId;

use super::MemoryTransaction;
use crate::{
    port::{
        StoreError,
        trace_log::{TRACE_PAGE_MAX, TraceLog},
    },
    trace::{ChainHead, ChainedEntry},
};

fn check_page(limit: u32) -> Result<(), StoreError> {
    if limit > TRACE_PAGE_MAX {
        Err(StoreError::TooMany {
            what: "trace entries a page",
            limit: TRACE_PAGE_MAX,
        })
    } else {
        Ok(())
    }
}

#[async_trait]
impl TraceLog for MemoryTransaction {
    async fn trace_head(&mut self) -> Result<Option<ChainHead>, StoreError> {
        Ok(self.tables.trace.last().map(ChainedEntry::head))
    }

    async fn append_trace(&mut self, entry: &ChainedEntry) -> Result<(), StoreError> {
        self.may_write()?;
        if entry.number != self.tables.trace.len() as u64 + 1 {
            return Err(StoreError::Duplicate { what: "trace entry" });
        }
        Arc::make_mut(&mut self.tables.trace).push(entry.clone());
        Ok(())
    }

    async fn trace_entries(&mut self, after: u64, limit: u32) -> Result<Vec<ChainedEntry>, StoreError> {
        check_page(limit)?;
        let later = self.tables.trace.iter().filter(|entry| entry.number > after);
        Ok(later.take(limit as usize).cloned().collect())
    }

    async fn trace_about(
        &mut self,
        profiles: &[ProfileId],
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<ChainedEntry>, StoreError> {
        check_page(limit)?;
        let about = self
            .tables
            .trace
            .iter()
            .rev()
            .filter(|entry| entry.profiles.iter().any(|about| profiles.contains(about)));
        let earlier = about.filter(|entry| before.is_none_or(|before| entry.number < before));
        Ok(earlier.take(limit as usize).cloned().collect())
    }
}
