//! Events to be told, where their consumers stand, and what these have consumed.

use std::collections::HashMap;

use async_trait::async_trait;
use jiff::Timestamp;
use records::key::ProfileId;
use registry::port::{
    StoreError, check_page,
    outbox::{Consumer, Event, NewEvent, Outbox, Receiver, Standing},
};

use super::{copy::CopyRows, transaction::PostgresTransaction, turn::Turn};
use crate::{
    column::{from_count, from_time, read, to_count, to_profile, to_time_if},
    event::{CONSUMED, EventRow, StandingRow, WHAT, check_events, check_there, number, numbers, profiles},
};

impl PostgresTransaction {
    /// The place of the last event of each profile that has any.
    async fn last_places(&mut self, new: &[NewEvent]) -> Result<HashMap<ProfileId, i64>, StoreError> {
        let wanted = profiles(new);
        let wanted: Vec<&[u8]> = wanted
            .iter()
            .map(|profile| profile.as_bytes().as_slice())
            .collect();
        let last = sqlx::query_as(
            "SELECT wanted.profile, last.place FROM unnest($1::bytea[]) AS wanted (profile) \
             CROSS JOIN LATERAL (SELECT place FROM event_by_profile \
                 WHERE event_by_profile.profile = wanted.profile ORDER BY place DESC LIMIT 1) AS last",
        )
        .bind(wanted);
        let rows: Vec<(Vec<u8>, i64)> = self.all(last).await?;
        rows.into_iter()
            .map(|(profile, place)| Ok((to_profile(&profile, WHAT)?, place)))
            .collect()
    }

    async fn copy_events(&mut self, rows: &[EventRow]) -> Result<(), StoreError> {
        let (mut events, mut by_profile) = (CopyRows::of(8), CopyRows::of(3));
        for row in rows {
            events
                .row()
                .number(row.number)
                .bytes(&row.profile)
                .number(row.place)
                .number(row.at)
                .text(&row.receiver_kind)
                .text(&row.receiver)
                .text(&row.news)
                .number(row.shown_from);
            by_profile
                .row()
                .bytes(&row.profile)
                .number(row.place)
                .number(row.number);
        }
        let statement = "COPY event (number, profile, place, at, receiver_kind, receiver, news, shown_from) \
                         FROM STDIN (FORMAT binary)";
        self.copy(statement, events).await?;
        let statement = "COPY event_by_profile (profile, place, number) FROM STDIN (FORMAT binary)";
        self.copy(statement, by_profile).await.map(|_| ())
    }
}

#[async_trait]
impl Outbox for PostgresTransaction {
    async fn append_events(&mut self, new: &[NewEvent], at: Timestamp) -> Result<Vec<u64>, StoreError> {
        check_events(new)?;
        self.take(Turn::Events).await?;
        let last = self.last_event().await?;
        let rows = number(new, at, last, self.last_places(new).await?)?;
        self.copy_events(&rows).await?;
        Ok(numbers(&rows))
    }

    async fn load_event(&mut self, number: u64) -> Result<Event, StoreError> {
        let load = sqlx::query_as(
            "SELECT number, profile, place, at, receiver_kind, receiver, news, shown_from FROM event \
             WHERE number = $1",
        )
        .bind(from_count(number));
        let row: Option<EventRow> = self.optional(load).await?;
        row.ok_or(StoreError::Missing { what: WHAT })?.try_into()
    }

    async fn events_after(&mut self, after: u64, limit: u32) -> Result<Vec<Event>, StoreError> {
        check_page(limit)?;
        let page = sqlx::query_as(
            "SELECT number, profile, place, at, receiver_kind, receiver, news, shown_from FROM event \
             WHERE number > $1 ORDER BY number LIMIT $2",
        )
        .bind(from_count(after))
        .bind(i64::from(limit));
        let rows: Vec<EventRow> = self.all(page).await?;
        read(rows)
    }

    async fn events_to(
        &mut self,
        receiver: &Receiver,
        after: u64,
        limit: u32,
    ) -> Result<Vec<Event>, StoreError> {
        check_page(limit)?;
        let page = sqlx::query_as(
            "SELECT number, profile, place, at, receiver_kind, receiver, news, shown_from FROM event \
             WHERE receiver_kind = $1 AND receiver = $2 AND number > $3 ORDER BY number LIMIT $4",
        )
        .bind(receiver.kind())
        .bind(receiver.name())
        .bind(from_count(after))
        .bind(i64::from(limit));
        let rows: Vec<EventRow> = self.all(page).await?;
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
        let page = sqlx::query_as(
            "SELECT event.number, event.profile, event.place, at, receiver_kind, receiver, news, shown_from \
             FROM event_by_profile AS known JOIN event ON event.number = known.number \
             WHERE known.profile = $1 AND known.number > $2 ORDER BY known.place LIMIT $3",
        )
        .bind(profile.as_bytes().as_slice())
        .bind(from_count(after))
        .bind(i64::from(limit));
        let rows: Vec<EventRow> = self.all(page).await?;
        read(rows)
    }

    async fn last_event(&mut self) -> Result<u64, StoreError> {
        let last = sqlx::query_as("SELECT coalesce(max(number), 0) FROM event");
        let (last,): (i64,) = self.one(last).await?;
        Ok(to_count(last))
    }

    async fn standing(&mut self, consumer: &Consumer) -> Result<Standing, StoreError> {
        let standing = sqlx::query_as("SELECT position, replays FROM consumer WHERE name = $1");
        let row: Option<StandingRow> = self.optional(standing.bind(consumer.as_str())).await?;
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
            "INSERT INTO consumer (name, position, moved_at) SELECT $1, $2, $3 \
             WHERE ($4 = 0 AND $5 = 0) OR EXISTS (SELECT 1 FROM consumer WHERE name = $1) \
             ON CONFLICT (name) DO UPDATE SET position = excluded.position, moved_at = excluded.moved_at \
             WHERE consumer.position = $4 AND consumer.replays = $5",
        )
        .bind(consumer.as_str())
        .bind(from_count(to))
        .bind(from_time(at))
        .bind(from_count(from.position))
        .bind(from_count(from.replays));
        Ok(self.run(moved).await? > 0)
    }

    async fn set_position(
        &mut self,
        consumer: &Consumer,
        number: u64,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        check_there(number, self.last_event().await?)?;
        let set = sqlx::query(
            "INSERT INTO consumer (name, position, moved_at) VALUES ($1, $2, $3) \
             ON CONFLICT (name) DO UPDATE SET position = excluded.position, moved_at = excluded.moved_at, \
                 replays = consumer.replays + (excluded.position < consumer.position)::int",
        )
        .bind(consumer.as_str())
        .bind(from_count(number))
        .bind(from_time(at));
        self.run(set).await.map(|_| ())
    }

    async fn consume(&mut self, consumer: &Consumer, number: u64, at: Timestamp) -> Result<bool, StoreError> {
        if number == 0 {
            return Err(StoreError::Missing { what: WHAT });
        }
        check_there(number, self.last_event().await?)?;
        let note = sqlx::query(
            "INSERT INTO consumed (consumer, event, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        )
        .bind(consumer.as_str())
        .bind(from_count(number))
        .bind(from_time(at));
        Ok(self.run(note).await? > 0)
    }

    async fn consumed_at(
        &mut self,
        consumer: &Consumer,
        number: u64,
    ) -> Result<Option<Timestamp>, StoreError> {
        let find = sqlx::query_as("SELECT at FROM consumed WHERE consumer = $1 AND event = $2")
            .bind(consumer.as_str())
            .bind(from_count(number));
        let row: Option<(i64,)> = self.optional(find).await?;
        to_time_if(row.map(|(at,)| at), CONSUMED)
    }
}
