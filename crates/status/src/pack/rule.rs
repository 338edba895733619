//! The list of rules: what an answer cites.
//!
//! In: `rules.csv`. Out: rules by id. Invariant: every rule has a citation and ends no earlier than it begins.

use std::{collections::BTreeMap, fmt};

use records::Day;
use serde::{Deserialize, Serialize};

use super::{PackError, table};

pub(super) const FILE: &str = "rules.csv";

/// Id of a rule: `RU.STAY.VISA`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RuleId(String);

impl RuleId {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for RuleId {
    fn from(id: &str) -> Self {
        Self(id.to_owned())
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How sure the pack's author is of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    High,
    Medium,
    Low,
    /// A policy of the platform, not a reading of the law.
    #[serde(rename = "n/a")]
    NotLaw,
}

/// One rule of law, with the act that holds it.
#[derive(Clone, Debug, Deserialize)]
pub struct Rule {
    #[serde(rename = "rule_id")]
    pub id: RuleId,
    pub area: String,
    pub valid_from: Day,
    pub valid_to: Option<Day>,
    /// Day on which the act was enacted; empty where it is not known apart from `valid_from`.
    pub enacted_on: Option<Day>,
    pub citation: String,
    pub confidence: Confidence,
    pub evidence: String,
    pub summary: String,
    /// The citation in the language of the law; empty where the pack has none of its own.
    #[serde(default)]
    pub citation_ru: String,
    #[serde(default)]
    pub summary_ru: String,
}

impl Rule {
    pub fn enacted(&self) -> Day {
        self.enacted_on.unwrap_or(self.valid_from).min(self.valid_from)
    }

    pub fn in_force(&self, day: Day) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|last| day <= last)
    }
}

pub(super) fn parse(text: &str) -> Result<BTreeMap<RuleId, Rule>, PackError> {
    let mut rules = BTreeMap::new();
    for (row, rule) in table::rows::<Rule>(FILE, text)? {
        if rule.citation.trim().is_empty() {
            return Err(PackError::at(
                FILE,
                row,
                "citation",
                "is empty: every rule names its act",
            ));
        }
        if rule.valid_to.is_some_and(|last| last < rule.valid_from) {
            return Err(PackError::at(FILE, row, "valid_to", "lies before valid_from"));
        }
        if rule.enacted_on.is_some_and(|enacted| enacted > rule.valid_from) {
            return Err(PackError::at(FILE, row, "enacted_on", "lies after valid_from"));
        }
        if let Some(earlier) = rules.insert(rule.id.clone(), rule) {
            return Err(PackError::at(
                FILE,
                row,
                "rule_id",
                format!("{} stands twice", earlier.id),
            ));
        }
    }
    Ok(rules)
}
