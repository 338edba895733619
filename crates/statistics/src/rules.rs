//! Rules of estimation and protection: `statistics.toml` of a pack, checked when it is read.

use records::country::Country;
use serde::{Deserialize, Serialize};

/// Everything a published figure depends on besides the extract.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct StatisticsRules {
    pub edition: String,
    pub presence: PresenceRule,
    pub purpose: PurposeRule,
    pub protection: ProtectionRule,
}

/// How stays are completed where crossings are missing. Units are days.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PresenceRule {
    pub open_borders: Vec<Country>,
    pub silence_days: i32,
    pub tie_silence_days: i32,
    pub exit_after_last_sign_days: i32,
    pub entry_before_first_sign_days: i32,
    pub join_days: i32,
    pub carried_over_days: i32,
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
/// A lower threshold would publish single persons.
const THRESHOLD_MIN: u64 = 3;
const THRESHOLD_MAX: u64 = 1_000;

impl StatisticsRules {
    pub fn parse(text: &str) -> Result<Self, RulesError> {
        let rules: Self = toml::from_str(text)?;
        let p = &rules.presence;
        for (name, value) in [
            ("silence_days", p.silence_days),
            ("tie_silence_days", p.tie_silence_days),
            ("exit_after_last_sign_days", p.exit_after_last_sign_days),
            ("entry_before_first_sign_days", p.entry_before_first_sign_days),
            ("join_days", p.join_days),
            ("carried_over_days", p.carried_over_days),
        ] {
            if !(0..=DAYS_MAX).contains(&value) {
                return Err(RulesError::Range(name));
            }
        }
        if !(THRESHOLD_MIN..=THRESHOLD_MAX).contains(&rules.protection.threshold) {
            return Err(RulesError::Range("threshold"));
        }
        Ok(rules)
    }
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
