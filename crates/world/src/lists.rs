//! The lists out of which people and their surroundings are put together: data files of this crate.
//!
//! Names are of our own making from general knowledge; no list of living people was used.

use serde::Deserialize;

use crate::{draw::Weighted, way::Way};

mod citizenship;
mod names;

pub use citizenship::{Citizenship, LatinStyle, PatronymicStyle, Regime};
pub use names::{Name, NameList};

/// A data file that cannot be read. The files are built in, so this is a fault of the build.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    #[error("{file}: cannot be read as a table")]
    Table { file: &'static str, source: csv::Error },
    #[error("{file}, row {row}: {problem}")]
    Row {
        file: &'static str,
        row: usize,
        problem: &'static str,
    },
    #[error("words.toml cannot be read")]
    Words(#[from] toml::de::Error),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    pub professions: Vec<String>,
    pub firm_beginnings: Vec<String>,
    pub firm_endings: Vec<String>,
    pub trader_surnames: Vec<String>,
    pub host_men: Vec<String>,
    pub initials: Vec<String>,
    pub streets: Vec<String>,
    pub compulsory_insurers: Vec<String>,
    pub voluntary_insurers: Vec<String>,
    pub deciding_bodies: Vec<String>,
    pub international_organisations: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub struct PlaceRow {
    pub region: String,
    pub weight: f64,
    pub cities: String,
}

#[derive(Debug, Deserialize)]
pub struct CheckpointRow {
    pub code: String,
    pub utc_offset_h: i32,
    pub kind: String,
    pub weight: f64,
}

#[derive(Debug, Deserialize)]
pub struct InstitutionRow {
    pub name: String,
    pub region: String,
    pub weight: f64,
}

#[derive(Debug, Deserialize)]
struct PatronymicRow {
    father: String,
    son: String,
    daughter: String,
}

/// Patronymics that do not follow the rule: the father's name, then a son's and a daughter's.
pub type OddPatronymics = Vec<(String, [String; 2])>;

#[derive(Debug)]
pub struct Lists {
    pub citizenships: Vec<Citizenship>,
    pub names: Vec<NameList>,
    pub words: Words,
    pub places: Vec<PlaceRow>,
    pub checkpoints: Vec<CheckpointRow>,
    /// Airports, by their traffic.
    pub airports: Vec<usize>,
    pub airport_traffic: Weighted,
    pub institutions: Vec<InstitutionRow>,
    pub institution_sizes: Weighted,
    pub odd_patronymics: OddPatronymics,
    /// Citizenship and way of life of those who come alone: index by index into [`Lists::origins`].
    pub origin_shares: Weighted,
    pub origins: Vec<(usize, Way)>,
}

pub(crate) fn rows<T: for<'r> Deserialize<'r>>(file: &'static str, text: &str) -> Result<Vec<T>, ListError> {
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .map_err(|source| ListError::Table { file, source })
}

impl Lists {
    /// `name_zipf` is the exponent of the frequencies of names.
    pub fn load(name_zipf: f64) -> Result<Self, ListError> {
        let names = names::load(name_zipf)?;
        let citizenships = citizenship::load(&names)?;
        let checkpoints: Vec<CheckpointRow> =
            rows("checkpoints.csv", include_str!("../data/checkpoints.csv"))?;
        let airports: Vec<usize> = (0..checkpoints.len())
            .filter(|&at| checkpoints[at].kind == "air")
            .collect();
        let airport_traffic = Weighted::new(airports.iter().map(|&at| checkpoints[at].weight));
        let institutions: Vec<InstitutionRow> =
            rows("institutions.csv", include_str!("../data/institutions.csv"))?;
        let mut origins = Vec::new();
        let mut shares = Vec::new();
        for (at, citizenship) in citizenships.iter().enumerate() {
            for (way, &share) in Way::ALL.iter().zip(&citizenship.ways) {
                origins.push((at, *way));
                shares.push(share);
            }
        }
        Ok(Self {
            words: toml::from_str(include_str!("../data/words.toml"))?,
            places: rows("places.csv", include_str!("../data/places.csv"))?,
            airports,
            airport_traffic,
            institution_sizes: Weighted::new(institutions.iter().map(|row| row.weight)),
            institutions,
            odd_patronymics: rows::<PatronymicRow>(
                "patronymics.csv",
                include_str!("../data/patronymics.csv"),
            )?
            .into_iter()
            .map(|row| (row.father, [row.son, row.daughter]))
            .collect(),
            origin_shares: Weighted::new(shares),
            origins,
            checkpoints,
            citizenships,
            names,
        })
    }

    /// Place of a checkpoint in the list, by its code.
    pub fn checkpoint(&self, code: &str) -> Option<usize> {
        self.checkpoints
            .iter()
            .position(|checkpoint| checkpoint.code == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sound() {
        let lists = Lists::load(0.85).unwrap();
        for citizenship in &lists.citizenships {
            for code in &citizenship.land_checkpoints {
                assert!(lists.checkpoint(code).is_some(), "{code}");
            }
        }
        let large = ["uzb", "tjk", "kgz", "kaz", "aze", "arm", "ukr", "blr"];
        for list in lists.names.iter().filter(|list| large.contains(&list.code)) {
            let given = list.male.len() + list.female.len();
            assert!(
                given >= 150 && list.family.len() >= 300,
                "{} {given} {}",
                list.code,
                list.family.len()
            );
        }
        assert_eq!(lists.places.len(), 89);
    }
}
