//! Events to be told, where their consumers stand, and what these have consumed.

use std::collections::HashMap;

use async_trait::async_trait;
use jiff::Timestamp;
use records::key::ProfileId;
use registry::port::{
    StoreError, check_page,
    outbox::{Consumer, EVENTS_MAX, Event, NewEvent, Outbox, Receiver},
};
use sqlx::FromRow;

use super::{batch::insert, failure::failed, transaction::SqliteTransaction};
use crate::column::{
    corrupt, from_count, from_json, from_time, to_count, to_json, to_profile, to_time, to_time_if,
};

const WHAT: &str = "event";

#[derive(FromRow)]
struct EventRow {
    number: i64,
    profile: Vec<u8>,
    place: i64,
    at: i64,
    receiver_kind: String,
    receiver: String,
    news: String,
    shown_from: i64,
}

impl TryFrom<EventRow> for Event {
    type Error = StoreError;
    fn try_from(row: EventRow) -> Result<Self, StoreError> {
        let to = Receiver::of(&row.receiver_kind, row.receiver);
        Ok(Self {
            number: to_count(row.number),
            place: to_count(row.place),
            at: to_time(row.at, WHAT)?,
            profile: to_profile(&row.profile, WHAT)?,
            to: to.ok_or_else(|| corrupt(WHAT)("no such receiver"))?,
            news: to_json(&row.news, WHAT)?,
            shown_from: to_time(row.shown_from, WHAT)?,
        })
    }
}

impl TryFrom<&Event> for EventRow {
    type Error = StoreError;
    fn try_from(event: &Event) -> Result<Self, StoreError> {
        Ok(Self {
            number: from_count(event.number),
            profile: event.profile.as_bytes().to_vec(),
            place: from_count(event.place),
            at: from_time(event.at),
            receiver_kind: event.to.kind().to_owned(),
            receiver: event.to.name().to_owned(),
            news: from_json(&event.news, WHAT)?,
            shown_from: from_time(event.shown_from),
        })
    }
}

impl SqliteTransaction {
    async fn last_place(&mut self, profile: ProfileId) -> Result<u64, StoreError> {
        let place: i64 = sqlx::query_scalar("SELECT coalesce(max(place), 0) FROM event WHERE profile = ?")
            .bind(profile.as_bytes().as_slice())
            .fetch_one(self.connection())
            .await
            .map_err(failed)?;
        Ok(to_count(place))
    }
}

fn events(rows: Vec<EventRow>) -> Result<Vec<Event>, StoreError> {
    rows.into_iter().map(Event::try_from).collect()
}

#[async_trait]
impl Outbox for SqliteTransaction {
    async fn append_events(&mut self, new: &[NewEvent], at: Timestamp) -> Result<Vec<u64>, StoreError> {
        if new.len() > EVENTS_MAX as usize {
            return Err(StoreError::TooMany {
                what: "events at once",
                limit: EVENTS_MAX,
            });
        }
        let mut number = self.last_event().await?;
        let mut places: HashMap<ProfileId, u64> = HashMap::new();
        let mut rows = Vec::with_capacity(new.len());
        for event in new {
            let last = match places.get(&event.profile) {
                Some(place) => *place,
                None => self.last_place(event.profile).await?,
            };
            places.insert(event.profile, last + 1);
            number += 1;
            rows.push(EventRow::try_from(&Event {
                number,
                place: last + 1,
                at,
                profile: event.profile,
                to: event.to.clone(),
                news: event.news.clone(),
                shown_from: event.shown_from,
            })?);
        }
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
        Ok(rows.iter().map(|row| to_count(row.number)).collect())
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
        let rows = sqlx::query_as(
            "SELECT number, profile, place, at, receiver_kind, receiver, news, shown_from FROM event \
             WHERE number > ? ORDER BY number LIMIT ?",
        )
        .bind(from_count(after))
        .bind(limit)
        .fetch_all(self.connection())
        .await
        .map_err(failed)?;
        events(rows)
    }

    async fn events_to(
        &mut self,
        receiver: &Receiver,
        after: u64,
        limit: u32,
    ) -> Result<Vec<Event>, StoreError> {
        check_page(limit)?;
        let rows = sqlx::query_as(
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
        events(rows)
    }

    async fn events_of(
        &mut self,
        profile: ProfileId,
        after: u64,
        limit: u32,
    ) -> Result<Vec<Event>, StoreError> {
        check_page(limit)?;
        // The places of a profile's events go up with their numbers, so the order needs no index of its own.
        let rows = sqlx::query_as(
            "SELECT number, profile, place, at, receiver_kind, receiver, news, shown_from FROM event \
             WHERE profile = ? AND number > ? ORDER BY place LIMIT ?",
        )
        .bind(profile.as_bytes().as_slice())
        .bind(from_count(after))
        .bind(limit)
        .fetch_all(self.connection())
        .await
        .map_err(failed)?;
        events(rows)
    }

    async fn last_event(&mut self) -> Result<u64, StoreError> {
        let last: i64 = sqlx::query_scalar("SELECT coalesce(max(number), 0) FROM event")
            .fetch_one(self.connection())
            .await
            .map_err(failed)?;
        Ok(to_count(last))
    }

    async fn position(&mut self, consumer: &Consumer) -> Result<u64, StoreError> {
        let position: Option<i64> = sqlx::query_scalar("SELECT position FROM consumer WHERE name = ?")
            .bind(consumer.as_str())
            .fetch_optional(self.connection())
            .await
            .map_err(failed)?;
        Ok(position.map_or(0, to_count))
    }

    async fn set_position(
        &mut self,
        consumer: &Consumer,
        number: u64,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        if number > self.last_event().await? {
            return Err(StoreError::Missing { what: WHAT });
        }
        sqlx::query(
            "INSERT INTO consumer (name, position, moved_at) VALUES (?, ?, ?) \
             ON CONFLICT (name) DO UPDATE SET position = excluded.position, moved_at = excluded.moved_at",
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
        if number == 0 || number > self.last_event().await? {
            return Err(StoreError::Missing { what: WHAT });
        }
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
        to_time_if(at, "consumed event")
    }
}
