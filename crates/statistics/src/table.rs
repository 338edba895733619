//! A protected table: every cell is a count or withheld, totals included.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    counts::{Code, Dimension},
    protect::slicing,
};

/// Code of a total over all codes of a dimension.
pub const TOTAL: &str = "_T";

/// What a reader is told of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cell {
    Count(u64),
    /// Small, or needed to keep a small one from being worked out. May be zero.
    Withheld,
}

impl Cell {
    pub fn count(self) -> Option<u64> {
        match self {
            Self::Count(count) => Some(count),
            Self::Withheld => None,
        }
    }
}

/// Made by `protect` alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    pub(crate) dimensions: Vec<Dimension>,
    pub(crate) cells: BTreeMap<Vec<Code>, Cell>,
}

impl Table {
    pub fn dimensions(&self) -> &[Dimension] {
        &self.dimensions
    }

    /// Cells in order of their codes; totals bear the code [`TOTAL`].
    pub fn cells(&self) -> impl Iterator<Item = (&[Code], Cell)> {
        self.cells.iter().map(|(codes, cell)| (codes.as_slice(), *cell))
    }

    pub fn find(&self, codes: &[Code]) -> Option<Cell> {
        self.cells.get(codes).copied()
    }

    pub fn withheld(&self) -> usize {
        self.cells
            .values()
            .filter(|cell| **cell == Cell::Withheld)
            .count()
    }

    /// Codes of one dimension in order, without the total.
    pub fn codes(&self, dimension: Dimension) -> Vec<&Code> {
        let Some(at) = self.dimensions.iter().position(|&d| d == dimension) else {
            return Vec::new();
        };
        let mut codes: Vec<&Code> = self
            .cells
            .keys()
            .map(|key| &key[at])
            .filter(|c| c.as_str() != TOTAL)
            .collect();
        codes.sort_unstable();
        codes.dedup();
        codes
    }

    /// The cells along one dimension where every other dimension has the given code, or its total.
    pub fn along(&self, dimension: Dimension, fixed: &[(Dimension, Code)]) -> Vec<(&Code, Cell)> {
        let Some(at) = self.dimensions.iter().position(|&d| d == dimension) else {
            return Vec::new();
        };
        let wanted =
            |place: usize, code: &Code| match fixed.iter().find(|(d, _)| *d == self.dimensions[place]) {
                Some((_, wanted)) => code == wanted,
                None => code.as_str() == TOTAL,
            };
        self.cells
            .iter()
            .filter(|(codes, _)| codes[at].as_str() != TOTAL)
            .filter(|(codes, _)| (0..codes.len()).all(|place| place == at || wanted(place, &codes[place])))
            .map(|(codes, cell)| (&codes[at], *cell))
            .collect()
    }

    /// The totals of a protected table over all dimensions but `kept`: read, never computed. `None` where a dimension
    /// is missing, or one that slices the table (a month) is not kept: nothing is summed over it.
    pub fn margins(&self, kept: &[Dimension]) -> Option<Table> {
        let sliced = &self.dimensions[..slicing(&self.dimensions)];
        if !sliced.iter().all(|dimension| kept.contains(dimension)) {
            return None;
        }
        let places: Vec<usize> = kept
            .iter()
            .map(|wanted| self.dimensions.iter().position(|d| d == wanted))
            .collect::<Option<_>>()?;
        let cells = self
            .cells
            .iter()
            .filter(|(codes, _)| {
                (0..codes.len()).all(|at| places.contains(&at) || codes[at].as_str() == TOTAL)
            })
            .map(|(codes, cell)| (places.iter().map(|&at| codes[at].clone()).collect(), *cell))
            .collect();
        Some(Table {
            dimensions: kept.to_vec(),
            cells,
        })
    }
}
