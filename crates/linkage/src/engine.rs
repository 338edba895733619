//! One run over all records: take them in one after the other, then gather, block, score, join, place what harms, report.
//!
//! In: records by key, page by page; of each nothing is kept but what is compared, some tens of bytes.
//! Invariant: the same records and rulings give the same assignment, whatever the pages and the threads.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use records::{
    envelope::Record,
    key::{
        ProfileId,
        list::{KeyList, OutOfOrder},
    },
};

use crate::{
    assemble::{Outcome, assemble},
    assignment::Assignment,
    blocks::{self, Candidates},
    book::{Book, Id},
    claim::compile,
    claims::Claims,
    clusters::Clustering,
    double_use::{self, Detached},
    groups::{self, Groups, gather},
    harm::{self, Placed},
    holding::Holding,
    model::Model,
    people,
    rulings::Rulings,
    settings::Settings,
    standing::Ruling,
};

/// Takes records in, and says whose each is.
#[derive(Default)]
pub struct Engine {
    settings: Settings,
    material: Material,
}

/// All that is kept of the records.
#[derive(Default)]
pub(crate) struct Material {
    pub keys: KeyList,
    pub claims: Claims,
    pub book: Book,
    pub holding: Holding,
}

impl Engine {
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            ..Self::default()
        }
    }

    /// Takes in the next records, each with the profile in which it stands. Records come in the order of their keys, each
    /// in its highest version; nothing after one that does not is taken in.
    pub fn add(&mut self, page: &[(Record, Option<ProfileId>)]) -> Result<(), OutOfOrder> {
        let mut taken = Vec::with_capacity(page.len());
        let mut outcome = Ok(());
        for (record, profile) in page {
            outcome = self.material.keys.push(&record.key);
            if outcome.is_err() {
                break;
            }
            self.material.holding.push(*profile);
            taken.push(record);
        }
        for claim in compile(&taken, &mut self.material.book) {
            self.material.claims.push(&claim);
        }
        outcome
    }

    /// Whose record is each? `rulings`: decisions of officials in force.
    pub fn finish(self, rulings: &[Ruling]) -> Assignment {
        let Self {
            settings,
            mut material,
        } = self;
        material.holding.close();
        let Material { claims, book, .. } = &material;
        let cases = Cases::read(&material, rulings);
        let groups = &cases.groups;
        let parties = groups.parties(claims, book);
        let unlinkable = parties.iter().filter(|party| party.says_nothing()).count() as u64;
        let people = people::guess(&parties, book.number_count());
        let model = Model::count(&parties, &people, book);
        drop(people);
        let harming: Vec<bool> = (0..groups.len() as Id)
            .into_par_iter()
            .map(|group| claims.get(groups.least(group)).harms)
            .collect();
        let Candidates {
            mut pairs,
            statistics,
        } = blocks::candidates(&parties, book, settings.block_groups_max);
        let candidate_pairs = pairs.len() as u64;
        let apart = cases.set_apart(claims);
        let by_itself = |group: Id| harming[group as usize] || apart.contains(&group);
        let set_apart: Vec<(Id, Id)> = pairs
            .extract_if(.., |(a, b)| by_itself(*a) || by_itself(*b))
            .collect();

        let mut clustering = Clustering::new(parties, pairs, &model, book, &settings);
        let broken_rulings = apply_rulings(&cases.rulings, groups, &mut clustering);
        clustering.run();
        let open = clustering.open();
        let harmed = place_harming(&harming, &set_apart, &clustering, &model, book, &settings);
        let outcome = Outcome {
            material: &material,
            cases: &cases,
            clustering,
            broken_rulings,
            open,
            harmed,
            settings: &settings,
            blocks: statistics,
            candidate_pairs,
            unlinkable,
        };
        let assembled = assemble(outcome);
        assembled.into_assignment(material, cases, model)
    }
}

/// What is known of single records before any two are compared.
pub(crate) struct Cases {
    pub rulings: Rulings,
    pub detached: Vec<Detached>,
    /// Document and card of each stay set apart.
    stays: BTreeSet<(Id, Id)>,
    /// Records in question while two people used a document, by place in `detached`.
    pub contested: BTreeMap<Id, usize>,
    pub groups: Groups,
}

impl Cases {
    fn read(material: &Material, rulings: &[Ruling]) -> Self {
        let Material {
            keys,
            claims,
            book,
            holding,
        } = material;
        let rulings = Rulings::read(rulings, keys, holding);
        let detached = double_use::find(claims, book);
        let stays: BTreeSet<(Id, Id)> = detached.iter().map(|stay| (stay.document, stay.card)).collect();
        let contested = double_use::contested(claims, book, &detached);
        let mut alone = rulings.named();
        alone.extend(contested.keys());
        let groups = gather(claims, book, &alone, &stays);
        Self {
            rulings,
            detached,
            stays,
            contested,
            groups,
        }
    }

    /// Groups that the engine joins to nobody: an official has placed them, or one has to.
    fn set_apart(&self, claims: &Claims) -> BTreeSet<Id> {
        let placed = self.rulings.placed.keys().chain(self.contested.keys());
        let mut apart: BTreeSet<Id> = placed.map(|record| self.groups.of(*record)).collect();
        if !self.stays.is_empty() {
            apart.extend((0..self.groups.len() as Id).filter(|group| {
                let first = claims.get(self.groups.least(*group));
                groups::stay_set_apart(&first, &self.stays).is_some()
            }));
        }
        apart
    }
}

/// Gives back the rulings that contradict others.
fn apply_rulings(rulings: &Rulings, groups: &Groups, clustering: &mut Clustering<'_>) -> Vec<Ruling> {
    let mut broken = Vec::new();
    for (one, other, _) in &rulings.apart {
        clustering.forbid(groups.of(*one), groups.of(*other));
    }
    for (one, other, ruling) in &rulings.together {
        let [a, b] = [one, other].map(|record| clustering.root(groups.of(*record)));
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
