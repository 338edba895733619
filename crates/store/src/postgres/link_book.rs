//! Links: by profile in `link`, by record in `link_by_record`, which also counts the turns of a record.

use std::collections::HashMap;

use async_trait::async_trait;
use jiff::Timestamp;
use records::key::{ProfileId, RecordKey};
use registry::port::{
    StoreError, check_page,
    link_book::{Assigned, Link, LinkBook, NewLink, OpenLink},
    record_log::PROFILE_RECORDS_MAX,
};
use sqlx::FromRow;

use super::{
    copy::CopyRows,
    record_log::key_columns,
    transaction::{Growth, PostgresTransaction},
    turn::Turn,
};
use crate::{
    column::{at_most, from_json, from_time, read, to_key, to_time},
    link::{Assigning, Begun, HoldingRow, LinkRow, OpenRow, WHAT, check_links, from_author, to_profiles},
};

/// A record that there is, its open link if it has one, and how many it has had.
#[derive(FromRow)]
struct TurnRow {
    #[sqlx(flatten)]
    holding: HoldingRow,
    turns: i64,
}

impl PostgresTransaction {
    async fn turns(&mut self, links: &[NewLink]) -> Result<Vec<TurnRow>, StoreError> {
        let (sources, ids) = key_columns(links.iter().map(|new| &new.record));
        let turns = sqlx::query_as(
            "SELECT wanted.source, wanted.record_id, coalesce(held.turn, 0) AS turns, held.known_from, \
             CASE WHEN held.known_until IS NULL THEN held.profile END AS profile \
             FROM (SELECT DISTINCT source, record_id FROM unnest($1::text[], $2::text[]) AS named (source, record_id)) \
                 AS wanted \
             CROSS JOIN LATERAL (SELECT FROM record \
                 WHERE record.source = wanted.source AND record.record_id = wanted.record_id LIMIT 1) AS known \
             LEFT JOIN LATERAL (SELECT profile, known_from, known_until, turn FROM link_by_record AS link \
                 WHERE link.source = wanted.source AND link.record_id = wanted.record_id \
                 ORDER BY turn DESC LIMIT 1) AS held ON true",
        )
        .bind(sources)
        .bind(ids);
        self.all(turns).await
    }

    /// Ends the open links of records, in both tables.
    async fn end_links(&mut self, records: &[&RecordKey], at: Timestamp) -> Result<(), StoreError> {
        let (sources, ids) = key_columns(records.iter().copied());
        let end = sqlx::query(
            "WITH ended AS ( \
                 UPDATE link_by_record AS link SET known_until = $3 \
                 FROM unnest($1::text[], $2::text[]) AS moved (source, record_id) \
                 WHERE link.source = moved.source AND link.record_id = moved.record_id AND link.known_until IS NULL \
                 RETURNING link.profile, link.source, link.record_id, link.turn) \
             UPDATE link SET known_until = $3 FROM ended \
             WHERE link.profile = ended.profile AND link.source = ended.source \
             AND link.record_id = ended.record_id AND link.turn = ended.turn",
        )
        .bind(sources)
        .bind(ids)
        .bind(from_time(at));
        self.run(end).await.map(|_| ())
    }

    async fn begin_links(
        &mut self,
        begun: &[Begun<'_>],
        mut turns: HashMap<RecordKey, i64>,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let (mut links, mut by_record) = (CopyRows::of(11), CopyRows::of(6));
        for Begun { new, until } in begun {
            let turn = turns.entry(new.record.clone()).or_default();
            *turn += 1;
            let (source, id, profile) = (
                new.record.source.as_str(),
                new.record.id.as_str(),
                new.profile.as_bytes(),
            );
            let row = links.row().bytes(profile).text(source).text(id).number(*turn);
            let row = row.number(from_time(at)).maybe(*until, end);
            for part in from_author(&new.by) {
                row.maybe(part, |row, part| {
                    row.text(part);
                });
            }
            row.weight(new.weight).text(&from_json(&new.explanation, WHAT)?);
            let row = by_record.row().text(source).text(id).number(*turn).bytes(profile);
            row.number(from_time(at)).maybe(*until, end);
        }
        let statement = "COPY link (profile, source, record_id, turn, known_from, known_until, engine, official, \
                         office, weight, explanation) FROM STDIN (FORMAT binary)";
        let links = i64::try_from(self.copy(statement, links).await?).unwrap_or(i64::MAX);
        let statement = "COPY link_by_record (source, record_id, turn, profile, known_from, known_until) \
                         FROM STDIN (FORMAT binary)";
        self.copy(statement, by_record).await?;
        let grown = Growth {
            links,
            ..Growth::default()
        };
        self.grow(grown).await
    }
}

fn end(row: &mut CopyRows, until: Timestamp) {
    row.number(from_time(until));
}

#[async_trait]
impl LinkBook for PostgresTransaction {
    async fn assign(&mut self, links: &[NewLink], at: Timestamp) -> Result<Vec<Assigned>, StoreError> {
        check_links(links)?;
        self.take(Turn::Rows).await?;
        let mut turns = HashMap::new();
        let mut holding = Vec::new();
        for row in self.turns(links).await? {
            turns.insert(
                to_key(&row.holding.source, &row.holding.record_id, WHAT)?,
                row.turns,
            );
            holding.push(row.holding);
        }
        let assigning = Assigning::of(links, holding.try_into()?, at)?;
        if !assigning.ended.is_empty() {
            self.end_links(&assigning.ended, at).await?;
        }
        if !assigning.begun.is_empty() {
            self.begin_links(&assigning.begun, turns, at).await?;
            self.index_links(&assigning.begun, from_time(at)).await?;
        }
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
        let page = sqlx::query_as(
            "SELECT source, record_id, profile FROM link_by_record \
             WHERE (source, record_id) > ($1, $2) \
             AND known_from <= $3 AND (known_until IS NULL OR known_until > $3) \
             ORDER BY source, record_id LIMIT $4",
        )
        .bind(source)
        .bind(id)
        .bind(from_time(known_at))
        .bind(i64::from(limit));
        let rows: Vec<OpenRow> = self.all(page).await?;
        read(rows)
    }

    async fn links_of(&mut self, record: &RecordKey) -> Result<Vec<Link>, StoreError> {
        let links = sqlx::query_as(
            "SELECT link.source, link.record_id, link.profile, link.known_from, link.known_until, engine, official, \
             office, weight, explanation \
             FROM link_by_record AS known JOIN link ON link.profile = known.profile AND link.source = known.source \
                 AND link.record_id = known.record_id AND link.turn = known.turn \
             WHERE known.source = $1 AND known.record_id = $2 ORDER BY known.turn",
        )
        .bind(record.source.as_str())
        .bind(record.id.as_str());
        let rows: Vec<LinkRow> = self.all(links).await?;
        read(rows)
    }

    async fn find_link(
        &mut self,
        record: &RecordKey,
        known_at: Timestamp,
    ) -> Result<Option<Link>, StoreError> {
        let find = sqlx::query_as(
            "SELECT link.source, link.record_id, link.profile, link.known_from, link.known_until, engine, official, \
             office, weight, explanation \
             FROM link_by_record AS known JOIN link ON link.profile = known.profile AND link.source = known.source \
                 AND link.record_id = known.record_id AND link.turn = known.turn \
             WHERE known.source = $1 AND known.record_id = $2 \
             AND known.known_from <= $3 AND (known.known_until IS NULL OR known.known_until > $3)",
        )
        .bind(record.source.as_str())
        .bind(record.id.as_str())
        .bind(from_time(known_at));
        let row: Option<LinkRow> = self.optional(find).await?;
        row.map(Link::try_from).transpose()
    }

    async fn links_to(&mut self, profile: ProfileId, known_at: Timestamp) -> Result<Vec<Link>, StoreError> {
        let links = sqlx::query_as(
            "SELECT source, record_id, profile, known_from, known_until, engine, official, office, weight, explanation \
             FROM link WHERE profile = $1 AND known_from <= $2 AND (known_until IS NULL OR known_until > $2) \
             ORDER BY source, record_id LIMIT $3",
        )
        .bind(profile.as_bytes().as_slice())
        .bind(from_time(known_at))
        .bind(i64::from(PROFILE_RECORDS_MAX) + 1);
        let rows: Vec<LinkRow> = self.all(links).await?;
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
        let page = sqlx::query_as(
            "SELECT DISTINCT profile FROM link \
             WHERE profile > $1 AND known_from <= $2 AND (known_until IS NULL OR known_until > $2) \
             ORDER BY profile LIMIT $3",
        )
        .bind(after)
        .bind(from_time(known_at))
        .bind(i64::from(limit));
        let rows: Vec<(Vec<u8>,)> = self.all(page).await?;
        to_profiles(rows.into_iter().map(|(profile,)| profile).collect())
    }

    async fn profile_since(&mut self, profile: ProfileId) -> Result<Timestamp, StoreError> {
        let since = sqlx::query_as("SELECT min(known_from) FROM link WHERE profile = $1")
            .bind(profile.as_bytes().as_slice());
        let (since,): (Option<i64>,) = self.one(since).await?;
        to_time(since.ok_or(StoreError::Missing { what: "profile" })?, WHAT)
    }

    async fn heirs(&mut self, profile: ProfileId, known_at: Timestamp) -> Result<Vec<ProfileId>, StoreError> {
        let heirs = sqlx::query_as(
            "WITH was AS (SELECT source, record_id, known_until FROM link WHERE profile = $1 AND known_from <= $2), \
             last AS (SELECT bool_or(known_until IS NULL OR known_until > $2) AS holds, max(known_until) AS until \
                 FROM was) \
             SELECT DISTINCT now.profile FROM last CROSS JOIN was \
             JOIN link_by_record AS now ON now.source = was.source AND now.record_id = was.record_id \
                 AND now.known_from <= $2 AND (now.known_until IS NULL OR now.known_until > $2) \
             WHERE CASE WHEN last.holds THEN now.profile = $1 ELSE was.known_until = last.until END \
             ORDER BY now.profile",
        )
        .bind(profile.as_bytes().as_slice())
        .bind(from_time(known_at));
        let rows: Vec<(Vec<u8>,)> = self.all(heirs).await?;
        to_profiles(rows.into_iter().map(|(profile,)| profile).collect())
    }
}
