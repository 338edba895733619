//! Hands events to their receivers: an agency or a verifier lists what concerns it and acknowledges what it has read.
//!
//! Delivery is at least once. What is not acknowledged is listed again, so a receiver that fails between reading and
//! acknowledging loses nothing; acknowledging twice does nothing twice. A receiver may go back and read again.
//! Invariant: a receiver sees its own events only, and the person under the id of its own sector. A verifier learns no
//! more than that an answer which it was given no longer stands.

use jiff::Timestamp;

use crate::{
    access::{action::Action, actor::Asker, permit::AccessError},
    audience::receiver,
    port::{
        PAGE_MAX, StoreError,
        outbox::{Consumer, Event, News, Receiver},
    },
    registry::Registry,
    sector::SectorId,
    trace::Outcome,
};

/// Notices that one page may hold.
pub const NOTICES_MAX: u32 = 500;

/// An event as its receiver is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Its number; those of one receiver go up, with gaps where others were told.
    pub number: u64,
    pub at: Timestamp,
    /// The person, by the id of the receiver's sector; none for a verifier, whom the answer's number tells enough.
    pub person: Option<SectorId>,
    pub news: News,
}

/// A page of notices.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notices {
    pub notices: Vec<Notice>,
    /// What the receiver has acknowledged so far.
    pub acknowledged: u64,
    /// Whether there is more after the last one.
    pub more: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum DeliverError {
    #[error("nobody tells this role anything")]
    NotAReceiver,
    #[error("there is no such notice")]
    NoSuchNotice,
    #[error(transparent)]
    Access(#[from] AccessError),
    #[error("could not read the outbox")]
    Store(#[from] StoreError),
}

impl Registry {
    /// What the asker was told and has not acknowledged; with `after`, what comes after that number, read or not.
    pub async fn notices(
        &self,
        asker: &Asker,
        after: Option<u64>,
        limit: u32,
    ) -> Result<Notices, DeliverError> {
        let to = receiver(&asker.actor).ok_or(DeliverError::NotAReceiver)?;
        if limit == 0 || limit > NOTICES_MAX {
            return Err(StoreError::TooMany {
                what: "notices a page",
                limit: NOTICES_MAX,
            }
            .into());
        }
        let mut visit = self.enter(asker, Action::ReadNotices, None).await?;
        let acknowledged = visit.work.position(&Consumer::from(&to)).await?;
        let after = after.unwrap_or(acknowledged);
        let mut events = visit.work.events_to(&to, after, limit + 1).await?;
        let more = events.len() > limit as usize;
        events.truncate(limit as usize);
        let notices: Vec<Notice> = events.into_iter().map(|event| self.notice(&to, event)).collect();
        let count = notices.len() as u64;
        visit.leave(Vec::new(), Outcome::Counted { count }).await?;
        Ok(Notices {
            notices,
            acknowledged,
            more,
        })
    }

    /// Notes that the asker has read its notices up to a number; answers how many were new to it.
    pub async fn acknowledge(&self, asker: &Asker, up_to: u64) -> Result<u64, DeliverError> {
        let to = receiver(&asker.actor).ok_or(DeliverError::NotAReceiver)?;
        let consumer = Consumer::from(&to);
        let mut visit = self.enter(asker, Action::ReadNotices, None).await?;
        match visit.work.load_event(up_to).await {
            Ok(event) if event.to == to => {}
            Ok(_) | Err(StoreError::Missing { .. }) => return Err(DeliverError::NoSuchNotice),
            Err(error) => return Err(error.into()),
        }
        let before = visit.work.position(&consumer).await?;
        let (mut read, mut new) = (before, 0);
        while read < up_to {
            let page = visit.work.events_to(&to, read, PAGE_MAX).await?;
            let numbers = page.iter().map(|event| event.number);
            for number in numbers.filter(|number| *number <= up_to) {
                new += u64::from(visit.work.consume(&consumer, number, visit.now).await?);
            }
            read = page.last().map_or(up_to, |last| last.number);
        }
        if up_to > before {
            visit.work.set_position(&consumer, up_to, visit.now).await?;
        }
        visit.leave(Vec::new(), Outcome::Counted { count: new }).await?;
        Ok(new)
    }

    /// Puts the asker back on a number, to be told again what came after it.
    pub async fn replay(&self, asker: &Asker, from: u64) -> Result<(), DeliverError> {
        let to = receiver(&asker.actor).ok_or(DeliverError::NotAReceiver)?;
        let consumer = Consumer::from(&to);
        let mut visit = self.enter(asker, Action::ReadNotices, None).await?;
        if from > visit.work.position(&consumer).await? {
            return Err(DeliverError::NoSuchNotice);
        }
        visit.work.set_position(&consumer, from, visit.now).await?;
        visit.leave(Vec::new(), Outcome::Done).await?;
        Ok(())
    }

    pub(crate) fn notice(&self, to: &Receiver, event: Event) -> Notice {
        let person = match to {
            Receiver::Agency { .. } => Some(self.sector_id(to, event.profile)),
            Receiver::Verifier { .. } => None,
        };
        Notice {
            number: event.number,
            at: event.at,
            person,
            news: event.news,
        }
    }
}
