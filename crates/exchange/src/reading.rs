//! An extract's bytes as batches for the registry: the one way in, for files and for messages.
//!
//! Invariant: a line that cannot be read is set aside with its place and its reason, never with its words; what came
//! before a fault of the whole stays good.

use std::ops::ControlFlow;

use jiff::Timestamp;
use registry::{
    ingest::Batch,
    port::{presence_log::Presence, quarantine::SetAside},
};
use sources::{
    extract::{Input, Reference, read},
    fault::ExtractError,
    mapping::Mapping,
    mapping_set::MappingSet,
    outcome::{Outcome, Rejected},
};

/// Lines that go into the store in one transaction.
pub const BATCH_LINES: usize = 5_000;

/// How extracts are read.
pub struct Reading {
    pub mappings: MappingSet,
    pub reference: Reference,
}

/// An extract as it is named in evidence.
#[derive(Clone, Copy)]
pub struct Document<'d> {
    pub mapping: &'d Mapping,
    pub name: &'d str,
    pub received_at: Timestamp,
}

impl Reading {
    /// Gives batches to `take` until that says stop; the last one, which may be empty, in any case.
    pub fn batches(
        &self,
        document: Document<'_>,
        input: Input<'_>,
        take: &mut dyn FnMut(Batch) -> ControlFlow<()>,
    ) -> Result<(), ExtractError> {
        let Document {
            mapping,
            name,
            received_at,
        } = document;
        let mut batch = Batch::default();
        let mut lines = 0;
        let mut stopped = false;
        let mut sink = |outcome: Outcome| {
            add(&mut batch, mapping, outcome);
            lines += 1;
            if lines < BATCH_LINES {
                return ControlFlow::Continue(());
            }
            lines = 0;
            let taken = take(std::mem::take(&mut batch));
            stopped = taken.is_break();
            taken
        };
        let read = read(mapping, &self.reference, received_at, name, input, &mut sink);
        // Whoever takes no more has failed, and says so itself.
        if stopped || take(batch).is_break() {
            return Ok(());
        }
        read.map(|_| ())
    }
}

fn add(batch: &mut Batch, mapping: &Mapping, outcome: Outcome) {
    match outcome {
        Outcome::Record(record) => batch.records.push(*record),
        Outcome::Rejected(rejected) => batch.set_aside.push(set_aside(rejected)),
        Outcome::Presence(row) => batch.presence.push(Presence {
            source: mapping.source().clone(),
            day: row.date,
            region: row.region,
            sim_country: row.sim_country,
            devices: row.devices,
        }),
    }
}

fn set_aside(rejected: Rejected) -> SetAside {
    SetAside {
        source: rejected.source,
        file: rejected.file,
        line: rejected.line,
        field: rejected.field,
        reason: rejected.reason.to_string(),
        id: rejected.record_id.map(String::from),
    }
}
