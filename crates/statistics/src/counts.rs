//! Raw counts by fixed classifications. They have no written form: what leaves is a protected `table::Table`.

use std::{collections::BTreeMap, fmt};

use records::{Day, country::Country, payload::Purpose, region::RegionCode, subject::Sex};
use serde::{Deserialize, Serialize};

/// A fixed classification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    Date,
    Month,
    Citizenship,
    Region,
    Sex,
    AgeGroup,
    Purpose,
    Indicator,
}

impl Dimension {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Date => "date",
            Self::Month => "month",
            Self::Citizenship => "citizenship",
            Self::Region => "region",
            Self::Sex => "sex",
            Self::AgeGroup => "age_group",
            Self::Purpose => "purpose",
            Self::Indicator => "indicator",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        ALL.into_iter().find(|dimension| dimension.name() == name)
    }
}

const ALL: [Dimension; 8] = [
    Dimension::Date,
    Dimension::Month,
    Dimension::Citizenship,
    Dimension::Region,
    Dimension::Sex,
    Dimension::AgeGroup,
    Dimension::Purpose,
    Dimension::Indicator,
];

/// A code of a classification as tables spell it. `_U`: the sources do not say.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Code(String);

impl Code {
    pub fn new(code: impl Into<String>) -> Self {
        Self(code.into())
    }

    pub fn unknown() -> Self {
        Self("_U".to_owned())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn known<T>(value: Option<T>, code: impl Fn(T) -> String) -> Self {
        value.map_or_else(Self::unknown, |value| Self(code(value)))
    }

    pub fn citizenship(country: Option<Country>) -> Self {
        Self::known(country, |country| country.to_string())
    }

    pub fn region(region: Option<RegionCode>) -> Self {
        Self::known(region, |region| region.to_string())
    }

    pub fn sex(sex: Option<Sex>) -> Self {
        Self::known(sex, |sex| match sex {
            Sex::Female => "F".to_owned(),
            Sex::Male => "M".to_owned(),
        })
    }

    /// Codes of question 10 of the arrival form.
    pub fn purpose(purpose: Option<Purpose>) -> Self {
        Self::known(purpose, |purpose| {
            let code = match purpose {
                Purpose::Official => "01",
                Purpose::Tourism => "02",
                Purpose::Business => "03",
                Purpose::Study => "04",
                Purpose::Work => "05",
                Purpose::Private => "06",
                Purpose::Transit => "07",
            };
            code.to_owned()
        })
    }

    pub fn month(day: Day) -> Self {
        Self(format!("{:04}-{:02}", day.year(), day.month()))
    }

    /// Age group on a day; a birth date cut to its month counts as reached within that month.
    pub fn age_group(birth_year: Option<i16>, birth_month: Option<i8>, on: Day) -> Self {
        Self::known(birth_year, |year| {
            let had_birthday = birth_month.unwrap_or(6) <= on.month();
            let age = i32::from(on.year()) - i32::from(year) - i32::from(!had_birthday);
            let group = AGE_GROUPS
                .iter()
                .rev()
                .find(|(from, _)| *from <= age)
                .unwrap_or(&AGE_GROUPS[0]);
            group.1.to_owned()
        })
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// First age and label, ascending.
const AGE_GROUPS: [(i32, &str); 8] = [
    (0, "0-5"),
    (6, "6-14"),
    (15, "15-17"),
    (18, "18-29"),
    (30, "30-39"),
    (40, "40-54"),
    (55, "55-64"),
    (65, "65+"),
];

/// Counts by the codes of some dimensions, in their order.
#[derive(Clone)]
pub struct Counts {
    dimensions: Vec<Dimension>,
    cells: BTreeMap<Vec<Code>, u64>,
}

impl Counts {
    pub fn new(dimensions: Vec<Dimension>) -> Self {
        Self {
            dimensions,
            cells: BTreeMap::new(),
        }
    }

    /// Counts one more; `codes` are in the order of the dimensions.
    pub(crate) fn add(&mut self, codes: Vec<Code>) {
        debug_assert_eq!(codes.len(), self.dimensions.len());
        *self.cells.entry(codes).or_default() += 1;
    }

    pub fn from_cells(dimensions: Vec<Dimension>, cells: BTreeMap<Vec<Code>, u64>) -> Self {
        Self { dimensions, cells }
    }

    pub fn dimensions(&self) -> &[Dimension] {
        &self.dimensions
    }

    pub fn cells(&self) -> impl Iterator<Item = (&[Code], u64)> {
        self.cells.iter().map(|(codes, count)| (codes.as_slice(), *count))
    }

    pub fn total(&self) -> u64 {
        self.cells.values().sum()
    }

    /// Summed over all dimensions but `kept`; `None` when one of them is not here.
    pub fn by(&self, kept: &[Dimension]) -> Option<Self> {
        let places: Vec<usize> = kept
            .iter()
            .map(|wanted| self.dimensions.iter().position(|dimension| dimension == wanted))
            .collect::<Option<_>>()?;
        let mut cells: BTreeMap<Vec<Code>, u64> = BTreeMap::new();
        for (codes, count) in &self.cells {
            *cells
                .entry(places.iter().map(|&at| codes[at].clone()).collect())
                .or_default() += count;
        }
        Some(Self {
            dimensions: kept.to_vec(),
            cells,
        })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn age_groups_by_month_of_birth() {
        let on = date(2025, 3, 31);
        for (year, month, group) in [
            (2025, Some(3), "0-5"),
            (2019, Some(3), "6-14"),
            (2019, Some(4), "0-5"),
            (2007, Some(2), "18-29"),
            (1960, Some(3), "65+"),
            (1900, None, "65+"),
        ] {
            assert_eq!(Code::age_group(Some(year), month, on).as_str(), group, "{year}");
        }
        assert_eq!(Code::age_group(None, None, on), Code::unknown());
    }
}
