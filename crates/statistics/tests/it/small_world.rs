//! The small world from its files to published tables.

use std::fs;

use jiff::civil::date;
use statistics::{
    counts::Dimension,
    publish::{Measure, PublishError, files, table, tables},
    register::Register,
    rules::StatisticsRules,
    table::Cell,
};

use crate::extract::{records, rows, workspace};

fn register() -> Register {
    let world = workspace().join("examples/world");
    let rows = rows(
        records(&world.join("sources")).unwrap(),
        &world.join("truth/links.csv"),
    )
    .unwrap();
    let rules = fs::read_to_string(workspace().join("packs/ru/statistics.toml")).unwrap();
    Register::build(rows, &StatisticsRules::parse(&rules).unwrap()).unwrap()
}

#[test]
fn files_hold_counts_and_nothing_that_names() {
    let register = register();
    let on = date(2025, 12, 31);
    let first = files(&register, on, "2026-01-01").unwrap();
    let names: Vec<&str> = first.iter().map(|file| file.name.as_str()).collect();
    insta::assert_json_snapshot!(names);
    assert_eq!(
        first,
        files(&register, on, "2026-01-01").unwrap(),
        "published again, byte for byte"
    );
    for file in first.iter().filter(|file| file.name.ends_with(".csv")) {
        let counts = file
            .content
            .lines()
            .skip(1)
            .filter_map(|line| line.rsplit(',').nth(1)?.parse::<u64>().ok());
        assert!(
            counts.into_iter().all(|count| !(1..5).contains(&count)),
            "a small count in {}",
            file.name
        );
    }
}

#[test]
fn presences_of_a_person_do_not_overlap() {
    let register = register();
    assert!(register.persons().len() > 150);
    for person in register.persons() {
        for presence in &person.presences {
            assert!(
                presence.until.is_none_or(|until| presence.from <= until),
                "{:?}",
                person.row.pseudonym
            );
        }
        for pair in person.presences.windows(2) {
            assert!(
                pair[0].until.is_some_and(|until| until <= pair[1].from),
                "{:?}",
                person.row.pseudonym
            );
        }
    }
}

#[test]
fn a_margin_is_read_from_its_table_not_counted_anew() {
    let register = register();
    let on = date(2025, 6, 30);
    let both = table(
        &register,
        Measure::Stock,
        &[Dimension::Citizenship, Dimension::Region],
        on,
        "x",
    )
    .unwrap()
    .table;
    let by_region = table(&register, Measure::Stock, &[Dimension::Region], on, "x")
        .unwrap()
        .table;
    for (codes, cell) in by_region.cells() {
        let found = both
            .cells()
            .find(|(full, _)| full[0].as_str() == "_T" && full[1] == codes[0]);
        assert_eq!(found.map(|(_, cell)| cell), Some(cell));
    }
    let grand = by_region
        .cells()
        .find(|(codes, _)| codes[0].as_str() == "_T")
        .map(|(_, cell)| cell);
    assert!(matches!(grand, Some(Cell::Count(50..=200))));
}

#[test]
fn what_is_not_on_the_list_is_refused() {
    let register = register();
    let refused = table(
        &register,
        Measure::Stock,
        &[Dimension::Citizenship, Dimension::Sex],
        date(2025, 6, 30),
        "x",
    );
    assert!(matches!(refused, Err(PublishError::NoSuchTable { .. })));
    let summed = table(
        &register,
        Measure::Entries,
        &[Dimension::Citizenship],
        date(2025, 6, 30),
        "x",
    );
    assert!(
        matches!(summed, Err(PublishError::NoSuchTable { .. })),
        "nothing is summed over months"
    );
    let outside = tables(&register, date(2031, 1, 1), "x");
    assert!(matches!(outside, Err(PublishError::NotObserved { .. })));
}
