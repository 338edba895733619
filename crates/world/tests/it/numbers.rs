//! Numbers pass their check digits unless a slip hit them, and none is given twice.

use std::collections::BTreeSet;

use records::{
    identifier::{FirmInn, Identifier as _, PersonInn, PolicyNumber, RegisterNumber, SocialNumber},
    mrz::MrzLines,
};
use world::{make::Layout, report::Source};

use crate::support::{Made, made, recipe};

/// Fields of the sound lines of a separated UTF-8 file.
fn fields(made: &Made, source: Source, separator: char) -> Vec<Vec<String>> {
    let spoilt: BTreeSet<String> = made
        .truth("malformed.csv")
        .into_iter()
        .map(|row| row["record_id"].clone())
        .collect();
    made.lines("", source)
        .into_iter()
        .map(|line| String::from_utf8_lossy(&line).into_owned())
        .map(|line| line.split(separator).map(str::to_owned).collect::<Vec<_>>())
        .filter(|fields| !spoilt.contains(&fields[0]))
        .collect()
}

#[test]
fn numbers_of_people_are_sound_and_their_own() {
    let made = made(recipe(3_000, 8), 2, Layout::Whole);
    let people = made.truth("people.csv");
    for column in ["person_id", "snils", "inn"] {
        let numbers: BTreeSet<&String> = people.iter().map(|row| &row[column]).collect();
        assert_eq!(numbers.len(), people.len(), "{column}");
    }
    let mut documents = BTreeSet::new();
    for row in &people {
        assert!(SocialNumber::parse(&row["snils"]).is_ok());
        assert!(PersonInn::parse(&row["inn"]).is_ok());
        if !row["flags"].contains("child_on_parent_document") {
            let document = (row["citizenship"].clone(), row["first_document"].clone());
            assert!(documents.insert(document), "a passport number is given twice");
        }
    }
}

#[test]
fn check_digits_in_the_extracts_are_right() {
    let made = made(recipe(1_500, 4), 2, Layout::Whole);
    for row in fields(&made, Source::Sfr, '\t') {
        assert!(row[2].is_empty() || SocialNumber::parse(&row[2]).is_ok());
        assert!(RegisterNumber::parse(&row[8]).is_ok(), "{}", row[8]);
    }
    for row in fields(&made, Source::Ffoms, ',')
        .iter()
        .filter(|row| row[2] == "OMS")
    {
        assert!(PolicyNumber::parse(&row[3]).is_ok());
    }
    let benefits = fields(&made, Source::Fss, ',');
    let slips = benefits
        .iter()
        .filter(|row| SocialNumber::parse(&row[2]).is_err())
        .count();
    assert!(slips * 20 <= benefits.len(), "{slips} of {}", benefits.len());
    for line in made.lines("", Source::Contracts) {
        let text = String::from_utf8_lossy(&line).into_owned();
        if let Some((_, rest)) = text.split_once("\"inn\": \"") {
            let inn = rest.split('"').next().unwrap();
            assert!(inn.len() < 10 || FirmInn::parse(inn).is_ok(), "{inn}");
        }
    }
}

#[test]
fn zones_pass_their_checks_but_for_misread_ones() {
    let made = made(recipe(1_500, 6), 2, Layout::Whole);
    let rows = fields(&made, Source::Border, ';');
    let zones: Vec<&Vec<String>> = rows.iter().filter(|row| !row[15].is_empty()).collect();
    let failing = zones
        .iter()
        .filter(|row| {
            let read = MrzLines(vec![row[15].clone(), row[16].clone()]).read();
            read.map_or(true, |mrz| !mrz.failed_checks.is_empty())
        })
        .count();
    assert!(zones.len() > 4_000, "{}", zones.len());
    assert!(
        failing > 0 && failing * 100 < zones.len(),
        "{failing} of {}",
        zones.len()
    );
}

#[test]
fn without_noise_names_are_as_in_the_truth() {
    let mut quiet = recipe(300, 2);
    quiet.noise = 0.0;
    let made = made(quiet, 1, Layout::Whole);
    assert_eq!(made.truth("malformed.csv").len(), 0);
    let mut spellings = BTreeSet::new();
    for row in made
        .truth("people.csv")
        .iter()
        .chain(&made.truth("identities.csv"))
    {
        spellings.insert((row["latin_surname"].replace('-', ""), row["latin_given"].clone()));
    }
    for row in fields(&made, Source::Border, ';') {
        assert!(
            spellings.contains(&(row[6].replace('-', ""), row[7].clone())),
            "{} {}",
            row[6],
            row[7]
        );
    }
}
