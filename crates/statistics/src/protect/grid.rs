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
    threshold: u64,
}

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
        let mut withheld: Vec<bool> = counts.iter().map(|&count| is_small(count, threshold)).collect();
        if withhold_grand_total && let Some(last) = withheld.last_mut() {
            *last = true;
        }
        Self {
            rows,
            columns,
            counts,
            withheld,
            threshold,
        }
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
            for &cell in &fresh {
                self.withheld[cell] = true;
            }
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
        let mut moved = vec![0_i64; self.counts.len()];
        let mut reached = 0;
        while reached < limit {
            let Some(path) = self.path(at, way, &moved, |step| self.withheld[step.cell].then_some(0)) else {
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
            let mut moved = vec![0_i64; self.counts.len()];
            let mut reached = 0;
            // What can be moved through cells already withheld is moved first: the rest has to come from others.
            while reached < limit {
                let cost = |step: Step| {
                    Some(if self.withheld[step.cell] {
                        0
                    } else {
                        self.loss(step)
                    })
                };
                let Some(path) = self.path(at, way, &moved, cost) else {
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
    fn path(
        &self,
        at: usize,
        way: Way,
        moved: &[i64],
        cost: impl Fn(Step) -> Option<u64>,
    ) -> Option<Vec<Step>> {
        let (height, width) = (self.rows.len() + 1, self.columns.len() + 1);
        let (from, goal) = (at / width, height + at % width);
        let mut best: Vec<Option<Reached>> = vec![None; height + width];
        best[from] = Some(Reached { cost: 0, by: None });
        let mut queue = VecDeque::from([from]);
        while let Some(node) = queue.pop_front() {
            let Some(so_far) = best[node].filter(|_| node != goal) else {
                continue;
            };
            let lines = if node < height { 0..width } else { 0..height };
            for other in lines {
                let (row, column) = if node < height {
                    (node, other)
                } else {
                    (other, node - height)
                };
                let cell = row * width + column;
                // Leaving the cell's own row the others there move against it, entering a row they move with it.
                let against = (node < height) == (way == Way::Up);
                let step = Step {
                    cell,
                    lowers: against != self.is_mirrored(at, cell),
                };
                let Some(price) = cost(step).filter(|_| cell != at && self.room(step, moved) > 0) else {
                    continue;
                };
                let next = if node < height { height + other } else { other };
                let sum = so_far.cost.saturating_add(price);
                if best[next].is_none_or(|known| sum < known.cost) {
                    best[next] = Some(Reached {
                        cost: sum,
                        by: Some((node, step)),
                    });
                    queue.push_back(next);
                }
            }
        }
        trace(&best, goal)
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
    fn room(&self, step: Step, moved: &[i64]) -> u64 {
        if !step.lowers {
            return u64::MAX;
        }
        u64::try_from(i128::from(self.counts[step.cell]) + i128::from(moved[step.cell])).unwrap_or(0)
    }

    fn capacity_of(&self, path: &[Step], moved: &[i64]) -> u64 {
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

fn apply(path: &[Step], by: u64, moved: &mut [i64]) {
    let by = i64::try_from(by).unwrap_or(i64::MAX);
    for step in path {
        moved[step.cell] = moved[step.cell].saturating_add(if step.lowers { -by } else { by });
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
