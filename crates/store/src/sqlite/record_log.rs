//! Records and the search index.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use async_trait::async_trait;
use jiff::Timestamp;
use profile::linked::LinkedRecord;
use records::{
    envelope::{ContentDigest, Evidence, Record},
    key::{ProfileId, RecordKey},
    payload::Payload,
    span::Span,
};
use registry::{
    port::{
        StoreError, check_page,
        record_log::{Appended, BATCH_MAX, NewRecord, PROFILE_RECORDS_MAX, RecordLog, VERSIONS_MAX},
    },
    search_key::SearchKey,
};
use sqlx::FromRow;

use super::{
    batch::{insert, insert_or},
    failure::{corrupt, failed},
    transaction::SqliteTransaction,
    value::{from_count, from_json, from_time, to_bytes, to_count, to_day, to_json, to_key, to_time},
};

const WHAT: &str = "record";

#[derive(FromRow)]
struct RecordRow {
    source: String,
    record_id: String,
    version: i64,
    kind: String,
    recorded_on: String,
    received_at: i64,
    valid_from: String,
    valid_until: Option<String>,
    subject: String,
    payload: String,
    doubts: String,
    file: String,
    line: i64,
    digest: Vec<u8>,
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
fn kind(payload: &Payload) -> &'static str {
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

/// Versions by record, with their digests.
type Versions = HashMap<RecordKey, BTreeMap<u32, ContentDigest>>;

impl SqliteTransaction {
    async fn known_versions(&mut self, batch: &[NewRecord]) -> Result<Versions, StoreError> {
        let keys: BTreeSet<&RecordKey> = batch.iter().map(|new| &new.record.key).collect();
        let wanted: Vec<[&str; 2]> = keys
            .iter()
            .map(|key| [key.source.as_str(), key.id.as_str()])
            .collect();
        let rows: Vec<(String, String, i64, Vec<u8>)> = sqlx::query_as(
            "SELECT record.source, record.record_id, record.version, record.digest \
             FROM json_each(?) AS wanted \
             CROSS JOIN record ON record.source = wanted.value ->> 0 AND record.record_id = wanted.value ->> 1",
        )
        .bind(from_json(&wanted, WHAT)?)
        .fetch_all(self.connection())
        .await
        .map_err(failed)?;
        let mut versions = Versions::new();
        for (source, id, version, digest) in rows {
            let version = u32::try_from(version).map_err(corrupt(WHAT))?;
            let digest = ContentDigest::from_bytes(to_bytes(&digest, WHAT)?);
            versions
                .entry(to_key(&source, &id, WHAT)?)
                .or_default()
                .insert(version, digest);
        }
        Ok(versions)
    }

    async fn insert_records(&mut self, rows: &[RecordRow]) -> Result<(), StoreError> {
        let head = "INSERT INTO record (source, record_id, version, kind, recorded_on, received_at, valid_from, \
                    valid_until, subject, payload, doubts, file, line, digest) ";
        insert(self.connection(), head, 14, rows, |mut values, row| {
            values
                .push_bind(row.source.clone())
                .push_bind(row.record_id.clone())
                .push_bind(row.version)
                .push_bind(row.kind.clone())
                .push_bind(row.recorded_on.clone())
                .push_bind(row.received_at)
                .push_bind(row.valid_from.clone())
                .push_bind(row.valid_until.clone())
                .push_bind(row.subject.clone())
                .push_bind(row.payload.clone())
                .push_bind(row.doubts.clone())
                .push_bind(row.file.clone())
                .push_bind(row.line)
                .push_bind(row.digest.clone());
        })
        .await
    }

    async fn insert_search_keys(&mut self, keys: &[(&SearchKey, &Record)]) -> Result<(), StoreError> {
        let head = "INSERT INTO search_key (kind, value, source, record_id, known_from) ";
        let tail = " ON CONFLICT (kind, value, source, record_id) \
                    DO UPDATE SET known_from = excluded.known_from WHERE excluded.known_from < known_from";
        insert_or(
            self.connection(),
            [head, tail],
            5,
            keys,
            |mut values, (key, record)| {
                values
                    .push_bind(key.kind().as_str())
                    .push_bind(key.value().to_owned())
                    .push_bind(record.key.source.to_string())
                    .push_bind(record.key.id.to_string())
                    .push_bind(from_time(record.received_at));
            },
        )
        .await
    }
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

fn is_kept(appended: Appended) -> bool {
    match appended {
        Appended::New | Appended::Superseding | Appended::Earlier => true,
        Appended::Unchanged | Appended::VersionReused => false,
    }
}

#[async_trait]
impl RecordLog for SqliteTransaction {
    async fn append(&mut self, batch: &[NewRecord]) -> Result<Vec<Appended>, StoreError> {
        if batch.len() > BATCH_MAX as usize {
            return Err(StoreError::TooMany {
                what: "records in a batch",
                limit: BATCH_MAX,
            });
        }
        let mut versions = self.known_versions(batch).await?;
        let mut answers = Vec::with_capacity(batch.len());
        let (mut rows, mut keys) = (Vec::new(), Vec::new());
        for new in batch {
            let appended = judge(&mut versions, &new.record);
            answers.push(appended);
            if is_kept(appended) {
                rows.push(RecordRow::try_from(&new.record)?);
                keys.extend(new.search_keys.iter().map(|key| (key, &new.record)));
            }
        }
        self.insert_records(&rows).await?;
        // In the order of the index, so that its pages are filled one after another.
        keys.sort_unstable_by_key(|(key, record)| (*key, &record.key));
        self.insert_search_keys(&keys).await?;
        Ok(answers)
    }

    async fn versions_of(&mut self, key: &RecordKey, known_at: Timestamp) -> Result<Vec<Record>, StoreError> {
        let rows: Vec<RecordRow> = sqlx::query_as(
            "SELECT source, record_id, version, kind, recorded_on, received_at, valid_from, valid_until, subject, \
             payload, doubts, file, line, digest \
             FROM record WHERE source = ? AND record_id = ? AND received_at <= ? ORDER BY version LIMIT ?",
        )
        .bind(key.source.as_str())
        .bind(key.id.as_str())
        .bind(from_time(known_at))
        .bind(i64::from(VERSIONS_MAX) + 1)
        .fetch_all(self.connection())
        .await
        .map_err(failed)?;
        if rows.len() > VERSIONS_MAX as usize {
            return Err(StoreError::TooMany {
                what: "versions of a record",
                limit: VERSIONS_MAX,
            });
        }
        rows.into_iter().map(Record::try_from).collect()
    }

    async fn latest_records(
        &mut self,
        known_at: Timestamp,
        after: Option<&RecordKey>,
        limit: u32,
    ) -> Result<Vec<Record>, StoreError> {
        check_page(limit)?;
        let (source, id) = after.map_or(("", ""), |key| (key.source.as_str(), key.id.as_str()));
        let rows: Vec<RecordRow> = sqlx::query_as(
            "SELECT source, record_id, version, kind, recorded_on, received_at, valid_from, valid_until, subject, \
             payload, doubts, file, line, digest \
             FROM record \
             WHERE (source, record_id) > (?1, ?2) AND received_at <= ?3 \
             AND NOT EXISTS (SELECT 1 FROM record AS later \
                 WHERE later.source = record.source AND later.record_id = record.record_id \
                 AND later.version > record.version AND later.received_at <= ?3) \
             ORDER BY source, record_id LIMIT ?4",
        )
        .bind(source)
        .bind(id)
        .bind(from_time(known_at))
        .bind(limit)
        .fetch_all(self.connection())
        .await
        .map_err(failed)?;
        rows.into_iter().map(Record::try_from).collect()
    }

    async fn records_of(
        &mut self,
        profile: ProfileId,
        known_at: Timestamp,
    ) -> Result<Vec<LinkedRecord>, StoreError> {
        let rows: Vec<LinkedRow> = sqlx::query_as(
            "SELECT record.source, record.record_id, version, kind, recorded_on, received_at, valid_from, \
             valid_until, subject, payload, doubts, file, line, digest, known_from, weight \
             FROM link JOIN record ON record.source = link.source AND record.record_id = link.record_id \
             WHERE profile = ?1 AND known_from <= ?2 AND (known_until IS NULL OR known_until > ?2) \
             AND received_at <= ?2 \
             ORDER BY record.source, record.record_id, version LIMIT ?3",
        )
        .bind(profile.as_bytes().as_slice())
        .bind(from_time(known_at))
        .bind(i64::from(PROFILE_RECORDS_MAX) + 1)
        .fetch_all(self.connection())
        .await
        .map_err(failed)?;
        if rows.len() > PROFILE_RECORDS_MAX as usize {
            let what = "record versions of a profile";
            return Err(StoreError::TooMany {
                what,
                limit: PROFILE_RECORDS_MAX,
            });
        }
        rows.into_iter().map(LinkedRecord::try_from).collect()
    }

    async fn records_under(
        &mut self,
        key: &SearchKey,
        known_at: Timestamp,
        limit: u32,
    ) -> Result<Vec<RecordKey>, StoreError> {
        check_page(limit)?;
        let rows: Vec<(String, String)> = sqlx::query_as(
            "SELECT source, record_id FROM search_key WHERE kind = ? AND value = ? AND known_from <= ? \
             ORDER BY source, record_id LIMIT ?",
        )
        .bind(key.kind().as_str())
        .bind(key.value())
        .bind(from_time(known_at))
        .bind(i64::from(limit) + 1)
        .fetch_all(self.connection())
        .await
        .map_err(failed)?;
        if rows.len() > limit as usize {
            return Err(StoreError::TooMany {
                what: "records under a search key",
                limit,
            });
        }
        rows.iter()
            .map(|(source, id)| to_key(source, id, "search key"))
            .collect()
    }
}

#[derive(FromRow)]
struct LinkedRow {
    #[sqlx(flatten)]
    record: RecordRow,
    known_from: i64,
    weight: f64,
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
