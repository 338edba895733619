//! Given names that are one name in two languages: Mykola is Николай, Siarhei is Сергей.
//!
//! The pairs are data (`data/equivalents.tsv`); several national names may share a Russian one and thereby be
//! equivalent to each other.

use std::{
    collections::{BTreeSet, HashMap},
    sync::LazyLock,
};

use crate::sounds::Sounds;

const TABLE: &str = include_str!("../data/equivalents.tsv");

/// For each name, the Russian names that it may stand for, itself among them when it is one.
static RUSSIAN: LazyLock<HashMap<Sounds, BTreeSet<Sounds>>> = LazyLock::new(|| {
    let mut russian: HashMap<Sounds, BTreeSet<Sounds>> = HashMap::new();
    for (national, name) in rows() {
        let name = Sounds::of(name);
        russian
            .entry(Sounds::of(national))
            .or_default()
            .insert(name.clone());
        russian.entry(name.clone()).or_default().insert(name);
    }
    russian
});

fn rows() -> impl Iterator<Item = (&'static str, &'static str)> {
    TABLE
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .filter_map(|line| line.split_once('\t'))
}

/// Whether the two can be one given name in two languages. Symmetric; a name that the table lacks has no equivalent.
pub fn are_equivalent(one: &Sounds, other: &Sounds) -> bool {
    match (RUSSIAN.get(one), RUSSIAN.get(other)) {
        (Some(a), Some(b)) => !a.is_disjoint(b),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn equivalent(one: &str, other: &str) -> bool {
        are_equivalent(&Sounds::of(one), &Sounds::of(other))
    }

    #[test]
    fn one_name_in_several_languages() {
        assert!(equivalent("MYKOLA", "Николай"));
        assert!(equivalent("Николай", "MIKALAI"));
        assert!(equivalent("MYKOLA", "MIKALAI"));
        assert!(equivalent("YAUHIEN", "Евгений"));
        assert!(!equivalent("MYKOLA", "Михаил"));
        assert!(!equivalent("JAMSHED", "Жамшед"), "the same sounds need no table");
    }

    #[test]
    fn every_line_of_the_table_is_read() {
        let lines = TABLE
            .lines()
            .filter(|l| !l.starts_with('#') && !l.is_empty())
            .count();
        assert_eq!(rows().count(), lines);
        assert!(rows().all(|(national, russian)| {
            !Sounds::of(national).is_empty() && !Sounds::of(russian).is_empty()
        }));
    }
}
