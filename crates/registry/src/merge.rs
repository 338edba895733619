//! Makes two profiles one, because they are one person's.
//!
//! Used by the decision on a queue item (`review`) and by itself, for what linkage did not find.
//! Invariant: no merge goes against a ruling that stands between the two; that has to be taken back first.

use std::collections::BTreeSet;

use jiff::Timestamp;
use records::key::{ProfileId, RecordKey};

use crate::{
    access::{action::Action, actor::Asker, permit::AccessError, visit::Visit},
    consequences::{Change, ConsequencesError},
    ground::{load_decisions, load_rulings, records_of_sources},
    port::{
        StoreError,
        link_book::{LINKS_MAX, LinkedBy, NewLink},
        outbox::News,
        review_queue::{Pair, StandingDecision, Verdict},
        ruling_book::{NewRuling, Ruled, RulingId},
    },
    registry::Registry,
    review::official_name,
    trace::Outcome,
    view_profile::find_heir,
    wording::words,
};

#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    #[error("there is no such profile")]
    NoSuchProfile,
    #[error("both are one profile already")]
    One,
    #[error("the decision contradicts one that stands between the two profiles")]
    Contradiction,
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

/// What a merge led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Merged {
    pub ruling: RulingId,
    pub into: ProfileId,
    pub records: u64,
}

impl Registry {
    /// Merges two profiles by an official's word.
    pub async fn merge_profiles(
        &self,
        asker: &Asker,
        profiles: [ProfileId; 2],
        reason: &str,
    ) -> Result<Merged, MergeError> {
        let official = official_name(&asker.actor).ok_or(MergeError::NotAnOfficial)?;
        let reason = words(reason).ok_or(MergeError::Words)?;
        let mut visit = self
            .enter_to_add(asker, Action::MergeProfiles, Some(profiles[0]))
            .await?;
        let mut sides = Vec::new();
        for profile in profiles {
            let heir = find_heir(&mut *visit.work, profile, visit.now).await?;
            sides.push(heir.ok_or(MergeError::NoSuchProfile)?);
        }
        let sides = [sides[0], sides[1]];
        let mut anchors = Vec::new();
        for side in sides {
            let records = records_of_sources(&mut *visit.work, side, visit.now).await?;
            anchors.push(records.into_iter().next().ok_or(MergeError::NoSuchProfile)?);
        }
        let [one, other] = [anchors[0].clone(), anchors[1].clone()];
        let decision = StandingDecision {
            pair: Pair::of(one, other),
            verdict: Verdict::Same,
            official,
            reason,
            purpose: visit.permit.purpose().id.to_string(),
            legal_basis: visit.permit.purpose().legal_basis.clone(),
            decided_at: visit.now,
        };
        let merged = self.merge(&mut visit, sides, &decision).await?;
        visit.work.add_decision(&decision).await?;
        visit.leave(sides.to_vec(), Outcome::Done).await?;
        Ok(merged)
    }

    /// Moves the records of the profile with fewer of them (of two equal ones, the younger) to the other.
    pub(crate) async fn merge(
        &self,
        visit: &mut Visit,
        sides: [ProfileId; 2],
        decision: &StandingDecision,
    ) -> Result<Merged, MergeError> {
        if sides[0] == sides[1] {
            return Err(MergeError::One);
        }
        let mut ranked = Vec::new();
        for profile in sides {
            let links = visit.work.links_to(profile, visit.now).await?;
            let records: BTreeSet<RecordKey> = links.into_iter().map(|link| link.record).collect();
            let since: Timestamp = visit.work.profile_since(profile).await?;
            ranked.push((std::cmp::Reverse(records.len()), since, profile, records));
        }
        ranked.sort();
        let [(_, _, into, kept), (_, _, from, moving)] = &ranked[..] else {
            return Err(MergeError::One);
        };
        check_rulings(visit, decision, kept, moving).await?;
        let links: Vec<NewLink> = moving
            .iter()
            .map(|record| by_decision(record, *into, decision))
            .collect();
        for links in links.chunks(LINKS_MAX as usize) {
            visit.work.assign(links, visit.now).await?;
        }
        let ruling = NewRuling {
            ruled: Ruled::Merged {
                from: *from,
                into: *into,
                pair: decision.pair.clone(),
            },
            records: moving.iter().cloned().collect(),
            official: decision.official.clone(),
            reason: decision.reason.clone(),
            purpose: decision.purpose.clone(),
            legal_basis: decision.legal_basis.clone(),
            case: None,
            ruled_at: visit.now,
        };
        let ruling = visit.work.add_ruling(&ruling).await?;
        for profile in [*from, *into] {
            let change = Change {
                profile,
                touched: moving,
                group: None,
                news: News::Merged { into: *into },
                not_to: None,
            };
            self.follow(visit, &change).await?;
        }
        Ok(Merged {
            ruling,
            into: *into,
            records: moving.len() as u64,
        })
    }
}

async fn check_rulings(
    visit: &mut Visit,
    decision: &StandingDecision,
    kept: &BTreeSet<RecordKey>,
    moving: &BTreeSet<RecordKey>,
) -> Result<(), MergeError> {
    let rulings = load_rulings(&mut *visit.work, visit.now).await?;
    for standing in load_decisions(&mut *visit.work, visit.now, &rulings).await? {
        let across = |a, b| kept.contains(a) && moving.contains(b);
        let (one, other) = (standing.pair.left(), standing.pair.right());
        let parts = across(one, other) || across(other, one);
        if standing.verdict == Verdict::Different && standing.pair != decision.pair && parts {
            return Err(MergeError::Contradiction);
        }
    }
    for ruling in rulings.iter().filter(|ruling| ruling.undone.is_none()) {
        let Ruled::Parted { from, .. } = &ruling.ruling.ruled else {
            continue;
        };
        let heirs = visit.work.heirs(*from, visit.now).await?;
        for (parted, others) in [(kept, moving), (moving, kept)] {
            let holds_parted = ruling.ruling.records.iter().any(|record| parted.contains(record));
            if !holds_parted {
                continue;
            }
            for record in others {
                let link = visit.work.find_link(record, visit.now).await?;
                if link.is_some_and(|link| heirs.contains(&link.profile)) {
                    return Err(MergeError::Contradiction);
                }
            }
        }
    }
    Ok(())
}

fn by_decision(record: &RecordKey, profile: ProfileId, decision: &StandingDecision) -> NewLink {
    NewLink {
        record: record.clone(),
        profile,
        by: LinkedBy::Official {
            name: decision.official.name.clone(),
            office: decision.official.office.clone(),
        },
        weight: 0.0,
        explanation: serde_json::json!({
            "basis": "decided",
            "one": decision.pair.left(),
            "other": decision.pair.right(),
        }),
    }
}
