//! Which versions count: the highest known one of each record; the earlier ones are history.
//!
//! Officials' amendments are applied here, so that everything above sees what was decided beside what was said.

use std::collections::BTreeMap;

use jiff::Timestamp;
use records::{
    Day,
    envelope::Record,
    key::RecordKey,
    payload::{Amendment, Payload, Settles, amended},
};

use crate::{cite::Citation, linked::LinkedRecord};

/// What was known of the person at one time, each record with all its versions, the highest last.
pub(crate) struct Known<'a> {
    versions: BTreeMap<&'a RecordKey, Vec<&'a Record>>,
    /// Amendments in the order in which they were decided.
    amendments: Vec<(&'a Record, &'a Amendment)>,
    /// What officials put in the place of what records say.
    decided: BTreeMap<&'a RecordKey, Decided>,
}

struct Decided {
    /// The record put right; none: what it tells never happened.
    record: Option<Record>,
    by: Vec<Citation>,
}

/// A record as it now stands, with what its source said before.
pub(crate) struct Told<'k> {
    pub(crate) now: &'k Record,
    /// What was superseded or put right, the oldest first.
    pub(crate) earlier: &'k [&'k Record],
    pub(crate) amended_by: &'k [Citation],
}

impl<'a> Known<'a> {
    pub(crate) fn at(records: &'a [LinkedRecord], known_at: Timestamp) -> Self {
        let mut versions: BTreeMap<&RecordKey, Vec<&Record>> = BTreeMap::new();
        for linked in records.iter().filter(|linked| linked.known_at(known_at)) {
            versions
                .entry(&linked.record.key)
                .or_default()
                .push(&linked.record);
        }
        for said in versions.values_mut() {
            // A version sent twice counts once. Should a source send other words under one version number, the
            // words received first stand: a past answer must not change.
            said.sort_by_key(|record| (record.version, record.received_at, record.digest));
            said.dedup_by_key(|record| record.version);
        }
        let mut known = Self {
            amendments: amendments(&versions),
            versions,
            decided: BTreeMap::new(),
        };
        known.apply();
        known
    }

    fn apply(&mut self) {
        for (by, amendment) in &self.amendments {
            match &amendment.settles {
                Settles::Person { .. } => {}
                Settles::Event { records, parts } => {
                    for key in records {
                        let Some((key, standing)) = self.standing(key) else {
                            continue;
                        };
                        let Some(payload) = amended(&standing.payload, parts) else {
                            continue;
                        };
                        let mut record = standing.clone();
                        record.valid = payload.valid(record.recorded_on);
                        record.payload = payload;
                        decide(&mut self.decided, key, Some(record), by);
                    }
                }
                Settles::NoEvent { said } => {
                    for said in said {
                        let Some((key, versions)) = self.versions.get_key_value(&said.record) else {
                            continue;
                        };
                        let looked_at = versions.iter().find(|record| record.version == said.version);
                        // A source that has changed its words speaks of something that was not decided on.
                        let is_repeated = looked_at
                            .zip(versions.last())
                            .is_some_and(|(then, now)| then.payload == now.payload);
                        if is_repeated {
                            decide(&mut self.decided, key, None, by);
                        }
                    }
                }
            }
        }
    }

    /// What a record says after the amendments that were applied so far.
    fn standing(&self, key: &RecordKey) -> Option<(&'a RecordKey, &Record)> {
        let (key, versions) = self.versions.get_key_value(key)?;
        match self.decided.get(*key) {
            Some(decided) => decided.record.as_ref().map(|record| (*key, record)),
            None => versions.last().map(|record| (*key, *record)),
        }
    }

    /// Each record as it now stands, by key; amendments are none of them.
    pub(crate) fn current(&self) -> impl Iterator<Item = &Record> {
        self.with_history().map(|told| told.now)
    }

    /// Each record as it now stands, with its superseded versions.
    pub(crate) fn with_history(&self) -> impl Iterator<Item = Told<'_>> {
        self.versions.iter().filter_map(|(key, said)| {
            let (last, earlier) = said.split_last()?;
            if matches!(last.payload, Payload::Amendment(_)) {
                return None;
            }
            match self.decided.get(*key) {
                // What was put right is history like what was superseded.
                Some(decided) => Some(Told {
                    now: decided.record.as_ref()?,
                    earlier: said,
                    amended_by: &decided.by,
                }),
                None => Some(Told {
                    now: last,
                    earlier,
                    amended_by: &[],
                }),
            }
        })
    }

    /// Each record that its source superseded or an official overruled: what was said, and what takes its place.
    pub(crate) fn replaced(&self) -> impl Iterator<Item = (&Record, Citation, bool)> {
        self.versions.iter().flat_map(|(key, said)| {
            let last = said.last().copied();
            let by_source =
                said.iter().rev().skip(1).rev().filter_map(move |was| {
                    last.map(|now| (*was, Citation::of(now), was.payload != now.payload))
                });
            let decided = self.decided.get(*key);
            let by_official = decided.into_iter().flat_map(move |decided| {
                decided
                    .by
                    .iter()
                    .filter_map(move |by| Some((last?, by.clone(), true)))
            });
            by_source.chain(by_official)
        })
    }

    /// Amendments in the order in which they were decided.
    pub(crate) fn amendments(&self) -> &[(&'a Record, &'a Amendment)] {
        &self.amendments
    }
}

fn amendments<'a>(versions: &BTreeMap<&'a RecordKey, Vec<&'a Record>>) -> Vec<(&'a Record, &'a Amendment)> {
    let last = versions.values().filter_map(|said| said.last().copied());
    let mut found: Vec<(&Record, &Amendment)> = last
        .filter_map(|record| match &record.payload {
            Payload::Amendment(amendment) => Some((record, &**amendment)),
            _ => None,
        })
        .collect();
    found.sort_by_key(|(record, amendment)| (record.received_at, amendment.case, &record.key));
    found
}

fn decide<'a>(
    decided: &mut BTreeMap<&'a RecordKey, Decided>,
    key: &'a RecordKey,
    record: Option<Record>,
    by: &Record,
) {
    let entry = decided.entry(key).or_insert_with(|| Decided {
        record: None,
        by: Vec::new(),
    });
    entry.record = record;
    entry.by.push(Citation::of(by));
}

/// Day of the event that a record speaks of: the day on which its words about the person were taken down.
pub(crate) fn stated_on(record: &Record) -> Day {
    match &record.payload {
        Payload::Crossing(crossing) => crossing.crossed_on,
        Payload::ArrivalNotice(notice) => notice.stay.from,
        Payload::Permit(permit) => permit.issued_on,
        Payload::Decision(decision) => decision.decided_on,
        Payload::TaxAdvance(payment) => payment.paid_on,
        Payload::MedicalCertificate(certificate) => certificate.issued_on,
        Payload::Visa(visa) => visa.issued_on,
        Payload::EmploymentNotice(notice) => notice.notified_on,
        Payload::Amendment(amendment) => amendment.decided_on,
        Payload::Insurance(_)
        | Payload::Benefit(_)
        | Payload::MedicalPolicy(_)
        | Payload::Enrolment(_)
        | Payload::Accreditation(_)
        | Payload::Residence(_) => record.recorded_on,
    }
}
