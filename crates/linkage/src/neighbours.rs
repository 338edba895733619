//! The clusters that share a key with a cluster, each with its score.

use crate::{
    book::Id,
    compare::{Comparison, Tie},
    weight::Weight,
};

/// The score of two clusters as they are now.
#[derive(Clone, Copy)]
pub(crate) struct Edge {
    pub weight: Weight,
    pub raw: Weight,
    pub forgiving: Weight,
    pub tie: Tie,
}

impl Edge {
    pub(crate) fn of(comparison: &Comparison) -> Self {
        Self {
            weight: comparison.weight,
            raw: comparison.raw,
            forgiving: comparison.forgiving,
            tie: comparison.tie,
        }
    }
}

/// By id.
#[derive(Default)]
pub(crate) struct Neighbours(Vec<(Id, Edge)>);

impl Neighbours {
    /// Of each group none yet, with room for just those of its pairs.
    pub(crate) fn with_room_for(pairs: &[(Id, Id)], groups: usize) -> Vec<Self> {
        let mut counts = vec![0_u32; groups];
        for &(a, b) in pairs {
            counts[a as usize] += 1;
            counts[b as usize] += 1;
        }
        counts
            .into_iter()
            .map(|count| Self(Vec::with_capacity(count as usize)))
            .collect()
    }

    pub(crate) fn get(&self, id: Id) -> Option<Edge> {
        self.place(id).ok().map(|at| self.0[at].1)
    }

    pub(crate) fn insert(&mut self, id: Id, edge: Edge) {
        match self.place(id) {
            Ok(at) => self.0[at].1 = edge,
            Err(at) => self.0.insert(at, (id, edge)),
        }
    }

    pub(crate) fn remove(&mut self, id: Id) {
        if let Ok(at) = self.place(id) {
            self.0.remove(at);
        }
    }

    pub(crate) fn ids(&self) -> impl Iterator<Item = Id> + '_ {
        self.0.iter().map(|(id, _)| *id)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (Id, Edge)> + '_ {
        self.0.iter().copied()
    }

    /// Those with a greater id.
    pub(crate) fn after(&self, id: Id) -> impl Iterator<Item = (Id, Edge)> + '_ {
        let from = self.0.partition_point(|(other, _)| *other <= id);
        self.0[from..].iter().copied()
    }

    fn place(&self, id: Id) -> Result<usize, usize> {
        self.0.binary_search_by_key(&id, |(other, _)| *other)
    }
}
