//! Statuses made ready: one row a profile, taken away by whoever changes what it rests on.

use std::collections::BTreeSet;

use async_trait::async_trait;
use jiff::Timestamp;
use records::{Day, envelope::Record, key::ProfileId};
use registry::{
    port::{
        StoreError,
        prepared_statuses::{
            HOLDERS_MAX, Holder, NUMBERS_MAX, PREPARED_MAX, PreparedStatus, PreparedStatuses, check_many,
        },
    },
    search_key::SearchKey,
};

use super::{record_log::key_columns, search_index::indexed, transaction::PostgresTransaction};
use crate::{
    column::{from_json, from_time},
    prepared::{ReadyRow, WHAT, to_holders},
};

impl PostgresTransaction {
    /// Takes away what is ready of these profiles.
    pub(super) async fn forget_statuses(&mut self, profiles: BTreeSet<ProfileId>) -> Result<(), StoreError> {
        if profiles.is_empty() || !self.has_statuses().await? {
            return Ok(());
        }
        let profiles: Vec<&[u8]> = profiles
            .iter()
            .map(|profile| profile.as_bytes().as_slice())
            .collect();
        let forget = sqlx::query("DELETE FROM prepared_status WHERE profile = ANY($1)").bind(profiles);
        self.run(forget).await.map(|_| ())
    }

    /// Takes away what rests on the records of these versions.
    pub(super) async fn forget_statuses_of(&mut self, versions: &[&Record]) -> Result<(), StoreError> {
        if versions.is_empty() || !self.has_statuses().await? {
            return Ok(());
        }
        let (sources, ids) = key_columns(versions.iter().map(|version| &version.key));
        let forget = sqlx::query(
            "DELETE FROM prepared_status WHERE profile = ANY(ARRAY( \
                 SELECT held.profile FROM unnest($1::text[], $2::text[]) AS changed (source, record_id) \
                 CROSS JOIN LATERAL (SELECT profile FROM link_by_record AS link \
                     WHERE link.source = changed.source AND link.record_id = changed.record_id \
                     AND link.known_until IS NULL OFFSET 0) AS held))",
        )
        .bind(sources)
        .bind(ids);
        self.run(forget).await.map(|_| ())
    }

    /// While a register is filled for the first time nothing is ready, and nothing has to be looked for.
    async fn has_statuses(&mut self) -> Result<bool, StoreError> {
        let any = sqlx::query_as("SELECT EXISTS (SELECT FROM prepared_status)");
        let (any,): (bool,) = self.one(any).await?;
        Ok(any)
    }
}

#[async_trait]
impl PreparedStatuses for PostgresTransaction {
    async fn keep_statuses(&mut self, prepared: &[PreparedStatus]) -> Result<(), StoreError> {
        check_many(prepared, "statuses at once", PREPARED_MAX)?;
        if !self.may_write() {
            return Err(StoreError::ReadOnly);
        }
        let held: Vec<String> = prepared
            .iter()
            .map(|one| from_json(&one.numbers, WHAT))
            .collect::<Result<_, _>>()?;
        let profiles: Vec<&[u8]> = prepared
            .iter()
            .map(|one| one.person.as_bytes().as_slice())
            .collect();
        let keep = sqlx::query(
            "INSERT INTO prepared_status (profile, on_day, basis, numbers, words) \
             SELECT * FROM unnest($1::bytea[], $2::text[], $3::text[], $4::text[], $5::text[]) \
             ON CONFLICT (profile) DO UPDATE SET on_day = excluded.on_day, basis = excluded.basis, \
             numbers = excluded.numbers, words = excluded.words",
        )
        .bind(profiles)
        .bind(prepared.iter().map(|one| one.on.to_string()).collect::<Vec<_>>())
        .bind(prepared.iter().map(|one| one.basis.as_str()).collect::<Vec<_>>())
        .bind(held)
        .bind(prepared.iter().map(|one| one.words.as_str()).collect::<Vec<_>>());
        self.run(keep).await.map(|_| ())
    }

    async fn holders(
        &mut self,
        numbers: &[SearchKey],
        known_at: Timestamp,
        on: Day,
        basis: &str,
    ) -> Result<Vec<Vec<Holder>>, StoreError> {
        check_many(numbers, "numbers at once", NUMBERS_MAX)?;
        let values: Vec<_> = numbers.iter().map(|number| indexed(number)).collect();
        let kinds: Vec<&str> = numbers.iter().map(|number| number.kind().as_str()).collect();
        // OFFSET keeps each lookup a lookup: nobody knows beforehand how long the lists are
        let holders = sqlx::query_as(
            "SELECT wanted.place, holder.profile, kept.numbers, kept.words \
             FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS wanted (value, kind, place) \
             CROSS JOIN LATERAL (SELECT profile FROM profile_key AS known \
                 WHERE known.kind = wanted.kind AND known.value = wanted.value AND known.known_from <= $3 \
                 ORDER BY profile LIMIT $4) AS holder \
             LEFT JOIN LATERAL (SELECT numbers, words FROM prepared_status AS ready \
                 WHERE ready.profile = holder.profile AND ready.on_day = $5 AND ready.basis = $6 OFFSET 0) AS kept \
                 ON true \
             ORDER BY wanted.place, holder.profile",
        )
        .bind(values)
        .bind(kinds)
        .bind(from_time(known_at))
        .bind(i64::from(HOLDERS_MAX) + 1)
        .bind(on.to_string())
        .bind(basis);
        let rows: Vec<ReadyRow> = self.all(holders).await?;
        to_holders(rows, numbers.len(), 1, on, basis)
    }
}
