//! Countries by ISO 3166-1, and how sources name them. The list is pack data.

use std::{collections::HashMap, fmt};

use serde::{Deserialize, Serialize};

/// ISO 3166-1 alpha-3 code, or one of ICAO 9303 part 3's codes for persons without a state (`XXA`).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Country([u8; 3]);

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not a code of three capital letters")]
pub struct CountryCodeError;

impl Country {
    /// Form only; whether the code is on the list is [`Countries::alpha3`]'s business.
    pub fn parse(raw: &str) -> Result<Self, CountryCodeError> {
        match raw.as_bytes() {
            &[a, b, c] if [a, b, c].iter().all(u8::is_ascii_uppercase) => Ok(Self([a, b, c])),
            _ => Err(CountryCodeError),
        }
    }

    pub const fn constant(code: &[u8; 3]) -> Self {
        Self(*code)
    }

    pub fn as_str(&self) -> &str {
        // three ASCII letters by construction
        std::str::from_utf8(&self.0).unwrap_or("???")
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl TryFrom<String> for Country {
    type Error = CountryCodeError;
    fn try_from(raw: String) -> Result<Self, CountryCodeError> {
        Self::parse(&raw)
    }
}

impl From<Country> for String {
    fn from(country: Country) -> String {
        country.as_str().to_owned()
    }
}

/// One row of the list of countries.
#[derive(Clone, Debug, Deserialize)]
pub struct CountryRow {
    pub alpha2: String,
    pub alpha3: String,
    pub numeric: String,
    pub name_en: String,
    pub name_ru: String,
}

/// The list, searchable by every code and by the names that sources use.
#[derive(Clone, Debug, Default)]
pub struct Countries {
    rows: Vec<(Country, CountryRow)>,
    by_alpha3: HashMap<Country, usize>,
    by_alpha2: HashMap<String, usize>,
    by_numeric: HashMap<String, usize>,
    by_name: HashMap<String, usize>,
}

#[derive(Debug, thiserror::Error)]
pub enum CountriesError {
    #[error("{file}: cannot be read as a table")]
    Table { file: &'static str, source: csv::Error },
    #[error("{file}, row {row}: {field} {problem}")]
    Row {
        file: &'static str,
        row: usize,
        field: &'static str,
        problem: &'static str,
    },
}

#[derive(Deserialize)]
struct NameRow {
    name: String,
    alpha3: String,
}

const LIST: &str = "countries.csv";
const NAMES: &str = "country_names.csv";

impl Countries {
    /// From `countries.csv` (alpha2, alpha3, numeric, name_en, name_ru) and `country_names.csv` (name, alpha3:
    /// further names that sources use).
    pub fn parse(list: &str, names: &str) -> Result<Self, CountriesError> {
        let mut countries = Self::default();
        for (row, read) in csv::Reader::from_reader(list.as_bytes())
            .deserialize::<CountryRow>()
            .enumerate()
        {
            let read = read.map_err(|source| CountriesError::Table { file: LIST, source })?;
            countries.add(row + 2, read)?;
        }
        for (row, read) in csv::Reader::from_reader(names.as_bytes())
            .deserialize::<NameRow>()
            .enumerate()
        {
            let read = read.map_err(|source| CountriesError::Table { file: NAMES, source })?;
            let known = Country::parse(&read.alpha3)
                .ok()
                .and_then(|code| countries.by_alpha3.get(&code).copied());
            let problem = CountriesError::Row {
                file: NAMES,
                row: row + 2,
                field: "alpha3",
                problem: "is not on the list",
            };
            countries
                .by_name
                .insert(name_key(&read.name), known.ok_or(problem)?);
        }
        Ok(countries)
    }

    fn add(&mut self, row: usize, read: CountryRow) -> Result<(), CountriesError> {
        // A territory that Russia recognises and ISO does not (OKSM codes AB, OS) has no alpha-3 here.
        let Ok(code) = Country::parse(&read.alpha3) else {
            let problem = "is not a code of three capital letters";
            return Err(CountriesError::Row {
                file: LIST,
                row,
                field: "alpha3",
                problem,
            });
        };
        let at = self.rows.len();
        if self.by_alpha3.insert(code, at).is_some() {
            return Err(CountriesError::Row {
                file: LIST,
                row,
                field: "alpha3",
                problem: "stands twice",
            });
        }
        self.by_alpha2.insert(read.alpha2.clone(), at);
        if !read.numeric.is_empty() {
            self.by_numeric.insert(read.numeric.clone(), at);
        }
        self.by_name.insert(name_key(&read.name_ru), at);
        self.rows.push((code, read));
        Ok(())
    }

    pub fn alpha3(&self, code: &str) -> Option<Country> {
        let code = Country::parse(code).ok()?;
        self.by_alpha3.contains_key(&code).then_some(code)
    }

    pub fn alpha2(&self, code: &str) -> Option<Country> {
        self.by_alpha2.get(code).map(|&at| self.rows[at].0)
    }

    /// ISO 3166-1 numeric (OKSM) with leading zeros.
    pub fn numeric(&self, code: &str) -> Option<Country> {
        self.by_numeric.get(code).map(|&at| self.rows[at].0)
    }

    /// By a name in Russian, whatever its case, its Ё or its spaces.
    pub fn russian_name(&self, name: &str) -> Option<Country> {
        self.by_name.get(&name_key(name)).map(|&at| self.rows[at].0)
    }

    pub fn row(&self, country: Country) -> Option<&CountryRow> {
        self.by_alpha3.get(&country).map(|&at| &self.rows[at].1)
    }

    pub fn iter(&self) -> impl Iterator<Item = (Country, &CountryRow)> {
        self.rows.iter().map(|(code, row)| (*code, row))
    }
}

fn name_key(name: &str) -> String {
    let words: Vec<String> = name
        .split_whitespace()
        .map(|word| word.to_lowercase().replace('ё', "е"))
        .collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shipped() -> Countries {
        Countries::parse(
            include_str!("../../../packs/ru/countries.csv"),
            include_str!("../../../packs/ru/country_names.csv"),
        )
        .unwrap()
    }

    #[test]
    fn every_code_and_name_finds_the_same_country() {
        let countries = shipped();
        let uzbekistan = Country::constant(b"UZB");
        assert_eq!(countries.alpha3("UZB"), Some(uzbekistan));
        assert_eq!(countries.alpha2("UZ"), Some(uzbekistan));
        assert_eq!(countries.numeric("860"), Some(uzbekistan));
        assert_eq!(countries.russian_name("узбекистан"), Some(uzbekistan));
        assert_eq!(countries.russian_name("Республика  Узбекистан"), Some(uzbekistan));
        assert_eq!(countries.alpha3("ZZZ"), None);
    }

    #[test]
    fn a_bad_row_is_named() {
        let error = Countries::parse(
            "alpha2,alpha3,numeric,name_en,name_ru\nUZ,Uzb,860,U,У\n",
            "name,alpha3\n",
        )
        .unwrap_err();
        assert_eq!(
            error.to_string(),
            "countries.csv, row 2: alpha3 is not a code of three capital letters"
        );
        let error =
            Countries::parse("alpha2,alpha3,numeric,name_en,name_ru\n", "name,alpha3\nX,UZB\n").unwrap_err();
        assert_eq!(
            error.to_string(),
            "country_names.csv, row 2: alpha3 is not on the list"
        );
    }
}
