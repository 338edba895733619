//! Subjects of the federation by the tax service's code, and the other classifiers' codes for them. Pack data.

use std::{collections::HashMap, fmt};

use serde::{Deserialize, Serialize};

/// Two-digit code of the tax service: `77` is Moscow.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RegionCode([u8; 2]);

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not a region code of two digits")]
pub struct RegionCodeError;

impl RegionCode {
    pub fn parse(raw: &str) -> Result<Self, RegionCodeError> {
        match raw.as_bytes() {
            &[a, b] if a.is_ascii_digit() && b.is_ascii_digit() => Ok(Self([a, b])),
            _ => Err(RegionCodeError),
        }
    }

    pub const fn constant(code: &[u8; 2]) -> Self {
        Self(*code)
    }

    pub fn as_str(&self) -> &str {
        // two ASCII digits by construction
        std::str::from_utf8(&self.0).unwrap_or("??")
    }
}

impl fmt::Display for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl TryFrom<String> for RegionCode {
    type Error = RegionCodeError;
    fn try_from(raw: String) -> Result<Self, RegionCodeError> {
        Self::parse(&raw)
    }
}

impl From<RegionCode> for String {
    fn from(code: RegionCode) -> String {
        code.as_str().to_owned()
    }
}

/// One row of the list of regions.
#[derive(Clone, Debug, Deserialize)]
pub struct RegionRow {
    pub fns_code: String,
    pub name_ru: String,
    pub okato: String,
    pub oktmo: String,
    /// ISO 3166-2:RU code; empty where that list has none.
    pub iso_3166_2_ru: String,
    pub note: String,
}

/// The list, searchable by every classifier.
#[derive(Clone, Debug, Default)]
pub struct Regions {
    rows: Vec<(RegionCode, RegionRow)>,
    by_code: HashMap<RegionCode, usize>,
    by_okato: HashMap<String, usize>,
    by_oktmo: HashMap<String, usize>,
}

#[derive(Debug, thiserror::Error)]
pub enum RegionsError {
    #[error("{FILE}: cannot be read as a table")]
    Table(#[from] csv::Error),
    #[error("{FILE}, row {row}: {field} {problem}")]
    Row {
        row: usize,
        field: &'static str,
        problem: &'static str,
    },
}

const FILE: &str = "regions_ru.csv";
const OKATO_LENGTH: usize = 11;
const OKTMO_LENGTH: usize = 8;

impl Regions {
    /// From `regions_ru.csv`.
    pub fn parse(list: &str) -> Result<Self, RegionsError> {
        let mut regions = Self::default();
        for (at, row) in csv::Reader::from_reader(list.as_bytes())
            .deserialize::<RegionRow>()
            .enumerate()
        {
            regions.add(at + 2, row?)?;
        }
        Ok(regions)
    }

    fn add(&mut self, line: usize, row: RegionRow) -> Result<(), RegionsError> {
        let wrong = |field, problem| RegionsError::Row {
            row: line,
            field,
            problem,
        };
        let code =
            RegionCode::parse(&row.fns_code).map_err(|_| wrong("fns_code", "is not a code of two digits"))?;
        if row.okato.len() != OKATO_LENGTH || row.oktmo.len() != OKTMO_LENGTH {
            return Err(wrong("okato or oktmo", "has the wrong length"));
        }
        let at = self.rows.len();
        let earlier = [
            self.by_code.insert(code, at),
            self.by_okato.insert(row.okato.clone(), at),
            self.by_oktmo.insert(row.oktmo.clone(), at),
        ];
        if earlier.iter().any(Option::is_some) {
            return Err(wrong("a code", "stands twice"));
        }
        self.rows.push((code, row));
        Ok(())
    }

    pub fn code(&self, raw: &str) -> Option<RegionCode> {
        let code = RegionCode::parse(raw).ok()?;
        self.by_code.contains_key(&code).then_some(code)
    }

    /// By OKATO, its trailing zeros left out or not: `45`, `71140`, `45000000000`.
    pub fn okato(&self, raw: &str) -> Option<RegionCode> {
        Self::padded(raw, 2, OKATO_LENGTH)
            .and_then(|key| self.by_okato.get(&key))
            .map(|&at| self.rows[at].0)
    }

    /// By the OKTMO of the subject, its trailing zeros left out or not.
    pub fn oktmo(&self, raw: &str) -> Option<RegionCode> {
        Self::padded(raw, 2, OKTMO_LENGTH)
            .and_then(|key| self.by_oktmo.get(&key))
            .map(|&at| self.rows[at].0)
    }

    fn padded(raw: &str, shortest: usize, length: usize) -> Option<String> {
        let digits = raw.bytes().all(|b| b.is_ascii_digit()) && (shortest..=length).contains(&raw.len());
        digits.then(|| format!("{raw:0<length$}"))
    }

    pub fn row(&self, code: RegionCode) -> Option<&RegionRow> {
        self.by_code.get(&code).map(|&at| &self.rows[at].1)
    }

    pub fn iter(&self) -> impl Iterator<Item = (RegionCode, &RegionRow)> {
        self.rows.iter().map(|(code, row)| (*code, row))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_districts_have_their_own_codes() {
        let regions = Regions::parse(include_str!("../../../packs/ru/regions_ru.csv")).unwrap();
        assert_eq!(regions.iter().count(), 89);
        assert_eq!(regions.okato("45"), regions.code("77"));
        assert_eq!(regions.okato("71"), regions.code("72"));
        assert_eq!(regions.okato("71140"), regions.code("89"));
        assert_eq!(regions.okato("7114"), regions.code("89"));
        assert_eq!(regions.oktmo("71900000"), regions.code("89"));
        assert_eq!(regions.oktmo("45000000"), regions.code("77"));
        assert_eq!(regions.okato("4"), None);
        assert_eq!(regions.code("96"), None);
    }
}
