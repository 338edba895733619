//! Takes records out of a profile, because they are somebody else's.
//!
//! Invariant: linkage never brings them back while the ruling stands; taking it back puts each record where it was.

use std::collections::BTreeSet;

use records::{
    key::{ProfileId, RecordKey},
    payload::REGISTER_SOURCE,
};

use crate::{
    access::{action::Action, actor::Asker, permit::AccessError, visit::Visit},
    consequences::{Change, Consequences, ConsequencesError},
    port::{
        StoreError,
        contests::ContestId,
        link_book::{LINKS_MAX, LinkedBy, NewLink},
        outbox::News,
        random::RandomError,
        review_queue::OfficialName,
        ruling_book::{NewRuling, Ruled, RulingId},
    },
    registry::Registry,
    review::official_name,
    trace::Outcome,
    view_profile::find_heir,
    wording::words,
};

#[derive(Debug, thiserror::Error)]
pub enum PartError {
    #[error("there is no such profile")]
    NoSuchProfile,
    #[error("a record does not stand in the profile")]
    NotItsRecord,
    #[error("a profile keeps at least one record, and one at least leaves it")]
    NothingLeft,
    #[error("say in words why")]
    Words,
    #[error("only an official decides")]
    NotAnOfficial,
    #[error(transparent)]
    Access(#[from] AccessError),
    #[error("no randomness for a new profile id")]
    Random(#[from] RandomError),
    #[error(transparent)]
    Consequences(#[from] ConsequencesError),
    #[error("could not change the links")]
    Store(#[from] StoreError),
}

/// What a parting led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parted {
    pub ruling: RulingId,
    /// The profile in which the records now stand.
    pub into: ProfileId,
}

/// Which records leave which profile, by whose word.
pub(crate) struct Parting<'p> {
    pub(crate) from: ProfileId,
    pub(crate) records: BTreeSet<RecordKey>,
    pub(crate) reason: &'p str,
    pub(crate) official: &'p OfficialName,
    pub(crate) case: Option<ContestId>,
}

impl Registry {
    /// Puts records of a profile into a new one.
    pub async fn part_profile(
        &self,
        asker: &Asker,
        profile: ProfileId,
        records: BTreeSet<RecordKey>,
        reason: &str,
    ) -> Result<Parted, PartError> {
        let official = official_name(&asker.actor).ok_or(PartError::NotAnOfficial)?;
        let reason = words(reason).ok_or(PartError::Words)?;
        let mut visit = self
            .enter_to_add(asker, Action::PartProfile, Some(profile))
            .await?;
        let from = find_heir(&mut *visit.work, profile, visit.now)
            .await?
            .ok_or(PartError::NoSuchProfile)?;
        let parting = Parting {
            from,
            records,
            reason: &reason,
            official: &official,
            case: None,
        };
        let parted = self.part(&mut visit, &parting).await?;
        let change = Change {
            profile: from,
            touched: &parting.records,
            group: None,
            news: News::Parted { into: parted.into },
            not_to: None,
        };
        let Consequences { .. } = self.follow(&mut visit, &change).await?;
        visit.leave(vec![from, parted.into], Outcome::Done).await?;
        Ok(parted)
    }

    /// Makes the links say so, and keeps the ruling that linkage respects.
    pub(crate) async fn part(&self, visit: &mut Visit, parting: &Parting<'_>) -> Result<Parted, PartError> {
        let links = visit.work.links_to(parting.from, visit.now).await?;
        let held: BTreeSet<&RecordKey> = links
            .iter()
            .map(|link| &link.record)
            // An amendment is about the person, so it stays; alone it makes no profile.
            .filter(|record| record.source.as_str() != REGISTER_SOURCE)
            .collect();
        if !parting.records.iter().all(|record| held.contains(record)) {
            return Err(PartError::NotItsRecord);
        }
        if parting.records.is_empty() || parting.records.len() == held.len() {
            return Err(PartError::NothingLeft);
        }
        let into = ProfileId::from_random_bits(self.random.bits128()?);
        let new: Vec<NewLink> = parting
            .records
            .iter()
            .map(|record| NewLink {
                record: record.clone(),
                profile: into,
                by: LinkedBy::Official {
                    name: parting.official.name.clone(),
                    office: parting.official.office.clone(),
                },
                weight: 0.0,
                explanation: serde_json::json!({ "basis": "parted" }),
            })
            .collect();
        for links in new.chunks(LINKS_MAX as usize) {
            visit.work.assign(links, visit.now).await?;
        }
        let purpose = visit.permit.purpose();
        let ruling = NewRuling {
            ruled: Ruled::Parted {
                from: parting.from,
                into,
            },
            records: parting.records.iter().cloned().collect(),
            official: parting.official.clone(),
            reason: parting.reason.to_owned(),
            purpose: purpose.id.to_string(),
            legal_basis: purpose.legal_basis.clone(),
            case: parting.case,
            ruled_at: visit.now,
        };
        let ruling = visit.work.add_ruling(&ruling).await?;
        Ok(Parted { ruling, into })
    }
}
