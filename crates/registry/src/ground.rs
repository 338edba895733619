//! What a run of linkage starts from: records, links and decisions of one moment.
//!
//! Invariant: all of it from one snapshot, and nothing in it was known later than the time it is asked for.

use std::collections::BTreeMap;

use jiff::Timestamp;
use linkage::standing::{Ruling, Standing};
use records::{
    envelope::Record,
    key::{ProfileId, RecordKey},
};

use crate::{
    port::{
        Extent, PAGE_MAX, StoreError, Transaction,
        review_queue::{StandingDecision, Verdict},
    },
    registry::Registry,
};

/// Everything that the engine looks at.
pub(crate) struct Ground {
    /// Grows with every change: a run whose ground has moved is done again.
    pub(crate) extent: Extent,
    pub(crate) records: Vec<Record>,
    pub(crate) links: BTreeMap<RecordKey, ProfileId>,
    pub(crate) decisions: Vec<StandingDecision>,
}

impl Ground {
    pub(crate) fn standing(&self) -> Standing {
        Standing {
            links: self.links.clone(),
            rulings: self.decisions.iter().map(ruling).collect(),
        }
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
        Ok(Ground {
            extent,
            records,
            links: load_links(&mut *work, known_at).await?,
            decisions: load_decisions(&mut *work, known_at).await?,
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

/// Decisions in force, in the order in which they were taken.
pub(crate) async fn load_decisions(
    work: &mut dyn Transaction,
    known_at: Timestamp,
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
    decisions.sort_by(|a, b| (a.decided_at, &a.pair).cmp(&(b.decided_at, &b.pair)));
    Ok(decisions)
}
