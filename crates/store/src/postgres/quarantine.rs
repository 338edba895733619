//! Lines set aside.

use async_trait::async_trait;
use jiff::Timestamp;
use registry::port::{
    StoreError, check_page,
    quarantine::{Quarantine, SetAside, SetAsidePlace},
};

use super::{transaction::PostgresTransaction, turn::Turn};
use crate::{
    column::{from_count, from_time, read},
    quarantine::{SetAsideRow, place},
};

#[async_trait]
impl Quarantine for PostgresTransaction {
    async fn set_aside(&mut self, lines: &[SetAside], at: Timestamp) -> Result<u64, StoreError> {
        self.take(Turn::Rows).await?;
        let column = |of: fn(&SetAside) -> &str| lines.iter().map(of).collect::<Vec<_>>();
        let set_aside = sqlx::query(
            "INSERT INTO set_aside (source, file, line, field, reason, record_id, first_seen_at) \
             SELECT source, file, line, field, reason, record_id, $7 \
             FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[]) \
                 AS offered (source, file, line, field, reason, record_id) \
             ON CONFLICT DO NOTHING",
        )
        .bind(column(|line| line.source.as_str()))
        .bind(column(|line| &line.file))
        .bind(lines.iter().map(|line| from_count(line.line)).collect::<Vec<_>>())
        .bind(column(|line| &line.field))
        .bind(column(|line| &line.reason))
        .bind(lines.iter().map(|line| line.id.as_deref()).collect::<Vec<_>>())
        .bind(from_time(at));
        self.run(set_aside).await
    }

    async fn lines_set_aside(
        &mut self,
        known_at: Timestamp,
        after: Option<&SetAsidePlace>,
        limit: u32,
    ) -> Result<Vec<SetAside>, StoreError> {
        check_page(limit)?;
        let (source, file, line, field, reason) = place(after);
        let page = sqlx::query_as(
            "SELECT source, file, line, field, reason, record_id FROM set_aside \
             WHERE (source, file, line, field, reason) > ($1, $2, $3, $4, $5) AND first_seen_at <= $6 \
             ORDER BY source, file, line, field, reason LIMIT $7",
        )
        .bind(source)
        .bind(file)
        .bind(line)
        .bind(field)
        .bind(reason)
        .bind(from_time(known_at))
        .bind(i64::from(limit));
        let rows: Vec<SetAsideRow> = self.all(page).await?;
        read(rows)
    }
}
