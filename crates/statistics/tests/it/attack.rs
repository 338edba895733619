//! The attacker: everything published becomes a linear program, and each withheld cell is bounded by it.
//!
//! Written apart from the protection: a dense simplex over exact integers' ratios in `f64`, no flows.

use statistics::{
    counts::Code,
    table::{Cell, TOTAL, Table},
};

/// Least and greatest value of each withheld cell that agree with all published ones, `None` for no upper end.
pub(crate) struct Bounds {
    pub(crate) codes: Vec<Code>,
    pub(crate) least: f64,
    pub(crate) greatest: Option<f64>,
}

/// Bounds of every withheld cell of a table of two dimensions with totals.
pub(crate) fn attack(table: &Table) -> Vec<Bounds> {
    let unknown: Vec<Vec<Code>> = table
        .cells()
        .filter(|(_, cell)| *cell == Cell::Withheld)
        .map(|(codes, _)| codes.to_vec())
        .collect();
    let lines = lines(table);
    let system: Vec<(Vec<f64>, f64)> = lines
        .iter()
        .map(|line| {
            let mut coefficients = vec![0.0; unknown.len()];
            let mut right = 0.0;
            for codes in line {
                let total = codes.iter().zip(&line[0]).enumerate().any(|(at, (code, _))| {
                    code.as_str() == TOTAL && line.iter().any(|other| other[at] != *code)
                });
                let sign = if total { -1.0 } else { 1.0 };
                match table.find(codes) {
                    Some(Cell::Count(count)) => right -= sign * count as f64,
                    Some(Cell::Withheld) => {
                        let at = unknown.iter().position(|u| u == codes).expect("listed above");
                        coefficients[at] += sign;
                    }
                    None => {}
                }
            }
            (coefficients, right)
        })
        .filter(|(coefficients, _)| coefficients.iter().any(|&c| c != 0.0))
        .collect();
    (0..unknown.len())
        .map(|at| {
            let objective = |sign: f64| {
                let mut objective = vec![0.0; unknown.len()];
                objective[at] = sign;
                maximise(&system, &objective)
            };
            Bounds {
                codes: unknown[at].clone(),
                least: -objective(-1.0).expect("bounded below by zero"),
                greatest: objective(1.0),
            }
        })
        .collect()
}

/// Rows and columns, each with its total.
fn lines(table: &Table) -> Vec<Vec<Vec<Code>>> {
    let cells: Vec<Vec<Code>> = table.cells().map(|(codes, _)| codes.to_vec()).collect();
    let dimensions = table.dimensions().len();
    let mut lines = Vec::new();
    for along in 0..dimensions {
        let mut heads: Vec<Vec<Code>> = cells
            .iter()
            .map(|codes| {
                codes
                    .iter()
                    .enumerate()
                    .filter(|(at, _)| *at != along)
                    .map(|(_, c)| c.clone())
                    .collect()
            })
            .collect();
        heads.sort();
        heads.dedup();
        for head in heads {
            let line: Vec<Vec<Code>> = cells
                .iter()
                .filter(|codes| {
                    codes
                        .iter()
                        .enumerate()
                        .filter(|(at, _)| *at != along)
                        .map(|(_, c)| c)
                        .eq(head.iter())
                })
                .cloned()
                .collect();
            lines.push(line);
        }
    }
    lines
}

const EPSILON: f64 = 1e-7;

/// Maximum of `objective · x` with `system` as equations and `x >= 0`; `None` when it has no upper end.
///
/// Two phases of the simplex method with Bland's rule; the system is known to have a solution.
fn maximise(system: &[(Vec<f64>, f64)], objective: &[f64]) -> Option<f64> {
    let (height, width) = (system.len(), objective.len());
    let mut tableau: Vec<Vec<f64>> = system
        .iter()
        .enumerate()
        .map(|(row, (coefficients, right))| {
            let sign = if *right < 0.0 { -1.0 } else { 1.0 };
            let mut line: Vec<f64> = coefficients.iter().map(|c| c * sign).collect();
            line.extend((0..height).map(|artificial| f64::from(u8::from(artificial == row))));
            line.push(right * sign);
            line
        })
        .collect();
    let mut basis: Vec<usize> = (width..width + height).collect();
    let first: Vec<f64> = (0..width + height)
        .map(|at| if at < width { 0.0 } else { -1.0 })
        .collect();
    let infeasibility = run(&mut tableau, &mut basis, &first, width + height).expect("bounded");
    assert!(
        infeasibility.abs() < 1e-5,
        "the published table has a solution: the true one"
    );
    // Artificial variables still in the basis stand at zero; a row without others is redundant.
    for row in 0..height {
        if basis[row] >= width
            && let Some(column) = (0..width).find(|&column| tableau[row][column].abs() > EPSILON)
        {
            pivot(&mut tableau, &mut basis, row, column);
        }
    }
    let mut second = objective.to_vec();
    second.resize(width + height, 0.0);
    run(&mut tableau, &mut basis, &second, width)
}

fn run(tableau: &mut [Vec<f64>], basis: &mut [usize], objective: &[f64], usable: usize) -> Option<f64> {
    loop {
        let reduced = |tableau: &[Vec<f64>], column: usize| {
            objective[column]
                - tableau
                    .iter()
                    .zip(&*basis)
                    .map(|(line, &b)| objective[b] * line[column])
                    .sum::<f64>()
        };
        let Some(column) = (0..usable).find(|&column| reduced(tableau, column) > EPSILON) else {
            let right = tableau.first().map_or(0, |line| line.len() - 1);
            return Some(
                tableau
                    .iter()
                    .zip(&*basis)
                    .map(|(line, &b)| objective[b] * line[right])
                    .sum(),
            );
        };
        let right = tableau[0].len() - 1;
        let row = (0..tableau.len())
            .filter(|&row| tableau[row][column] > EPSILON)
            .min_by(|&a, &b| {
                let ratio = |row: usize| tableau[row][right] / tableau[row][column];
                ratio(a).total_cmp(&ratio(b)).then(basis[a].cmp(&basis[b]))
            })?;
        pivot(tableau, basis, row, column);
    }
}

fn pivot(tableau: &mut [Vec<f64>], basis: &mut [usize], row: usize, column: usize) {
    let by = tableau[row][column];
    tableau[row].iter_mut().for_each(|value| *value /= by);
    let line = tableau[row].clone();
    for (other, target) in tableau.iter_mut().enumerate() {
        let factor = target[column];
        if other != row && factor.abs() > 0.0 {
            target
                .iter_mut()
                .zip(&line)
                .for_each(|(value, pivot)| *value -= factor * pivot);
        }
    }
    basis[row] = column;
}
