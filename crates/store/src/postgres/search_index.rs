//! The search index: by key, so that whoever searches looks into one partition.

use std::{borrow::Cow, collections::BTreeSet};

use records::{envelope::Record, key::RecordKey};
use registry::{port::StoreError, search_key::SearchKey};
use sha2::{Digest as _, Sha256};

use super::{record_log::key_columns, transaction::PostgresTransaction};
use crate::{
    link::Begun,
    search::{Entries, HolderRow, SaidRow},
};

/// A longer value is indexed by its hash: a page of an index has to hold three entries.
const INDEXED_BYTES_MAX: usize = 1_000;

/// The value of a search key as it is indexed.
pub(super) fn indexed(key: &SearchKey) -> Cow<'_, str> {
    if key.value().len() <= INDEXED_BYTES_MAX {
        Cow::Borrowed(key.value())
    } else {
        Cow::Owned(hex::encode(Sha256::digest(key.value())))
    }
}

impl PostgresTransaction {
    /// Finds profiles from now on by what their newly linked records name.
    pub(super) async fn index_links(&mut self, begun: &[Begun<'_>], at: i64) -> Result<(), StoreError> {
        let (sources, ids) = key_columns(begun.iter().map(|link| &link.new.record));
        let said = sqlx::query_as(
            "SELECT said.source, said.record_id, said.received_at, said.subject, said.payload \
             FROM unnest($1::text[], $2::text[]) AS wanted (source, record_id) \
             CROSS JOIN LATERAL (SELECT source, record_id, received_at, subject, payload FROM record \
                 WHERE record.source = wanted.source AND record.record_id = wanted.record_id OFFSET 0) AS said",
        )
        .bind(sources)
        .bind(ids);
        let said: Vec<SaidRow> = self.all(said).await?;
        self.index(&Entries::of_links(begun, &said, at)?).await
    }

    /// Finds profiles from now on by what further versions of their records name.
    pub(super) async fn index_versions(&mut self, versions: &[&Record]) -> Result<(), StoreError> {
        if versions.is_empty() {
            return Ok(());
        }
        let keys: BTreeSet<&RecordKey> = versions.iter().map(|version| &version.key).collect();
        let (sources, ids) = key_columns(keys.iter().copied());
        let holders = sqlx::query_as(
            "SELECT held.source, held.record_id, held.profile, held.known_from \
             FROM unnest($1::text[], $2::text[]) AS wanted (source, record_id) \
             CROSS JOIN LATERAL (SELECT source, record_id, profile, known_from FROM link_by_record AS link \
                 WHERE link.source = wanted.source AND link.record_id = wanted.record_id \
                 AND link.known_until IS NULL OFFSET 0) AS held",
        )
        .bind(sources)
        .bind(ids);
        let holders: Vec<HolderRow> = self.all(holders).await?;
        self.index(&Entries::of_versions(versions, holders)?).await
    }

    async fn index(&mut self, entries: &Entries) -> Result<(), StoreError> {
        if entries.is_empty() {
            return Ok(());
        }
        let rows = entries.rows();
        let (mut kinds, mut values, mut profiles, mut times) = (vec![], vec![], vec![], vec![]);
        for (key, profile, since) in rows {
            kinds.push(key.kind().as_str());
            values.push(indexed(key));
            profiles.push(profile.as_bytes().as_slice());
            times.push(since);
        }
        let index = sqlx::query(
            "INSERT INTO profile_key (kind, value, profile, known_from) \
             SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[], $4::bigint[]) ON CONFLICT DO NOTHING",
        );
        let index = index.bind(kinds).bind(values).bind(profiles).bind(times);
        self.run(index).await.map(|_| ())
    }
}
