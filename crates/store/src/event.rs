//! Events of the outbox as rows, and the numbers they get.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use records::key::ProfileId;
use registry::port::{
    StoreError,
    outbox::{EVENTS_MAX, Event, NewEvent, Receiver, Standing},
};
use sqlx::FromRow;

use crate::column::{corrupt, from_count, from_json, from_time, to_count, to_json, to_profile, to_time};

pub(crate) const WHAT: &str = "event";
pub(crate) const CONSUMED: &str = "consumed event";

#[derive(FromRow)]
pub(crate) struct EventRow {
    pub(crate) number: i64,
    pub(crate) profile: Vec<u8>,
    pub(crate) place: i64,
    pub(crate) at: i64,
    pub(crate) receiver_kind: String,
    pub(crate) receiver: String,
    pub(crate) news: String,
    pub(crate) shown_from: i64,
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

#[derive(FromRow)]
pub(crate) struct StandingRow {
    position: i64,
    replays: i64,
}

impl From<StandingRow> for Standing {
    fn from(row: StandingRow) -> Self {
        Self {
            position: to_count(row.position),
            replays: to_count(row.replays),
        }
    }
}

pub(crate) fn check_events(new: &[NewEvent]) -> Result<(), StoreError> {
    if new.len() > EVENTS_MAX as usize {
        Err(StoreError::TooMany {
            what: "events at once",
            limit: EVENTS_MAX,
        })
    } else {
        Ok(())
    }
}

/// The profiles that events are about, each once.
pub(crate) fn profiles(new: &[NewEvent]) -> BTreeSet<ProfileId> {
    new.iter().map(|event| event.profile).collect()
}

/// Gives events the numbers after `last`, and each the place after the last one of its profile.
pub(crate) fn number(
    new: &[NewEvent],
    at: Timestamp,
    last: u64,
    mut last_places: HashMap<ProfileId, i64>,
) -> Result<Vec<EventRow>, StoreError> {
    (last + 1..)
        .zip(new)
        .map(|(number, event)| {
            let place = last_places.entry(event.profile).or_default();
            *place += 1;
            Ok(EventRow {
                number: from_count(number),
                profile: event.profile.as_bytes().to_vec(),
                place: *place,
                at: from_time(at),
                receiver_kind: event.to.kind().to_owned(),
                receiver: event.to.name().to_owned(),
                news: from_json(&event.news, WHAT)?,
                shown_from: from_time(event.shown_from),
            })
        })
        .collect()
}

pub(crate) fn numbers(rows: &[EventRow]) -> Vec<u64> {
    rows.iter().map(|row| to_count(row.number)).collect()
}

/// Refuses to speak of an event that is not there.
pub(crate) fn check_there(number: u64, last: u64) -> Result<(), StoreError> {
    if number > last {
        Err(StoreError::Missing { what: WHAT })
    } else {
        Ok(())
    }
}
