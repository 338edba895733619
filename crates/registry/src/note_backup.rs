//! Notes that a copy of the whole store is taken: it carries everybody's data, so it leaves a trace as any look does.

use serde::{Deserialize, Serialize};

use crate::{
    access::{action::Action, actor::Asker, permit::AccessError},
    port::{Extent, StoreError},
    registry::Registry,
    trace::Outcome,
};

/// What a copy holds at the least: a restored store with less has lost something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoreMark {
    pub records: u64,
    pub links: u64,
    pub decisions: u64,
    pub trace_entries: u64,
    /// Hash of the last of those entries, in hexadecimal.
    pub trace_head: String,
}

#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error(transparent)]
    Access(#[from] AccessError),
    #[error("could not read the store")]
    Store(#[from] StoreError),
}

impl Registry {
    /// Writes the trace of a copy about to be taken, and tells what it will hold at the least.
    pub async fn note_backup(&self, asker: &Asker) -> Result<StoreMark, BackupError> {
        let visit = self.enter(asker, Action::BackUp, None).await?;
        visit.leave(Vec::new(), Outcome::Done).await?;
        let mut work = self.store.begin_read().await?;
        let Extent {
            records,
            links,
            decisions,
        } = work.extent().await?;
        let head = work
            .trace_head()
            .await?
            .ok_or(StoreError::Missing { what: "trace entry" })?;
        Ok(StoreMark {
            records,
            links,
            decisions,
            trace_entries: head.number,
            trace_head: hex::encode(head.chain),
        })
    }

    /// Whether the store holds what a copy of it was noted to hold, entry for entry of the trace.
    pub async fn holds(&self, mark: &StoreMark) -> Result<bool, StoreError> {
        let mut work = self.store.begin_read().await?;
        let extent = work.extent().await?;
        let enough = extent.records >= mark.records
            && extent.links >= mark.links
            && extent.decisions >= mark.decisions;
        let before = mark.trace_entries.saturating_sub(1);
        let entry = work.trace_entries(before, 1).await?.pop();
        Ok(enough && entry.is_some_and(|entry| hex::encode(entry.chain) == mark.trace_head))
    }
}
