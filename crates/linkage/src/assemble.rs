//! Turns the outcome of a run into what callers keep: clusters by record key, explanations, the review queue.

use std::collections::{BTreeMap, BTreeSet};

use records::{
    envelope::Record,
    key::{ProfileId, RecordKey},
};

use crate::{
    assignment::{Assignment, Basis, BlockStatistics, Cluster, Explanation, Statistics},
    book::Id,
    clusters::{Clustering, Join, Open},
    double_use::Detached,
    groups::Groups,
    harm::Placed,
    review,
    rulings::Rulings,
    settings::{ENGINE, Settings},
    standing::{Ruling, Standing},
};

/// Everything that a run found out.
pub(crate) struct Outcome<'a> {
    pub records: &'a [&'a Record],
    pub groups: &'a Groups<'a>,
    pub clustering: &'a Clustering<'a>,
    pub rulings: &'a Rulings,
    pub broken_rulings: Vec<Ruling>,
    pub open: Vec<Open>,
    pub harmed: Vec<Placed>,
    pub detached: &'a [Detached],
    /// Records in question while two people used a document, by place in `detached`.
    pub contested: &'a BTreeMap<Id, usize>,
    pub standing: &'a Standing,
    pub settings: &'a Settings,
    pub blocks: Vec<BlockStatistics>,
    pub candidate_pairs: u64,
}

pub(crate) fn assemble(outcome: Outcome<'_>) -> Assignment {
    let cluster_of_group = final_roots(&outcome);
    let (clusters, cluster_of_record) = clusters(&outcome, &cluster_of_group);
    let explanations = explanations(&outcome, &clusters, &cluster_of_record);
    let (review, review_dropped) = review::queue(&outcome, &cluster_of_group, &cluster_of_record);
    let automatic_links = explanations
        .iter()
        .filter(|e| matches!(e.basis, Basis::Joined { .. }))
        .count() as u64;
    let unlinkable = outcome
        .groups
        .parties
        .iter()
        .filter(|party| says_nothing(party))
        .count() as u64;
    let contradicted = outcome
        .open
        .iter()
        .filter(|open| !open.contradicting.is_empty())
        .count() as u64;
    Assignment {
        engine: ENGINE.to_owned(),
        statistics: Statistics {
            records: outcome.records.len() as u64,
            groups: outcome.groups.members.len() as u64,
            clusters: clusters.len() as u64,
            blocks: outcome.blocks,
            candidate_pairs: outcome.candidate_pairs,
            automatic_links,
            contradicted,
            review_dropped,
            unlinkable,
        },
        clusters,
        explanations,
        review,
        broken_rulings: outcome.broken_rulings,
    }
}

fn says_nothing(party: &crate::party::Party) -> bool {
    party.numbers.is_empty()
        && (party.births.is_empty() || party.latin.is_empty() && party.cyrillic.is_empty())
}

/// Root of each group after harming records and records placed by officials have been put where they go.
fn final_roots(outcome: &Outcome<'_>) -> Vec<Id> {
    let mut roots: Vec<Id> = (0..outcome.groups.members.len() as Id)
        .map(|group| outcome.clustering.root(group))
        .collect();
    for placed in &outcome.harmed {
        if let Some((root, _)) = &placed.joins {
            roots[placed.group as usize] = *root;
        }
    }
    let placed_groups: BTreeSet<Id> = outcome
        .rulings
        .placed
        .keys()
        .map(|record| outcome.groups.of_record[*record as usize])
        .collect();
    for (record, (_, others)) in &outcome.rulings.placed {
        let mut count: BTreeMap<Id, u32> = BTreeMap::new();
        for other in others {
            let group = outcome.groups.of_record[*other as usize];
            if !placed_groups.contains(&group) {
                *count.entry(roots[group as usize]).or_default() += 1;
            }
        }
        let most = count
            .iter()
            .max_by_key(|(root, count)| (**count, std::cmp::Reverse(**root)));
        if let Some((&root, _)) = most {
            roots[outcome.groups.of_record[*record as usize] as usize] = root;
        }
    }
    roots
}

fn clusters(outcome: &Outcome<'_>, roots: &[Id]) -> (Vec<Cluster>, Vec<u32>) {
    let mut by_root: BTreeMap<Id, Vec<Id>> = BTreeMap::new();
    for (record, group) in outcome.groups.of_record.iter().enumerate() {
        by_root
            .entry(roots[*group as usize])
            .or_default()
            .push(record as Id);
    }
    let mut members: Vec<Vec<Id>> = by_root.into_values().collect();
    // Records are numbered by key, so the first of each is its least.
    members.sort();
    let mut cluster_of_record = vec![0; outcome.records.len()];
    for (at, records) in members.iter().enumerate() {
        for &record in records {
            cluster_of_record[record as usize] = at as u32;
        }
    }
    let mut clusters: Vec<Cluster> = members.iter().map(|records| cluster(outcome, records)).collect();
    keep_ids(&mut clusters, &outcome.standing.links);
    (clusters, cluster_of_record)
}

fn cluster(outcome: &Outcome<'_>, records: &[Id]) -> Cluster {
    let keys: Vec<RecordKey> = records
        .iter()
        .map(|&record| outcome.records[record as usize].key.clone())
        .collect();
    let counts = standing_counts(&keys, &outcome.standing.links);
    let mut standing: Vec<ProfileId> = counts.keys().copied().collect();
    standing.sort_by_key(|profile| (std::cmp::Reverse(counts[profile]), *profile));
    Cluster {
        records: keys,
        standing,
        keeps: None,
    }
}

fn standing_counts(keys: &[RecordKey], links: &BTreeMap<RecordKey, ProfileId>) -> BTreeMap<ProfileId, u32> {
    let mut counts = BTreeMap::new();
    for profile in keys.iter().filter_map(|key| links.get(key)) {
        *counts.entry(*profile).or_default() += 1;
    }
    counts
}

/// Each standing id goes on with the cluster that took most of its records; the larger share is served first.
fn keep_ids(clusters: &mut [Cluster], links: &BTreeMap<RecordKey, ProfileId>) {
    let mut claims: Vec<(u32, usize, ProfileId)> = Vec::new();
    for (at, cluster) in clusters.iter().enumerate() {
        let counts = standing_counts(&cluster.records, links);
        claims.extend(counts.into_iter().map(|(profile, count)| (count, at, profile)));
    }
    claims.sort_by_key(|(count, at, profile)| (std::cmp::Reverse(*count), *at, *profile));
    let mut taken = BTreeSet::new();
    for (_, at, profile) in claims {
        if clusters[at].keeps.is_none() && taken.insert(profile) {
            clusters[at].keeps = Some(profile);
        }
    }
}

fn explanations(outcome: &Outcome<'_>, clusters: &[Cluster], cluster_of_record: &[u32]) -> Vec<Explanation> {
    let key = |record: Id| outcome.records[record as usize].key.clone();
    let first_join = first_joins(outcome);
    let mut explanations = Vec::with_capacity(outcome.records.len());
    for (record, &cluster) in cluster_of_record.iter().enumerate() {
        let group = outcome.groups.of_record[record];
        let basis = if clusters[cluster as usize].records.len() == 1 {
            Basis::Alone
        } else {
            basis(outcome, record as Id, group, first_join[group as usize], &key)
        };
        explanations.push(Explanation {
            record: key(record as Id),
            cluster,
            basis,
        });
    }
    explanations
}

/// The join that first brought each group together with another.
fn first_joins<'a>(outcome: &'a Outcome<'_>) -> Vec<Option<(&'a Join, usize)>> {
    let mut first: Vec<Option<(&Join, usize)>> = vec![None; outcome.groups.members.len()];
    for join in &outcome.clustering.joins {
        for (side, group) in join.sides.iter().enumerate() {
            first[*group as usize].get_or_insert((join, side));
        }
    }
    first
}

fn basis(
    outcome: &Outcome<'_>,
    record: Id,
    group: Id,
    join: Option<(&Join, usize)>,
    key: &dyn Fn(Id) -> RecordKey,
) -> Basis {
    if let Some((_, others)) = outcome.rulings.placed.get(&record)
        && let Some(&with) = others.first()
    {
        return Basis::Ruled { with: key(with) };
    }
    if let Some(placed) = outcome.harmed.iter().find(|placed| placed.group == group)
        && let Some((root, comparison)) = &placed.joins
    {
        return Basis::Joined {
            with: key(outcome.clustering.party(*root).least),
            weight: comparison.weight,
            evidence: comparison.evidence.clone(),
        };
    }
    let members = &outcome.groups.members[group as usize];
    if let Some(&least) = members.first()
        && least != record
    {
        let comparison = outcome.clustering.compare_records(outcome.groups, record, least);
        return Basis::Joined {
            with: key(least),
            weight: comparison.weight,
            evidence: comparison.evidence,
        };
    }
    match join {
        Some((join, side)) if join.ruled => Basis::Ruled {
            with: key(join.least[1 - side]),
        },
        Some((join, side)) => Basis::Joined {
            with: key(join.least[1 - side]),
            weight: join.weight,
            evidence: join.evidence.clone(),
        },
        // The group itself is the cluster: its least record is joined by the next one.
        None => match members.get(1) {
            Some(&next) => {
                let comparison = outcome.clustering.compare_records(outcome.groups, record, next);
                Basis::Joined {
                    with: key(next),
                    weight: comparison.weight,
                    evidence: comparison.evidence,
                }
            }
            None => Basis::Alone,
        },
    }
}
