//! The outbox and its consumers, in memory.

use std::{collections::btree_map::Entry, sync::Arc};

use async_trait::async_trait;
use jiff::Timestamp;
use records::key::ProfileId;

use super::MemoryTransaction;
use crate::port::{
    StoreError, check_page,
    outbox::{Consumer, EVENTS_MAX, Event, NewEvent, Outbox, Receiver, Standing},
};

impl MemoryTransaction {
    fn events_where(
        &self,
        after: u64,
        limit: u32,
        wanted: impl Fn(&Event) -> bool,
    ) -> Result<Vec<Event>, StoreError> {
        check_page(limit)?;
        let later = self.tables.events.iter().filter(|event| event.number > after);
        Ok(later
            .filter(|event| wanted(event))
            .take(limit as usize)
            .cloned()
            .collect())
    }
}

#[async_trait]
impl Outbox for MemoryTransaction {
    async fn append_events(&mut self, events: &[NewEvent], at: Timestamp) -> Result<Vec<u64>, StoreError> {
        self.may_write()?;
        if events.len() > EVENTS_MAX as usize {
            return Err(StoreError::TooMany {
                what: "events at once",
                limit: EVENTS_MAX,
            });
        }
        let log = Arc::make_mut(&mut self.tables.events);
        let places = Arc::make_mut(&mut self.tables.event_places);
        let mut numbers = Vec::with_capacity(events.len());
        for new in events {
            let place = places.entry(new.profile).or_default();
            *place += 1;
            let number = log.len() as u64 + 1;
            log.push(Event {
                number,
                place: *place,
                at,
                profile: new.profile,
                to: new.to.clone(),
                news: new.news.clone(),
                shown_from: new.shown_from,
            });
            numbers.push(number);
        }
        Ok(numbers)
    }

    async fn load_event(&mut self, number: u64) -> Result<Event, StoreError> {
        let found = self.tables.events.iter().find(|event| event.number == number);
        found.cloned().ok_or(StoreError::Missing { what: "event" })
    }

    async fn events_after(&mut self, after: u64, limit: u32) -> Result<Vec<Event>, StoreError> {
        self.events_where(after, limit, |_| true)
    }

    async fn events_to(
        &mut self,
        receiver: &Receiver,
        after: u64,
        limit: u32,
    ) -> Result<Vec<Event>, StoreError> {
        self.events_where(after, limit, |event| event.to == *receiver)
    }

    async fn events_of(
        &mut self,
        profile: ProfileId,
        after: u64,
        limit: u32,
    ) -> Result<Vec<Event>, StoreError> {
        self.events_where(after, limit, |event| event.profile == profile)
    }

    async fn last_event(&mut self) -> Result<u64, StoreError> {
        Ok(self.tables.events.len() as u64)
    }

    async fn standing(&mut self, consumer: &Consumer) -> Result<Standing, StoreError> {
        Ok(self.tables.standings.get(consumer).copied().unwrap_or_default())
    }

    async fn advance(
        &mut self,
        consumer: &Consumer,
        from: Standing,
        to: u64,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let stands = self.standing(consumer).await? == from;
        if stands {
            self.set_position(consumer, to, at).await?;
        }
        Ok(stands)
    }

    async fn set_position(
        &mut self,
        consumer: &Consumer,
        number: u64,
        _: Timestamp,
    ) -> Result<(), StoreError> {
        self.may_write()?;
        if number > self.tables.events.len() as u64 {
            return Err(StoreError::Missing { what: "event" });
        }
        let standings = Arc::make_mut(&mut self.tables.standings);
        let standing = standings.entry(consumer.clone()).or_default();
        standing.replays += u64::from(number < standing.position);
        standing.position = number;
        Ok(())
    }

    async fn consume(&mut self, consumer: &Consumer, number: u64, at: Timestamp) -> Result<bool, StoreError> {
        self.may_write()?;
        self.load_event(number).await?;
        match Arc::make_mut(&mut self.tables.consumed).entry((consumer.clone(), number)) {
            Entry::Occupied(_) => Ok(false),
            Entry::Vacant(place) => {
                place.insert(at);
                Ok(true)
            }
        }
    }

    async fn consumed_at(
        &mut self,
        consumer: &Consumer,
        number: u64,
    ) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.tables.consumed.get(&(consumer.clone(), number)).copied())
    }
}
