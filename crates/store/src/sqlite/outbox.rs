//! Events to be told, where their consumers stand, and what these have consumed.

use std::collections::HashMap;

use async_trait::async_trait;
use jiff::Timestamp;
use records::key::ProfileId;
use registry::port::{
    StoreError, check_page,
    outbox::{Consumer, Event, NewEvent, Outbox, Receiver, Standing},
};

use super::{batch::insert, failure::failed, transaction::SqliteTransaction};
use crate::{
    column::{from_count, from_time, read, to_count, to_time_if},
    event::{CONSUMED, EventRow, StandingRow, WHAT, check_events, check_there, number, numbers, profiles},
};

impl SqliteTransaction {
    async fn last_place(&mut self, profile: ProfileId) -> Result<i64, StoreError> {
        sqlx::query_scalar("SELECT coalesce(max(place), 0) FROM event WHERE profile = ?")
            .bind(profile.as_bytes().as_slice())
            .fetch_one(self.connection())
            .await
            .map_err(failed)
    }
}

#[async_trait]
impl Outbox for SqliteTransaction {
    async fn append_events(&mut self, new: &[NewEvent], at: Timestamp) -> Result<Vec<u64>, StoreError> {
        check_events(new)?;
        let mut last_places = HashMap::new();
        for profile in profiles(new) {
            last_places.insert(profile, self.last_place(profile).await?);
        }
        let rows = number(new, at, self.last_event().await?, last_places)?;
        let head =
            "INSERT INTO event (number, profile, place, at, receiver_kind, receiver, news, shown_from) ";
        insert(self.connection(), head, 8, &rows, |mut values, row| {
            values
                .push_bind(row.number)
                .push_bind(row.profile.clone())
                .push_bind(row.place)
                .push_bind(row.at)
                .push_bind(row.receiver_kind.clone())
                .push_bind(row.receiver.clone())
                .push_bind(row.news.clone())
                .push_bind(row.shown_from);
        })
        .await?;
        Ok(numbers(&rows))
    }

    async fn load_event(&mut self, number: u64) -> Result<Event, StoreError> {
        let row: Option<EventRow> = sqlx::query_as(
            "SELECT number, profile, place, at, receiver_kind, receiver, news, shown_from FROM event \
             WHERE number = ?",
        )
        .bind(from_count(number))
        .fetch_optional(self.connection())
        .await
        .map_err(failed)?;
        row.ok_or(StoreError::Missing { what: WHAT })?.try_into()
    }

    async fn events_after(&mut self, after: u64, limit: u32) -> Result<Vec<Event>, StoreError> {
        check_page(limit)?;
        let rows: Vec<EventRow> = sqlx::query_as(
            "SELECT number, profile, place, at, receiver_kind, receiver, news, shown_from FROM event \
             WHERE number > ? ORDER BY number LIMIT ?",
        )
        .bind(from_count(after))
        .bind(limit)
        .fetch_all(self.connection())
        .await
        .map_err(failed)?;
        read(rows)
    }

    async fn events_to(
        &mut self,
        receiver: &Receiver,
        after: u64,
        limit: u32,
    ) -> Result<Vec<Event>, StoreError> {
        check_page(limit)?;
        let rows: Vec<EventRow> = sqlx::query_as(
            "SELECT number, profile, place, at, receiver_kind, receiver, news, shown_from FROM event \
             WHERE receiver_kind = ? AND receiver = ? AND number > ? ORDER BY number LIMIT ?",
        )
        .bind(receiver.kind())
        .bind(receiver.name())
        .bind(from_count(after))
        .bind(limit)
        .fetch_all(self.connection())
        .await
        .map_err(failed)?;
        read(rows)
    }

    async fn events_of(
        &mut self,
        profile: ProfileId,
        after: u64,
        limit: u32,
    ) -> Result<Vec<Event>, StoreError> {
        check_page(limit)?;
        // The places of a profile's events go up with their numbers, so the order needs no index of its own.
        let rows: Vec<EventRow> = sqlx::query_as(
            "SELECT number, profile, place, at, receiver_kind, receiver, news, shown_from FROM event \
             WHERE profile = ? AND number > ? ORDER BY place LIMIT ?",
        )
        .bind(profile.as_bytes().as_slice())
        .bind(from_count(after))
        .bind(limit)
        .fetch_all(self.connection())
        .await
        .map_err(failed)?;
        read(rows)
    }

    async fn last_event(&mut self) -> Result<u64, StoreError> {
        let last: i64 = sqlx::query_scalar("SELECT coalesce(max(number), 0) FROM event")
            .fetch_one(self.connection())
            .await
            .map_err(failed)?;
        Ok(to_count(last))
    }

    async fn standing(&mut self, consumer: &Consumer) -> Result<Standing, StoreError> {
        let row: Option<StandingRow> =
            sqlx::query_as("SELECT position, replays FROM consumer WHERE name = ?")
                .bind(consumer.as_str())
                .fetch_optional(self.connection())
                .await
                .map_err(failed)?;
        Ok(row.map_or_else(Standing::default, Standing::from))
    }

    async fn advance(
        &mut self,
        consumer: &Consumer,
        from: Standing,
        to: u64,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        check_there(to, self.last_event().await?)?;
        // Only one that never read has no row.
        let moved = sqlx::query(
            "INSERT INTO consumer (name, position, moved_at) SELECT ?1, ?2, ?3 \
             WHERE (?4 = 0 AND ?5 = 0) OR EXISTS (SELECT 1 FROM consumer WHERE name = ?1) \
             ON CONFLICT (name) DO UPDATE SET position = excluded.position, moved_at = excluded.moved_at \
             WHERE position = ?4 AND replays = ?5",
        )
        .bind(consumer.as_str())
        .bind(from_count(to))
        .bind(from_time(at))
        .bind(from_count(from.position))
        .bind(from_count(from.replays))
        .execute(self.connection())
        .await
        .map_err(failed)?;
        Ok(moved.rows_affected() > 0)
    }

    async fn set_position(
        &mut self,
        consumer: &Consumer,
        number: u64,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        check_there(number, self.last_event().await?)?;
        sqlx::query(
            "INSERT INTO consumer (name, position, moved_at) VALUES (?, ?, ?) \
             ON CONFLICT (name) DO UPDATE SET position = excluded.position, moved_at = excluded.moved_at, \
                 replays = replays + (excluded.position < position)",
        )
        .bind(consumer.as_str())
        .bind(from_count(number))
        .bind(from_time(at))
        .execute(self.connection())
        .await
        .map_err(failed)?;
        Ok(())
    }

    async fn consume(&mut self, consumer: &Consumer, number: u64, at: Timestamp) -> Result<bool, StoreError> {
        if number == 0 {
            return Err(StoreError::Missing { what: WHAT });
        }
        check_there(number, self.last_event().await?)?;
        let noted = sqlx::query("INSERT OR IGNORE INTO consumed (consumer, event, at) VALUES (?, ?, ?)")
            .bind(consumer.as_str())
            .bind(from_count(number))
            .bind(from_time(at))
            .execute(self.connection())
            .await
            .map_err(failed)?;
        Ok(noted.rows_affected() > 0)
    }

    async fn consumed_at(
        &mut self,
        consumer: &Consumer,
        number: u64,
    ) -> Result<Option<Timestamp>, StoreError> {
        let at: Option<i64> = sqlx::query_scalar("SELECT at FROM consumed WHERE consumer = ? AND event = ?")
            .bind(consumer.as_str())
            .bind(from_count(number))
            .fetch_optional(self.connection())
            .await
            .map_err(failed)?;
        to_time_if(at, CONSUMED)
    }
}
