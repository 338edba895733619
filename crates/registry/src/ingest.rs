//! Takes in what a source said: records to the log, bad lines to the quarantine, counts of devices apart.
//!
//! In: batches of an extract, as `sources` reads them. Out: what became of each line, by source.
//! Invariant: a batch is kept as a whole or not at all, and the same batch again changes nothing; so a run that
//! stopped (full disk, cut) is simply run again.
//! Invariant: the time of knowledge is the registry's, one for the whole batch, whatever the caller wrote.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::AddAssign,
};

use records::{
    envelope::Record,
    key::{RecordKey, SourceName},
    payload::REGISTER_SOURCE,
};
use serde::Serialize;

use crate::{
    access::{action::Action, actor::Asker, permit::AccessError, visit::Visit},
    port::{StoreError, presence_log::Presence, quarantine::SetAside, record_log::Appended},
    registry::Registry,
    trace::Outcome,
};

/// Reason under which a record that claims to be the register's own is set aside.
pub const NOT_A_SOURCE: &str = "not_a_source";
/// Reason under which a version that came again with other words is set aside.
pub const VERSION_REUSED: &str = "version_reused";

/// A piece of an extract. As many records as [`crate::port::record_log::BATCH_MAX`] allows.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    pub records: Vec<Record>,
    pub set_aside: Vec<SetAside>,
    pub presence: Vec<Presence>,
}

/// What became of the lines of one source.
/// Invariant: `read = new + superseding + earlier + unchanged + quarantined`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    pub read: u64,
    pub new: u64,
    pub superseding: u64,
    /// Versions that came after a later one: kept as history.
    pub earlier: u64,
    pub unchanged: u64,
    pub quarantined: u64,
    /// Of the quarantined, how many were not on the list yet.
    pub newly_quarantined: u64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, more: Self) {
        self.read += more.read;
        self.new += more.new;
        self.superseding += more.superseding;
        self.earlier += more.earlier;
        self.unchanged += more.unchanged;
        self.quarantined += more.quarantined;
        self.newly_quarantined += more.newly_quarantined;
    }
}

/// Counts by source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct IngestReport {
    pub sources: BTreeMap<SourceName, Counts>,
}

impl IngestReport {
    /// Of a source that had nothing to say.
    pub fn of_nothing(source: &SourceName) -> Self {
        Self {
            sources: BTreeMap::from([(source.clone(), Counts::default())]),
        }
    }

    /// Adds what a further batch brought.
    pub fn add(&mut self, more: Self) {
        for (source, counts) in more.sources {
            *self.sources.entry(source).or_default() += counts;
        }
    }

    pub fn total(&self) -> Counts {
        let mut total = Counts::default();
        for counts in self.sources.values() {
            total += *counts;
        }
        total
    }

    fn of(&mut self, source: &SourceName) -> &mut Counts {
        self.sources.entry(source.clone()).or_default()
    }
}

/// Why a batch was not taken in. Nothing of it was kept.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    #[error(transparent)]
    Access(#[from] AccessError),
    #[error("could not keep the batch")]
    Store(#[from] StoreError),
}

impl Registry {
    /// Takes in one batch, in one transaction.
    pub async fn ingest(&self, asker: &Asker, batch: Batch) -> Result<IngestReport, IngestError> {
        let mut visit = self.enter_to_add(asker, Action::Ingest, None).await?;
        let mut report = IngestReport::default();
        let Batch {
            records,
            mut set_aside,
            presence,
        } = batch;
        let mut corrected = BTreeSet::new();
        set_aside.extend(take_records(&mut visit, records, &mut corrected, &mut report).await?);
        self.withdraw_resting_on(&mut visit, &corrected).await?;
        take_lines(&mut visit, set_aside, &mut report).await?;
        take_presence(&mut visit, presence, &mut report).await?;
        let total = report.total();
        let kept = total.new + total.superseding + total.earlier;
        visit.leave(Vec::new(), Outcome::Counted { count: kept }).await?;
        Ok(report)
    }
}

/// Answers the records that were not kept because their version is taken.
async fn take_records(
    visit: &mut Visit,
    records: Vec<Record>,
    corrected: &mut BTreeSet<RecordKey>,
    report: &mut IngestReport,
) -> Result<Vec<SetAside>, StoreError> {
    let now = visit.now;
    let (forged, mut offered): (Vec<Record>, Vec<Record>) = records
        .into_iter()
        .partition(|record| record.key.source.as_str() == REGISTER_SOURCE);
    for record in &mut offered {
        record.received_at = now;
    }
    // Nobody speaks for the register but an official's decision.
    let mut refused: Vec<SetAside> = forged
        .iter()
        .map(|record| set_aside(record, "source", NOT_A_SOURCE))
        .collect();
    for (record, appended) in offered.iter().zip(visit.work.append(&offered).await?) {
        let counts = report.of(&record.key.source);
        counts.read += 1;
        match appended {
            Appended::New => counts.new += 1,
            Appended::Superseding => {
                counts.superseding += 1;
                corrected.insert(record.key.clone());
            }
            Appended::Earlier => counts.earlier += 1,
            Appended::Unchanged => counts.unchanged += 1,
            Appended::VersionReused => {
                // read again as a line set aside
                counts.read -= 1;
                refused.push(set_aside(record, "version", VERSION_REUSED));
            }
        }
    }
    Ok(refused)
}

async fn take_lines(
    visit: &mut Visit,
    lines: Vec<SetAside>,
    report: &mut IngestReport,
) -> Result<(), StoreError> {
    let mut by_source: BTreeMap<SourceName, Vec<SetAside>> = BTreeMap::new();
    for line in lines {
        by_source.entry(line.source.clone()).or_default().push(line);
    }
    for (source, lines) in by_source {
        let new = visit.work.set_aside(&lines, visit.now).await?;
        let counts = report.of(&source);
        counts.read += lines.len() as u64;
        counts.quarantined += lines.len() as u64;
        counts.newly_quarantined += new;
    }
    Ok(())
}

async fn take_presence(
    visit: &mut Visit,
    rows: Vec<Presence>,
    report: &mut IngestReport,
) -> Result<(), StoreError> {
    let mut by_source: BTreeMap<SourceName, Vec<Presence>> = BTreeMap::new();
    for row in rows {
        by_source.entry(row.source.clone()).or_default().push(row);
    }
    for (source, rows) in by_source {
        let added = visit.work.add_presence(&rows, visit.now).await?;
        let counts = report.of(&source);
        counts.read += rows.len() as u64;
        counts.new += added.new;
        counts.superseding += added.superseding;
        counts.unchanged += added.unchanged;
    }
    Ok(())
}

fn set_aside(record: &Record, field: &str, reason: &str) -> SetAside {
    SetAside {
        source: record.key.source.clone(),
        file: record.evidence.file.clone(),
        line: record.evidence.line,
        field: field.to_owned(),
        reason: reason.to_owned(),
        id: Some(record.key.id.to_string()),
    }
}
