//! The truth and the extracts agree record by record, and the truth with itself.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use world::{make::Layout, report::Source};

use crate::support::{Made, id, made, recipe};

fn ids_in_sources(made: &Made) -> BTreeSet<(String, String)> {
    Source::ALL
        .into_iter()
        .flat_map(|source| {
            made.lines("", source)
                .into_iter()
                .filter_map(move |line| Some((source.name().to_owned(), id(&line, source)?)))
        })
        .collect()
}

fn ids_in_truth(made: &Made, file: &str) -> Vec<(String, String)> {
    made.truth(file)
        .into_iter()
        .map(|row| (row["source"].clone(), row["record_id"].clone()))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4))]

    #[test]
    fn every_record_is_linked_or_spoilt(seed: u64, people in 100_u64..1_200) {
        let made = made(recipe(people, seed), 2, Layout::Whole);
        let (links, spoilt) = (ids_in_truth(&made, "links.csv"), ids_in_truth(&made, "malformed.csv"));
        let told: BTreeSet<_> = links.iter().chain(&spoilt).cloned().collect();
        prop_assert_eq!(told.len(), links.len() + spoilt.len(), "an id stands twice");
        prop_assert_eq!(ids_in_sources(&made), told);
        let people: BTreeSet<String> = made.truth("people.csv").into_iter().map(|row| row["person_id"].clone()).collect();
        for row in made.truth("links.csv") {
            prop_assert!(people.contains(&row["person_id"]));
        }
    }

    #[test]
    fn nobody_is_in_two_places(seed: u64) {
        let made = made(recipe(500, seed), 2, Layout::Whole);
        let mut stays: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
        for row in made.truth("presence.csv") {
            let to = if row["to"].is_empty() { "9999-12-31".to_owned() } else { row["to"].clone() };
            prop_assert!(row["from"] <= to);
            stays.entry(row["person_id"].clone()).or_default().push((row["from"].clone(), to));
        }
        for spans in stays.values_mut() {
            spans.sort();
            for pair in spans.windows(2) {
                prop_assert!(pair[0].1 < pair[1].0, "{:?}", pair);
            }
        }
    }
}

#[test]
fn counts_are_those_of_the_files() {
    let made = made(recipe(600, 9), 2, Layout::Whole);
    let counts: BTreeMap<String, u64> = made
        .truth("tables/record_counts.csv")
        .into_iter()
        .map(|row| (row["source"].clone(), row["lines"].parse().unwrap()))
        .collect();
    for source in Source::ALL {
        assert_eq!(
            counts[source.name()],
            made.lines("", source).len() as u64,
            "{}",
            source.name()
        );
    }
    let spoilt: u64 = made
        .truth("tables/malformed_counts.csv")
        .iter()
        .map(|row| row["count"].parse::<u64>().unwrap())
        .sum();
    assert_eq!(spoilt, made.truth("malformed.csv").len() as u64);
}

/// What the linkage is to be measured by is there in a world of a few thousand.
#[test]
fn hard_cases_occur() {
    let made = made(recipe(4_000, 3), 2, Layout::Whole);
    let people = made.truth("people.csv");
    for flag in [
        "twin",
        "namesake",
        "homonym",
        "renamed",
        "new_passport",
        "child_on_parent_document",
        "birth_date_partial",
        "single_name",
        "changed_identity",
        "impostor",
    ] {
        assert!(
            people
                .iter()
                .any(|row| row["flags"].split(' ').any(|own| own == flag)),
            "{flag}"
        );
    }
    let grounds: BTreeSet<String> = made
        .truth("status.csv")
        .into_iter()
        .map(|row| row["ground"].clone())
        .collect();
    for ground in [
        "patent_paid",
        "residence_permit",
        "eaeu_contract",
        "full_time_student",
    ] {
        assert!(grounds.contains(ground), "{ground}");
    }
    for row in people.iter().filter(|row| row["flags"].contains("homonym")) {
        let other = people
            .iter()
            .find(|other| other["person_id"] == row["related_id"])
            .unwrap();
        assert_eq!(row["birth_date"], other["birth_date"]);
        assert_eq!(row["native_given"], other["native_given"]);
    }
    assert_eq!(
        made.truth("changed_identity.csv").len(),
        people
            .iter()
            .filter(|row| row["flags"].contains("changed_identity"))
            .count()
    );
}
