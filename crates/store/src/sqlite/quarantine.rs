//! Lines set aside.

use async_trait::async_trait;
use jiff::Timestamp;
use registry::port::{
    StoreError, check_page,
    quarantine::{Quarantine, SetAside, SetAsidePlace},
};

use super::{batch::insert, failure::failed, transaction::SqliteTransaction};
use crate::{
    column::{from_count, from_time, read, to_count},
    quarantine::{SetAsideRow, place},
};

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
        let (source, file, line, field, reason) = place(after);
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
        read(rows)
    }
}
