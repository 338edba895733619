//! One permitted piece of work: what is read or changed in it and its trace are committed together.

use jiff::Timestamp;
use records::key::ProfileId;

use super::{
    action::Action,
    actor::Asker,
    permit::{AccessError, Denied, Permit},
};
use crate::{
    port::{StoreError, Transaction},
    registry::Registry,
    trace::{Entry, Outcome},
};

/// An open transaction together with the right to be in it.
pub struct Visit {
    pub(crate) work: Box<dyn Transaction>,
    pub(crate) permit: Permit,
    pub(crate) now: Timestamp,
}

impl Registry {
    /// Checks the right and opens a transaction.
    pub(crate) async fn enter(
        &self,
        asker: &Asker,
        action: Action,
        about: Option<ProfileId>,
    ) -> Result<Visit, AccessError> {
        let permit = self.allow(asker, action, about).await?;
        let work = self.store.begin().await?;
        // The clock is read inside: whoever waited for the writer before must not be known to come later.
        Ok(Visit {
            work,
            permit,
            now: self.clock.now(),
        })
    }

    /// Checks the right and opens a transaction that adds to what is known, as of now.
    pub(crate) async fn enter_to_add(
        &self,
        asker: &Asker,
        action: Action,
        about: Option<ProfileId>,
    ) -> Result<Visit, AccessError> {
        let permit = self.allow(asker, action, about).await?;
        Ok(self.add_under(permit).await?)
    }

    /// As [`Registry::enter_to_add`], where the right was checked before.
    pub(crate) async fn add_under(&self, permit: Permit) -> Result<Visit, StoreError> {
        let mut work = self.store.begin_addition().await?;
        let now = work.advance_known_time(self.clock.now()).await?;
        Ok(Visit { work, permit, now })
    }

    /// Checks the right alone. A refusal is traced, in a transaction of its own.
    pub(crate) async fn allow(
        &self,
        asker: &Asker,
        action: Action,
        about: Option<ProfileId>,
    ) -> Result<Permit, AccessError> {
        match self.purposes.permit(asker, action, about) {
            Ok(permit) => Ok(permit),
            Err(denied) => {
                let now = self.clock.now();
                self.trace_refusal(asker, action, about, denied, now).await?;
                Err(AccessError::Denied(denied))
            }
        }
    }

    async fn trace_refusal(
        &self,
        asker: &Asker,
        action: Action,
        about: Option<ProfileId>,
        denied: Denied,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let legal_basis = self
            .purposes
            .find(&asker.purpose)
            .map(|purpose| purpose.legal_basis.clone());
        let entry = Entry {
            at: now,
            actor: asker.actor.clone(),
            action,
            purpose: asker.purpose.clone(),
            legal_basis: legal_basis.unwrap_or_default(),
            case: asker.case.clone(),
            profiles: about.into_iter().collect(),
            outcome: Outcome::Refused {
                reason: denied.to_string(),
            },
            shown_from: now,
        };
        let mut work = self.store.begin().await?;
        work.trace(entry).await?;
        work.commit().await
    }
}

impl Visit {
    /// Writes the trace and commits: only after this may the caller hand on what was read.
    pub(crate) async fn leave(self, profiles: Vec<ProfileId>, outcome: Outcome) -> Result<(), StoreError> {
        let Self {
            mut work,
            permit,
            now,
        } = self;
        work.trace(permit.entry(now, profiles, outcome)).await?;
        // Whatever was told is what is known now: nothing that comes later may be known as early.
        work.promise_known_time(now).await?;
        work.commit().await
    }
}

impl Permit {
    /// The trace entry of what this permit led to.
    pub(crate) fn entry(&self, at: Timestamp, profiles: Vec<ProfileId>, outcome: Outcome) -> Entry {
        Entry {
            at,
            actor: self.actor().clone(),
            action: self.action(),
            purpose: self.purpose().id.clone(),
            legal_basis: self.purpose().legal_basis.clone(),
            case: self.asker().case.clone(),
            profiles,
            outcome,
            shown_from: self.shown_from(at),
        }
    }
}
