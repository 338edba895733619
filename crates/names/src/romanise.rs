//! How passports spell Cyrillic in Latin letters.
//!
//! The tables are data (`data/romanisation.tsv`), one row a letter and standard, each standard with its source.

use std::{collections::HashMap, sync::LazyLock};

/// A table of letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standard {
    /// ICAO Doc 9303 part 3 section 6 B: passports of Russia since 2014, of Kazakhstan in part.
    Icao,
    /// GOST R 52535.1-2006: Russian passports 2010-2013.
    GostPassport,
    /// GOST 7.79-2000 system B (ISO 9 without marks): library and address data.
    Gost779B,
    /// Ukraine, Cabinet of Ministers resolution 55 of 2010.
    Ukraine,
    /// Belarus, Ministry of the Interior instruction 288 of 2008.
    Belarus,
    /// Kyrgyzstan, passport practice close to GOST 7.79 B.
    Kyrgyzstan,
    /// Tajikistan, passport practice.
    Tajikistan,
    /// Kazakhstan, passport practice on ICAO.
    Kazakhstan,
    /// Uzbekistan, the Latin alphabet of 1995 without apostrophes.
    Uzbekistan,
}

pub const STANDARDS: &[(Standard, &str)] = &[
    (Standard::Icao, "icao"),
    (Standard::GostPassport, "gost-r-52535.1"),
    (Standard::Gost779B, "gost-7.79-b"),
    (Standard::Ukraine, "ukr-55-2010"),
    (Standard::Belarus, "blr-288-2008"),
    (Standard::Kyrgyzstan, "kgz"),
    (Standard::Tajikistan, "tjk"),
    (Standard::Kazakhstan, "kaz"),
    (Standard::Uzbekistan, "uzb"),
];

const TABLE: &str = include_str!("../data/romanisation.tsv");

type Letters = HashMap<char, (&'static str, &'static str)>;

static TABLES: LazyLock<HashMap<&'static str, Letters>> = LazyLock::new(|| {
    let mut tables: HashMap<&'static str, Letters> = HashMap::new();
    for (standard, letter, initial, elsewhere) in rows() {
        tables
            .entry(standard)
            .or_default()
            .insert(letter, (initial, elsewhere));
    }
    tables
});

/// Rows `standard, letter, at the beginning of a word, elsewhere`; `-` stands for no letter.
fn rows() -> impl Iterator<Item = (&'static str, char, &'static str, &'static str)> {
    TABLE
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .filter_map(|line| {
            let mut fields = line.split('\t');
            let standard = fields.next()?;
            let letter = fields.next()?.chars().next()?;
            let plain = |text: &'static str| if text == "-" { "" } else { text };
            let initial = plain(fields.next()?);
            let elsewhere = fields.next().map_or(initial, plain);
            Some((standard, letter, initial, elsewhere))
        })
}

/// `text` in capital Latin letters by the standard; a letter that it lacks is taken from ICAO's table, what no table
/// has stays as it is.
pub fn romanise(text: &str, standard: Standard) -> String {
    let name = STANDARDS
        .iter()
        .find(|(known, _)| *known == standard)
        .map_or("icao", |(_, name)| name);
    let own = TABLES.get(name);
    let fallback = TABLES.get("icao");
    let mut latin = String::with_capacity(text.len());
    let mut initial = true;
    for letter in text.chars().flat_map(char::to_uppercase) {
        let found = own
            .and_then(|table| table.get(&letter))
            .or_else(|| fallback.and_then(|table| table.get(&letter)));
        match found {
            Some((first, elsewhere)) => latin.push_str(if initial { first } else { elsewhere }),
            None => latin.push(letter),
        }
        initial = !letter.is_alphabetic();
    }
    latin
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{similarity::SLIP, similarity::price, sounds::Sounds};

    #[test]
    fn passports_of_different_years_and_states() {
        for (text, standard, latin) in [
            ("Юрий Щукин", Standard::Icao, "IURII SHCHUKIN"),
            ("Хрущёв", Standard::Icao, "KHRUSHCHEV"),
            ("Цой", Standard::GostPassport, "TCOI"),
            ("Сергій Євтушенко", Standard::Ukraine, "SERHII YEVTUSHENKO"),
            ("Казлоў", Standard::Belarus, "KAZLOU"),
            ("Сяргей", Standard::Belarus, "SIARHEI"),
            ("Раҳимов Ҷамшед", Standard::Tajikistan, "RAHIMOV JAMSHED"),
            ("Ўринов", Standard::Uzbekistan, "ORINOV"),
            ("Жумабаев", Standard::Kyrgyzstan, "ZHUMABAEV"),
        ] {
            assert_eq!(romanise(text, standard), latin, "{text}");
        }
    }

    #[test]
    fn every_line_of_the_table_is_read_and_of_a_known_standard() {
        let lines = TABLE
            .lines()
            .filter(|l| !l.starts_with('#') && !l.is_empty())
            .count();
        assert_eq!(rows().count(), lines);
        for (standard, letter, initial, elsewhere) in rows() {
            assert!(STANDARDS.iter().any(|(_, name)| *name == standard), "{standard}");
            assert!(letter.is_uppercase(), "{letter}");
            assert!(
                initial
                    .chars()
                    .chain(elsewhere.chars())
                    .all(|c| c.is_ascii_uppercase()),
                "{letter}"
            );
        }
    }

    /// The fold must undo every table: a letter and its romanisation are no more than a cheap confusion apart.
    #[test]
    fn every_romanisation_sounds_like_its_letter() {
        for (_, letter, initial, elsewhere) in rows() {
            for latin in [initial, elsewhere] {
                let (written, passport) = (format!("НАН{letter}А"), format!("NAN{latin}A"));
                let apart = price(&Sounds::of(&written), &Sounds::of(&passport));
                // Macedonian Џ as DZ is the dearest.
                assert!(apart <= SLIP + 4, "{letter} {latin} {apart}");
            }
        }
    }
}
