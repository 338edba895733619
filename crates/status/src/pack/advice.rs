//! What may follow, what can be done, who is eligible for what, and the fixed answers to questions.
//!
//! In: `standings.toml`, `advice.toml`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{basis::FactSlot, condition::When, parameter::ParameterKey, rule::RuleId};

pub(super) const STANDINGS: &str = "standings.toml";
pub(super) const ADVICE: &str = "advice.toml";

/// Standings that rules ask for by name, and the facts that give them.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StandingsFile {
    pub standing: BTreeMap<String, Vec<FactSlot>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdviceFile {
    /// Cited where no act in force says anything of the matter.
    #[serde(default)]
    pub otherwise: Vec<RuleId>,
    #[serde(default)]
    pub risk: Vec<Advice>,
    #[serde(default)]
    pub option: Vec<Advice>,
    #[serde(default)]
    pub eligibility: Vec<Eligibility>,
    #[serde(default)]
    pub question: Vec<QuestionRow>,
}

/// A risk or a way on.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Advice {
    pub code: String,
    pub rules: Vec<RuleId>,
    #[serde(default)]
    pub when: When,
    /// Parameters that the text names: a fine from .. to.
    #[serde(default)]
    pub amounts: Vec<ParameterKey>,
}

/// What somebody must be to get something; each requirement that fails gives a reason.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Eligibility {
    pub code: String,
    pub rules: Vec<RuleId>,
    /// Told only to whoever asks about it by name.
    #[serde(default)]
    pub when_asked: bool,
    /// The matter concerns nobody else.
    #[serde(default)]
    pub when: When,
    #[serde(default)]
    pub requirement: Vec<Requirement>,
    /// Papers that have to be shown besides.
    #[serde(default)]
    pub condition: Vec<Requirement>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    pub reason: String,
    #[serde(default)]
    pub rules: Vec<RuleId>,
    pub when: When,
}

/// The answer to a question that a case or a service may ask by name.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuestionRow {
    pub code: String,
    /// Other names of the question.
    #[serde(default)]
    pub also: Vec<String>,
    pub answer: AnswerBy,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case", deny_unknown_fields)]
pub enum AnswerBy {
    /// The price of so many months of a document in a region.
    Price {
        price: String,
    },
    /// The eligibility of this code.
    Eligibility {
        code: String,
    },
    /// Whether a measure of the register stands in the way.
    Restriction {
        code: String,
        up_to: Option<ParameterKey>,
        rules: Vec<RuleId>,
    },
    /// Whether the stay, the work or the entry is allowed.
    Stay,
    Work,
    Entry,
    /// A rule of the pack as it stands.
    Rule {
        rules: Vec<RuleId>,
        #[serde(default)]
        limit: Option<ParameterKey>,
    },
}
