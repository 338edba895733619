//! Which versions count: the highest known one of each record; the earlier ones are history.

use std::collections::BTreeMap;

use jiff::Timestamp;
use records::{Day, envelope::Record, key::RecordKey, payload::Payload};

use crate::linked::LinkedRecord;

/// What was known of the person at one time, each record with all its versions, the highest last.
pub(crate) struct Known<'a> {
    versions: BTreeMap<&'a RecordKey, Vec<&'a Record>>,
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
        Self { versions }
    }

    /// Each record as its source now states it, by key.
    pub(crate) fn current(&self) -> impl Iterator<Item = &'a Record> {
        self.versions.values().filter_map(|said| said.last().copied())
    }

    /// Each record as now stated, with its superseded versions, oldest first.
    pub(crate) fn with_history(&self) -> impl Iterator<Item = (&'a Record, &[&'a Record])> {
        self.versions
            .values()
            .filter_map(|said| said.split_last().map(|(last, earlier)| (*last, earlier)))
    }
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
        Payload::Insurance(_)
        | Payload::Benefit(_)
        | Payload::MedicalPolicy(_)
        | Payload::Enrolment(_)
        | Payload::Accreditation(_)
        | Payload::Residence(_) => record.recorded_on,
    }
}
