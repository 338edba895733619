//! One pass over one extract: what a form's reader hands its rows to.

use std::ops::ControlFlow;

use jiff::Timestamp;
use records::{
    envelope::{ContentDigest, Doubt, Evidence, Record},
    key::RecordKey,
    span::Span,
};

use crate::{
    assemble::{Assembled, Draft, assemble},
    fault::{Fault, Reason},
    mapping::Mapping,
    outcome::{Outcome, Rejected, Tally},
    row::Node,
    value::Reference,
};

pub(crate) type Sink<'s> = dyn FnMut(Outcome) -> ControlFlow<()> + 's;

pub(crate) struct Pass<'p> {
    pub(crate) mapping: &'p Mapping,
    pub(crate) reference: &'p Reference,
    pub(crate) received_at: Timestamp,
    pub(crate) file: &'p str,
    pub(crate) sink: &'p mut Sink<'p>,
    pub(crate) tally: Tally,
}

impl Pass<'_> {
    /// Takes a row; `raw` is its bytes, from which the id is read when the row is spoilt.
    pub(crate) fn take(&mut self, line: u64, row: &Node<'_>, raw: &[u8]) -> ControlFlow<()> {
        let outcome = assemble(self.mapping, self.reference, row).and_then(|assembled| match assembled {
            Assembled::Record(draft, doubts) => self.envelop(line, *draft, doubts),
            Assembled::Presence(presence) => Ok(Outcome::Presence(presence)),
        });
        match outcome {
            Ok(outcome) => self.send(outcome),
            Err((field, reason)) => self.reject(line, field, reason, raw),
        }
    }

    /// Sets a whole line aside.
    pub(crate) fn reject_line(&mut self, line: u64, reason: Reason, raw: &[u8]) -> ControlFlow<()> {
        self.reject(line, String::new(), reason, raw)
    }

    fn reject(&mut self, line: u64, field: String, reason: Reason, raw: &[u8]) -> ControlFlow<()> {
        let rejected = Rejected {
            source: self.mapping.source().clone(),
            file: self.file.to_owned(),
            line,
            field,
            reason,
            record_id: self.mapping.find_id(raw),
        };
        self.send(Outcome::Rejected(rejected))
    }

    fn envelop(&self, line: u64, draft: Draft, doubts: Vec<Doubt>) -> Result<Outcome, (String, Reason)> {
        let Draft {
            id,
            version,
            recorded_on,
            subject,
            payload,
        } = draft;
        let key = RecordKey {
            source: self.mapping.source().clone(),
            id,
        };
        let digest = ContentDigest::of(&key, version, recorded_on, &subject, &payload)
            .map_err(|_| (String::new(), Fault::Contradiction.because("it has no digest")))?;
        let stated = payload.valid(recorded_on);
        Ok(Outcome::Record(Box::new(Record {
            key,
            version,
            recorded_on,
            received_at: self.received_at,
            // a span that ends before it begins is a slip of the source: the payload keeps it, the doubt tells of it
            valid: Span::new(stated.from, stated.until).unwrap_or_else(|_| Span::single(stated.from)),
            subject,
            payload,
            doubts,
            evidence: Evidence {
                file: self.file.to_owned(),
                line,
            },
            digest,
        })))
    }

    fn send(&mut self, outcome: Outcome) -> ControlFlow<()> {
        match &outcome {
            Outcome::Record(_) => self.tally.records += 1,
            Outcome::Presence(_) => self.tally.presence += 1,
            Outcome::Rejected(_) => self.tally.rejected += 1,
        }
        let flow = (self.sink)(outcome);
        self.tally.stopped = flow.is_break();
        flow
    }
}
