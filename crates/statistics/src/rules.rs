//! Rules of estimation and protection: `statistics.toml` of a pack, checked when it is read.

use profile::extract::{Row, SignKind};
use records::{Day, country::Country, payload::Purpose};
use serde::{Deserialize, Serialize};

/// Everything a published figure depends on besides the extract.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct StatisticsRules {
    pub edition: String,
    pub presence: PresenceRule,
    pub purpose: PurposeRule,
    pub patents: PatentRule,
    pub protection: ProtectionRule,
}

/// How stays are completed where crossings are missing.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PresenceRule {
    pub open_borders: Vec<Country>,
    pub tie_silence_days: i32,
    pub join_days: i32,
    pub stays_min: usize,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PurposeRule {
    pub revealed_by: Vec<Revealed>,
}

/// What records of a stay show of its purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Revealed {
    Studies,
    Work,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PatentRule {
    pub missing_payment_months: i64,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ProtectionRule {
    pub threshold: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    #[error("statistics rules cannot be read")]
    Form(#[from] toml::de::Error),
    #[error("statistics rules: {0} is out of range")]
    Range(&'static str),
}

/// Longest span that a rule may name.
const DAYS_MAX: i32 = 3_660;
/// A patent lives for a year.
const MONTHS_MAX: i64 = 12;
/// A lower threshold would publish single persons.
const THRESHOLD_MIN: u64 = 3;
const THRESHOLD_MAX: u64 = 1_000;

impl StatisticsRules {
    pub fn parse(text: &str) -> Result<Self, RulesError> {
        let rules: Self = toml::from_str(text)?;
        let p = &rules.presence;
        for (name, value) in [
            ("tie_silence_days", p.tie_silence_days),
            ("join_days", p.join_days),
        ] {
            if !(0..=DAYS_MAX).contains(&value) {
                return Err(RulesError::Range(name));
            }
        }
        if !(0..=MONTHS_MAX).contains(&rules.patents.missing_payment_months) {
            return Err(RulesError::Range("missing_payment_months"));
        }
        if !(THRESHOLD_MIN..=THRESHOLD_MAX).contains(&rules.protection.threshold) {
            return Err(RulesError::Range("threshold"));
        }
        Ok(rules)
    }
}

impl PurposeRule {
    /// What the records of the days `from..=until` show of the purpose, else what was declared.
    pub(crate) fn of_stay(
        &self,
        row: &Row,
        from: Day,
        until: Day,
        declared: Option<Purpose>,
    ) -> Option<Purpose> {
        let revealed = self.revealed_by.iter().find_map(|revealed| match revealed {
            Revealed::Studies => studies(row, from, until).then_some(Purpose::Study),
            Revealed::Work => works(row, from, until).then_some(Purpose::Work),
        });
        revealed.or(declared)
    }
}

fn studies(row: &Row, from: Day, until: Day) -> bool {
    row.signs.iter().any(|sign| {
        sign.kind == SignKind::Studies && sign.from <= until && sign.until.is_none_or(|end| end >= from)
    })
}

fn works(row: &Row, from: Day, until: Day) -> bool {
    row.signs.iter().any(|sign| match sign.kind {
        SignKind::PermitIssued
        | SignKind::ContractConcluded
        | SignKind::ContractEnded
        | SignKind::TaxPaid => from <= sign.from && sign.from <= until,
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIPPED: &str = include_str!("../../../packs/ru/statistics.toml");

    #[test]
    fn the_shipped_rules_are_sound() {
        assert_eq!(StatisticsRules::parse(SHIPPED).unwrap().protection.threshold, 5);
    }

    #[test]
    fn a_threshold_that_protects_nobody_is_refused() {
        let low = SHIPPED.replace("threshold = 5", "threshold = 1");
        assert_eq!(
            StatisticsRules::parse(&low).unwrap_err().to_string(),
            "statistics rules: threshold is out of range"
        );
    }
}
