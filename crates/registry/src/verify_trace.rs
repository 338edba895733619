//! Checks that no entry of the trace was changed, removed or put in.

use serde::Serialize;

use crate::{
    access::{action::Action, actor::Asker, permit::AccessError},
    port::{StoreError, trace_log::TRACE_PAGE_MAX},
    registry::Registry,
    trace::{Broken, ChainHead, Outcome},
};

/// A chain that holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TraceReport {
    pub entries: u64,
    /// Hash of the last entry, in hexadecimal: noted elsewhere, it shows later that no end was cut off.
    pub head: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum TraceError {
    #[error("the trace was tampered with: {0}")]
    Broken(#[from] Broken),
    #[error(transparent)]
    Access(#[from] AccessError),
    #[error("could not read the trace")]
    Store(#[from] StoreError),
}

impl Registry {
    /// Goes through the whole trace, this look among it. Nobody waits for it: the trace only grows at its end.
    pub async fn verify_trace(&self, asker: &Asker) -> Result<TraceReport, TraceError> {
        let visit = self.enter(asker, Action::VerifyTrace, None).await?;
        visit.leave(Vec::new(), Outcome::Done).await?;
        let mut work = self.store.begin_read().await?;
        let mut head: Option<ChainHead> = None;
        loop {
            let after = head.map_or(0, |head| head.number);
            let page = work.trace_entries(after, TRACE_PAGE_MAX).await?;
            for entry in &page {
                entry.check(head)?;
                head = Some(entry.head());
            }
            if page.len() < TRACE_PAGE_MAX as usize {
                break;
            }
        }
        Ok(TraceReport {
            entries: head.map_or(0, |head| head.number),
            head: head.map(|head| hex::encode(head.chain)),
        })
    }
}
