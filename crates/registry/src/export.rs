//! Hands out lists for operators: whose record is whose, and which lines were set aside.
//!
//! Rows go to a sink as they are read, so that memory does not grow with the list.

use jiff::Timestamp;
use records::key::RecordKey;

use crate::{
    access::{action::Action, actor::Asker, permit::AccessError},
    port::{PAGE_MAX, StoreError, link_book::OpenLink, quarantine::SetAside},
    registry::Registry,
    trace::Outcome,
};

/// Takes one row; an error ends the export.
pub type Sink<'a, T> = dyn FnMut(T) -> std::io::Result<()> + Send + 'a;

#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error(transparent)]
    Access(#[from] AccessError),
    #[error("could not write the list")]
    Write(#[from] std::io::Error),
    #[error("could not read the store")]
    Store(#[from] StoreError),
}

impl Registry {
    /// Every link that held at `known_at`, by record. The trace tells of the export before its first row leaves.
    pub async fn export_links(
        &self,
        asker: &Asker,
        known_at: Timestamp,
        sink: &mut Sink<'_, OpenLink>,
    ) -> Result<u64, ExportError> {
        self.enter(asker, Action::ExportLinks, None)
            .await?
            .leave(Vec::new(), Outcome::Done)
            .await?;
        let mut work = self.store.begin_read().await?;
        let (mut rows, mut last): (u64, Option<RecordKey>) = (0, None);
        loop {
            let page = work.links_at(known_at, last.as_ref(), PAGE_MAX).await?;
            let full = page.len() == PAGE_MAX as usize;
            last = page.last().map(|link| link.record.clone()).or(last);
            rows += page.len() as u64;
            page.into_iter().try_for_each(&mut *sink)?;
            if !full {
                return Ok(rows);
            }
        }
    }

    /// Every line set aside by `known_at`, by source, file and line.
    pub async fn export_quarantine(
        &self,
        asker: &Asker,
        known_at: Timestamp,
        sink: &mut Sink<'_, SetAside>,
    ) -> Result<u64, ExportError> {
        self.enter(asker, Action::ExportQuarantine, None)
            .await?
            .leave(Vec::new(), Outcome::Done)
            .await?;
        let mut work = self.store.begin_read().await?;
        let (mut rows, mut last) = (0, None);
        loop {
            let page = work.lines_set_aside(known_at, last.as_ref(), PAGE_MAX).await?;
            let full = page.len() == PAGE_MAX as usize;
            last = page.last().map(SetAside::place).or(last);
            rows += page.len() as u64;
            page.into_iter().try_for_each(&mut *sink)?;
            if !full {
                return Ok(rows);
            }
        }
    }
}
