//! The search index: by key.

use records::envelope::Record;
use registry::port::StoreError;

use super::{batch::insert_or, failure::failed, transaction::SqliteTransaction};
use crate::{
    column::from_json,
    link::Begun,
    record::WHAT,
    search::{Entries, HolderRow, SaidRow},
};

impl SqliteTransaction {
    /// Finds profiles from now on by what their newly linked records name.
    pub(super) async fn index_links(&mut self, begun: &[Begun<'_>], at: i64) -> Result<(), StoreError> {
        let keys = begun.iter().map(|link| &link.new.record);
        let wanted: Vec<[&str; 2]> = keys.map(|key| [key.source.as_str(), key.id.as_str()]).collect();
        let said: Vec<SaidRow> = sqlx::query_as(
            "SELECT record.source, record.record_id, received_at, subject, payload \
             FROM json_each(?) AS wanted \
             CROSS JOIN record ON record.source = wanted.value ->> 0 AND record.record_id = wanted.value ->> 1",
        )
        .bind(from_json(&wanted, WHAT)?)
        .fetch_all(self.connection())
        .await
        .map_err(failed)?;
        self.index(&Entries::of_links(begun, &said, at)?).await
    }

    /// Finds profiles from now on by what further versions of their records name.
    pub(super) async fn index_versions(&mut self, versions: &[&Record]) -> Result<(), StoreError> {
        if versions.is_empty() {
            return Ok(());
        }
        let keys = versions.iter().map(|version| &version.key);
        let wanted: Vec<[&str; 2]> = keys.map(|key| [key.source.as_str(), key.id.as_str()]).collect();
        let holders: Vec<HolderRow> = sqlx::query_as(
            "SELECT link.source, link.record_id, profile, known_from \
             FROM json_each(?) AS wanted \
             CROSS JOIN link ON link.source = wanted.value ->> 0 AND link.record_id = wanted.value ->> 1 \
                 AND link.known_until IS NULL",
        )
        .bind(from_json(&wanted, WHAT)?)
        .fetch_all(self.connection())
        .await
        .map_err(failed)?;
        self.index(&Entries::of_versions(versions, holders)?).await
    }

    async fn index(&mut self, entries: &Entries) -> Result<(), StoreError> {
        let head = "INSERT INTO profile_key (kind, value, profile, known_from) ";
        let tail = " ON CONFLICT DO NOTHING";
        let rows = entries.rows();
        insert_or(
            self.connection(),
            [head, tail],
            4,
            &rows,
            |mut values, (key, profile, since)| {
                values
                    .push_bind(key.kind().as_str())
                    .push_bind(key.value().to_owned())
                    .push_bind(profile.as_bytes().to_vec())
                    .push_bind(*since);
            },
        )
        .await
    }
}
