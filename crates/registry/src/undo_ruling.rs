//! Takes back a merge or a parting: each record that it moved goes back to where it was.
//!
//! Invariant: links, profile and status are afterwards what they would be had the ruling never been made. A record that
//! a later ruling has moved stands in the way: that ruling has to be taken back first. What linkage has moved since on
//! the ground of this ruling does not.

use std::collections::BTreeSet;

use records::key::{ProfileId, RecordKey};

use crate::{
    access::{action::Action, actor::Asker, permit::AccessError, visit::Visit},
    consequences::{Change, ConsequencesError},
    ground::load_rulings,
    port::{
        StoreError,
        link_book::{Assigned, LINKS_MAX, LinkedBy, NewLink},
        outbox::News,
        review_queue::ItemState,
        ruling_book::{Ruled, Ruling, RulingId, Undone},
    },
    registry::Registry,
    review::official_name,
    trace::Outcome,
    view_profile::find_heir,
    wording::words,
};

/// Rulings about one profile that a page shows.
pub const RULINGS_MAX: u32 = 1_000;

#[derive(Debug, thiserror::Error)]
pub enum UndoError {
    #[error("there is no such ruling")]
    NoSuchRuling,
    #[error("the ruling is taken back already")]
    Already,
    #[error("a later ruling has moved the records since")]
    Later,
    #[error("say in words why")]
    Words,
    #[error("only an official decides")]
    NotAnOfficial,
    #[error(transparent)]
    Access(#[from] AccessError),
    #[error(transparent)]
    Consequences(#[from] ConsequencesError),
    #[error("could not change the links")]
    Store(#[from] StoreError),
}

impl Registry {
    /// Rulings that moved records from or to a profile, the newest first.
    pub async fn rulings_about(&self, asker: &Asker, profile: ProfileId) -> Result<Vec<Ruling>, UndoError> {
        let mut visit = self.enter(asker, Action::UndoRuling, Some(profile)).await?;
        let rulings = visit.work.rulings_about(profile, RULINGS_MAX).await?;
        visit.leave(vec![profile], Outcome::Done).await?;
        Ok(rulings)
    }

    /// Takes a ruling back.
    pub async fn undo_ruling(&self, asker: &Asker, id: RulingId, reason: &str) -> Result<(), UndoError> {
        let official = official_name(&asker.actor).ok_or(UndoError::NotAnOfficial)?;
        let reason = words(reason).ok_or(UndoError::Words)?;
        let mut visit = self.enter_to_add(asker, Action::UndoRuling, None).await?;
        let ruling = match visit.work.load_ruling(id).await {
            Err(StoreError::Missing { .. }) => return Err(UndoError::NoSuchRuling),
            loaded => loaded?,
        };
        if ruling.undone.is_some() {
            return Err(UndoError::Already);
        }
        let ruled = &ruling.ruling.ruled;
        let (from, into) = (ruled.from_profile(), ruled.into_profile());
        let mut touched_profiles = put_back(&mut visit, &ruling).await?;
        touched_profiles.extend([from, into]);
        let undone = Undone {
            official,
            reason,
            legal_basis: visit.permit.purpose().legal_basis.clone(),
            at: visit.now,
        };
        visit.work.undo_ruling(id, &undone).await?;
        ask_again(&mut visit, ruled).await?;
        let touched: BTreeSet<RecordKey> = ruling.ruling.records.iter().cloned().collect();
        for profile in touched_profiles.iter().copied() {
            let other = if profile == from { into } else { from };
            let change = Change {
                profile,
                touched: &touched,
                group: None,
                news: News::Restored { other },
                not_to: None,
            };
            self.follow(&mut visit, &change).await?;
        }
        let about = touched_profiles.into_iter().collect();
        visit.leave(about, Outcome::Done).await?;
        Ok(())
    }
}

/// Answers the profiles that lose or win records.
async fn put_back(visit: &mut Visit, ruling: &Ruling) -> Result<BTreeSet<ProfileId>, UndoError> {
    let ruled = &ruling.ruling.ruled;
    let later = load_rulings(&mut *visit.work, visit.now).await?;
    let moved_since = later
        .iter()
        .filter(|other| other.id > ruling.id && other.undone.is_none())
        .flat_map(|other| &other.ruling.records)
        .collect::<BTreeSet<_>>();
    let target = target(visit, ruled).await?;
    let mut links = Vec::with_capacity(ruling.ruling.records.len());
    for record in &ruling.ruling.records {
        if moved_since.contains(record) {
            return Err(UndoError::Later);
        }
        links.push(NewLink {
            record: record.clone(),
            profile: target,
            by: LinkedBy::Official {
                name: ruling.ruling.official.name.clone(),
                office: ruling.ruling.official.office.clone(),
            },
            weight: 0.0,
            explanation: serde_json::json!({ "basis": "restored", "ruling": ruling.id.0 }),
        });
    }
    let mut profiles = BTreeSet::from([target]);
    for links in links.chunks(LINKS_MAX as usize) {
        for assigned in visit.work.assign(links, visit.now).await? {
            if let Assigned::Moved { from } = assigned {
                profiles.insert(from);
            }
        }
    }
    Ok(profiles)
}

/// Where the records were: after a parting their former profile may have gone into another one since.
async fn target(visit: &mut Visit, ruled: &Ruled) -> Result<ProfileId, UndoError> {
    match ruled {
        Ruled::Merged { from, .. } => Ok(*from),
        Ruled::Parted { from, .. } => find_heir(&mut *visit.work, *from, visit.now)
            .await?
            .ok_or(UndoError::Later),
    }
}

/// A pair of the queue that was decided so waits for a decision again.
async fn ask_again(visit: &mut Visit, ruled: &Ruled) -> Result<(), StoreError> {
    let Ruled::Merged { pair, .. } = ruled else {
        return Ok(());
    };
    if let Some(item) = visit.work.find_item(pair).await? {
        visit.work.set_item_state(item.id, &ItemState::Waiting).await?;
    }
    Ok(())
}
