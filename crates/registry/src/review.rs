//! An official looks at a pair that the engine would not decide, and decides it.
//!
//! An item is decided by who has taken it. The decision stands before every later run of the engine; it names the
//! official, the reason, the purpose and the legal basis.
//! Invariant: a record that harms comes to a profile by such a decision or by a strong number, never by a score.
//! Not here: taking one cluster apart; the next run of `link` does that, because it sees all evidence at once. What a
//! merge does, and how it is taken back: `merge`, `undo_ruling`.

use std::collections::BTreeSet;

use profile::view::Profile;
use records::{
    envelope::Record,
    key::{ProfileId, RecordKey},
};
use serde::Serialize;

use crate::{
    access::{
        action::Action,
        actor::{Actor, Asker},
        permit::AccessError,
        visit::Visit,
    },
    merge::MergeError,
    port::{
        StoreError,
        review_queue::{Item, ItemId, ItemState, OfficialName, StandingDecision, Verdict},
    },
    registry::{AsOf, Registry, legal_day},
    trace::Outcome,
    view_profile::{ViewError, narrow},
    wording::{WORDS_MAX, words},
};

/// Items that one page of the queue may hold.
pub const QUEUE_PAGE_MAX: u32 = 100;

/// A page of the queue. It names records, not persons.
#[derive(Clone, Debug, PartialEq)]
pub struct QueuePage {
    pub items: Vec<Item>,
    /// Waiting and taken, in all.
    pub open: u64,
    pub next_after: Option<ItemId>,
}

/// One side of an item: the record in question, and the profile in which it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Side {
    pub record: Record,
    /// Narrowed to what the purpose opens; none while the record has no profile.
    pub profile: Option<Profile>,
}

/// An item side by side with its sources.
#[derive(Clone, Debug, PartialEq)]
pub struct ItemView {
    pub item: Item,
    pub sides: [Side; 2],
}

/// What a decision led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "effect", rename_all = "snake_case")]
pub enum Effect {
    /// Both stood in one profile, or in two, already.
    None,
    /// Two profiles became one.
    Merged { into: ProfileId, records: u64 },
    /// The two stand in one profile; the next run of the engine takes it apart.
    AtNextLinking,
}

#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    #[error("there is no such queue item")]
    NoSuchItem,
    #[error("the queue item is not open any more")]
    Closed,
    #[error("another official has taken the queue item")]
    TakenByOther,
    #[error("the queue item has to be taken first")]
    NotTaken,
    #[error("a decision needs a reason of 1 to {WORDS_MAX} characters")]
    Reason,
    #[error("only an official decides")]
    NotAnOfficial,
    #[error(transparent)]
    Merge(#[from] MergeError),
    #[error("a record of the queue item is not there")]
    NoSuchRecord,
    #[error(transparent)]
    Access(#[from] AccessError),
    #[error("could not change the queue")]
    Store(#[from] StoreError),
}

impl Registry {
    /// Items that wait or are taken, harmful ones first.
    pub async fn queue(
        &self,
        asker: &Asker,
        after: Option<ItemId>,
        limit: u32,
    ) -> Result<QueuePage, ReviewError> {
        if limit == 0 || limit > QUEUE_PAGE_MAX {
            return Err(StoreError::TooMany {
                what: "queue items a page",
                limit: QUEUE_PAGE_MAX,
            }
            .into());
        }
        let mut visit = self.enter(asker, Action::ViewQueue, None).await?;
        let items = visit.work.open_items(after, limit).await?;
        let open = visit.work.count_open_items().await?;
        visit
            .leave(
                Vec::new(),
                Outcome::Counted {
                    count: items.len() as u64,
                },
            )
            .await?;
        let next_after = items
            .last()
            .filter(|_| items.len() == limit as usize)
            .map(|item| item.id);
        Ok(QueuePage {
            items,
            open,
            next_after,
        })
    }

    /// Both sides of an item. Both persons see the look.
    pub async fn view_item(&self, asker: &Asker, id: ItemId) -> Result<ItemView, ReviewError> {
        let mut visit = self.enter(asker, Action::ViewQueue, None).await?;
        let item = load_item(&mut visit, id).await?;
        let left = self.side(&mut visit, item.pair.left()).await?;
        let right = self.side(&mut visit, item.pair.right()).await?;
        let sides = [left, right];
        let about: BTreeSet<ProfileId> = sides
            .iter()
            .filter_map(|side| side.profile.as_ref())
            .map(|profile| profile.id)
            .collect();
        visit.leave(about.into_iter().collect(), Outcome::Done).await?;
        Ok(ItemView { item, sides })
    }

    async fn side(&self, visit: &mut Visit, key: &RecordKey) -> Result<Side, ReviewError> {
        let versions = visit.work.versions_of(key, visit.now).await?;
        let record = versions
            .into_iter()
            .next_back()
            .ok_or(ReviewError::NoSuchRecord)?;
        let link = visit.work.find_link(key, visit.now).await?;
        let profile = match link {
            None => None,
            Some(link) => {
                let as_of = AsOf {
                    on: legal_day(visit.now),
                    known_at: visit.now,
                };
                match self.load_profile(&mut *visit.work, link.profile, as_of).await {
                    Ok(mut profile) => {
                        narrow(&mut profile, &visit.permit);
                        Some(profile)
                    }
                    Err(ViewError::NoSuchProfile) => None,
                    Err(ViewError::Access(error)) => return Err(error.into()),
                    Err(ViewError::Store(error)) => return Err(error.into()),
                }
            }
        };
        Ok(Side { record, profile })
    }

    /// Takes an item for the asker. Taking it again is no error.
    pub async fn take_item(&self, asker: &Asker, id: ItemId) -> Result<(), ReviewError> {
        let official = official(&asker.actor)?;
        let mut visit = self.enter(asker, Action::TakeItem, None).await?;
        match load_item(&mut visit, id).await?.state {
            ItemState::Waiting => {}
            ItemState::Taken { by, .. } if by == official => {}
            ItemState::Taken { .. } => return Err(ReviewError::TakenByOther),
            ItemState::Decided { .. } | ItemState::Withdrawn { .. } => return Err(ReviewError::Closed),
        }
        let taken = ItemState::Taken {
            by: official,
            at: visit.now,
        };
        visit.work.set_item_state(id, &taken).await?;
        visit.leave(Vec::new(), Outcome::Done).await?;
        Ok(())
    }

    /// Gives an item back to the queue.
    pub async fn release_item(&self, asker: &Asker, id: ItemId) -> Result<(), ReviewError> {
        let official = official(&asker.actor)?;
        let mut visit = self.enter(asker, Action::TakeItem, None).await?;
        own(&load_item(&mut visit, id).await?, &official)?;
        visit.work.set_item_state(id, &ItemState::Waiting).await?;
        visit.leave(Vec::new(), Outcome::Done).await?;
        Ok(())
    }

    /// Decides an item that the asker has taken.
    pub async fn decide_item(
        &self,
        asker: &Asker,
        id: ItemId,
        verdict: Verdict,
        reason: &str,
    ) -> Result<Effect, ReviewError> {
        let official = official(&asker.actor)?;
        let reason = words(reason).ok_or(ReviewError::Reason)?;
        let mut visit = self.enter_to_add(asker, Action::DecideItem, None).await?;
        let item = load_item(&mut visit, id).await?;
        own(&item, &official)?;
        let decision = StandingDecision {
            pair: item.pair.clone(),
            verdict,
            official,
            reason,
            purpose: visit.permit.purpose().id.to_string(),
            legal_basis: visit.permit.purpose().legal_basis.clone(),
            decided_at: visit.now,
        };
        let (effect, about) = self.take_effect(&mut visit, &decision).await?;
        visit.work.add_decision(&decision).await?;
        visit
            .work
            .set_item_state(id, &ItemState::Decided { at: visit.now })
            .await?;
        visit.leave(about, Outcome::Done).await?;
        Ok(effect)
    }

    /// Makes the links say what was decided; answers whom that touches.
    async fn take_effect(
        &self,
        visit: &mut Visit,
        decision: &StandingDecision,
    ) -> Result<(Effect, Vec<ProfileId>), ReviewError> {
        let left = profile_of(visit, decision.pair.left()).await?;
        let right = profile_of(visit, decision.pair.right()).await?;
        let about = if left == right {
            vec![left]
        } else {
            vec![left, right]
        };
        let effect = match decision.verdict {
            Verdict::Same if left == right => Effect::None,
            Verdict::Same => {
                let merged = self.merge(visit, [left, right], decision).await?;
                Effect::Merged {
                    into: merged.into,
                    records: merged.records,
                }
            }
            Verdict::Different if left == right => Effect::AtNextLinking,
            Verdict::Different => Effect::None,
        };
        Ok((effect, about))
    }
}

/// The official's name, for whoever acts as one.
pub(crate) fn official_name(actor: &Actor) -> Option<OfficialName> {
    match actor {
        Actor::Official { name, office } => Some(OfficialName {
            name: name.clone(),
            office: office.clone(),
        }),
        Actor::Holder { .. } | Actor::Verifier { .. } | Actor::Operator { .. } | Actor::Analyst { .. } => {
            None
        }
    }
}

fn official(actor: &Actor) -> Result<OfficialName, ReviewError> {
    official_name(actor).ok_or(ReviewError::NotAnOfficial)
}

fn own(item: &Item, official: &OfficialName) -> Result<(), ReviewError> {
    match &item.state {
        ItemState::Taken { by, .. } if by == official => Ok(()),
        ItemState::Taken { .. } => Err(ReviewError::TakenByOther),
        ItemState::Waiting => Err(ReviewError::NotTaken),
        ItemState::Decided { .. } | ItemState::Withdrawn { .. } => Err(ReviewError::Closed),
    }
}

async fn load_item(visit: &mut Visit, id: ItemId) -> Result<Item, ReviewError> {
    match visit.work.load_item(id).await {
        Err(StoreError::Missing { .. }) => Err(ReviewError::NoSuchItem),
        loaded => Ok(loaded?),
    }
}

async fn profile_of(visit: &mut Visit, record: &RecordKey) -> Result<ProfileId, ReviewError> {
    let link = visit.work.find_link(record, visit.now).await?;
    link.map(|link| link.profile).ok_or(ReviewError::NoSuchRecord)
}
