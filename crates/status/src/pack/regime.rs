//! Visa regimes by citizenship and day.
//!
//! In: `visa_regime.csv`. Invariant: for one citizenship no two rows hold on one day.

use std::collections::BTreeMap;

use records::Day;
use serde::Deserialize;

use super::{PackError, condition::Regime, table};
use crate::citizenship::Citizenship;

pub(super) const FILE: &str = "visa_regime.csv";

/// What a citizenship needs for entering.
#[derive(Clone, Debug, Deserialize)]
pub struct RegimeRow {
    pub citizenship: Citizenship,
    pub regime: Regime,
    /// Shorter stay per visit by treaty.
    pub max_days_per_visit: Option<u32>,
    pub valid_from: Option<Day>,
    pub valid_to: Option<Day>,
    pub basis: String,
    /// 0 for an act that is signed but not known to be in force.
    enabled: u8,
}

impl RegimeRow {
    fn in_force(&self, day: Day) -> bool {
        self.valid_from.is_none_or(|from| from <= day) && self.valid_to.is_none_or(|to| day <= to)
    }

    fn overlaps(&self, other: &Self) -> bool {
        let begins = |row: &Self| row.valid_from.unwrap_or(Day::MIN);
        let ends = |row: &Self| row.valid_to.unwrap_or(Day::MAX);
        begins(self) <= ends(other) && begins(other) <= ends(self)
    }
}

/// The table.
#[derive(Clone, Debug, Default)]
pub struct Regimes(BTreeMap<Citizenship, Vec<RegimeRow>>);

impl Regimes {
    pub(super) fn parse(text: &str) -> Result<Self, PackError> {
        let mut regimes = Self::default();
        for (line, row) in table::rows::<RegimeRow>(FILE, text)?
            .into_iter()
            .filter(|(_, row)| row.enabled != 0)
        {
            let of_this = regimes.0.entry(row.citizenship).or_default();
            if of_this.iter().any(|other| other.overlaps(&row)) {
                let problem = format!("{} has two regimes for the same days", row.citizenship);
                return Err(PackError::at(FILE, line, "valid_from", problem));
            }
            of_this.push(row);
        }
        Ok(regimes)
    }

    /// The row in force on a day; a citizenship that is not listed needs a visa.
    pub fn on(&self, citizenship: Citizenship, day: Day) -> Option<&RegimeRow> {
        self.0.get(&citizenship)?.iter().find(|row| row.in_force(day))
    }

    pub fn is_visa_free(&self, citizenship: Citizenship, day: Day) -> bool {
        self.on(citizenship, day)
            .is_some_and(|row| row.regime == Regime::VisaFree)
    }
}
