//! What a world takes from the pack of the law: countries, regions, and what a month of a patent costs.

use std::collections::HashMap;

use records::{
    country::{Countries, CountriesError, Country},
    region::{RegionCode, Regions, RegionsError},
};
use serde::Deserialize;

/// Texts of the pack's tables.
#[derive(Clone, Copy, Debug)]
pub struct PackTables<'t> {
    pub countries: &'t str,
    pub country_names: &'t str,
    pub regions: &'t str,
    pub patent_price: &'t str,
    pub observed_price: &'t str,
    pub parameters: &'t str,
}

#[derive(Debug, thiserror::Error)]
pub enum PackError {
    #[error("the list of countries cannot be read")]
    Countries(#[from] CountriesError),
    #[error("the list of regions cannot be read")]
    Regions(#[from] RegionsError),
    #[error("{file}: cannot be read as a table")]
    Table { file: &'static str, source: csv::Error },
    #[error("parameters.csv: {key} is missing for {year}")]
    Parameter { key: &'static str, year: i32 },
}

/// One region as files name it.
#[derive(Clone, Debug)]
pub struct Region {
    pub code: RegionCode,
    pub name: String,
    /// Without its trailing zeros, as permits write it: `45`, `71140`.
    pub okato: String,
    pub oktmo: String,
}

#[derive(Debug)]
pub struct Pack {
    pub countries: Countries,
    /// In the order of their codes.
    pub regions: Vec<Region>,
    by_code: HashMap<RegionCode, usize>,
    /// Price of a month in kopecks, by year and place in the list of regions.
    prices: HashMap<(i32, usize), i64>,
}

#[derive(Deserialize)]
struct PriceRow {
    region_fns_code: String,
    year: i32,
    monthly_rub: f64,
    deflator: f64,
}

#[derive(Deserialize)]
struct ObservedRow {
    region_fns_code: String,
    coefficient: f64,
}

#[derive(Deserialize)]
struct ParameterRow {
    key: String,
    value: String,
    valid_from: String,
    valid_to: String,
}

fn rows<T: for<'r> Deserialize<'r>>(file: &'static str, text: &str) -> Result<Vec<T>, PackError> {
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .map_err(|source| PackError::Table { file, source })
}

/// Years in which a patent may be paid: from the one before the window.
const YEARS: std::ops::RangeInclusive<i32> = 2022..=2025;
/// Coefficient of a region whose law the pack does not know: the median of those it does.
const USUAL_COEFFICIENT: f64 = 2.3;

impl Pack {
    pub fn parse(tables: PackTables<'_>) -> Result<Self, PackError> {
        let list = Regions::parse(tables.regions)?;
        let mut regions: Vec<Region> = list
            .iter()
            .map(|(code, row)| Region {
                code,
                name: row.name_ru.replace('/', ""),
                okato: short_okato(&row.okato).to_owned(),
                oktmo: row.oktmo.clone(),
            })
            .collect();
        regions.sort_by_key(|region| region.code);
        let by_code = regions
            .iter()
            .enumerate()
            .map(|(at, region)| (region.code, at))
            .collect();
        let mut pack = Self {
            countries: Countries::parse(tables.countries, tables.country_names)?,
            regions,
            by_code,
            prices: HashMap::new(),
        };
        pack.price(tables)?;
        Ok(pack)
    }

    pub fn region(&self, code: &str) -> Option<usize> {
        self.by_code.get(&RegionCode::parse(code).ok()?).copied()
    }

    /// Russian name of the list, without Ё as the border of the code page of some files asks.
    pub fn country_name(&self, country: Country) -> &str {
        self.countries.row(country).map_or("", |row| row.name_ru.as_str())
    }

    /// Price of one month of a patent in kopecks (Tax Code art. 227.1): base x deflator x coefficient of the region.
    pub fn patent_month_kopecks(&self, region: usize, year: i32) -> i64 {
        let year = year.clamp(*YEARS.start(), *YEARS.end());
        self.prices.get(&(year, region)).copied().unwrap_or_default()
    }

    fn price(&mut self, tables: PackTables<'_>) -> Result<(), PackError> {
        let known: Vec<PriceRow> = rows("patent_price.csv", tables.patent_price)?;
        let observed: Vec<ObservedRow> = rows("observed_price.csv", tables.observed_price)?;
        let parameters: Vec<ParameterRow> = rows("parameters.csv", tables.parameters)?;
        for year in YEARS {
            let base = parameter(&parameters, "patent.base_rub", year)?;
            let deflator = parameter(&parameters, "patent.deflator", year)?;
            for (at, region) in self.regions.iter().enumerate() {
                let code = region.code.as_str();
                // The price of the year, else that of the nearest year known carried over by the deflators, else what
                // payments show.
                let by_law = known
                    .iter()
                    .filter(|row| row.region_fns_code == code && YEARS.contains(&row.year))
                    .min_by_key(|row| (row.year - year).abs());
                let by_payments = observed.iter().find(|row| row.region_fns_code == code);
                let roubles = match (by_law, by_payments) {
                    (Some(row), _) => row.monthly_rub * deflator / row.deflator,
                    (None, Some(row)) => base * deflator * row.coefficient,
                    (None, None) => base * deflator * USUAL_COEFFICIENT,
                };
                let kopecks = (roubles * 100.0).round() as i64;
                self.prices.insert((year, at), kopecks);
            }
        }
        Ok(())
    }
}

/// Two digits of a subject, or five of an autonomous district within one.
fn short_okato(okato: &str) -> &str {
    if okato[2..].bytes().all(|digit| digit == b'0') {
        &okato[..2]
    } else {
        &okato[..5]
    }
}

fn parameter(rows: &[ParameterRow], key: &'static str, year: i32) -> Result<f64, PackError> {
    let year_of = |day: &str| day.get(..4).and_then(|year| year.parse::<i32>().ok());
    rows.iter()
        .find(|row| {
            row.key == key
                && year_of(&row.valid_from).is_some_and(|from| from <= year)
                && year_of(&row.valid_to).is_none_or(|to| to >= year)
        })
        .and_then(|row| row.value.parse().ok())
        .ok_or(PackError::Parameter { key, year })
}

#[cfg(test)]
pub(crate) fn shipped() -> Pack {
    Pack::parse(PackTables {
        countries: include_str!("../../../packs/ru/countries.csv"),
        country_names: include_str!("../../../packs/ru/country_names.csv"),
        regions: include_str!("../../../packs/ru/regions_ru.csv"),
        patent_price: include_str!("../../../packs/ru/patent_price.csv"),
        observed_price: include_str!("../../../packs/ru/observed_price.csv"),
        parameters: include_str!("../../../packs/ru/parameters.csv"),
    })
    .unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_those_that_the_press_named() {
        let pack = shipped();
        let price = |code, year| pack.patent_month_kopecks(pack.region(code).unwrap(), year);
        assert_eq!(price("77", 2024), 750_000);
        assert_eq!(price("77", 2025), 890_000);
        assert_eq!(price("02", 2023), 572_040);
        assert!(
            pack.regions
                .iter()
                .all(|region| price(region.code.as_str(), 2025) > 100_000)
        );
    }

    #[test]
    fn districts_have_five_digits_of_okato() {
        let pack = shipped();
        assert_eq!(pack.regions[pack.region("89").unwrap()].okato, "71140");
        assert_eq!(pack.regions[pack.region("77").unwrap()].okato, "45");
    }
}
