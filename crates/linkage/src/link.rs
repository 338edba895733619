//! One run over all records: compile, gather, block, score, join, place what harms, report.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use records::{envelope::Record, key::RecordKey};

use crate::{
    assemble::{Outcome, assemble},
    assignment::Assignment,
    blocks::{self, Candidates},
    book::{Book, Id},
    claim::compile,
    clusters::Clustering,
    double_use,
    groups::{self, Groups, gather},
    harm::{self, Placed},
    model::Model,
    people,
    rulings::Rulings,
    settings::Settings,
    standing::{Ruling, Standing},
};

/// Whose record is each? `records` in any order; of several versions under one key the highest counts.
pub fn link(records: &[&Record], standing: &Standing, settings: &Settings) -> Assignment {
    let records = latest_by_key(records);
    let index: HashMap<&RecordKey, Id> = records
        .iter()
        .enumerate()
        .map(|(at, record)| (&record.key, at as Id))
        .collect();
    let rulings = Rulings::read(standing, &index);
    let (claims, book) = compile(&records);
    let detached = double_use::find(&claims, &book);
    let stays: BTreeSet<(Id, Id)> = detached.iter().map(|stay| (stay.document, stay.card)).collect();
    let contested = double_use::contested(&claims, &book, &detached);
    let mut alone = rulings.named();
    alone.extend(contested.keys());
    let groups = gather(&claims, &book, &alone, &stays);
    let harming: Vec<bool> = groups
        .members
        .iter()
        .map(|members| claims[members[0] as usize].harms)
        .collect();
    let mut apart = set_apart(&rulings, &stays, &groups);
    apart.extend(contested.keys().map(|record| groups.of_record[*record as usize]));

    let people = people::guess(&groups.parties, book.numbers.len());
    let model = Model::count(&groups.parties, &people, &book);
    let Candidates { pairs, statistics } =
        blocks::candidates(&groups.parties, &book, settings.block_groups_max);
    let candidate_pairs = pairs.len() as u64;
    let by_itself = |group: Id| harming[group as usize] || apart.contains(&group);
    let (set_apart, free): (Vec<_>, Vec<_>) = pairs
        .into_iter()
        .partition(|(a, b)| by_itself(*a) || by_itself(*b));

    let mut clustering = Clustering::new(groups.parties.clone(), &free, &model, &book, settings);
    let broken = apply_rulings(&rulings, &groups, &mut clustering);
    clustering.run();
    let open = clustering.open();
    let harmed = place_harming(&harming, &set_apart, &clustering, &model, &book, settings);

    assemble(Outcome {
        records: &records,
        groups: &groups,
        clustering: &clustering,
        rulings: &rulings,
        broken_rulings: broken,
        open,
        harmed,
        detached: &detached,
        contested: &contested,
        standing,
        settings,
        blocks: statistics,
        candidate_pairs,
    })
}

/// Groups that the engine joins to nobody: an official has placed them, or one has to.
fn set_apart(rulings: &Rulings, stays: &BTreeSet<(Id, Id)>, groups: &Groups<'_>) -> BTreeSet<Id> {
    let placed = rulings
        .placed
        .keys()
        .map(|record| groups.of_record[*record as usize]);
    let of_stays = groups.members.iter().enumerate().filter_map(|(group, members)| {
        let first = &groups.claims[members[0] as usize];
        groups::stay_set_apart(first, stays).map(|_| group as Id)
    });
    placed.chain(of_stays).collect()
}

fn latest_by_key<'a>(records: &[&'a Record]) -> Vec<&'a Record> {
    let mut sorted = records.to_vec();
    sorted.sort_by(|a, b| {
        a.key
            .cmp(&b.key)
            .then(b.version.cmp(&a.version))
            .then(a.digest.cmp(&b.digest))
    });
    sorted.dedup_by(|later, kept| later.key == kept.key);
    sorted
}

/// Gives back the rulings that contradict others.
fn apply_rulings(rulings: &Rulings, groups: &Groups<'_>, clustering: &mut Clustering<'_>) -> Vec<Ruling> {
    let group = |record: Id| groups.of_record[record as usize];
    let mut broken = Vec::new();
    for (one, other, _) in &rulings.apart {
        clustering.forbid(group(*one), group(*other));
    }
    for (one, other, ruling) in &rulings.together {
        let (a, b) = (clustering.root(group(*one)), clustering.root(group(*other)));
        if a != b && clustering.is_forbidden(a, b) {
            broken.push(ruling.clone());
        } else {
            clustering.rule_together(a, b);
        }
    }
    broken
}

fn place_harming(
    harming: &[bool],
    pairs: &[(Id, Id)],
    clustering: &Clustering<'_>,
    model: &Model,
    book: &Book,
    settings: &Settings,
) -> Vec<Placed> {
    let mut neighbours: BTreeMap<Id, BTreeSet<Id>> = BTreeMap::new();
    for &(a, b) in pairs {
        for (one, other) in [(a, b), (b, a)] {
            if harming[one as usize] && !harming[other as usize] {
                neighbours.entry(one).or_default().insert(clustering.root(other));
            }
        }
    }
    neighbours
        .iter()
        // An official may have placed it already.
        .filter(|(group, _)| clustering.root(**group) == **group && clustering.party(**group).size == 1)
        .map(|(&group, roots)| {
            let roots: Vec<Id> = roots.iter().copied().collect();
            harm::place(group, &roots, clustering, model, book, settings)
        })
        .collect()
}
