//! Records, and whose they may be.
//!
//! A batch goes straight into its tables by `COPY`: whoever appends has the turn to, so nothing can be in the way of a
//! row that was judged to be new, and a staging table would only be written twice.

use std::collections::BTreeSet;

use async_trait::async_trait;
use jiff::Timestamp;
use profile::linked::LinkedRecord;
use records::{
    envelope::Record,
    key::{ProfileId, RecordKey},
};
use registry::{
    port::{
        StoreError, check_page,
        record_log::{Appended, PROFILE_RECORDS_MAX, RecordLog, VERSIONS_MAX},
    },
    search_key::SearchKey,
};

use super::{
    copy::CopyRows,
    search_index::indexed,
    transaction::{Growth, PostgresTransaction},
    turn::Turn,
};
use crate::{
    column::{at_most, from_time, read},
    record::{LinkedRow, RecordRow, VersionRow, Versions, check_batch, judge_batch, to_versions},
    search::{ProfileRow, to_found},
};

/// Keys as two columns: source and id.
pub(super) fn key_columns<'k>(
    keys: impl Iterator<Item = &'k RecordKey> + Clone,
) -> (Vec<&'k str>, Vec<&'k str>) {
    (
        keys.clone().map(|key| key.source.as_str()).collect(),
        keys.map(|key| key.id.as_str()).collect(),
    )
}

impl PostgresTransaction {
    async fn known_versions(&mut self, batch: &[Record]) -> Result<Versions, StoreError> {
        let keys: BTreeSet<&RecordKey> = batch.iter().map(|record| &record.key).collect();
        let (sources, ids) = key_columns(keys.iter().copied());
        // OFFSET keeps the lookup of each key a lookup: nobody knows beforehand how long the lists are
        let versions = sqlx::query_as(
            "SELECT known.source, known.record_id, known.version, known.digest \
             FROM unnest($1::text[], $2::text[]) AS wanted (source, record_id) \
             CROSS JOIN LATERAL (SELECT source, record_id, version, digest FROM record \
                 WHERE record.source = wanted.source AND record.record_id = wanted.record_id OFFSET 0) AS known",
        )
        .bind(sources)
        .bind(ids);
        let rows: Vec<VersionRow> = self.all(versions).await?;
        to_versions(rows)
    }

    async fn copy_records(&mut self, records: &[&Record]) -> Result<(), StoreError> {
        let statement = "COPY record (source, record_id, version, kind, recorded_on, received_at, valid_from, \
                         valid_until, subject, payload, doubts, file, line, digest) FROM STDIN (FORMAT binary)";
        let copied = self
            .copy_each(statement, COLUMNS, records, |rows, record| {
                add_record(rows, &RecordRow::try_from(*record)?);
                Ok(())
            })
            .await?;
        let grown = Growth {
            records: i64::try_from(copied).unwrap_or(i64::MAX),
            ..Growth::default()
        };
        self.grow(grown).await
    }
}

/// Columns of a record, as `add_record` writes them.
pub(super) const COLUMNS: i16 = 14;

pub(super) fn add_record(rows: &mut CopyRows, row: &RecordRow) {
    rows.row()
        .text(&row.source)
        .text(&row.record_id)
        .number(row.version)
        .text(&row.kind)
        .text(&row.recorded_on)
        .number(row.received_at)
        .text(&row.valid_from)
        .maybe(row.valid_until.as_deref(), |rows, day| {
            rows.text(day);
        })
        .text(&row.subject)
        .text(&row.payload)
        .text(&row.doubts)
        .text(&row.file)
        .number(row.line)
        .bytes(&row.digest);
}

#[async_trait]
impl RecordLog for PostgresTransaction {
    async fn append(&mut self, batch: &[Record]) -> Result<Vec<Appended>, StoreError> {
        check_batch(batch)?;
        self.take(Turn::Rows).await?;
        let judged = judge_batch(batch, self.known_versions(batch).await?);
        if judged.kept.is_empty() {
            return Ok(judged.answers);
        }
        self.copy_records(&judged.kept).await?;
        self.index_versions(&judged.further).await?;
        self.forget_statuses_of(&judged.further).await?;
        Ok(judged.answers)
    }

    async fn versions_of(&mut self, key: &RecordKey, known_at: Timestamp) -> Result<Vec<Record>, StoreError> {
        let versions = sqlx::query_as(
            "SELECT source, record_id, version, kind, recorded_on, received_at, valid_from, valid_until, subject, \
             payload, doubts, file, line, digest \
             FROM record WHERE source = $1 AND record_id = $2 AND received_at <= $3 ORDER BY version LIMIT $4",
        )
        .bind(key.source.as_str())
        .bind(key.id.as_str())
        .bind(from_time(known_at))
        .bind(i64::from(VERSIONS_MAX) + 1);
        let rows: Vec<RecordRow> = self.all(versions).await?;
        read(at_most(rows, "versions of a record", VERSIONS_MAX)?)
    }

    async fn latest_records(
        &mut self,
        known_at: Timestamp,
        after: Option<&RecordKey>,
        limit: u32,
    ) -> Result<Vec<Record>, StoreError> {
        check_page(limit)?;
        let (source, id) = after.map_or(("", ""), |key| (key.source.as_str(), key.id.as_str()));
        let latest = sqlx::query_as(
            "SELECT DISTINCT ON (source, record_id) source, record_id, version, kind, recorded_on, received_at, \
             valid_from, valid_until, subject, payload, doubts, file, line, digest \
             FROM record \
             WHERE (source, record_id) > ($1, $2) AND received_at <= $3 \
             ORDER BY source, record_id, version DESC LIMIT $4",
        )
        .bind(source)
        .bind(id)
        .bind(from_time(known_at))
        .bind(i64::from(limit));
        let rows: Vec<RecordRow> = self.all(latest).await?;
        read(rows)
    }

    async fn records_of(
        &mut self,
        profile: ProfileId,
        known_at: Timestamp,
    ) -> Result<Vec<LinkedRecord>, StoreError> {
        let records = sqlx::query_as(
            "SELECT record.source, record.record_id, record.version, kind, recorded_on, received_at, valid_from, \
             valid_until, subject, payload, doubts, file, line, digest, known_from, weight \
             FROM link CROSS JOIN LATERAL (SELECT * FROM record \
                 WHERE record.source = link.source AND record.record_id = link.record_id \
                 AND received_at <= $2 OFFSET 0) AS record \
             WHERE profile = $1 AND known_from <= $2 AND (known_until IS NULL OR known_until > $2) \
             ORDER BY record.source, record.record_id, record.version LIMIT $3",
        )
        .bind(profile.as_bytes().as_slice())
        .bind(from_time(known_at))
        .bind(i64::from(PROFILE_RECORDS_MAX) + 1);
        let rows: Vec<LinkedRow> = self.all(records).await?;
        read(at_most(
            rows,
            "record versions of a profile",
            PROFILE_RECORDS_MAX,
        )?)
    }

    async fn profiles_under(
        &mut self,
        key: &SearchKey,
        known_at: Timestamp,
        limit: u32,
    ) -> Result<Vec<ProfileId>, StoreError> {
        check_page(limit)?;
        let under = sqlx::query_as(
            "SELECT profile FROM profile_key WHERE kind = $1 AND value = $2 AND known_from <= $3 \
             ORDER BY profile LIMIT $4",
        )
        .bind(key.kind().as_str())
        .bind(indexed(key))
        .bind(from_time(known_at))
        .bind(i64::from(limit) + 1);
        let rows: Vec<ProfileRow> = self.all(under).await?;
        to_found(rows, limit)
    }
}
