//! What a run of linkage starts from: records, links and decisions of one moment.
//!
//! Invariant: all of it from one snapshot, and nothing in it was known later than the time it is asked for.

use std::collections::BTreeMap;

use jiff::Timestamp;
use linkage::standing::{Ruling, Standing};
use records::{
    envelope::Record,
    key::{ProfileId, RecordKey},
    payload::{Payload, REGISTER_SOURCE},
};

use crate::{
    port::{
        Extent, PAGE_MAX, StoreError, Transaction,
        review_queue::{Pair, StandingDecision, Verdict},
        ruling_book::{Ruled, Ruling as StoredRuling},
    },
    registry::Registry,
};

/// Everything that the engine looks at.
pub(crate) struct Ground {
    /// Grows with every change: a run whose ground has moved is done again.
    pub(crate) extent: Extent,
    pub(crate) records: Vec<Record>,
    /// Records of the register itself: they are about a person by an official's word and compared with nothing.
    pub(crate) amendments: Vec<Record>,
    pub(crate) links: BTreeMap<RecordKey, ProfileId>,
    pub(crate) decisions: Vec<StandingDecision>,
    standing: Vec<StandingRuling>,
}

/// A ruling that stands, as linkage respects it.
struct StandingRuling {
    /// Records ruled to be one person's.
    together: Vec<RecordKey>,
    /// Profiles of a person with whose records none of these belongs.
    apart_from: Vec<ProfileId>,
}

impl Ground {
    pub(crate) fn standing(&self) -> Standing {
        Standing {
            links: self.links.clone(),
            rulings: self
                .decisions
                .iter()
                .map(ruling)
                .chain(self.standing.iter().flat_map(StandingRuling::rulings))
                .collect(),
        }
    }
}

impl StandingRuling {
    fn rulings(&self) -> Vec<Ruling> {
        let apart = self.together.iter().flat_map(|record| {
            self.apart_from.iter().map(|profile| Ruling::DoesNotBelong {
                record: record.clone(),
                profile: *profile,
            })
        });
        let together = self.together.windows(2).map(|pair| Ruling::SamePerson {
            one: pair[0].clone(),
            other: pair[1].clone(),
        });
        apart.chain(together).collect()
    }
}

impl Registry {
    pub(crate) async fn load_ground(&self) -> Result<Ground, StoreError> {
        let mut work = self.store.begin_read().await?;
        // The snapshot first, the time after it: whatever the snapshot holds was known by then.
        let extent = work.extent().await?;
        let known_at = self.now();
        let mut records: Vec<Record> = Vec::new();
        loop {
            let page = work
                .latest_records(known_at, records.last().map(|record| &record.key), PAGE_MAX)
                .await?;
            let full = page.len() == PAGE_MAX as usize;
            records.extend(page);
            if !full {
                break;
            }
        }
        let (amendments, records) = records
            .into_iter()
            .partition(|record| matches!(record.payload, Payload::Amendment(_)));
        let rulings = load_rulings(&mut *work, known_at).await?;
        Ok(Ground {
            extent,
            records,
            amendments,
            links: load_links(&mut *work, known_at).await?,
            decisions: load_decisions(&mut *work, known_at, &rulings).await?,
            standing: standing(&mut *work, known_at, &rulings).await?,
        })
    }
}

fn ruling(decision: &StandingDecision) -> Ruling {
    let (one, other) = (decision.pair.left().clone(), decision.pair.right().clone());
    match decision.verdict {
        Verdict::Same => Ruling::SamePerson { one, other },
        Verdict::Different => Ruling::DifferentPersons { one, other },
    }
}

async fn load_links(
    work: &mut dyn Transaction,
    known_at: Timestamp,
) -> Result<BTreeMap<RecordKey, ProfileId>, StoreError> {
    let mut links = BTreeMap::new();
    let mut last: Option<RecordKey> = None;
    loop {
        let page = work.links_at(known_at, last.as_ref(), PAGE_MAX).await?;
        let full = page.len() == PAGE_MAX as usize;
        last = page.last().map(|link| link.record.clone()).or(last);
        links.extend(page.into_iter().map(|link| (link.record, link.profile)));
        if !full {
            return Ok(links);
        }
    }
}

/// All rulings made by a time, as known then.
pub(crate) async fn load_rulings(
    work: &mut dyn Transaction,
    known_at: Timestamp,
) -> Result<Vec<StoredRuling>, StoreError> {
    let mut rulings: Vec<StoredRuling> = Vec::new();
    loop {
        let after = rulings.last().map(|ruling| ruling.id);
        let page = work.rulings(known_at, after, PAGE_MAX).await?;
        let full = page.len() == PAGE_MAX as usize;
        rulings.extend(page);
        if !full {
            return Ok(rulings);
        }
    }
}

async fn standing(
    work: &mut dyn Transaction,
    known_at: Timestamp,
    rulings: &[StoredRuling],
) -> Result<Vec<StandingRuling>, StoreError> {
    let mut standing = Vec::new();
    for StoredRuling { ruling, undone, .. } in rulings {
        if undone.is_some() {
            continue;
        }
        standing.push(match &ruling.ruled {
            Ruled::Parted { from, .. } => StandingRuling {
                together: ruling.records.clone(),
                apart_from: work.heirs(*from, known_at).await?,
            },
            // The two persons were seen whole: what the merged profile held then stays together, whatever contradicts.
            Ruled::Merged { into, .. } => StandingRuling {
                together: records_of_sources(work, *into, ruling.ruled_at).await?,
                apart_from: Vec::new(),
            },
        });
    }
    Ok(standing)
}

/// What sources say of a person: amendments are no ground for linkage.
pub(crate) async fn records_of_sources(
    work: &mut dyn Transaction,
    profile: ProfileId,
    known_at: Timestamp,
) -> Result<Vec<RecordKey>, StoreError> {
    let links = work.links_to(profile, known_at).await?;
    let records = links.into_iter().map(|link| link.record);
    Ok(records
        .filter(|record| record.source.as_str() != REGISTER_SOURCE)
        .collect())
}

/// Decisions in force, in the order in which they were taken; those taken back with their merge have no force.
pub(crate) async fn load_decisions(
    work: &mut dyn Transaction,
    known_at: Timestamp,
    rulings: &[StoredRuling],
) -> Result<Vec<StandingDecision>, StoreError> {
    let mut decisions: Vec<StandingDecision> = Vec::new();
    loop {
        let page = work
            .decisions(
                known_at,
                decisions.last().map(|decision| &decision.pair),
                PAGE_MAX,
            )
            .await?;
        let full = page.len() == PAGE_MAX as usize;
        decisions.extend(page);
        if !full {
            break;
        }
    }
    let undone: BTreeMap<&Pair, Timestamp> = rulings
        .iter()
        .filter_map(|ruling| match (&ruling.ruling.ruled, &ruling.undone) {
            (Ruled::Merged { pair, .. }, Some(undone)) => Some((pair, undone.at)),
            _ => None,
        })
        .collect();
    decisions.retain(|decision| {
        undone
            .get(&decision.pair)
            .is_none_or(|undone_at| decision.decided_at > *undone_at)
    });
    decisions.sort_by(|a, b| (a.decided_at, &a.pair).cmp(&(b.decided_at, &b.pair)));
    Ok(decisions)
}
