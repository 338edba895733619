//! Protection of small cells: a threshold, and enough more that no small cell can be worked out.
//!
//! The rule, as published:
//! 1. A count from 1 to `threshold - 1` is withheld, a total no less than a cell.
//! 2. More cells are withheld until, for every withheld cell, the greatest and the least value that agree with all
//!    that is published (rows, columns and totals add up, no count is negative) lie at least `threshold` apart.
//!    Of several ways the one that withholds the least is taken, totals last; zeros may be withheld as well.
//! 3. A table for which this cannot be reached is withheld as a whole.
//!
//! The bounds are exact (`grid`: largest flows), the choice is deterministic. Each slice (a month, a date) is a
//! table of its own: no total over slices is published.
//! Not protected against: what a reader knows from elsewhere, and the difference of two days' tables.

mod grid;
mod line;

use std::collections::BTreeMap;

use crate::{
    counts::{Code, Counts, Dimension},
    rules::ProtectionRule,
    table::{Cell, TOTAL, Table},
};
use grid::Grid;

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProtectError {
    #[error("a table has one or two dimensions besides those that slice it, not {0}")]
    Dimensions(usize),
}

/// How a table is cut before protection, and what is known of it from other tables.
#[derive(Clone, Debug, Default)]
pub struct Shape {
    /// Leading dimensions of which each combination of codes is a table of its own.
    pub slices: usize,
    /// Whether another published table withholds the grand total.
    pub withhold_grand_total: bool,
}

/// Protects every slice of `counts`.
pub fn protect(counts: &Counts, shape: &Shape, rule: ProtectionRule) -> Result<Table, ProtectError> {
    let inner = counts.dimensions().len().saturating_sub(shape.slices);
    if !(1..=2).contains(&inner) {
        return Err(ProtectError::Dimensions(inner));
    }
    let mut slices: BTreeMap<&[Code], BTreeMap<&[Code], u64>> = BTreeMap::new();
    for (codes, count) in counts.cells() {
        let (slice, rest) = codes.split_at(shape.slices);
        slices.entry(slice).or_default().insert(rest, count);
    }
    let mut cells = BTreeMap::new();
    for (slice, counted) in slices {
        let protected = match inner {
            1 => line::protect(&counted, rule.threshold, shape.withhold_grand_total),
            _ => Grid::new(&counted, rule.threshold, shape.withhold_grand_total).protect(),
        };
        for (codes, cell) in protected {
            cells.insert([slice, codes.as_slice()].concat(), cell);
        }
    }
    Ok(Table {
        dimensions: counts.dimensions().to_vec(),
        cells,
    })
}

/// Withholds small counts of a list without totals (quality indicators): nothing adds up, so nothing follows.
pub fn protect_list(counts: &Counts, rule: ProtectionRule) -> Table {
    let cells = counts
        .cells()
        .map(|(codes, count)| {
            let cell = if is_small(count, rule.threshold) {
                Cell::Withheld
            } else {
                Cell::Count(count)
            };
            (codes.to_vec(), cell)
        })
        .collect();
    Table {
        dimensions: counts.dimensions().to_vec(),
        cells,
    }
}

fn is_small(count: u64, threshold: u64) -> bool {
    (1..threshold).contains(&count)
}

pub(crate) fn total() -> Code {
    Code::new(TOTAL)
}

/// Dimensions that slice a table of this crate: time is never summed.
pub fn slicing(dimensions: &[Dimension]) -> usize {
    dimensions
        .iter()
        .take_while(|d| matches!(d, Dimension::Date | Dimension::Month))
        .count()
}
