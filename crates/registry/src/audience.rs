//! Who was told what about a person: read from the trace, which every look has left.
//!
//! Invariant: an agency is in the audience of a group of fields only under a purpose that opens that group still: who
//! was never to see a fact is not told that it changed.
//! Invariant: a look that a law keeps from the person stays kept: each entry says from when the person may see it.

use std::collections::BTreeMap;

use credential::CredentialId;
use jiff::Timestamp;
use records::key::ProfileId;

use crate::{
    access::{
        action::{Action, FieldGroup},
        actor::Actor,
    },
    port::{StoreError, Transaction, outbox::Receiver, ruling_book::Ruled, trace_log::TRACE_PAGE_MAX},
    registry::Registry,
    trace::{Entry, Outcome},
    undo_ruling::RULINGS_MAX,
};

/// Pages of the trace that are read about one change. A person with more looks is one for an official to see.
const PAGES_MAX: u32 = 100;

/// Whom a change concerns.
#[derive(Default)]
pub(crate) struct Audience {
    /// Agencies that looked, and from when the person may see that they did.
    pub(crate) agencies: BTreeMap<Receiver, Timestamp>,
    /// Answers given to others.
    pub(crate) answers: Vec<AnswerTold>,
}

/// One answer, and who got it.
pub(crate) struct AnswerTold {
    pub(crate) receipt: CredentialId,
    pub(crate) to: Receiver,
    pub(crate) shown_from: Timestamp,
}

impl Registry {
    /// Who was told of these profiles; of one group of fields, or of any.
    pub(crate) async fn audience(
        &self,
        work: &mut dyn Transaction,
        profiles: &[ProfileId],
        group: Option<FieldGroup>,
    ) -> Result<Audience, StoreError> {
        let mut audience = Audience::default();
        let mut before = None;
        for _ in 0..PAGES_MAX {
            let page = work.trace_about(profiles, before, TRACE_PAGE_MAX).await?;
            for chained in &page {
                self.note(&mut audience, chained.entry()?, group);
            }
            match page.last() {
                Some(last) if page.len() == TRACE_PAGE_MAX as usize => before = Some(last.number),
                _ => return Ok(audience),
            }
        }
        Err(StoreError::TooMany {
            what: "looks at a person",
            limit: PAGES_MAX * TRACE_PAGE_MAX,
        })
    }

    fn note(&self, audience: &mut Audience, entry: Entry, group: Option<FieldGroup>) {
        let Some(to) = receiver(&entry.actor) else { return };
        match &entry.outcome {
            Outcome::Refused { .. } => {}
            Outcome::Answered { receipt } => {
                if let Ok(receipt) = CredentialId::parse(receipt) {
                    audience.answers.push(AnswerTold {
                        receipt,
                        to,
                        shown_from: entry.shown_from,
                    });
                }
            }
            Outcome::Done | Outcome::Counted { .. } => {
                if self.was_shown(&entry, group) {
                    let shown_from = audience.agencies.entry(to).or_insert(entry.shown_from);
                    *shown_from = entry.shown_from.min(*shown_from);
                }
            }
        }
    }

    /// Whether the look showed fields of the group, under a purpose that opens them still.
    fn was_shown(&self, entry: &Entry, group: Option<FieldGroup>) -> bool {
        let shows = matches!(
            entry.action,
            Action::Find | Action::ViewProfile | Action::ViewStatus | Action::ViewQueue
        );
        let purpose = self.purposes.find(&entry.purpose);
        shows
            && purpose.is_some_and(|purpose| {
                purpose.roles.contains(&entry.actor.role())
                    && group.is_none_or(|group| purpose.fields.contains(&group))
            })
    }
}

/// A profile and those that officials have merged into it: under their ids too it was looked at and contested.
pub(crate) async fn with_merged(
    work: &mut dyn Transaction,
    profile: ProfileId,
    known_at: Timestamp,
) -> Result<Vec<ProfileId>, StoreError> {
    let mut all = vec![profile];
    let mut next = 0;
    while let Some(into) = all.get(next).copied() {
        next += 1;
        for ruling in work.rulings_about(into, RULINGS_MAX).await? {
            let Ruled::Merged {
                from, into: taken, ..
            } = ruling.ruling.ruled
            else {
                continue;
            };
            let stands =
                ruling.ruling.ruled_at <= known_at && ruling.undone.is_none_or(|undone| undone.at > known_at);
            if taken == into && stands && !all.contains(&from) {
                all.push(from);
            }
        }
    }
    Ok(all)
}

/// As whom an actor is told; nobody for the person themselves, and for who runs the machine.
pub(crate) fn receiver(actor: &Actor) -> Option<Receiver> {
    match actor {
        Actor::Official { office, .. } => Some(Receiver::Agency {
            office: office.clone(),
        }),
        Actor::Verifier { organisation } => Some(Receiver::Verifier {
            organisation: organisation.clone(),
        }),
        Actor::Holder { .. } | Actor::Operator { .. } | Actor::Analyst { .. } => None,
    }
}
