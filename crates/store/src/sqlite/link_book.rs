//! Links.

use async_trait::async_trait;
use jiff::Timestamp;
use records::key::{ProfileId, RecordKey};
use registry::port::{
    StoreError, check_page,
    link_book::{Assigned, Link, LinkBook, NewLink, OpenLink},
    record_log::PROFILE_RECORDS_MAX,
};

use super::{batch::insert, failure::failed, transaction::SqliteTransaction};
use crate::{
    column::{at_most, from_json, from_time, read, to_time},
    link::{
        Assigning, Begun, Holding, HoldingRow, LinkRow, OpenRow, WHAT, check_links, from_author, to_profiles,
    },
};

impl SqliteTransaction {
    async fn holding(&mut self, links: &[NewLink]) -> Result<Holding, StoreError> {
        let wanted: Vec<[&str; 2]> = links
            .iter()
            .map(|new| [new.record.source.as_str(), new.record.id.as_str()])
            .collect();
        let rows: Vec<HoldingRow> = sqlx::query_as(
            "SELECT wanted.value ->> 0 AS source, wanted.value ->> 1 AS record_id, profile, known_from \
             FROM json_each(?) AS wanted \
             LEFT JOIN link ON link.source = wanted.value ->> 0 AND link.record_id = wanted.value ->> 1 \
                 AND link.known_until IS NULL \
             WHERE EXISTS (SELECT 1 FROM record \
                 WHERE record.source = wanted.value ->> 0 AND record.record_id = wanted.value ->> 1)",
        )
        .bind(from_json(&wanted, WHAT)?)
        .fetch_all(self.connection())
        .await
        .map_err(failed)?;
        rows.try_into()
    }

    async fn end_links(&mut self, records: &[&RecordKey], at: Timestamp) -> Result<(), StoreError> {
        let ended: Vec<[&str; 2]> = records
            .iter()
            .map(|record| [record.source.as_str(), record.id.as_str()])
            .collect();
        sqlx::query(
            "UPDATE link SET known_until = ?1 WHERE known_until IS NULL \
             AND (source, record_id) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?2))",
        )
        .bind(from_time(at))
        .bind(from_json(&ended, WHAT)?)
        .execute(self.connection())
        .await
        .map_err(failed)?;
        Ok(())
    }

    async fn begin_links(&mut self, begun: &[Begun<'_>], at: Timestamp) -> Result<(), StoreError> {
        let mut rows = Vec::with_capacity(begun.len());
        for link in begun {
            rows.push((link, from_json(&link.new.explanation, WHAT)?));
        }
        let head = "INSERT INTO link (source, record_id, profile, known_from, known_until, engine, official, office, \
                    weight, explanation) ";
        insert(
            self.connection(),
            head,
            10,
            &rows,
            |mut values, (Begun { new, until }, explanation)| {
                let [engine, official, office] = from_author(&new.by).map(|part| part.map(str::to_owned));
                values
                    .push_bind(new.record.source.to_string())
                    .push_bind(new.record.id.to_string())
                    .push_bind(new.profile.as_bytes().to_vec())
                    .push_bind(from_time(at))
                    .push_bind(until.map(from_time))
                    .push_bind(engine)
                    .push_bind(official)
                    .push_bind(office)
                    .push_bind(new.weight)
                    .push_bind(explanation.clone());
            },
        )
        .await
    }
}

#[async_trait]
impl LinkBook for SqliteTransaction {
    async fn assign(&mut self, links: &[NewLink], at: Timestamp) -> Result<Vec<Assigned>, StoreError> {
        check_links(links)?;
        let assigning = Assigning::of(links, self.holding(links).await?, at)?;
        if !assigning.ended.is_empty() {
            self.end_links(&assigning.ended, at).await?;
        }
        self.begin_links(&assigning.begun, at).await?;
        self.index_links(&assigning.begun, from_time(at)).await?;
        self.forget_statuses(assigning.changed()).await?;
        Ok(assigning.answers)
    }

    async fn links_at(
        &mut self,
        known_at: Timestamp,
        after: Option<&RecordKey>,
        limit: u32,
    ) -> Result<Vec<OpenLink>, StoreError> {
        check_page(limit)?;
        let (source, id) = after.map_or(("", ""), |key| (key.source.as_str(), key.id.as_str()));
        let rows: Vec<OpenRow> = sqlx::query_as(
            "SELECT source, record_id, profile FROM link \
             WHERE (source, record_id) > (?1, ?2) \
             AND known_from <= ?3 AND (known_until IS NULL OR known_until > ?3) \
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

    async fn links_of(&mut self, record: &RecordKey) -> Result<Vec<Link>, StoreError> {
        let rows: Vec<LinkRow> = sqlx::query_as(
            "SELECT source, record_id, profile, known_from, known_until, engine, official, office, weight, explanation \
             FROM link WHERE source = ? AND record_id = ? ORDER BY number",
        )
        .bind(record.source.as_str())
        .bind(record.id.as_str())
        .fetch_all(self.connection())
        .await
        .map_err(failed)?;
        read(rows)
    }

    async fn find_link(
        &mut self,
        record: &RecordKey,
        known_at: Timestamp,
    ) -> Result<Option<Link>, StoreError> {
        let row: Option<LinkRow> = sqlx::query_as(
            "SELECT source, record_id, profile, known_from, known_until, engine, official, office, weight, explanation \
             FROM link WHERE source = ?1 AND record_id = ?2 \
             AND known_from <= ?3 AND (known_until IS NULL OR known_until > ?3)",
        )
        .bind(record.source.as_str())
        .bind(record.id.as_str())
        .bind(from_time(known_at))
        .fetch_optional(self.connection())
        .await
        .map_err(failed)?;
        row.map(Link::try_from).transpose()
    }

    async fn links_to(&mut self, profile: ProfileId, known_at: Timestamp) -> Result<Vec<Link>, StoreError> {
        let rows: Vec<LinkRow> = sqlx::query_as(
            "SELECT source, record_id, profile, known_from, known_until, engine, official, office, weight, explanation \
             FROM link WHERE profile = ?1 AND known_from <= ?2 AND (known_until IS NULL OR known_until > ?2) \
             ORDER BY source, record_id LIMIT ?3",
        )
        .bind(profile.as_bytes().as_slice())
        .bind(from_time(known_at))
        .bind(i64::from(PROFILE_RECORDS_MAX) + 1)
        .fetch_all(self.connection())
        .await
        .map_err(failed)?;
        read(at_most(rows, "links to a profile", PROFILE_RECORDS_MAX)?)
    }

    async fn profiles(
        &mut self,
        known_at: Timestamp,
        after: Option<ProfileId>,
        limit: u32,
    ) -> Result<Vec<ProfileId>, StoreError> {
        check_page(limit)?;
        let after = after
            .map(|profile| profile.as_bytes().to_vec())
            .unwrap_or_default();
        let rows: Vec<Vec<u8>> = sqlx::query_scalar(
            "SELECT DISTINCT profile FROM link \
             WHERE profile > ?1 AND known_from <= ?2 AND (known_until IS NULL OR known_until > ?2) \
             ORDER BY profile LIMIT ?3",
        )
        .bind(after)
        .bind(from_time(known_at))
        .bind(limit)
        .fetch_all(self.connection())
        .await
        .map_err(failed)?;
        to_profiles(rows)
    }

    async fn profile_since(&mut self, profile: ProfileId) -> Result<Timestamp, StoreError> {
        let since: Option<i64> = sqlx::query_scalar("SELECT min(known_from) FROM link WHERE profile = ?")
            .bind(profile.as_bytes().as_slice())
            .fetch_one(self.connection())
            .await
            .map_err(failed)?;
        to_time(since.ok_or(StoreError::Missing { what: "profile" })?, WHAT)
    }

    async fn heirs(&mut self, profile: ProfileId, known_at: Timestamp) -> Result<Vec<ProfileId>, StoreError> {
        let rows: Vec<Vec<u8>> = sqlx::query_scalar(
            "SELECT DISTINCT now.profile \
             FROM link AS was \
             JOIN link AS now ON now.source = was.source AND now.record_id = was.record_id \
                 AND now.known_from <= ?2 AND (now.known_until IS NULL OR now.known_until > ?2) \
             WHERE was.profile = ?1 AND was.known_from <= ?2 AND \
                 CASE WHEN EXISTS (SELECT 1 FROM link WHERE profile = ?1 AND known_from <= ?2 \
                     AND (known_until IS NULL OR known_until > ?2)) \
                 THEN now.profile = ?1 \
                 ELSE was.known_until = (SELECT max(known_until) FROM link WHERE profile = ?1 AND known_from <= ?2) \
                 END \
             ORDER BY now.profile",
        )
        .bind(profile.as_bytes().as_slice())
        .bind(from_time(known_at))
        .fetch_all(self.connection())
        .await
        .map_err(failed)?;
        to_profiles(rows)
    }
}
