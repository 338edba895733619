//! Officials' rulings outweigh any evidence, profile ids stay where most records stay, and all can be undone.

use std::collections::BTreeMap;

use linkage::{assignment::Basis, standing::Ruling};
use records::{envelope::Record, key::ProfileId};

use crate::people::{KARIMOV, Said, Standing, Told, certificate, crowd, policy, run, together};

const NODIR: Said = Said {
    given: "Нодир",
    born: "1971-11-03",
    document: "AD7654321",
    ..KARIMOV
};

/// Three records of one man, two of another.
fn two_men() -> Vec<Record> {
    vec![
        certificate("M1", KARIMOV),
        certificate(
            "M2",
            Said {
                father: "",
                ..KARIMOV
            },
        ),
        policy("P1", KARIMOV),
        certificate("M3", NODIR),
        policy("P2", NODIR),
    ]
}

fn ruled(rulings: Vec<Ruling>, links: BTreeMap<records::key::RecordKey, ProfileId>) -> (Vec<Record>, Told) {
    let men = two_men();
    let assignment = run(&[men.clone(), crowd()].concat(), &Standing { links, rulings });
    (men, assignment)
}

fn profile(n: u128) -> ProfileId {
    ProfileId::from_random_bits(n)
}

#[test]
fn without_a_ruling_there_are_two_men() {
    let (men, assignment) = ruled(vec![], BTreeMap::new());
    assert!(together(&assignment, &men[0], &men[2]) && together(&assignment, &men[3], &men[4]));
    assert!(!together(&assignment, &men[0], &men[3]));
}

#[test]
fn same_person_joins_whatever_the_evidence() {
    let men = two_men();
    let ruling = Ruling::SamePerson {
        one: men[0].key.clone(),
        other: men[3].key.clone(),
    };
    let (men, assignment) = ruled(vec![ruling], BTreeMap::new());
    assert!(together(&assignment, &men[0], &men[3]) && together(&assignment, &men[2], &men[4]));
    let basis = &assignment
        .explanations
        .iter()
        .find(|e| e.record == men[3].key)
        .unwrap()
        .basis;
    assert!(matches!(basis, Basis::Ruled { .. }), "{basis:?}");
}

#[test]
fn different_persons_stay_apart_whatever_the_evidence() {
    let men = two_men();
    let ruling = Ruling::DifferentPersons {
        one: men[1].key.clone(),
        other: men[0].key.clone(),
    };
    let (men, assignment) = ruled(vec![ruling], BTreeMap::new());
    assert!(!together(&assignment, &men[0], &men[1]));
}

#[test]
fn a_record_placed_into_a_profile_and_one_taken_out_of_it() {
    let men = two_men();
    let links: BTreeMap<_, _> = men
        .iter()
        .enumerate()
        .map(|(at, record)| (record.key.clone(), profile(if at < 3 { 1 } else { 2 })))
        .collect();
    let placed = Ruling::Belongs {
        record: men[4].key.clone(),
        profile: profile(1),
    };
    let (men, assignment) = ruled(vec![placed], links.clone());
    assert!(together(&assignment, &men[4], &men[0]) && !together(&assignment, &men[4], &men[3]));

    let taken = Ruling::DoesNotBelong {
        record: men[2].key.clone(),
        profile: profile(1),
    };
    let (men, assignment) = ruled(vec![taken], links);
    assert!(!together(&assignment, &men[2], &men[0]) && !together(&assignment, &men[2], &men[1]));
}

#[test]
fn a_ruling_taken_back_leaves_no_trace() {
    let men = two_men();
    let before = ruled(vec![], BTreeMap::new()).1;
    let ruling = Ruling::SamePerson {
        one: men[0].key.clone(),
        other: men[3].key.clone(),
    };
    assert_ne!(ruled(vec![ruling], BTreeMap::new()).1.clusters, before.clusters);
    assert_eq!(ruled(vec![], BTreeMap::new()).1, before);
}

#[test]
fn rulings_that_contradict_are_reported_and_keep_apart() {
    let men = two_men();
    let (one, other) = (men[0].key.clone(), men[3].key.clone());
    let apart = Ruling::DifferentPersons {
        one: one.clone(),
        other: other.clone(),
    };
    let same = Ruling::SamePerson { one, other };
    for rulings in [
        vec![apart.clone(), same.clone()],
        vec![same.clone(), apart.clone()],
    ] {
        let (men, assignment) = ruled(rulings, BTreeMap::new());
        assert!(!together(&assignment, &men[0], &men[3]));
        assert_eq!(assignment.broken_rulings, std::slice::from_ref(&same));
    }
}

#[test]
fn a_profile_id_goes_on_with_most_of_its_records() {
    let men = two_men();
    let mut links: BTreeMap<_, _> = men
        .iter()
        .map(|record| (record.key.clone(), profile(7)))
        .collect();
    links.insert(men[4].key.clone(), profile(8));
    let (men, assignment) = ruled(vec![], links);
    let of = |record: &Record| {
        assignment
            .clusters
            .iter()
            .find(|c| c.records.contains(&record.key))
            .unwrap()
    };
    assert_eq!(of(&men[0]).keeps, Some(profile(7)));
    assert_eq!(of(&men[3]).keeps, Some(profile(8)));
    assert_eq!(of(&men[3]).standing, [profile(7), profile(8)]);
}
