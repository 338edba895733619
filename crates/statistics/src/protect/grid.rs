//! Protection of a table of two dimensions with row, column and grand totals.
//!
//! What is published fixes the sums of withheld cells along each row and column. Raising a withheld cell by one
//! means lowering another in its row, raising one in that one's column, and so on back to the cell's own column: a
//! path between its row and its column through withheld cells. How far it can move is therefore a largest flow: a
//! cell can be lowered by its own count at most, and raised without limit. A total stands in its line with the other
//! sign, so the two directions change places for it.

use std::collections::{BTreeMap, VecDeque};

use super::{is_small, total};
use crate::{counts::Code, table::Cell};

pub(super) struct Grid {
    rows: Vec<Code>,
    columns: Vec<Code>,
    /// Row-major, one more row and column for the totals.
    counts: Vec<u64>,
    withheld: Vec<bool>,
    /// Withheld cells of each line: rows, then columns.
    withheld_of: Vec<Vec<usize>>,
    threshold: u64,
}

/// Cells that a path may use.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    /// Those withheld already: every path is free, the shortest is taken.
    Withheld,
    /// Any cell, at the loss of withholding it.
    Any,
}

/// How far cells have been moved, those that have.
type Moved = BTreeMap<usize, i64>;

/// A total is withheld only when nothing else helps: as dear as everything in the table.
const TOTAL_LOSS: u64 = 1 << 40;

/// Which way the cell in question moves.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Up,
    Down,
}

impl Grid {
    pub(super) fn new(counted: &BTreeMap<&[Code], u64>, threshold: u64, withhold_grand_total: bool) -> Self {
        let codes_at = |place: usize| {
            let mut codes: Vec<Code> = counted.keys().map(|codes| codes[place].clone()).collect();
            codes.sort_unstable();
            codes.dedup();
            codes
        };
        let (rows, columns) = (codes_at(0), codes_at(1));
        let (height, width) = (rows.len(), columns.len());
        let mut counts = vec![0; (height + 1) * (width + 1)];
        for (codes, count) in counted {
            let (Ok(row), Ok(column)) = (rows.binary_search(&codes[0]), columns.binary_search(&codes[1]))
            else {
                continue;
            };
            for (r, c) in [(row, column), (row, width), (height, column), (height, width)] {
                counts[r * (width + 1) + c] += count;
            }
        }
        let lines = height + width + 2;
        let cells = counts.len();
        let mut grid = Self {
            rows,
            columns,
            counts,
            withheld: vec![false; cells],
            withheld_of: vec![Vec::new(); lines],
            threshold,
        };
        for at in 0..cells {
            let last = at + 1 == cells;
            if is_small(grid.counts[at], threshold) || (last && withhold_grand_total) {
                grid.withhold(at);
            }
        }
        grid
    }

    fn withhold(&mut self, at: usize) {
        let (row, column) = self.place(at);
        self.withheld[at] = true;
        self.withheld_of[row].push(at);
        self.withheld_of[self.rows.len() + 1 + column].push(at);
    }

    pub(super) fn protect(mut self) -> Vec<(Vec<Code>, Cell)> {
        let mut open: VecDeque<usize> = (0..self.counts.len()).filter(|&at| self.withheld[at]).collect();
        while let Some(&at) = open.front() {
            // Withholding more only widens bounds, so a cell once protected stays so.
            if self.is_protected(at) {
                open.pop_front();
                continue;
            }
            let fresh = self.find_cover(at);
            if fresh.is_empty() {
                self.withheld.fill(true);
                break;
            }
            fresh.iter().for_each(|&cell| self.withhold(cell));
            open.extend(fresh);
        }
        self.publish()
    }

    fn publish(&self) -> Vec<(Vec<Code>, Cell)> {
        let code = |codes: &[Code], at: usize| codes.get(at).cloned().unwrap_or_else(total);
        (0..self.counts.len())
            .map(|at| {
                let (row, column) = self.place(at);
                let cell = if self.withheld[at] {
                    Cell::Withheld
                } else {
                    Cell::Count(self.counts[at])
                };
                (vec![code(&self.rows, row), code(&self.columns, column)], cell)
            })
            .collect()
    }

    fn place(&self, at: usize) -> (usize, usize) {
        (at / (self.columns.len() + 1), at % (self.columns.len() + 1))
    }

    fn is_protected(&self, at: usize) -> bool {
        let down = self.reach(at, Way::Down);
        down >= self.threshold || down + self.reach(at, Way::Up) >= self.threshold
    }

    /// How far the cell can move one way, up to the threshold.
    fn reach(&self, at: usize, way: Way) -> u64 {
        let limit = match way {
            Way::Down => self.threshold.min(self.counts[at]),
            Way::Up => self.threshold,
        };
        let (mut moved, mut reached) = (Moved::new(), 0);
        while reached < limit {
            let Some(path) = self.path(at, way, &moved, Scope::Withheld) else {
                break;
            };
            let step = self.capacity_of(&path, &moved).min(limit - reached);
            apply(&path, step, &mut moved);
            reached += step;
        }
        reached
    }

    /// The cheapest further cells that let `at` move further when withheld; none when nothing helps.
    fn find_cover(&self, at: usize) -> Vec<usize> {
        for way in [Way::Up, Way::Down] {
            let limit = if way == Way::Down {
                self.threshold.min(self.counts[at])
            } else {
                self.threshold
            };
            let (mut moved, mut reached) = (Moved::new(), 0);
            // What can be moved through cells already withheld is moved first: the rest has to come from others.
            while reached < limit {
                let Some(path) = self.path(at, way, &moved, Scope::Any) else {
                    break;
                };
                let fresh: Vec<usize> = path
                    .iter()
                    .map(|step| step.cell)
                    .filter(|&cell| !self.withheld[cell])
                    .collect();
                if !fresh.is_empty() {
                    return fresh;
                }
                let step = self.capacity_of(&path, &moved).min(limit - reached);
                apply(&path, step, &mut moved);
                reached += step;
            }
        }
        Vec::new()
    }

    /// Loss of information when the step's cell is withheld.
    fn loss(&self, step: Step) -> u64 {
        let (row, column) = self.place(step.cell);
        let totals = u64::from(row == self.rows.len()) + u64::from(column == self.columns.len());
        let count = self.counts[step.cell];
        // A cell too small to carry the whole width is dearer: several of its like would be needed.
        let scarce = if step.lowers && count < self.threshold {
            self.threshold
        } else {
            0
        };
        1 + count + scarce + totals * TOTAL_LOSS
    }

    /// Cheapest path by which `at` can move, as steps over other cells.
    fn path(&self, at: usize, way: Way, moved: &Moved, scope: Scope) -> Option<Vec<Step>> {
        let (height, width) = (self.rows.len() + 1, self.columns.len() + 1);
        let (from, goal) = (at / width, height + at % width);
        let mut best: Vec<Option<Reached>> = vec![None; height + width];
        best[from] = Some(Reached { cost: 0, by: None });
        let mut queue = VecDeque::from([from]);
        while let Some(node) = queue.pop_front() {
            let Some(so_far) = best[node].filter(|_| node != goal) else {
                continue;
            };
            // Leaving the cell's own row the others there move against it, entering a row they move with it.
            let against = (node < height) == (way == Way::Up);
            for cell in self.cells_of(node, scope).filter(|&cell| cell != at) {
                let step = Step {
                    cell,
                    lowers: against != self.is_mirrored(at, cell),
                };
                if self.room(step, moved) == 0 {
                    continue;
                }
                let next = if node < height {
                    height + cell % width
                } else {
                    cell / width
                };
                let cost = so_far
                    .cost
                    .saturating_add(if self.withheld[cell] { 0 } else { self.loss(step) });
                if best[next].is_none_or(|known| cost < known.cost) {
                    best[next] = Some(Reached {
                        cost,
                        by: Some((node, step)),
                    });
                    queue.push_back(next);
                }
            }
            if scope == Scope::Withheld && best[goal].is_some() {
                break;
            }
        }
        trace(&best, goal)
    }

    /// Cells of a line: a row, or (counted after the rows) a column.
    fn cells_of(&self, line: usize, scope: Scope) -> Box<dyn Iterator<Item = usize> + '_> {
        let (height, width) = (self.rows.len() + 1, self.columns.len() + 1);
        match scope {
            Scope::Withheld => Box::new(self.withheld_of[line].iter().copied()),
            Scope::Any if line < height => Box::new(line * width..(line + 1) * width),
            Scope::Any => Box::new((line - height..height * width).step_by(width)),
        }
    }

    /// Whether two cells stand with opposite signs in the sums: a total against a plain cell.
    fn is_mirrored(&self, a: usize, b: usize) -> bool {
        let sign = |at: usize| {
            let (row, column) = self.place(at);
            (row == self.rows.len()) != (column == self.columns.len())
        };
        sign(a) != sign(b)
    }

    /// How far the step's cell can still move that way; raising has no limit.
    fn room(&self, step: Step, moved: &Moved) -> u64 {
        if !step.lowers {
            return u64::MAX;
        }
        u64::try_from(
            i128::from(self.counts[step.cell]) + i128::from(moved.get(&step.cell).copied().unwrap_or(0)),
        )
        .unwrap_or(0)
    }

    fn capacity_of(&self, path: &[Step], moved: &Moved) -> u64 {
        path.iter().map(|&step| self.room(step, moved)).min().unwrap_or(0)
    }
}

/// A line reached by a path: what the path costs, and its last step.
#[derive(Clone, Copy)]
struct Reached {
    cost: u64,
    by: Option<(usize, Step)>,
}

#[derive(Clone, Copy)]
struct Step {
    cell: usize,
    lowers: bool,
}

fn apply(path: &[Step], by: u64, moved: &mut Moved) {
    let by = i64::try_from(by).unwrap_or(i64::MAX);
    for step in path {
        let total = moved.entry(step.cell).or_default();
        *total = total.saturating_add(if step.lowers { -by } else { by });
    }
}

fn trace(best: &[Option<Reached>], goal: usize) -> Option<Vec<Step>> {
    let mut path = Vec::new();
    let mut node = goal;
    best[goal]?;
    while let Some(Reached {
        by: Some((before, step)),
        ..
    }) = best[node]
    {
        path.push(step);
        node = before;
        if path.len() > best.len() {
            return None;
        }
    }
    Some(path)
}
