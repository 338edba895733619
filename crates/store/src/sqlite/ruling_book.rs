//! Rulings that moved records, and their taking back.

use async_trait::async_trait;
use jiff::Timestamp;
use records::key::ProfileId;
use registry::port::{
    StoreError, check_page,
    ruling_book::{NewRuling, Ruling, RulingBook, RulingId, Undone},
};

use super::{batch::insert, failure::failed, transaction::SqliteTransaction};
use crate::{
    column::{at_most, from_count, from_json, from_time, to_count},
    ruling::{MovedRow, RulingRow, WHAT, to_rulings, undone_before},
};

impl SqliteTransaction {
    async fn rulings_of_rows(&mut self, rows: Vec<RulingRow>) -> Result<Vec<Ruling>, StoreError> {
        let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
        let moved: Vec<MovedRow> = sqlx::query_as(
            "SELECT moved.ruling, moved.source, moved.record_id FROM json_each(?) AS wanted \
             CROSS JOIN ruling_record AS moved ON moved.ruling = wanted.value \
             ORDER BY moved.ruling, moved.source, moved.record_id",
        )
        .bind(from_json(&ids, WHAT)?)
        .fetch_all(self.connection())
        .await
        .map_err(failed)?;
        to_rulings(rows, moved)
    }
}

#[async_trait]
impl RulingBook for SqliteTransaction {
    async fn add_ruling(&mut self, new: &NewRuling) -> Result<RulingId, StoreError> {
        let id: i64 = sqlx::query_scalar(
            "INSERT INTO ruling (ruled, from_profile, into_profile, official, office, reason, purpose, legal_basis, \
             contest, ruled_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        )
        .bind(from_json(&new.ruled, WHAT)?)
        .bind(new.ruled.from_profile().as_bytes().as_slice())
        .bind(new.ruled.into_profile().as_bytes().as_slice())
        .bind(new.official.name.as_str())
        .bind(new.official.office.as_str())
        .bind(new.reason.as_str())
        .bind(new.purpose.as_str())
        .bind(new.legal_basis.as_str())
        .bind(new.case.map(|case| from_count(case.0)))
        .bind(from_time(new.ruled_at))
        .fetch_one(self.connection())
        .await
        .map_err(failed)?;
        let head = "INSERT INTO ruling_record (ruling, source, record_id) ";
        insert(self.connection(), head, 3, &new.records, |mut values, record| {
            values
                .push_bind(id)
                .push_bind(record.source.to_string())
                .push_bind(record.id.to_string());
        })
        .await?;
        Ok(RulingId(to_count(id)))
    }

    async fn load_ruling(&mut self, id: RulingId) -> Result<Ruling, StoreError> {
        let rows = sqlx::query_as(
            "SELECT id, ruled, official, office, reason, purpose, legal_basis, contest, ruled_at, undone \
             FROM ruling WHERE id = ?",
        )
        .bind(from_count(id.0))
        .fetch_all(self.connection())
        .await
        .map_err(failed)?;
        let found = self.rulings_of_rows(rows).await?.pop();
        found.ok_or(StoreError::Missing { what: WHAT })
    }

    async fn undo_ruling(&mut self, id: RulingId, undone: &Undone) -> Result<(), StoreError> {
        if self.load_ruling(id).await?.undone.is_some() {
            return Err(undone_before());
        }
        sqlx::query("UPDATE ruling SET undone = ?, undone_at = ? WHERE id = ?")
            .bind(from_json(undone, WHAT)?)
            .bind(from_time(undone.at))
            .bind(from_count(id.0))
            .execute(self.connection())
            .await
            .map_err(failed)?;
        Ok(())
    }

    async fn rulings_about(&mut self, profile: ProfileId, limit: u32) -> Result<Vec<Ruling>, StoreError> {
        check_page(limit)?;
        let rows: Vec<RulingRow> = sqlx::query_as(
            "SELECT id, ruled, official, office, reason, purpose, legal_basis, contest, ruled_at, undone \
             FROM ruling WHERE from_profile = ?1 OR into_profile = ?1 ORDER BY id DESC LIMIT ?2",
        )
        .bind(profile.as_bytes().as_slice())
        .bind(i64::from(limit) + 1)
        .fetch_all(self.connection())
        .await
        .map_err(failed)?;
        let rows = at_most(rows, "rulings about a profile", limit)?;
        self.rulings_of_rows(rows).await
    }

    async fn rulings(
        &mut self,
        known_at: Timestamp,
        after: Option<RulingId>,
        limit: u32,
    ) -> Result<Vec<Ruling>, StoreError> {
        check_page(limit)?;
        let rows = sqlx::query_as(
            "SELECT id, ruled, official, office, reason, purpose, legal_basis, contest, ruled_at, \
             iif(undone_at <= ?1, undone, NULL) AS undone \
             FROM ruling WHERE ruled_at <= ?1 AND id > ?2 ORDER BY id LIMIT ?3",
        )
        .bind(from_time(known_at))
        .bind(after.map_or(0, |after| from_count(after.0)))
        .bind(limit)
        .fetch_all(self.connection())
        .await
        .map_err(failed)?;
        self.rulings_of_rows(rows).await
    }
}
