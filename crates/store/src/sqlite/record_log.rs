//! Records, and whose they may be.

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
use sqlx::SqliteConnection;

use super::{batch::insert, failure::failed, transaction::SqliteTransaction};
use crate::{
    column::{at_most, from_json, from_time, read},
    record::{LinkedRow, RecordRow, VersionRow, Versions, WHAT, check_batch, judge_batch, to_versions},
    search::{ProfileRow, to_found},
};

impl SqliteTransaction {
    async fn known_versions(&mut self, batch: &[Record]) -> Result<Versions, StoreError> {
        let keys: BTreeSet<&RecordKey> = batch.iter().map(|record| &record.key).collect();
        let wanted: Vec<[&str; 2]> = keys
            .iter()
            .map(|key| [key.source.as_str(), key.id.as_str()])
            .collect();
        let rows: Vec<VersionRow> = sqlx::query_as(
            "SELECT record.source, record.record_id, record.version, record.digest \
             FROM json_each(?) AS wanted \
             CROSS JOIN record ON record.source = wanted.value ->> 0 AND record.record_id = wanted.value ->> 1",
        )
        .bind(from_json(&wanted, WHAT)?)
        .fetch_all(self.connection())
        .await
        .map_err(failed)?;
        to_versions(rows)
    }
}

/// Writes rows into the table `record` of a connection.
pub(super) async fn insert_rows(
    connection: &mut SqliteConnection,
    rows: &[RecordRow],
) -> Result<(), StoreError> {
    let head = "INSERT INTO record (source, record_id, version, kind, recorded_on, received_at, valid_from, \
                valid_until, subject, payload, doubts, file, line, digest) ";
    insert(connection, head, 14, rows, |mut values, row| {
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

#[async_trait]
impl RecordLog for SqliteTransaction {
    async fn append(&mut self, batch: &[Record]) -> Result<Vec<Appended>, StoreError> {
        check_batch(batch)?;
        let judged = judge_batch(batch, self.known_versions(batch).await?);
        let rows: Result<Vec<RecordRow>, StoreError> = judged
            .kept
            .iter()
            .map(|record| RecordRow::try_from(*record))
            .collect();
        insert_rows(self.connection(), &rows?).await?;
        self.index_versions(&judged.further).await?;
        self.forget_statuses_of(&judged.further).await?;
        Ok(judged.answers)
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
        read(rows)
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
        let rows: Vec<ProfileRow> = sqlx::query_as(
            "SELECT profile FROM profile_key WHERE kind = ? AND value = ? AND known_from <= ? \
             ORDER BY profile LIMIT ?",
        )
        .bind(key.kind().as_str())
        .bind(key.value())
        .bind(from_time(known_at))
        .bind(i64::from(limit) + 1)
        .fetch_all(self.connection())
        .await
        .map_err(failed)?;
        to_found(rows, limit)
    }
}
