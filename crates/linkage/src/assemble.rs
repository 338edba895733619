//! Turns the outcome of a run into what callers keep: clusters, reasons, the review queue.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use records::key::ProfileId;

use crate::{
    assignment::{Assignment, BlockStatistics, Brought, Cluster, ReviewItem, Statistics},
    book::Id,
    clusters::{Clustering, Open},
    engine::{Cases, Material},
    harm::Placed,
    holding::Holding,
    joins::Joins,
    model::Model,
    reasons::{Carried, Reasons},
    review,
    settings::{ENGINE, Settings},
    standing::Ruling,
};

/// Everything that a run found out.
pub(crate) struct Outcome<'a> {
    pub material: &'a Material,
    pub cases: &'a Cases,
    pub clustering: Clustering<'a>,
    pub broken_rulings: Vec<Ruling>,
    pub open: Vec<Open>,
    pub harmed: Vec<Placed>,
    pub settings: &'a Settings,
    pub blocks: Vec<BlockStatistics>,
    pub candidate_pairs: u64,
    pub unlinkable: u64,
}

/// An assignment but for the material that its reasons are told from.
pub(crate) struct Assembled {
    clusters: Vec<Cluster>,
    cluster_of_record: Vec<u32>,
    joins: Joins,
    carried: BTreeMap<Id, Carried>,
    review: Vec<ReviewItem>,
    broken_rulings: Vec<Ruling>,
    statistics: Statistics,
}

pub(crate) fn assemble(outcome: Outcome<'_>) -> Assembled {
    let roots = final_roots(&outcome);
    let (cluster_of_record, sizes) = clusters(&outcome, &roots);
    let (review, review_dropped) = review::queue(&outcome, &roots, &cluster_of_record);
    let contradicting = outcome.open.iter().filter(|open| !open.contradicting.is_empty());
    let statistics = Statistics {
        records: u64::from(outcome.material.keys.len()),
        groups: outcome.cases.groups.len() as u64,
        clusters: sizes.len() as u64,
        contradicted: contradicting.count() as u64,
        blocks: outcome.blocks,
        candidate_pairs: outcome.candidate_pairs,
        automatic_links: 0,
        review_dropped,
        unlinkable: outcome.unlinkable,
    };
    let clustering = outcome.clustering;
    let carried = outcome
        .harmed
        .into_iter()
        .filter_map(|placed| {
            let (root, comparison) = placed.joins?;
            let with = clustering.party(root).least;
            Some((placed.group, Carried { with, comparison }))
        })
        .collect();
    Assembled {
        clusters: standing_clusters(&outcome.material.holding, &cluster_of_record, &sizes),
        cluster_of_record,
        joins: clustering.into_joins(),
        carried,
        review,
        broken_rulings: outcome.broken_rulings,
        statistics,
    }
}

impl Assembled {
    pub(crate) fn into_assignment(self, material: Material, cases: Cases, model: Model) -> Assignment {
        let Assembled { mut statistics, .. } = self;
        let reasons = Reasons {
            sizes: self.clusters.iter().map(|cluster| cluster.records).collect(),
            cluster_of_record: self.cluster_of_record,
            joins: self.joins,
            carried: self.carried,
            placed: cases.rulings.placed,
            groups: cases.groups,
            material,
            model,
        };
        statistics.automatic_links = reasons.count_joined();
        Assignment {
            engine: ENGINE.to_owned(),
            clusters: self.clusters,
            review: self.review,
            broken_rulings: self.broken_rulings,
            statistics,
            reasons,
        }
    }
}

/// Root of each group after harming records and records placed by officials have been put where they go.
fn final_roots(outcome: &Outcome<'_>) -> Vec<Id> {
    let groups = &outcome.cases.groups;
    let mut roots: Vec<Id> = (0..groups.len() as Id)
        .map(|group| outcome.clustering.root(group))
        .collect();
    for placed in &outcome.harmed {
        if let Some((root, _)) = &placed.joins {
            roots[placed.group as usize] = *root;
        }
    }
    let placed = &outcome.cases.rulings.placed;
    let placed_groups: BTreeSet<Id> = placed.keys().map(|record| groups.of(*record)).collect();
    for (record, (_, others)) in placed {
        let mut count: BTreeMap<Id, u32> = BTreeMap::new();
        for other in others {
            let group = groups.of(*other);
            if !placed_groups.contains(&group) {
                *count.entry(roots[group as usize]).or_default() += 1;
            }
        }
        let most = count
            .iter()
            .max_by_key(|(root, count)| (**count, Reverse(**root)));
        if let Some((&root, _)) = most {
            roots[groups.of(*record) as usize] = root;
        }
    }
    roots
}

/// Cluster of each record, and how many records each cluster has. Clusters are numbered by their least record.
fn clusters(outcome: &Outcome<'_>, roots: &[Id]) -> (Vec<u32>, Vec<u32>) {
    const NONE: u32 = u32::MAX;
    let groups = &outcome.cases.groups;
    let mut cluster_of_root = vec![NONE; groups.len()];
    let mut sizes: Vec<u32> = Vec::new();
    let cluster_of_record = groups
        .of_record
        .iter()
        .map(|group| {
            let cluster = &mut cluster_of_root[roots[*group as usize] as usize];
            if *cluster == NONE {
                *cluster = sizes.len() as u32;
                sizes.push(0);
            }
            sizes[*cluster as usize] += 1;
            *cluster
        })
        .collect();
    (cluster_of_record, sizes)
}

/// The clusters with the profiles in which their records stood.
fn standing_clusters(holding: &Holding, cluster_of_record: &[u32], sizes: &[u32]) -> Vec<Cluster> {
    let mut held: Vec<(u32, ProfileId)> = (0..)
        .zip(cluster_of_record)
        .filter_map(|(record, cluster)| Some((*cluster, holding.of(record)?)))
        .collect();
    held.sort_unstable();
    let mut clusters: Vec<Cluster> = sizes
        .iter()
        .map(|records| Cluster {
            records: *records,
            standing: Vec::new(),
            keeps: None,
        })
        .collect();
    for brought in held.chunk_by(|one, next| one == next) {
        let (cluster, profile) = brought[0];
        clusters[cluster as usize].standing.push(Brought {
            profile,
            records: brought.len() as u32,
        });
    }
    for cluster in &mut clusters {
        cluster
            .standing
            .sort_by_key(|brought| (Reverse(brought.records), brought.profile));
        cluster.standing.shrink_to_fit();
    }
    keep_ids(&mut clusters);
    clusters
}

/// Each standing id goes on with the cluster that took most of its records; the larger share is served first.
fn keep_ids(clusters: &mut [Cluster]) {
    let mut claims: Vec<(Reverse<u32>, usize, ProfileId)> = Vec::new();
    for (at, cluster) in clusters.iter().enumerate() {
        let standing = cluster.standing.iter();
        claims.extend(standing.map(|brought| (Reverse(brought.records), at, brought.profile)));
    }
    claims.sort_unstable();
    let mut taken = BTreeSet::new();
    for (_, at, profile) in claims {
        if clusters[at].keeps.is_none() && taken.insert(profile) {
            clusters[at].keeps = Some(profile);
        }
    }
}
