//! The rules of choice: `profile.toml` of a pack, checked when it is read.

use std::collections::BTreeMap;

use records::key::SourceName;
use serde::Deserialize;

/// Rules of choice between sources that disagree. Data of a pack; read once.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfileRules {
    pub edition: String,
    fields: BTreeMap<FieldName, FieldRule>,
    pub duplicates: DuplicateRule,
    pub documents: DocumentRule,
}

/// Fields that are chosen by rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldName {
    Latin,
    Cyrillic,
    BirthDate,
    BirthPlace,
    Sex,
    Citizenship,
}

const FIELDS: [FieldName; 6] = [
    FieldName::Latin,
    FieldName::Cyrillic,
    FieldName::BirthDate,
    FieldName::BirthPlace,
    FieldName::Sex,
    FieldName::Citizenship,
];

/// One step of a choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    Priority,
    Majority,
    Latest,
}

/// Steps in order, and the ranks of sources, the most trusted first.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldRule {
    pub order: Vec<Step>,
    sources: Vec<Vec<SourceName>>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DuplicateRule {
    pub recorded_within_days: i32,
    pub crossing_within_hours: i64,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentRule {
    pub slip_support_ratio: usize,
}

/// Why the rules were refused.
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    #[error("profile rules cannot be read")]
    Form(#[from] toml::de::Error),
    #[error("profile rules lack the field {0:?}")]
    FieldMissing(FieldName),
    #[error("profile rules name source {source_name} twice for field {field:?}")]
    SourceTwice {
        field: FieldName,
        source_name: SourceName,
    },
}

impl ProfileRules {
    pub fn parse(text: &str) -> Result<Self, RulesError> {
        let rules: Self = toml::from_str(text)?;
        for field in FIELDS {
            let rule = rules.fields.get(&field).ok_or(RulesError::FieldMissing(field))?;
            let mut seen = Vec::new();
            for source in rule.sources.iter().flatten() {
                if seen.contains(&source) {
                    return Err(RulesError::SourceTwice {
                        field,
                        source_name: source.clone(),
                    });
                }
                seen.push(source);
            }
        }
        Ok(rules)
    }

    /// The rule of a field; `parse` has checked that each is there.
    pub(crate) fn field(&self, field: FieldName) -> FieldRule {
        self.fields.get(&field).cloned().unwrap_or(FieldRule {
            order: Vec::new(),
            sources: Vec::new(),
        })
    }
}

impl FieldRule {
    /// 0 for the most trusted sources; those that are not listed come last.
    pub fn rank(&self, source: &SourceName) -> usize {
        self.sources
            .iter()
            .position(|rank| rank.contains(source))
            .unwrap_or(self.sources.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIPPED: &str = include_str!("../../../packs/ru/profile.toml");

    #[test]
    fn the_shipped_rules_are_complete() {
        let rules = ProfileRules::parse(SHIPPED).unwrap();
        let latin = rules.field(FieldName::Latin);
        let rank = |name: &str| latin.rank(&SourceName::parse(name).unwrap());
        assert!(rank("border") < rank("arrival") && rank("arrival") < rank("somewhere_new"));
    }

    #[test]
    fn a_source_named_twice_is_refused() {
        let twice = SHIPPED.replace(
            "[[\"sojourn\", \"arrival\"]]",
            "[[\"sojourn\"], [\"arrival\"], [\"arrival\"]]",
        );
        assert!(matches!(
            ProfileRules::parse(&twice),
            Err(RulesError::SourceTwice { .. })
        ));
    }

    #[test]
    fn an_unknown_key_and_a_missing_field_are_refused() {
        assert!(matches!(
            ProfileRules::parse(&format!("{SHIPPED}\nsurprise = 1\n")),
            Err(RulesError::Form(_))
        ));
        let without = SHIPPED.replace("[fields.sex]", "[fields.birth_place_2]");
        assert!(ProfileRules::parse(&without).is_err());
    }
}
