//! What first joined each group to another: the reason that its records are told.

use crate::{book::Id, compare::Comparison, evidence::Evidence, weight::Weight};

/// What joined two clusters.
struct Join {
    /// Least record of either side.
    least: [Id; 2],
    weight: Weight,
    ruled: bool,
    /// Where its evidence ends among that of all.
    evidence_end: usize,
}

/// The join of a group as one of its records sees it.
pub(crate) struct Joined<'a> {
    /// Least record of the other side.
    pub with: Id,
    pub weight: Weight,
    pub ruled: bool,
    pub evidence: &'a [Evidence],
}

/// Joins in their order.
pub(crate) struct Joins {
    joins: Vec<Join>,
    evidence: Vec<Evidence>,
    /// Of each group its first join, and on which side it stood: twice the place, and one for the second side.
    first: Vec<u32>,
}

const NONE: u32 = u32::MAX;

impl Joins {
    pub(crate) fn new(groups: usize) -> Self {
        Self {
            joins: Vec::new(),
            evidence: Vec::new(),
            first: vec![NONE; groups],
        }
    }

    /// Groups at the head of either side, and the least record of either. Kept if it is the first of one of them.
    pub(crate) fn add(&mut self, sides: [Id; 2], least: [Id; 2], comparison: &Comparison, ruled: bool) {
        let place = self.joins.len() as u32 * 2;
        let mut is_first = false;
        for (side, group) in (0..).zip(sides) {
            let first = &mut self.first[group as usize];
            if *first == NONE {
                *first = place + side;
                is_first = true;
            }
        }
        if is_first {
            self.evidence.extend_from_slice(&comparison.evidence);
            self.joins.push(Join {
                least,
                weight: comparison.weight,
                ruled,
                evidence_end: self.evidence.len(),
            });
        }
    }

    /// The join that first brought a group together with another.
    pub(crate) fn first(&self, group: Id) -> Option<Joined<'_>> {
        let first = self.first[group as usize];
        let (at, side) = (first as usize / 2, first as usize % 2);
        let join = self.joins.get(at).filter(|_| first != NONE)?;
        let from = at
            .checked_sub(1)
            .map_or(0, |before| self.joins[before].evidence_end);
        Some(Joined {
            with: join.least[1 - side],
            weight: join.weight,
            ruled: join.ruled,
            evidence: &self.evidence[from..join.evidence_end],
        })
    }
}
