//! Hands events to a carrier, such as a message broker, that brings them to their receivers.
//!
//! A carrier stands somewhere in the outbox. It takes what comes next, carries it outside of any transaction, and is moved
//! on only when all of it has arrived; the trace of what was handed over is written in that same step.
//! Invariant: delivery is at least once and in the order of the outbox. A carrier that fails in between takes the same
//! events again; of two that carry the same, or one that was put back meanwhile, only the first moves on.
//! Invariant: a posting holds what [`crate::deliver`] would tell its receiver, and nothing else.

use crate::{
    access::{action::Action, actor::Asker, permit::AccessError},
    deliver::Notice,
    port::{
        StoreError,
        outbox::{Consumer, Event, Receiver, Standing},
    },
    registry::Registry,
    trace::Outcome,
};

/// Events that a carrier takes at once.
pub const LOAD_MAX: u32 = 500;

/// A notice on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    pub to: Receiver,
    pub notice: Notice,
}

/// What a carrier takes next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// Where the carrier stands.
    pub standing: Standing,
    /// The events after that, in order and without gaps.
    pub postings: Vec<Posting>,
    /// How many there are, those of this load among them.
    pub waiting: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum RelayError {
    #[error("there is no event {number} to go back to; the carrier has done with {position}")]
    NoSuchEvent { number: u64, position: u64 },
    #[error(transparent)]
    Access(#[from] AccessError),
    #[error("could not read the outbox")]
    Store(#[from] StoreError),
}

impl Registry {
    /// What a carrier has to carry next. Leaves a trace when it has arrived ([`Registry::carried`]).
    pub async fn next_load(&self, asker: &Asker, carrier: &Consumer) -> Result<Load, RelayError> {
        self.allow(asker, Action::RelayNotices, None).await?;
        let mut work = self.store.begin_read().await?;
        let standing = work.standing(carrier).await?;
        let waiting = work.last_event().await?.saturating_sub(standing.position);
        let events = match waiting {
            0 => Vec::new(),
            _ => work.events_after(standing.position, LOAD_MAX).await?,
        };
        Ok(Load {
            standing,
            postings: self.postings(events),
            waiting,
        })
    }

    /// Notes that everything up to a number has arrived. `false` if the carrier does not stand any more where it took
    /// the load: another has carried the same, or it was put back.
    pub async fn carried(
        &self,
        asker: &Asker,
        carrier: &Consumer,
        from: Standing,
        up_to: u64,
    ) -> Result<bool, RelayError> {
        let mut visit = self.enter(asker, Action::RelayNotices, None).await?;
        if !visit.work.advance(carrier, from, up_to, visit.now).await? {
            return Ok(false);
        }
        let count = up_to.saturating_sub(from.position);
        visit.leave(Vec::new(), Outcome::Counted { count }).await?;
        Ok(true)
    }

    /// Puts a carrier back, to carry again everything from an event on; answers how many events that is so far.
    pub async fn carry_again(&self, asker: &Asker, carrier: &Consumer, from: u64) -> Result<u64, RelayError> {
        let mut visit = self.enter(asker, Action::RelayNotices, None).await?;
        let position = visit.work.position(carrier).await?;
        if from == 0 || from > position {
            return Err(RelayError::NoSuchEvent {
                number: from,
                position,
            });
        }
        visit.work.set_position(carrier, from - 1, visit.now).await?;
        visit.leave(Vec::new(), Outcome::Done).await?;
        Ok(position + 1 - from)
    }

    /// What one receiver was brought after a number, to be brought to it alone once more. Notes as handed over what it
    /// answers, before the caller carries it.
    pub async fn carried_to(
        &self,
        asker: &Asker,
        carrier: &Consumer,
        to: &Receiver,
        after: u64,
    ) -> Result<Vec<Posting>, RelayError> {
        let mut visit = self.enter(asker, Action::RelayNotices, None).await?;
        let position = visit.work.position(carrier).await?;
        let mut events = visit.work.events_to(to, after, LOAD_MAX).await?;
        // What was never carried is still to come, in its place.
        events.retain(|event| event.number <= position);
        let postings = self.postings(events);
        if !postings.is_empty() {
            let count = postings.len() as u64;
            visit.leave(Vec::new(), Outcome::Counted { count }).await?;
        }
        Ok(postings)
    }

    /// How many events a carrier has before it. For whoever runs the machine: tells of nobody.
    pub async fn waiting_for(&self, carrier: &Consumer) -> Result<u64, StoreError> {
        let mut work = self.store.begin_read().await?;
        let position = work.position(carrier).await?;
        Ok(work.last_event().await?.saturating_sub(position))
    }

    fn postings(&self, events: Vec<Event>) -> Vec<Posting> {
        let posting = |event: Event| {
            let to = event.to.clone();
            Posting {
                notice: self.notice(&to, event),
                to,
            }
        };
        events.into_iter().map(posting).collect()
    }
}
