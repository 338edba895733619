//! Links.

use std::collections::HashMap;

use async_trait::async_trait;
use jiff::Timestamp;
use records::key::{ProfileId, RecordKey};
use registry::port::{
    StoreError, check_page,
    link_book::{Assigned, LINKS_MAX, Link, LinkBook, LinkedBy, NewLink, OpenLink},
    record_log::PROFILE_RECORDS_MAX,
};
use sqlx::FromRow;

use super::{
    batch::insert,
    failure::{corrupt, failed},
    transaction::SqliteTransaction,
    value::{from_json, from_time, to_json, to_key, to_profile, to_time, to_time_if},
};

const WHAT: &str = "link";

#[derive(FromRow)]
struct LinkRow {
    source: String,
    record_id: String,
    profile: Vec<u8>,
    known_from: i64,
    known_until: Option<i64>,
    engine: Option<String>,
    official: Option<String>,
    office: Option<String>,
    weight: f64,
    explanation: String,
}

impl TryFrom<LinkRow> for Link {
    type Error = StoreError;
    fn try_from(row: LinkRow) -> Result<Self, StoreError> {
        let by = match (row.engine, row.official, row.office) {
            (Some(version), None, None) => LinkedBy::Engine { version },
            (None, Some(name), Some(office)) => LinkedBy::Official { name, office },
            _ => return Err(corrupt(WHAT)("a link has one author")),
        };
        Ok(Self {
            record: to_key(&row.source, &row.record_id, WHAT)?,
            profile: to_profile(&row.profile, WHAT)?,
            known_from: to_time(row.known_from, WHAT)?,
            known_until: to_time_if(row.known_until, WHAT)?,
            by,
            weight: row.weight,
            explanation: to_json(&row.explanation, WHAT)?,
        })
    }
}

/// A record that is there, and its open link if it has one.
#[derive(FromRow)]
struct HoldingRow {
    source: String,
    record_id: String,
    profile: Option<Vec<u8>>,
    known_from: Option<i64>,
}

/// The link that holds now: its profile and since when, if the record has one.
type Holding = HashMap<RecordKey, Option<(ProfileId, Timestamp)>>;

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
        let mut holding = Holding::new();
        for row in rows {
            let held = match (row.profile, row.known_from) {
                (Some(profile), Some(since)) => Some((to_profile(&profile, WHAT)?, to_time(since, WHAT)?)),
                _ => None,
            };
            holding.insert(to_key(&row.source, &row.record_id, WHAT)?, held);
        }
        Ok(holding)
    }

    async fn end_link(&mut self, record: &RecordKey, at: Timestamp) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE link SET known_until = ? WHERE source = ? AND record_id = ? AND known_until IS NULL",
        )
        .bind(from_time(at))
        .bind(record.source.as_str())
        .bind(record.id.as_str())
        .execute(self.connection())
        .await
        .map_err(failed)?;
        Ok(())
    }

    async fn insert_links(&mut self, links: &[&NewLink], at: Timestamp) -> Result<(), StoreError> {
        let mut rows = Vec::with_capacity(links.len());
        for new in links {
            rows.push((*new, from_json(&new.explanation, WHAT)?));
        }
        let head = "INSERT INTO link (source, record_id, profile, known_from, engine, official, office, weight, \
                    explanation) ";
        insert(
            self.connection(),
            head,
            9,
            &rows,
            |mut values, (new, explanation)| {
                let (engine, official, office) = match &new.by {
                    LinkedBy::Engine { version } => (Some(version.clone()), None, None),
                    LinkedBy::Official { name, office } => (None, Some(name.clone()), Some(office.clone())),
                };
                values
                    .push_bind(new.record.source.to_string())
                    .push_bind(new.record.id.to_string())
                    .push_bind(new.profile.as_bytes().to_vec())
                    .push_bind(from_time(at))
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
        if links.len() > LINKS_MAX as usize {
            return Err(StoreError::TooMany {
                what: "links at once",
                limit: LINKS_MAX,
            });
        }
        let mut holding = self.holding(links).await?;
        let mut answers = Vec::with_capacity(links.len());
        let mut fresh: Vec<&NewLink> = Vec::new();
        for new in links {
            let held = holding
                .get_mut(&new.record)
                .ok_or(StoreError::Missing { what: "record" })?;
            let assigned = match held {
                None => Assigned::Linked,
                Some((profile, _)) if *profile == new.profile => Assigned::Unchanged,
                Some((_, since)) if at < *since => return Err(StoreError::ClockBack { known: *since }),
                Some((from, _)) => Assigned::Moved { from: *from },
            };
            answers.push(assigned);
            *held = Some((new.profile, at));
            match assigned {
                Assigned::Unchanged => {}
                Assigned::Linked => fresh.push(new),
                Assigned::Moved { .. } => {
                    // a record named twice in one call ends the link that this call began
                    self.insert_links(&fresh, at).await?;
                    fresh.clear();
                    self.end_link(&new.record, at).await?;
                    fresh.push(new);
                }
            }
        }
        self.insert_links(&fresh, at).await?;
        Ok(answers)
    }

    async fn links_at(
        &mut self,
        known_at: Timestamp,
        after: Option<&RecordKey>,
        limit: u32,
    ) -> Result<Vec<OpenLink>, StoreError> {
        check_page(limit)?;
        let (source, id) = after.map_or(("", ""), |key| (key.source.as_str(), key.id.as_str()));
        let rows: Vec<(String, String, Vec<u8>)> = sqlx::query_as(
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
        rows.iter()
            .map(|(source, id, profile)| {
                Ok(OpenLink {
                    record: to_key(source, id, WHAT)?,
                    profile: to_profile(profile, WHAT)?,
                })
            })
            .collect()
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
        rows.into_iter().map(Link::try_from).collect()
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
        if rows.len() > PROFILE_RECORDS_MAX as usize {
            return Err(StoreError::TooMany {
                what: "links to a profile",
                limit: PROFILE_RECORDS_MAX,
            });
        }
        rows.into_iter().map(Link::try_from).collect()
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
        rows.iter().map(|profile| to_profile(profile, WHAT)).collect()
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
        rows.iter().map(|profile| to_profile(profile, WHAT)).collect()
    }
}
