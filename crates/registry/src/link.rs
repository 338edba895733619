//! Assigns every record to a profile, and puts what the engine would not decide before an official.
//!
//! In: the highest version of each record, the links and the officials' decisions that stand. Out: new links and the
//! queue, in one transaction.
//! Invariant: a profile id stays with its records; a record that changes profile ends one link and begins another.
//! Invariant: run again over the same records it changes nothing.
//! Not here: the comparing (`linkage`).

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use linkage::assignment::{Assignment, Basis, Cluster, Explanation};
use records::{
    envelope::Record,
    key::{ProfileId, RecordKey, list::OutOfOrder},
};
use serde::Serialize;

use crate::{
    access::{action::Action, actor::Asker, permit::AccessError, visit::Visit},
    amended_person,
    ground::Ground,
    port::{
        StoreError,
        link_book::{Assigned, LinkedBy, NewLink},
        random::RandomError,
        review_queue::{NewItem, Pair, StandingDecision},
    },
    registry::Registry,
    trace::{ENTRY_PROFILES_MAX, Outcome},
};

/// Links that are made in one go: their explanations are written out only then, so that memory stays small.
const LINKS_AT_ONCE: usize = 2_000;
/// Runs of the engine before giving up on a store that changes all the while.
const TRIES_MAX: u32 = 3;

/// What a run did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LinkReport {
    pub records: u64,
    pub profiles: u64,
    pub new_profiles: u64,
    /// Records that had no profile before.
    pub linked: u64,
    /// Records that went from one profile to another.
    pub moved: u64,
    /// Links that rest on evidence above the threshold, by the engine's word.
    pub automatic: u64,
    pub queue_new: u64,
    pub queue_withdrawn: u64,
    pub queue_open: u64,
    /// Officials' decisions that contradict others and could not be kept.
    pub decisions_broken: u64,
    pub load_ms: i64,
    pub compare_ms: i64,
    pub store_ms: i64,
}

/// Why no links were made. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    #[error(transparent)]
    Access(#[from] AccessError),
    #[error("no randomness for new profile ids")]
    Random(#[from] RandomError),
    #[error("the store changed during each of {TRIES_MAX} runs")]
    Disturbed,
    #[error("the comparing was cut off")]
    CutOff,
    #[error("the store did not give the records by key")]
    Order(#[from] OutOfOrder),
    #[error("an explanation cannot be written")]
    Explanation(#[from] serde_json::Error),
    #[error("could not keep the links")]
    Store(#[from] StoreError),
}

impl Registry {
    /// Links all records. The comparing holds no lock: others work on meanwhile, and if they change what it
    /// rests on, it is done again.
    pub async fn link_all(&self, asker: &Asker) -> Result<LinkReport, LinkError> {
        for _ in 0..TRIES_MAX {
            let permit = self.allow(asker, Action::Link, None).await?;
            let began = self.now();
            let ground = self.load_ground().await?;
            let loaded = self.now();
            let extent = ground.extent;
            let run = self.compare(ground).await?;
            let compared = self.now();
            let mut visit = self.add_under(permit).await?;
            if visit.work.extent().await? != extent {
                continue;
            }
            let mut report = self.keep(&mut visit, &run).await?;
            visit
                .leave(
                    Vec::new(),
                    Outcome::Counted {
                        count: report.linked + report.moved,
                    },
                )
                .await?;
            report.load_ms = milliseconds(began, loaded);
            report.compare_ms = milliseconds(loaded, compared);
            report.store_ms = milliseconds(compared, self.now());
            return Ok(report);
        }
        Err(LinkError::Disturbed)
    }

    /// Runs the engine on a thread of its own: it computes for seconds and waits for nothing.
    async fn compare(&self, ground: Ground) -> Result<Run, LinkError> {
        let run = tokio::task::spawn_blocking(move || {
            let rulings = ground.rulings();
            Run {
                assignment: ground.engine.finish(&rulings),
                amendments: ground.amendments,
                decisions: ground.decisions,
            }
        });
        run.await.map_err(|_| LinkError::CutOff)
    }

    /// The profile of each cluster: the one that goes on in it, or a new one.
    async fn name_profiles(
        &self,
        visit: &mut Visit,
        assignment: &Assignment,
        report: &mut LinkReport,
    ) -> Result<Vec<ProfileId>, LinkError> {
        let mut taken: BTreeSet<ProfileId> = assignment
            .clusters
            .iter()
            .filter_map(|cluster| cluster.keeps)
            .collect();
        let mut profiles = Vec::with_capacity(assignment.clusters.len());
        for cluster in &assignment.clusters {
            profiles.push(match cluster.keeps {
                Some(kept) => oldest_of_equals(visit, cluster, kept, &mut taken).await?,
                None => {
                    report.new_profiles += 1;
                    ProfileId::from_random_bits(self.random.bits128()?)
                }
            });
        }
        Ok(profiles)
    }

    async fn keep(&self, visit: &mut Visit, run: &Run) -> Result<LinkReport, LinkError> {
        let assignment = &run.assignment;
        let mut report = LinkReport {
            records: assignment.statistics.records,
            profiles: assignment.statistics.clusters,
            automatic: assignment.statistics.automatic_links,
            decisions_broken: assignment.broken_rulings.len() as u64,
            ..LinkReport::default()
        };
        let profiles = self.name_profiles(visit, assignment, &mut report).await?;
        let places = Places {
            assignment,
            profiles: &profiles,
        };
        let mut moved = BTreeSet::new();
        let disturbed = make_links(visit, run, &places, &mut moved, &mut report).await?;
        amended_person::follow(visit, &run.amendments, |record| places.profile_of(record)).await?;
        self.withdraw_resting_on(visit, &moved).await?;
        let raised = visit.work.raise(&queue_items(assignment), visit.now).await?;
        report.queue_new = raised.new;
        report.queue_withdrawn = raised.withdrawn;
        report.queue_open = visit.work.count_open_items().await?;
        tell(visit, &disturbed).await?;
        Ok(report)
    }
}

/// What a run of the engine found, and what else the ground held.
struct Run {
    assignment: Assignment,
    amendments: Vec<Record>,
    decisions: Vec<StandingDecision>,
}

/// In which profile each record stands after a run.
struct Places<'a> {
    assignment: &'a Assignment,
    /// Of each cluster.
    profiles: &'a [ProfileId],
}

impl Places<'_> {
    fn profile_at(&self, record: u32) -> Option<ProfileId> {
        let cluster = self.assignment.cluster_of(record)?;
        self.profiles.get(cluster as usize).copied()
    }

    fn profile_of(&self, record: &RecordKey) -> Option<ProfileId> {
        self.profile_at(self.assignment.find(record)?)
    }

    /// Records that do not stand where the engine puts them, a profile's side by side: what many of them name is indexed
    /// once.
    fn misplaced(&self) -> Vec<u32> {
        let mut misplaced: Vec<u32> = (0..self.assignment.records())
            .filter(|record| self.assignment.stood_in(*record) != self.profile_at(*record))
            .collect();
        misplaced.sort_by_key(|record| self.assignment.cluster_of(*record));
        misplaced
    }
}

/// Of the profiles that brought as many records into a cluster as the one that the engine keeps: the oldest, because
/// that is the one that people, answers and codes out there name.
async fn oldest_of_equals(
    visit: &mut Visit,
    cluster: &Cluster,
    kept: ProfileId,
    taken: &mut BTreeSet<ProfileId>,
) -> Result<ProfileId, StoreError> {
    if cluster.standing.len() < 2 {
        return Ok(kept);
    }
    let standing = || cluster.standing.iter();
    let brought = standing()
        .find(|brought| brought.profile == kept)
        .map(|brought| brought.records);
    let equals = standing().filter(|equal| Some(equal.records) == brought);
    let mut oldest = (visit.work.profile_since(kept).await?, kept);
    for equal in equals.map(|equal| equal.profile) {
        if !taken.contains(&equal) {
            oldest = oldest.min((visit.work.profile_since(equal).await?, equal));
        }
    }
    taken.insert(oldest.1);
    Ok(oldest.1)
}

/// Whoever had records moved to or from their profile sees it in the trace.
async fn tell(visit: &mut Visit, disturbed: &BTreeSet<ProfileId>) -> Result<(), StoreError> {
    let profiles: Vec<ProfileId> = disturbed.iter().copied().collect();
    for profiles in profiles.chunks(ENTRY_PROFILES_MAX) {
        let outcome = Outcome::Counted {
            count: profiles.len() as u64,
        };
        visit
            .work
            .trace(visit.permit.entry(visit.now, profiles.to_vec(), outcome))
            .await?;
    }
    Ok(())
}

/// Makes links for the records that do not stand where the engine puts them; answers the profiles that lost or won
/// records which had stood elsewhere.
async fn make_links(
    visit: &mut Visit,
    run: &Run,
    places: &Places<'_>,
    moved: &mut BTreeSet<RecordKey>,
    report: &mut LinkReport,
) -> Result<BTreeSet<ProfileId>, LinkError> {
    let decided: BTreeMap<&Pair, &StandingDecision> = run
        .decisions
        .iter()
        .map(|decision| (&decision.pair, decision))
        .collect();
    let mut disturbed = BTreeSet::new();
    for misplaced in places.misplaced().chunks(LINKS_AT_ONCE) {
        let links = new_links(misplaced, places, &decided)?;
        for (new, assigned) in links.iter().zip(visit.work.assign(&links, visit.now).await?) {
            match assigned {
                Assigned::Linked => report.linked += 1,
                Assigned::Unchanged => {}
                Assigned::Moved { from } => {
                    report.moved += 1;
                    moved.insert(new.record.clone());
                    disturbed.extend([from, new.profile]);
                }
            }
        }
    }
    Ok(disturbed)
}

fn new_links(
    records: &[u32],
    places: &Places<'_>,
    decided: &BTreeMap<&Pair, &StandingDecision>,
) -> Result<Vec<NewLink>, serde_json::Error> {
    let explanations = places.assignment.explain(records).into_iter();
    explanations
        .map(|explanation| {
            Ok(NewLink {
                profile: places.profiles[explanation.cluster as usize],
                by: linked_by(&explanation, decided, &places.assignment.engine),
                weight: weight(&explanation.basis),
                explanation: serde_json::to_value(&explanation.basis)?,
                record: explanation.record,
            })
        })
        .collect()
}

fn linked_by(
    explanation: &Explanation,
    decided: &BTreeMap<&Pair, &StandingDecision>,
    engine: &str,
) -> LinkedBy {
    let ruled = match &explanation.basis {
        Basis::Ruled { with } => decided.get(&Pair::of(explanation.record.clone(), with.clone())),
        Basis::Alone | Basis::Joined { .. } => None,
    };
    match ruled {
        Some(decision) => LinkedBy::Official {
            name: decision.official.name.clone(),
            office: decision.official.office.clone(),
        },
        None => LinkedBy::Engine {
            version: engine.to_owned(),
        },
    }
}

fn weight(basis: &Basis) -> f64 {
    match basis {
        Basis::Joined { weight, .. } => weight.as_bits(),
        Basis::Alone | Basis::Ruled { .. } => 0.0,
    }
}

fn queue_items(assignment: &Assignment) -> Vec<NewItem> {
    let mut items: BTreeMap<Pair, NewItem> = BTreeMap::new();
    for asked in &assignment.review {
        let pair = Pair::of(asked.record.clone(), asked.candidate.clone());
        let item = NewItem {
            harmful: asked.harmful,
            weight: asked.weight.as_bits(),
            explanation: serde_json::json!({ "waits": asked.waits, "evidence": asked.evidence }),
            pair: pair.clone(),
        };
        // the heaviest reason comes first and stays
        items.entry(pair).or_insert(item);
    }
    items.into_values().collect()
}

fn milliseconds(from: Timestamp, to: Timestamp) -> i64 {
    let took: SignedDuration = to.duration_since(from);
    i64::try_from(took.as_millis()).unwrap_or(i64::MAX)
}
