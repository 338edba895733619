//! Hands out lists for operators: whose record is whose, and which lines were set aside.
//!
//! Rows go to a sink as they are read, so that memory does not grow with the list.

use std::collections::BTreeSet;

use jiff::Timestamp;
use records::{Day, key::RecordKey};

use crate::{
    access::{action::Action, actor::Asker, permit::AccessError},
    port::{PAGE_MAX, StoreError, Transaction, link_book::OpenLink, quarantine::SetAside},
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
    /// Every link that held at `known_at`, by record; with a day, those of records that hold in the world on it. The
    /// trace tells of the export before its first row leaves.
    pub async fn export_links(
        &self,
        asker: &Asker,
        on: Option<Day>,
        known_at: Timestamp,
        sink: &mut Sink<'_, OpenLink>,
    ) -> Result<u64, ExportError> {
        let known_at = self.begin_export(asker, Action::ExportLinks, known_at).await?;
        let mut work = self.store.begin_read().await?;
        let (mut rows, mut last): (u64, Option<RecordKey>) = (0, None);
        loop {
            let mut page = work.links_at(known_at, last.as_ref(), PAGE_MAX).await?;
            let full = page.len() == PAGE_MAX as usize;
            let before = last.clone();
            last = page.last().map(|link| link.record.clone()).or(last);
            if let (Some(on), Some(end)) = (on, &last) {
                let holding = holding_on(&mut *work, on, known_at, before, end).await?;
                page.retain(|link| holding.contains(&link.record));
            }
            rows += page.len() as u64;
            page.into_iter().try_for_each(&mut *sink)?;
            if !full {
                return Ok(rows);
            }
        }
    }

    /// Traces the export; answers up to when it may know.
    async fn begin_export(
        &self,
        asker: &Asker,
        action: Action,
        known_at: Timestamp,
    ) -> Result<Timestamp, ExportError> {
        let visit = self.enter(asker, action, None).await?;
        let known_at = known_at.min(visit.now);
        visit.leave(Vec::new(), Outcome::Done).await?;
        Ok(known_at)
    }

    /// Every line set aside by `known_at`, by source, file and line.
    pub async fn export_quarantine(
        &self,
        asker: &Asker,
        known_at: Timestamp,
        sink: &mut Sink<'_, SetAside>,
    ) -> Result<u64, ExportError> {
        let known_at = self
            .begin_export(asker, Action::ExportQuarantine, known_at)
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

/// Records after one key up to another that hold on a day, in the version known then.
async fn holding_on(
    work: &mut dyn Transaction,
    on: Day,
    known_at: Timestamp,
    after: Option<RecordKey>,
    end: &RecordKey,
) -> Result<BTreeSet<RecordKey>, StoreError> {
    let (mut holding, mut last) = (BTreeSet::new(), after);
    loop {
        let page = work.latest_records(known_at, last.as_ref(), PAGE_MAX).await?;
        let reached = page.last().is_none_or(|record| record.key >= *end);
        last = page.last().map(|record| record.key.clone()).or(last);
        let valid = page.into_iter().filter(|record| record.valid.contains(on));
        holding.extend(valid.map(|record| record.key));
        if reached {
            return Ok(holding);
        }
    }
}
