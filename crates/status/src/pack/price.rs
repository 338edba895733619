//! Monthly price of a document that is paid for by the month: base x deflator of the year x coefficient of the region.
//!
//! In: `patent_price.csv`, parameters. Invariant: full roubles, half a rouble up (Tax Code art. 52 p. 6).

use std::collections::BTreeMap;

use records::Day;
use serde::Deserialize;

use super::{
    PackError,
    parameter::{Decimal, ParameterKey},
    rule::RuleId,
    table,
};

pub(super) const FILE: &str = "patent_price.csv";
pub(super) const OBSERVED: &str = "observed_price.csv";
pub(super) const RULE_FILE: &str = "price.toml";

/// All that prices are made of.
#[derive(Clone, Debug)]
pub struct Prices {
    pub rule: PriceRule,
    pub coefficients: Coefficients,
    pub observed: Observed,
}

/// Which parameters make the price, and the rule.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceRule {
    pub rules: Vec<RuleId>,
    pub base: ParameterKey,
    pub deflator: ParameterKey,
    /// No region's coefficient is lower.
    pub least_coefficient: ParameterKey,
    /// A sum that lacks no more than so many hundredths of a month's price may be a slip of the payer.
    pub slip_percent: ParameterKey,
    /// Named when the coefficient of a region and year is not in the table.
    pub missing: String,
}

#[derive(Deserialize)]
struct Row {
    region_fns_code: String,
    year: i16,
    regional_coefficient: String,
}

/// Coefficients by region and year.
#[derive(Clone, Debug, Default)]
pub struct Coefficients(BTreeMap<(String, i16), Decimal>);

impl Coefficients {
    pub(super) fn parse(text: &str) -> Result<Self, PackError> {
        let mut table = BTreeMap::new();
        for (line, row) in table::rows::<Row>(FILE, text)? {
            let wrong = |field, problem: &str| PackError::at(FILE, line, field, problem);
            let coefficient = super::parameter::decimal(&row.regional_coefficient)
                .ok_or_else(|| wrong("regional_coefficient", "is no decimal number"))?;
            if table
                .insert((row.region_fns_code, row.year), coefficient)
                .is_some()
            {
                return Err(wrong("year", "stands twice for the region"));
            }
        }
        Ok(Self(table))
    }

    pub fn on(&self, region: &str, day: Day) -> Option<Decimal> {
        self.0.get(&(region.to_owned(), day.year())).copied()
    }
}

/// Coefficients that payments of others show, for reading a payment where the law's own is not in the pack. Never told
/// to anybody as a price.
#[derive(Clone, Debug, Default)]
pub struct Observed(BTreeMap<String, Decimal>);

#[derive(Deserialize)]
struct ObservedRow {
    region_fns_code: String,
    coefficient: String,
}

impl Observed {
    pub(super) fn parse(text: &str) -> Result<Self, PackError> {
        let mut table = BTreeMap::new();
        for (line, row) in table::rows::<ObservedRow>(OBSERVED, text)? {
            let coefficient = super::parameter::decimal(&row.coefficient)
                .ok_or_else(|| PackError::at(OBSERVED, line, "coefficient", "is no decimal number"))?;
            if table.insert(row.region_fns_code, coefficient).is_some() {
                return Err(PackError::at(OBSERVED, line, "region_fns_code", "stands twice"));
            }
        }
        Ok(Self(table))
    }

    pub fn on(&self, region: &str) -> Option<Decimal> {
        self.0.get(region).copied()
    }
}

/// `base` roubles times two factors, in full roubles.
pub fn monthly(base: i64, deflator: Decimal, coefficient: Decimal) -> Option<i64> {
    let scale = 10_i128.checked_pow(deflator.places.checked_add(coefficient.places)?)?;
    let product = i128::from(base)
        .checked_mul(i128::from(deflator.digits))?
        .checked_mul(i128::from(coefficient.digits))?;
    i64::try_from(product.checked_add(scale / 2)? / scale).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moscow_2025_and_2026() {
        let price = |deflator, coefficient| {
            monthly(
                1200,
                Decimal {
                    digits: deflator,
                    places: 3,
                },
                Decimal {
                    digits: coefficient,
                    places: 4,
                },
            )
        };
        assert_eq!(price(2594, 28592), Some(8900));
        assert_eq!(price(2842, 29323), Some(10000));
    }
}
