//! Rulings that moved records, and their taking back.

use async_trait::async_trait;
use jiff::Timestamp;
use records::key::ProfileId;
use registry::port::{
    StoreError, check_page,
    ruling_book::{NewRuling, Ruling, RulingBook, RulingId, Undone},
};

use super::{
    record_log::key_columns,
    transaction::{Growth, PostgresTransaction},
    turn::Turn,
};
use crate::{
    column::{at_most, from_count, from_json, from_time, to_count},
    ruling::{MovedRow, RulingRow, WHAT, to_rulings, undone_before},
};

/// A ruling, or its taking back, as [`registry::port::Extent`] counts it.
const ONE: Growth = Growth {
    records: 0,
    links: 0,
    decisions: 1,
};

impl PostgresTransaction {
    async fn with_records(&mut self, rows: Vec<RulingRow>) -> Result<Vec<Ruling>, StoreError> {
        let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
        let moved = sqlx::query_as(
            "SELECT ruling, source, record_id FROM ruling_record WHERE ruling = ANY($1) \
             ORDER BY ruling, source, record_id",
        )
        .bind(ids);
        let moved: Vec<MovedRow> = self.all(moved).await?;
        to_rulings(rows, moved)
    }
}

#[async_trait]
impl RulingBook for PostgresTransaction {
    async fn add_ruling(&mut self, new: &NewRuling) -> Result<RulingId, StoreError> {
        // without gaps, as cases
        self.take(Turn::Rows).await?;
        let (from, into) = (new.ruled.from_profile(), new.ruled.into_profile());
        let (sources, ids) = key_columns(new.records.iter());
        let add = sqlx::query_as(
            "WITH added AS ( \
                 INSERT INTO ruling (id, ruled, from_profile, into_profile, official, office, reason, purpose, \
                     legal_basis, contest, ruled_at) \
                 SELECT coalesce(max(id), 0) + 1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10 FROM ruling RETURNING id), \
             moved AS ( \
                 INSERT INTO ruling_record (ruling, source, record_id) SELECT id, source, record_id \
                 FROM added CROSS JOIN unnest($11::text[], $12::text[]) AS record (source, record_id)) \
             SELECT id FROM added",
        )
        .bind(from_json(&new.ruled, WHAT)?)
        .bind(from.as_bytes().as_slice())
        .bind(into.as_bytes().as_slice())
        .bind(new.official.name.as_str())
        .bind(new.official.office.as_str())
        .bind(new.reason.as_str())
        .bind(new.purpose.as_str())
        .bind(new.legal_basis.as_str())
        .bind(new.case.map(|case| from_count(case.0)))
        .bind(from_time(new.ruled_at))
        .bind(sources)
        .bind(ids);
        let (id,): (i64,) = self.one(add).await?;
        self.grow(ONE).await?;
        Ok(RulingId(to_count(id)))
    }

    async fn load_ruling(&mut self, id: RulingId) -> Result<Ruling, StoreError> {
        let load = sqlx::query_as(
            "SELECT id, ruled, official, office, reason, purpose, legal_basis, contest, ruled_at, undone \
             FROM ruling WHERE id = $1",
        )
        .bind(from_count(id.0));
        let rows = self.all(load).await?;
        let found = self.with_records(rows).await?.pop();
        found.ok_or(StoreError::Missing { what: WHAT })
    }

    async fn undo_ruling(&mut self, id: RulingId, undone: &Undone) -> Result<(), StoreError> {
        // Of two at once, the later waits for the row and finds it taken back.
        let undo =
            sqlx::query("UPDATE ruling SET undone = $1, undone_at = $2 WHERE id = $3 AND undone IS NULL")
                .bind(from_json(undone, WHAT)?)
                .bind(from_time(undone.at))
                .bind(from_count(id.0));
        if self.run(undo).await? == 0 {
            self.load_ruling(id).await?;
            return Err(undone_before());
        }
        self.grow(ONE).await
    }

    async fn rulings_about(&mut self, profile: ProfileId, limit: u32) -> Result<Vec<Ruling>, StoreError> {
        check_page(limit)?;
        let about = sqlx::query_as(
            "SELECT id, ruled, official, office, reason, purpose, legal_basis, contest, ruled_at, undone \
             FROM ruling WHERE from_profile = $1 OR into_profile = $1 ORDER BY id DESC LIMIT $2",
        )
        .bind(profile.as_bytes().as_slice())
        .bind(i64::from(limit) + 1);
        let rows = self.all(about).await?;
        self.with_records(at_most(rows, "rulings about a profile", limit)?)
            .await
    }

    async fn rulings(
        &mut self,
        known_at: Timestamp,
        after: Option<RulingId>,
        limit: u32,
    ) -> Result<Vec<Ruling>, StoreError> {
        check_page(limit)?;
        let page = sqlx::query_as(
            "SELECT id, ruled, official, office, reason, purpose, legal_basis, contest, ruled_at, \
             CASE WHEN undone_at <= $1 THEN undone END AS undone \
             FROM ruling WHERE ruled_at <= $1 AND id > $2 ORDER BY id LIMIT $3",
        )
        .bind(from_time(known_at))
        .bind(after.map_or(0, |after| from_count(after.0)))
        .bind(i64::from(limit));
        let rows = self.all(page).await?;
        self.with_records(rows).await
    }
}
