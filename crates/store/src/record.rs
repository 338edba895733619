//! Records as rows, and what becomes of those offered to the log.

use std::collections::{BTreeMap, HashMap};

use profile::linked::LinkedRecord;
use records::{
    envelope::{ContentDigest, Evidence, Record},
    key::RecordKey,
    payload::Payload,
    span::Span,
};
use registry::port::{
    StoreError,
    record_log::{Appended, BATCH_MAX},
};
use sqlx::FromRow;

use crate::column::{
    corrupt, from_count, from_json, from_time, to_bytes, to_count, to_day, to_json, to_key, to_time,
};

pub(crate) const WHAT: &str = "record";

#[derive(FromRow)]
pub(crate) struct RecordRow {
    pub(crate) source: String,
    pub(crate) record_id: String,
    pub(crate) version: i64,
    pub(crate) kind: String,
    pub(crate) recorded_on: String,
    pub(crate) received_at: i64,
    pub(crate) valid_from: String,
    pub(crate) valid_until: Option<String>,
    pub(crate) subject: String,
    pub(crate) payload: String,
    pub(crate) doubts: String,
    pub(crate) file: String,
    pub(crate) line: i64,
    pub(crate) digest: Vec<u8>,
}

impl TryFrom<&Record> for RecordRow {
    type Error = StoreError;
    fn try_from(record: &Record) -> Result<Self, StoreError> {
        Ok(Self {
            source: record.key.source.to_string(),
            record_id: record.key.id.to_string(),
            version: i64::from(record.version),
            kind: kind(&record.payload).to_owned(),
            recorded_on: record.recorded_on.to_string(),
            received_at: from_time(record.received_at),
            valid_from: record.valid.from.to_string(),
            valid_until: record.valid.until.map(|day| day.to_string()),
            subject: from_json(&record.subject, WHAT)?,
            payload: from_json(&record.payload, WHAT)?,
            doubts: from_json(&record.doubts, WHAT)?,
            file: record.evidence.file.clone(),
            line: from_count(record.evidence.line),
            digest: record.digest.as_bytes().to_vec(),
        })
    }
}

impl TryFrom<RecordRow> for Record {
    type Error = StoreError;
    fn try_from(row: RecordRow) -> Result<Self, StoreError> {
        let until = row
            .valid_until
            .as_deref()
            .map(|day| to_day(day, WHAT))
            .transpose()?;
        Ok(Self {
            key: to_key(&row.source, &row.record_id, WHAT)?,
            version: u32::try_from(row.version).map_err(corrupt(WHAT))?,
            recorded_on: to_day(&row.recorded_on, WHAT)?,
            received_at: to_time(row.received_at, WHAT)?,
            valid: Span::new(to_day(&row.valid_from, WHAT)?, until).map_err(corrupt(WHAT))?,
            subject: to_json(&row.subject, WHAT)?,
            payload: to_json(&row.payload, WHAT)?,
            doubts: to_json(&row.doubts, WHAT)?,
            evidence: Evidence {
                file: row.file,
                line: to_count(row.line),
            },
            digest: ContentDigest::from_bytes(to_bytes(&row.digest, WHAT)?),
        })
    }
}

/// Kind of a payload, for those who look into the database.
pub(crate) fn kind(payload: &Payload) -> &'static str {
    match payload {
        Payload::Crossing(_) => "crossing",
        Payload::ArrivalNotice(_) => "arrival_notice",
        Payload::Permit(_) => "permit",
        Payload::Decision(_) => "decision",
        Payload::TaxAdvance(_) => "tax_advance",
        Payload::Insurance(_) => "insurance",
        Payload::Benefit(_) => "benefit",
        Payload::MedicalPolicy(_) => "medical_policy",
        Payload::MedicalCertificate(_) => "medical_certificate",
        Payload::Enrolment(_) => "enrolment",
        Payload::Visa(_) => "visa",
        Payload::Accreditation(_) => "accreditation",
        Payload::Residence(_) => "residence",
        Payload::EmploymentNotice(_) => "employment_notice",
        Payload::Amendment(_) => "amendment",
    }
}

#[derive(FromRow)]
pub(crate) struct LinkedRow {
    #[sqlx(flatten)]
    pub(crate) record: RecordRow,
    pub(crate) known_from: i64,
    pub(crate) weight: f64,
}

impl TryFrom<LinkedRow> for LinkedRecord {
    type Error = StoreError;
    fn try_from(row: LinkedRow) -> Result<Self, StoreError> {
        Ok(Self {
            record: row.record.try_into()?,
            linked_from: to_time(row.known_from, "link")?,
            linked_until: None,
            weight: row.weight,
        })
    }
}

/// A version that the log has.
#[derive(FromRow)]
pub(crate) struct VersionRow {
    pub(crate) source: String,
    pub(crate) record_id: String,
    pub(crate) version: i64,
    pub(crate) digest: Vec<u8>,
}

/// Versions by record, with their digests.
pub(crate) type Versions = HashMap<RecordKey, BTreeMap<u32, ContentDigest>>;

pub(crate) fn to_versions(rows: Vec<VersionRow>) -> Result<Versions, StoreError> {
    let mut versions = Versions::new();
    for row in rows {
        let version = u32::try_from(row.version).map_err(corrupt(WHAT))?;
        let digest = ContentDigest::from_bytes(to_bytes(&row.digest, WHAT)?);
        versions
            .entry(to_key(&row.source, &row.record_id, WHAT)?)
            .or_default()
            .insert(version, digest);
    }
    Ok(versions)
}

/// A batch that was judged: an answer for each record offered, and those that are to be kept.
pub(crate) struct Judged<'b> {
    pub(crate) answers: Vec<Appended>,
    pub(crate) kept: Vec<&'b Record>,
    /// Of those kept, the ones beside which another version stands: a profile may hold their record.
    pub(crate) further: Vec<&'b Record>,
}

pub(crate) fn check_batch(batch: &[Record]) -> Result<(), StoreError> {
    if batch.len() > BATCH_MAX as usize {
        Err(StoreError::TooMany {
            what: "records in a batch",
            limit: BATCH_MAX,
        })
    } else {
        Ok(())
    }
}

/// Judges the records in their order, each as if alone.
pub(crate) fn judge_batch(batch: &[Record], mut versions: Versions) -> Judged<'_> {
    let mut judged = Judged {
        answers: Vec::with_capacity(batch.len()),
        kept: Vec::with_capacity(batch.len()),
        further: Vec::new(),
    };
    for record in batch {
        let appended = judge(&mut versions, record);
        judged.answers.push(appended);
        match appended {
            Appended::New => judged.kept.push(record),
            Appended::Superseding | Appended::Earlier => {
                judged.kept.push(record);
                judged.further.push(record);
            }
            Appended::Unchanged | Appended::VersionReused => {}
        }
    }
    judged
}

/// What becomes of a record, given the versions known; takes it among them if it is to be kept.
fn judge(versions: &mut Versions, record: &Record) -> Appended {
    let known = versions.entry(record.key.clone()).or_default();
    if let Some(digest) = known.get(&record.version) {
        return if *digest == record.digest {
            Appended::Unchanged
        } else {
            Appended::VersionReused
        };
    }
    let appended = match known.last_key_value() {
        None => Appended::New,
        Some((highest, _)) if *highest < record.version => Appended::Superseding,
        Some(_) => Appended::Earlier,
    };
    known.insert(record.version, record.digest);
    appended
}
