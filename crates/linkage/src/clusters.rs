//! Joins groups into persons, heaviest evidence first, under constraints.
//!
//! In: groups, candidate pairs, rulings. Out: clusters, what joined each group, and what stayed undecided.
//! Invariant: the next join is always the heaviest that is allowed, ties by least record, so the outcome depends on the
//! records alone; no join is made across a contradiction or a ruling.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, BinaryHeap},
};

use rayon::prelude::*;

use crate::{
    book::{Book, Id},
    compare::{Comparison, Tie, compare, contradictions},
    evidence::{Field, is_other_identity},
    joins::Joins,
    model::Model,
    neighbours::{Edge, Neighbours},
    party::Party,
    settings::Settings,
    weight::Weight,
};

/// A pair that was not joined though it looked like one.
pub(crate) struct Open {
    pub roots: [Id; 2],
    pub comparison: Comparison,
    pub contradicting: Vec<Field>,
    pub rivals: u32,
}

pub(crate) struct Clustering<'a> {
    parties: Vec<Party>,
    parent: Vec<Id>,
    versions: Vec<u32>,
    edges: Vec<Neighbours>,
    /// Groups that rulings keep from a cluster, by root.
    forbidden: BTreeMap<Id, BTreeSet<Id>>,
    queue: BinaryHeap<Proposal>,
    joins: Joins,
    model: &'a Model,
    book: &'a Book,
    settings: &'a Settings,
}

/// Pairs whose scores are held before they are entered.
const PAIRS_AT_ONCE: usize = 1_000_000;

/// A join to be tried: the heaviest first, then the one of the least records. The versions tell whether it is stale.
type Proposal = (Weight, Reverse<[Id; 2]>, Reverse<[Id; 2]>, [u32; 2]);

impl<'a> Clustering<'a> {
    pub(crate) fn new(
        parties: Vec<Party>,
        pairs: Vec<(Id, Id)>,
        model: &'a Model,
        book: &'a Book,
        settings: &'a Settings,
    ) -> Self {
        let groups = parties.len();
        let mut clustering = Self {
            parent: (0..groups as Id).collect(),
            versions: vec![0; groups],
            edges: Neighbours::with_room_for(&pairs, groups),
            forbidden: BTreeMap::new(),
            queue: BinaryHeap::new(),
            joins: Joins::new(groups),
            parties,
            model,
            book,
            settings,
        };
        for pairs in pairs.chunks(PAIRS_AT_ONCE) {
            let parties = &clustering.parties;
            let scored: Vec<Edge> = pairs
                .par_iter()
                .map(|&(a, b)| edge(&parties[a as usize], &parties[b as usize], model, book))
                .collect();
            for (&(a, b), edge) in pairs.iter().zip(scored) {
                clustering.connect(a, b, edge);
            }
        }
        clustering
    }

    fn connect(&mut self, a: Id, b: Id, edge: Edge) {
        self.edges[a as usize].insert(b, edge);
        self.edges[b as usize].insert(a, edge);
        if edge.weight >= self.settings.automatic {
            let (a, b) = (a.min(b), a.max(b));
            let least = [self.parties[a as usize].least, self.parties[b as usize].least];
            let versions = [self.versions[a as usize], self.versions[b as usize]];
            self.queue
                .push((edge.weight, Reverse(least), Reverse([a, b]), versions));
        }
    }

    pub(crate) fn root(&self, group: Id) -> Id {
        let mut at = group;
        while self.parent[at as usize] != at {
            at = self.parent[at as usize];
        }
        at
    }

    pub(crate) fn party(&self, root: Id) -> &Party {
        &self.parties[root as usize]
    }

    /// Two groups that a ruling keeps apart.
    pub(crate) fn forbid(&mut self, a: Id, b: Id) {
        self.forbidden.entry(a).or_default().insert(b);
        self.forbidden.entry(b).or_default().insert(a);
    }

    pub(crate) fn is_forbidden(&self, a: Id, b: Id) -> bool {
        let forbids = |one: Id, other: Id| {
            let groups = self.forbidden.get(&one).into_iter().flatten();
            groups.into_iter().any(|group| self.root(*group) == other)
        };
        forbids(a, b) || forbids(b, a)
    }

    /// Joins by an official's word, whatever the evidence says.
    pub(crate) fn rule_together(&mut self, a: Id, b: Id) {
        let (a, b) = (self.root(a), self.root(b));
        if a != b {
            let comparison = self.compared(a, b);
            self.join(a, b, comparison, true);
        }
    }

    fn compared_parties(&self, one: &Party, other: &Party) -> Comparison {
        compare(one, other, self.model, self.book)
    }

    /// How two clusters compare as they are now.
    pub(crate) fn compared(&self, a: Id, b: Id) -> Comparison {
        compare(
            &self.parties[a as usize],
            &self.parties[b as usize],
            self.model,
            self.book,
        )
    }

    /// Nothing is joined any more: all but the joins made so far is let go.
    pub(crate) fn into_joins(self) -> Joins {
        self.joins
    }

    /// Joins all that may be joined.
    pub(crate) fn run(&mut self) {
        let mut waiting: BTreeSet<[Id; 2]> = BTreeSet::new();
        loop {
            let joined = self.drain(&mut waiting);
            if !joined {
                break;
            }
            // A rival may have been joined meanwhile, so what waited is looked at again.
            for [a, b] in std::mem::take(&mut waiting) {
                let (a, b) = (self.root(a), self.root(b));
                if a != b
                    && let Some(edge) = self.edges[a as usize].get(b)
                {
                    self.connect(a, b, edge);
                }
            }
        }
    }

    fn drain(&mut self, waiting: &mut BTreeSet<[Id; 2]>) -> bool {
        let mut joined = false;
        while let Some((_, _, Reverse([a, b]), versions)) = self.queue.pop() {
            if versions != [self.versions[a as usize], self.versions[b as usize]] {
                continue;
            }
            if self.root(a) != a || self.root(b) != b {
                continue;
            }
            let comparison = self.compared(a, b);
            if !self.may_join(a, b, &comparison) {
                continue;
            }
            if self.rivals(a, b) > 0 {
                waiting.insert([a, b]);
                continue;
            }
            self.join(a, b, comparison, false);
            joined = true;
        }
        joined
    }

    fn may_join(&self, a: Id, b: Id, comparison: &Comparison) -> bool {
        let [one, other] = [a, b].map(|root| &self.parties[root as usize]);
        comparison.weight >= self.settings.automatic
            && contradictions(one, other, comparison).is_empty()
            && !self.is_forbidden(a, b)
    }

    /// Other clusters that one side fits about as well, and that are not the other side's own person.
    fn rivals(&self, a: Id, b: Id) -> u32 {
        let Some(edge) = self.edges[a as usize].get(b) else {
            return 0;
        };
        let count = |side: Id, opposite: Id| {
            let others = self.edges[side as usize]
                .iter()
                .filter(|(rival, _)| *rival != opposite);
            others
                .filter(|(rival, rivalling)| self.competes(edge, *rivalling, [side, opposite, *rival]))
                .count() as u32
        };
        count(a, b) + count(b, a) + self.several_homes(a, b)
    }

    /// Two groups without a number of their own may be of one person, or each of another one of two whom both fit.
    fn several_homes(&self, a: Id, b: Id) -> u32 {
        if self.parties[a as usize].is_anchored() || self.parties[b as usize].is_anchored() {
            return 0;
        }
        let edges = &self.edges[a as usize];
        let homes: Vec<(Id, Edge)> = edges
            .iter()
            .filter(|(home, edge)| {
                edge.weight >= self.settings.automatic && self.parties[*home as usize].is_anchored()
            })
            .collect();
        let Some(best) = homes.iter().map(|(_, edge)| edge.raw).max() else {
            return 0;
        };
        let near: Vec<Id> = homes
            .iter()
            .filter(|(_, edge)| edge.raw + self.settings.margin > best)
            .map(|(home, _)| *home)
            .collect();
        let others = near
            .iter()
            .skip(1)
            .filter(|home| !self.one_person(near[0], **home));
        others.count() as u32
    }

    /// Whether `rival`, tied to one side by `rivalling`, calls in question that this side belongs to `opposite`.
    fn competes(&self, edge: Edge, rivalling: Edge, [side, opposite, rival]: [Id; 3]) -> bool {
        let [side_party, opposite_party, rival_party] =
            [side, opposite, rival].map(|root| &self.parties[root as usize]);
        // A small group cannot lay claim to an established person; it may go there itself in its turn.
        if side_party.is_anchored() && rival_party.size < side_party.size {
            return false;
        }
        if edge.tie > Tie::None {
            // A number agrees. Only another person with whom one agrees as well, and who contradicts, casts a doubt.
            return rivalling.tie > Tie::None
                && rivalling.weight >= self.settings.automatic
                && contradictions(
                    side_party,
                    rival_party,
                    &self.compared_parties(side_party, rival_party),
                )
                .is_empty()
                && !contradictions(
                    opposite_party,
                    rival_party,
                    &self.compared_parties(opposite_party, rival_party),
                )
                .is_empty();
        }
        // A group without a number of its own is nobody in particular: its turn to find its person comes later.
        rival_party.is_anchored()
            && rivalling.raw + self.settings.margin > edge.raw
            && rivalling.weight >= self.settings.review
            && !self.one_person(rival, opposite)
    }

    fn one_person(&self, a: Id, b: Id) -> bool {
        self.edges[a as usize]
            .get(b)
            .is_some_and(|edge| edge.weight >= self.settings.automatic)
            && self.may_join(a, b, &self.compared(a, b))
    }

    fn join(&mut self, a: Id, b: Id, comparison: Comparison, ruled: bool) {
        let (keep, gone) = if self.parties[a as usize].size >= self.parties[b as usize].size {
            (a, b)
        } else {
            (b, a)
        };
        let least = [keep, gone].map(|side| self.parties[side as usize].least);
        self.joins.add([keep, gone], least, &comparison, ruled);
        let party = std::mem::take(&mut self.parties[gone as usize]);
        self.parties[keep as usize].absorb(&party);
        self.parent[gone as usize] = keep;
        self.versions[keep as usize] += 1;
        if let Some(forbidden) = self.forbidden.remove(&gone) {
            self.forbidden.entry(keep).or_default().extend(forbidden);
        }

        let sides = [keep, gone].map(|side| std::mem::take(&mut self.edges[side as usize]));
        let mut neighbours: BTreeSet<Id> = sides.iter().flat_map(Neighbours::ids).collect();
        neighbours.remove(&keep);
        neighbours.remove(&gone);
        for neighbour in neighbours {
            self.edges[neighbour as usize].remove(gone);
            let fresh = edge(
                &self.parties[keep as usize],
                &self.parties[neighbour as usize],
                self.model,
                self.book,
            );
            self.connect(keep, neighbour, fresh);
        }
    }

    /// Pairs that stayed apart though their weight reaches the review threshold, by roots.
    pub(crate) fn open(&self) -> Vec<Open> {
        let mut open = Vec::new();
        for (at, edges) in self.edges.iter().enumerate() {
            let a = at as Id;
            if self.root(a) != a {
                continue;
            }
            for (b, edge) in edges.after(a) {
                if edge.forgiving < self.settings.review || self.is_forbidden(a, b) {
                    continue;
                }
                let comparison = self.compared(a, b);
                if edge.weight < self.settings.review && !is_other_identity(&comparison.evidence) {
                    continue;
                }
                let contradicting = contradictions(&self.parties[at], &self.parties[b as usize], &comparison);
                open.push(Open {
                    roots: [a, b],
                    rivals: self.rivals(a, b),
                    comparison,
                    contradicting,
                });
            }
        }
        open
    }
}

fn edge(one: &Party, other: &Party, model: &Model, book: &Book) -> Edge {
    Edge::of(&compare(one, other, model, book))
}
