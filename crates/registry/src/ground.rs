//! What a run of linkage starts from: records, links and decisions of one moment.
//!
//! Invariant: all of it from one snapshot, and nothing in it was known later than the time it is asked for.
//! Records go to the engine page by page and are let go: there may be more of them than memory holds.

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;
use linkage::{engine::Engine, standing::Ruling};
use records::{
    envelope::Record,
    key::{ProfileId, RecordKey},
    payload::{Payload, REGISTER_SOURCE},
};

use crate::{
    link::LinkError,
    port::{
        Extent, PAGE_MAX, StoreError, Transaction,
        link_book::OpenLink,
        review_queue::{Pair, StandingDecision, Verdict},
        ruling_book::{Ruled, Ruling as StoredRuling},
    },
    registry::Registry,
};

/// Everything that the engine looks at.
pub(crate) struct Ground {
    /// Grows with every change: a run whose ground has moved is done again.
    pub(crate) extent: Extent,
    /// Holds the records and the profile in which each stands.
    pub(crate) engine: Engine,
    /// Records of the register itself: they are about a person by an official's word and compared with nothing.
    pub(crate) amendments: Vec<Record>,
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
    pub(crate) fn rulings(&self) -> Vec<Ruling> {
        let rulings = self.standing.iter().flat_map(StandingRuling::rulings);
        self.decisions.iter().map(ruling).chain(rulings).collect()
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
    pub(crate) async fn load_ground(&self) -> Result<Ground, LinkError> {
        let mut work = self.store.begin_read().await?;
        // The snapshot first, the time after it: whatever the snapshot holds was known by then, be it by the clock of
        // another program that runs ahead of this one's.
        let extent = work.extent().await?;
        let now = self.now();
        let latest = work.latest_known_time().await?;
        let known_at = latest.map_or(now, |latest| latest.max(now));
        let mut reading = Reading::new(known_at);
        let mut engine = Engine::new(self.linkage.clone());
        let mut page = reading.page(&mut *work).await?;
        while !page.is_empty() {
            // The engine compiles one page on a thread of its own while the next one is read.
            let adding = tokio::task::spawn_blocking(move || engine.add(&page).map(|()| engine));
            page = reading.page(&mut *work).await?;
            engine = adding.await.map_err(|_| LinkError::CutOff)??;
        }
        let rulings = load_rulings(&mut *work, known_at).await?;
        Ok(Ground {
            extent,
            engine,
            amendments: reading.amendments,
            decisions: load_decisions(&mut *work, known_at, &rulings).await?,
            standing: standing(&mut *work, known_at, &rulings).await?,
        })
    }
}

/// Reads records and links side by side, both by key.
struct Reading {
    known_at: Timestamp,
    last_record: Option<RecordKey>,
    /// Read and not yet reached by the records.
    links: VecDeque<OpenLink>,
    last_link: Option<RecordKey>,
    links_end: bool,
    amendments: Vec<Record>,
}

impl Reading {
    fn new(known_at: Timestamp) -> Self {
        Self {
            known_at,
            last_record: None,
            links: VecDeque::new(),
            last_link: None,
            links_end: false,
            amendments: Vec::new(),
        }
    }

    /// The next records of sources, each with the profile in which it stands; none at the end.
    async fn page(
        &mut self,
        work: &mut dyn Transaction,
    ) -> Result<Vec<(Record, Option<ProfileId>)>, StoreError> {
        let mut page = Vec::new();
        // a page of nothing but amendments is no end
        while page.is_empty() {
            let records = work
                .latest_records(self.known_at, self.last_record.as_ref(), PAGE_MAX)
                .await?;
            let Some(last) = records.last() else { break };
            self.last_record = Some(last.key.clone());
            for record in records {
                let profile = self.profile_of(&record.key, work).await?;
                if matches!(record.payload, Payload::Amendment(_)) {
                    self.amendments.push(record);
                } else {
                    page.push((record, profile));
                }
            }
        }
        Ok(page)
    }

    async fn profile_of(
        &mut self,
        record: &RecordKey,
        work: &mut dyn Transaction,
    ) -> Result<Option<ProfileId>, StoreError> {
        loop {
            while self.links.front().is_some_and(|link| link.record < *record) {
                self.links.pop_front();
            }
            if let Some(link) = self.links.front() {
                return Ok(Some(link.profile).filter(|_| link.record == *record));
            }
            if self.links_end {
                return Ok(None);
            }
            let page = work
                .links_at(self.known_at, self.last_link.as_ref(), PAGE_MAX)
                .await?;
            self.links_end = page.len() < PAGE_MAX as usize;
            self.last_link = page
                .last()
                .map(|link| link.record.clone())
                .or(self.last_link.take());
            self.links = page.into();
        }
    }
}

fn ruling(decision: &StandingDecision) -> Ruling {
    let (one, other) = (decision.pair.left().clone(), decision.pair.right().clone());
    match decision.verdict {
        Verdict::Same => Ruling::SamePerson { one, other },
        Verdict::Different => Ruling::DifferentPersons { one, other },
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
