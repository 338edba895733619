//! The register of persons under control, and bans on entry: grounds found by rule, entries made by decision only.
//!
//! In: `register.toml`, `bans.toml`.

use serde::Deserialize;

use super::{basis::FactSlot, parameter::ParameterKey, rule::RuleId, selector::Selector};

pub(super) const REGISTER: &str = "register.toml";
pub(super) const BANS: &str = "bans.toml";

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisterFile {
    /// From which day the register exists.
    pub since: ParameterKey,
    pub ground_rules: Vec<RuleId>,
    pub measure_rules: Vec<RuleId>,
    pub duty_rules: Vec<RuleId>,
    pub exit_rules: Vec<RuleId>,
    /// Decisions that are a ground from their day on.
    #[serde(default)]
    pub ground: Vec<Ground>,
    /// The decisions that enter somebody and strike somebody off.
    pub entered_by: Vec<Selector>,
    pub struck_off_by: Vec<Selector>,
    pub restriction: Vec<Restriction>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ground {
    pub code: String,
    #[serde(flatten)]
    pub fact: FactSlot,
}

/// A measure that an entry in the register brings.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Restriction {
    pub code: String,
    pub rules: Vec<RuleId>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BansFile {
    pub ban: Vec<Ban>,
    /// The bases on which a person may come in at any time while they hold.
    pub enters_on: Vec<String>,
    /// The visit-limited basis, and the reason shown when its days are used up.
    pub visit_basis: String,
}

/// One ground for refusing entry.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ban {
    pub code: String,
    pub rules: Vec<RuleId>,
    pub cause: Cause,
    pub term: Option<ParameterKey>,
    pub from: CountedFrom,
    /// Entering under it is an entry without right; otherwise only a risk.
    #[serde(default)]
    pub bars_stay: bool,
    /// An official may refuse; the law does not refuse by itself.
    #[serde(default)]
    pub discretionary: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case", deny_unknown_fields)]
pub enum Cause {
    /// Facts of these sorts, at least so many, within a term.
    Facts {
        any: Vec<Selector>,
        #[serde(default = "one")]
        at_least: usize,
        within: Option<ParameterKey>,
        lifted_by: Option<Selector>,
    },
    /// More days without a basis than this, in one stay.
    Overstay { beyond: ParameterKey },
    /// Any day without a basis after this basis ran out.
    Outstayed { basis: String },
}

fn one() -> usize {
    1
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CountedFrom {
    /// The exit that follows, or the fact while there is none.
    Exit,
    /// The fact itself.
    Fact,
}
