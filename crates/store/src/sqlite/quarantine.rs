//! Lines set aside.

use async_trait::async_trait;
use jiff::Timestamp;
use records::key::SourceName;
use registry::port::{
    StoreError, check_page,
    quarantine::{Quarantine, SetAside, SetAsidePlace},
};
use sqlx::FromRow;

use super::{
    batch::insert,
    failure::{corrupt, failed},
    transaction::SqliteTransaction,
    value::{from_count, from_time, to_count},
};

const WHAT: &str = "line set aside";

#[derive(FromRow)]
struct SetAsideRow {
    source: String,
    file: String,
    line: i64,
    field: String,
    reason: String,
    record_id: Option<String>,
}

impl TryFrom<SetAsideRow> for SetAside {
    type Error = StoreError;
    fn try_from(row: SetAsideRow) -> Result<Self, StoreError> {
        Ok(Self {
            source: SourceName::parse(&row.source).map_err(corrupt(WHAT))?,
            file: row.file,
            line: to_count(row.line),
            field: row.field,
            reason: row.reason,
            id: row.record_id,
        })
    }
}

impl SqliteTransaction {
    async fn count_set_aside(&mut self) -> Result<u64, StoreError> {
        let count: i64 = sqlx::query_scalar("SELECT count(*) FROM set_aside")
            .fetch_one(self.connection())
            .await
            .map_err(failed)?;
        Ok(to_count(count))
    }
}

#[async_trait]
impl Quarantine for SqliteTransaction {
    async fn set_aside(&mut self, lines: &[SetAside], at: Timestamp) -> Result<u64, StoreError> {
        let before = self.count_set_aside().await?;
        let head =
            "INSERT OR IGNORE INTO set_aside (source, file, line, field, reason, record_id, first_seen_at) ";
        insert(self.connection(), head, 7, lines, |mut values, line| {
            values
                .push_bind(line.source.to_string())
                .push_bind(line.file.clone())
                .push_bind(from_count(line.line))
                .push_bind(line.field.clone())
                .push_bind(line.reason.clone())
                .push_bind(line.id.clone())
                .push_bind(from_time(at));
        })
        .await?;
        Ok(self.count_set_aside().await? - before)
    }

    async fn lines_set_aside(
        &mut self,
        known_at: Timestamp,
        after: Option<&SetAsidePlace>,
        limit: u32,
    ) -> Result<Vec<SetAside>, StoreError> {
        check_page(limit)?;
        let after = after.map(|place| {
            (
                place.source.as_str(),
                place.file.as_str(),
                from_count(place.line),
                place.field.as_str(),
                place.reason.as_str(),
            )
        });
        let (source, file, line, field, reason) = after.unwrap_or(("", "", 0, "", ""));
        let rows: Vec<SetAsideRow> = sqlx::query_as(
            "SELECT source, file, line, field, reason, record_id FROM set_aside \
             WHERE (source, file, line, field, reason) > (?, ?, ?, ?, ?) AND first_seen_at <= ? \
             ORDER BY source, file, line, field, reason LIMIT ?",
        )
        .bind(source)
        .bind(file)
        .bind(line)
        .bind(field)
        .bind(reason)
        .bind(from_time(known_at))
        .bind(limit)
        .fetch_all(self.connection())
        .await
        .map_err(failed)?;
        rows.into_iter().map(SetAside::try_from).collect()
    }
}
