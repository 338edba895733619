//! Decides whether an asker may do an action.

use jiff::{SignedDuration, Timestamp};
use records::key::ProfileId;

use super::{
    action::{Action, FieldGroup},
    actor::{Actor, Asker},
    purpose::{CaseRule, Purpose, Purposes},
};
use crate::port::{StoreError, random::RandomError};

/// Why an asker may not. Says nothing about whether the person exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    #[error("there is no such purpose")]
    NoSuchPurpose,
    #[error("this purpose is not open to this role")]
    Role,
    #[error("this purpose does not cover this action")]
    Action,
    #[error("this purpose demands a case number")]
    CaseMissing,
    #[error("a holder sees only their own profile")]
    NotOwn,
}

/// Why a use case behind a right failed before its own work began.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    #[error("not allowed: {0}")]
    Denied(#[from] Denied),
    #[error("no randomness")]
    Random(#[from] RandomError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Leave to do one action for one purpose. Made by [`Purposes::permit`] alone.
#[derive(Clone, Debug)]
pub struct Permit {
    asker: Asker,
    action: Action,
    purpose: Purpose,
}

impl Purposes {
    /// Whether `asker` may do `action`; `about` names the profile where the action is about one.
    pub fn permit(&self, asker: &Asker, action: Action, about: Option<ProfileId>) -> Result<Permit, Denied> {
        let purpose = self.find(&asker.purpose).ok_or(Denied::NoSuchPurpose)?;
        if !purpose.roles.contains(&asker.actor.role()) {
            return Err(Denied::Role);
        }
        if !purpose.actions.contains(&action) {
            return Err(Denied::Action);
        }
        if purpose.case == CaseRule::Required && asker.case.is_none() {
            return Err(Denied::CaseMissing);
        }
        match (&asker.actor, about) {
            (Actor::Holder { profile }, Some(about)) if *profile != about => Err(Denied::NotOwn),
            // A search or a list is about others: no holder may run one.
            (Actor::Holder { .. }, None) => Err(Denied::NotOwn),
            _ => Ok(Permit {
                asker: asker.clone(),
                action,
                purpose: purpose.clone(),
            }),
        }
    }
}

impl Permit {
    pub fn actor(&self) -> &Actor {
        &self.asker.actor
    }

    pub fn asker(&self) -> &Asker {
        &self.asker
    }

    pub fn action(&self) -> Action {
        self.action
    }

    pub fn purpose(&self) -> &Purpose {
        &self.purpose
    }

    pub fn sees(&self, group: FieldGroup) -> bool {
        self.purpose.fields.contains(&group)
    }

    /// When the person may see a look of `at`: at once, unless a law keeps it back for a time.
    pub fn shown_from(&self, at: Timestamp) -> Timestamp {
        let delay = SignedDuration::from_hours(24 * i64::from(self.purpose.shown_after_days));
        // The list bounds the delay to a year: only the end of time itself could overflow.
        at.checked_add(delay).unwrap_or(Timestamp::MAX)
    }
}
