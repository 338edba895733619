//! Statuses made ready: one row a profile, taken away by whoever changes what it rests on.

use std::collections::BTreeSet;

use async_trait::async_trait;
use jiff::Timestamp;
use records::{Day, envelope::Record, key::ProfileId};
use registry::{
    port::{
        StoreError,
        prepared_statuses::{
            Holder, NUMBERS_MAX, PREPARED_MAX, PreparedStatus, PreparedStatuses, check_many,
        },
    },
    search_key::SearchKey,
};

use super::{batch::insert_or, failure::failed, transaction::SqliteTransaction};
use crate::{
    column::{from_json, from_time},
    prepared::{ReadyRow, WHAT, to_holders},
};

impl SqliteTransaction {
    /// Takes away what is ready of these profiles.
    pub(super) async fn forget_statuses(&mut self, profiles: BTreeSet<ProfileId>) -> Result<(), StoreError> {
        if profiles.is_empty() || !self.has_statuses().await? {
            return Ok(());
        }
        let profiles: Vec<String> = profiles
            .iter()
            .map(|profile| hex::encode(profile.as_bytes()))
            .collect();
        sqlx::query("DELETE FROM prepared_status WHERE profile IN (SELECT unhex(value) FROM json_each(?))")
            .bind(from_json(&profiles, WHAT)?)
            .execute(self.connection())
            .await
            .map_err(failed)?;
        Ok(())
    }

    /// Takes away what rests on the records of these versions.
    pub(super) async fn forget_statuses_of(&mut self, versions: &[&Record]) -> Result<(), StoreError> {
        if versions.is_empty() || !self.has_statuses().await? {
            return Ok(());
        }
        let keys = versions.iter().map(|version| &version.key);
        let changed: Vec<[&str; 2]> = keys.map(|key| [key.source.as_str(), key.id.as_str()]).collect();
        sqlx::query(
            "DELETE FROM prepared_status WHERE profile IN ( \
                 SELECT link.profile FROM json_each(?) AS changed \
                 CROSS JOIN link ON link.source = changed.value ->> 0 AND link.record_id = changed.value ->> 1 \
                     AND link.known_until IS NULL)",
        )
        .bind(from_json(&changed, WHAT)?)
        .execute(self.connection())
        .await
        .map_err(failed)?;
        Ok(())
    }

    /// While a register is filled for the first time nothing is ready, and nothing has to be looked for.
    async fn has_statuses(&mut self) -> Result<bool, StoreError> {
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM prepared_status)")
            .fetch_one(self.connection())
            .await
            .map_err(failed)
    }
}

#[async_trait]
impl PreparedStatuses for SqliteTransaction {
    async fn keep_statuses(&mut self, prepared: &[PreparedStatus]) -> Result<(), StoreError> {
        check_many(prepared, "statuses at once", PREPARED_MAX)?;
        let mut rows = Vec::with_capacity(prepared.len());
        for one in prepared {
            rows.push((one, from_json(&one.numbers, WHAT)?));
        }
        let head = "INSERT INTO prepared_status (profile, on_day, basis, numbers, words) ";
        let tail = " ON CONFLICT (profile) DO UPDATE SET on_day = excluded.on_day, basis = excluded.basis, \
                    numbers = excluded.numbers, words = excluded.words";
        insert_or(
            self.connection(),
            [head, tail],
            5,
            &rows,
            |mut values, (one, held)| {
                values
                    .push_bind(one.person.as_bytes().to_vec())
                    .push_bind(one.on.to_string())
                    .push_bind(one.basis.clone())
                    .push_bind(held.clone())
                    .push_bind(one.words.clone());
            },
        )
        .await
    }

    async fn holders(
        &mut self,
        numbers: &[SearchKey],
        known_at: Timestamp,
        on: Day,
        basis: &str,
    ) -> Result<Vec<Vec<Holder>>, StoreError> {
        check_many(numbers, "numbers at once", NUMBERS_MAX)?;
        let wanted: Vec<[&str; 2]> = numbers
            .iter()
            .map(|number| [number.kind().as_str(), number.value()])
            .collect();
        let rows: Vec<ReadyRow> = sqlx::query_as(
            "SELECT wanted.key AS place, known.profile, ready.numbers, ready.words \
             FROM json_each(?1) AS wanted \
             CROSS JOIN profile_key AS known ON known.kind = wanted.value ->> 0 \
                 AND known.value = wanted.value ->> 1 AND known.known_from <= ?2 \
             LEFT JOIN prepared_status AS ready \
                 ON ready.profile = known.profile AND ready.on_day = ?3 AND ready.basis = ?4 \
             ORDER BY place, known.profile",
        )
        .bind(from_json(&wanted, WHAT)?)
        .bind(from_time(known_at))
        .bind(on.to_string())
        .bind(basis)
        .fetch_all(self.connection())
        .await
        .map_err(failed)?;
        to_holders(rows, numbers.len(), 0, on, basis)
    }
}
