//! Protection of a list with a total.

use std::collections::BTreeMap;

use super::{is_small, total};
use crate::{counts::Code, table::Cell};

/// Withheld cells of a list sum to a known number, so each can be anything from zero to that sum: two cells at least
/// are withheld, and their sum is at least the threshold.
pub(super) fn protect(
    counted: &BTreeMap<&[Code], u64>,
    threshold: u64,
    withhold_total: bool,
) -> Vec<(Vec<Code>, Cell)> {
    let sum: u64 = counted.values().sum();
    let total_withheld = withhold_total || is_small(sum, threshold);
    let mut order: Vec<(u64, &[Code])> = counted.iter().map(|(codes, count)| (*count, *codes)).collect();
    order.sort_unstable();
    let mut withheld: Vec<&[Code]> = Vec::new();
    let mut withheld_sum = 0;
    for (count, codes) in order.iter().filter(|(count, _)| is_small(*count, threshold)) {
        withheld.push(codes);
        withheld_sum += count;
    }
    let protected = |cells: usize, sum: u64| cells == 0 || (cells > 1 && sum >= threshold);
    if !total_withheld {
        for (count, codes) in order.iter().filter(|(count, _)| *count >= threshold) {
            if protected(withheld.len(), withheld_sum) {
                break;
            }
            withheld.push(codes);
            withheld_sum += count;
        }
    }
    let all = !total_withheld && !protected(withheld.len(), withheld_sum);
    let mut cells: Vec<(Vec<Code>, Cell)> = counted
        .iter()
        .map(|(codes, count)| {
            let hidden = all || withheld.contains(codes);
            (
                codes.to_vec(),
                if hidden {
                    Cell::Withheld
                } else {
                    Cell::Count(*count)
                },
            )
        })
        .collect();
    let total_cell = if total_withheld || all {
        Cell::Withheld
    } else {
        Cell::Count(sum)
    };
    cells.push((vec![total()], total_cell));
    cells
}
