//! Right to work: which bases carry it, within what limits, and why it is refused.
//!
//! In: `work.toml`.

use serde::Deserialize;

use super::{condition::When, parameter::ParameterKey, rule::RuleId, selector::Selector};

pub(super) const FILE: &str = "work.toml";

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkFile {
    pub right: Vec<Right>,
    pub refusal: Vec<Refusal>,
    /// Cited when work is refused because the stay has no basis.
    pub needs_stay: NeedsStay,
    pub limits: Limits,
}

/// Where documents name their limits, and the reasons told when one would be broken.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Attributes of the carrying documents.
    pub region: String,
    pub profession: String,
    pub wrong_region: String,
    pub wrong_profession: String,
    pub too_young: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NeedsStay {
    pub reason: String,
    pub rules: Vec<RuleId>,
}

/// One right to work.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Right {
    pub code: String,
    pub rules: Vec<RuleId>,
    #[serde(default)]
    pub when: When,
    /// The basis of stay that carries it; regions and profession are read from its facts.
    pub during: Option<String>,
    /// Or the document that carries it.
    pub by: Option<Selector>,
    /// The document must be of this sort, when a basis carries the right.
    pub only: Option<Selector>,
    /// Works only in the region that the document names.
    #[serde(default)]
    pub bound_to_region: bool,
    pub region_rule: Option<RuleId>,
    /// Regions that count as one.
    pub region_groups: Option<ParameterKey>,
    pub group_rule: Option<RuleId>,
    #[serde(default)]
    pub bound_to_profession: bool,
    pub profession_rule: Option<RuleId>,
    pub age_from: Option<ParameterKey>,
    pub age_rule: Option<RuleId>,
    /// Facts on whose end the right ends though the document runs on.
    #[serde(default)]
    pub ended_by: Vec<super::basis::EndedBy>,
}

/// Why nobody has the right: the first row that applies gives the reason.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refusal {
    pub reason: String,
    pub rules: Vec<RuleId>,
    #[serde(default)]
    pub when: When,
}
