//! No withheld cell can be pinned down by what is published.

use std::collections::BTreeMap;

use proptest::prelude::*;
use statistics::{
    counts::{Code, Counts, Dimension},
    protect::{Shape, protect, protect_list},
    rules::ProtectionRule,
    table::{Cell, Table},
};

use crate::attack::attack;

const RULE: ProtectionRule = ProtectionRule { threshold: 5 };

fn grid(rows: &[Vec<u64>]) -> Counts {
    let cells: BTreeMap<Vec<Code>, u64> = rows
        .iter()
        .enumerate()
        .flat_map(|(r, row)| row.iter().enumerate().map(move |(c, &count)| ((r, c), count)))
        .map(|((r, c), count)| {
            (
                vec![Code::new(format!("r{r}")), Code::new(format!("c{c}"))],
                count,
            )
        })
        .collect();
    Counts::from_cells(vec![Dimension::Citizenship, Dimension::Region], cells)
}

fn line(counts: &[u64]) -> Counts {
    let cells = counts
        .iter()
        .enumerate()
        .map(|(at, &count)| (vec![Code::new(format!("c{at}"))], count))
        .collect();
    Counts::from_cells(vec![Dimension::Region], cells)
}

fn protected(counts: &Counts) -> Table {
    protect(counts, &Shape::default(), RULE).unwrap()
}

/// The law: small counts are withheld, what is shown is true, and no bound is narrower than the threshold.
fn check(counts: &Counts, table: &Table) -> Result<(), TestCaseError> {
    for (codes, count) in counts.cells() {
        match table.find(codes) {
            Some(Cell::Count(shown)) => {
                prop_assert_eq!(shown, count);
                prop_assert!(count == 0 || count >= RULE.threshold);
            }
            Some(Cell::Withheld) => {}
            None => prop_assert!(false, "a cell is lost"),
        }
    }
    for bounds in attack(table) {
        let width = bounds
            .greatest
            .map_or(f64::INFINITY, |greatest| greatest - bounds.least);
        prop_assert!(
            width >= RULE.threshold as f64 - 1e-4,
            "{:?} lies between {} and {:?}",
            bounds.codes.iter().map(Code::as_str).collect::<Vec<_>>(),
            bounds.least,
            bounds.greatest
        );
    }
    Ok(())
}

fn sparse_count() -> impl Strategy<Value = u64> {
    prop_oneof![3 => Just(0_u64), 4 => 1_u64..5, 2 => 5_u64..12, 1 => 12_u64..400]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn no_withheld_cell_of_a_grid_can_be_worked_out(
        rows in (1_usize..7, 1_usize..7)
            .prop_flat_map(|(h, w)| prop::collection::vec(prop::collection::vec(sparse_count(), w), h)),
    ) {
        let counts = grid(&rows);
        check(&counts, &protected(&counts))?;
    }

    #[test]
    fn no_withheld_cell_of_a_list_can_be_worked_out(counts in prop::collection::vec(sparse_count(), 1..12)) {
        let counts = line(&counts);
        check(&counts, &protected(&counts))?;
    }

    #[test]
    fn nor_when_another_table_withholds_the_grand_total(
        rows in (2_usize..5, 2_usize..5)
            .prop_flat_map(|(h, w)| prop::collection::vec(prop::collection::vec(sparse_count(), w), h)),
    ) {
        let counts = grid(&rows);
        let table = protect(&counts, &Shape { slices: 0, withhold_grand_total: true }, RULE).unwrap();
        check(&counts, &table)?;
    }

    #[test]
    fn a_table_without_small_cells_is_published_whole(
        rows in (1_usize..5, 1_usize..5)
            .prop_flat_map(|(h, w)| prop::collection::vec(prop::collection::vec(5_u64..90, w), h)),
    ) {
        prop_assert_eq!(protected(&grid(&rows)).withheld(), 0);
    }
}

/// The attack has teeth: it finds the one unknown beside a total.
#[test]
fn the_attack_finds_a_lone_withheld_cell() {
    // A list of quality indicators is protected without totals; read as a list with a total it gives itself away.
    let counts = Counts::from_cells(
        vec![Dimension::Region],
        BTreeMap::from([
            (vec![Code::new("a")], 2),
            (vec![Code::new("b")], 30),
            (vec![Code::new("_T")], 32),
        ]),
    );
    let bounds = attack(&protect_list(&counts, RULE));
    assert_eq!(bounds.len(), 1);
    assert!(
        (bounds[0].least - 2.0).abs() < 1e-6 && bounds[0].greatest.is_some_and(|g| (g - 2.0).abs() < 1e-6)
    );
}

#[test]
fn few_cells_are_given_up_for_one_small_one() {
    let counts = grid(&[
        vec![2, 30, 40, 6],
        vec![50, 60, 70, 9],
        vec![80, 90, 7, 8],
        vec![0, 21, 0, 33],
    ]);
    let table = protected(&counts);
    assert!(table.withheld() <= 4, "withheld {}", table.withheld());
    let grand = [Code::new("_T"), Code::new("_T")];
    assert_eq!(table.find(&grand), Some(Cell::Count(506)));
}

#[test]
fn the_same_table_is_protected_the_same_way() {
    let counts = grid(&[vec![1, 3, 40], vec![50, 2, 70], vec![80, 90, 4]]);
    assert_eq!(protected(&counts), protected(&counts));
}
