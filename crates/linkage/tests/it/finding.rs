//! Search: the same weights as in linking.

use linkage::find::{Query, find, query_keys, record_keys};
use records::{
    document::DocumentNumber,
    key::ProfileId,
    partial_date::PartialDate,
    subject::{Birth, UnknownParts},
};

use crate::people::{KARIMOV, Said, certificate};

fn profile(n: u128) -> ProfileId {
    ProfileId::from_random_bits(n)
}

fn born(text: &str) -> Option<Birth> {
    let date = PartialDate::parse_iso(text).ok()?;
    Some(Birth {
        date,
        unknown_parts: UnknownParts::Kept,
    })
}

#[test]
fn a_document_finds_its_holder_first_and_the_child_on_it_after() {
    let holder = certificate("M1", KARIMOV);
    let child = certificate(
        "M2",
        Said {
            given: "Отабек",
            father: "Жасур угли",
            born: "2015-07-04",
            ..KARIMOV
        },
    );
    let query = Query {
        document: DocumentNumber::parse("FA 1234567").ok(),
        name: Some("KARIMOV JASUR".to_owned()),
        ..Query::default()
    };
    let found = find(&query, &[(profile(2), &child), (profile(1), &holder)], 1_000_000);
    assert_eq!(
        found.iter().map(|f| f.profile).collect::<Vec<_>>(),
        [profile(1), profile(2)]
    );
}

#[test]
fn a_name_in_either_script_with_a_birth_date() {
    let holder = certificate("M1", KARIMOV);
    let other = certificate(
        "M2",
        Said {
            surname: "Юсупов",
            given: "Нодир",
            born: "1971-11-03",
            ..KARIMOV
        },
    );
    for name in [
        "Каримов Жасур Рустамович",
        "KARIMOV JASUR",
        "Жасур Каримов",
        "КОРЫМОВ ДЖАСУР",
    ] {
        let query = Query {
            name: Some(name.to_owned()),
            birth: born("1990-05-17"),
            ..Query::default()
        };
        let found = find(&query, &[(profile(2), &other), (profile(1), &holder)], 1_000_000);
        assert_eq!(found.first().map(|f| f.profile), Some(profile(1)), "{name}");
    }
}

#[test]
fn a_query_shares_a_key_with_the_record_that_it_is_after() {
    let keys = record_keys(&certificate("M1", KARIMOV));
    for query in [
        Query {
            document: DocumentNumber::parse("FA1234567").ok(),
            ..Query::default()
        },
        Query {
            name: Some("KARIMOV JASUR".to_owned()),
            ..Query::default()
        },
        Query {
            name: Some("Жасур Каримов".to_owned()),
            ..Query::default()
        },
        Query {
            name: Some("Каримов Отабек".to_owned()),
            birth: born("1990-05-17"),
            ..Query::default()
        },
    ] {
        assert!(!query_keys(&query).is_disjoint(&keys));
    }
}

#[test]
fn nothing_that_agrees_is_nothing_found() {
    let query = Query {
        name: Some("SMITH JOHN".to_owned()),
        birth: born("1950-02-02"),
        ..Query::default()
    };
    assert!(find(&query, &[(profile(1), &certificate("M1", KARIMOV))], 1000).is_empty());
}
