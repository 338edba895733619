//! When a row of a decision table applies: slots that must all hold; a slot left out asks nothing.

use serde::Deserialize;

use super::{parameter::ParameterKey, selector::Selector};
use crate::citizenship::Citizenship;

/// Whether a person needs a visa, by the regime of the document of entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Regime {
    VisaFree,
    Visa,
}

/// Conditions on person, stay and facts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct When {
    pub citizens: Vec<Citizenship>,
    pub not_citizens: Vec<Citizenship>,
    pub citizens_in: Option<ParameterKey>,
    pub regime: Option<Regime>,
    /// Purpose named at the entry that the duty or stay follows from.
    pub purpose: Vec<String>,
    pub not_purpose: Vec<String>,
    /// Younger than, on the day that the row looks at.
    pub age_under: Option<ParameterKey>,
    pub age_from: Option<ParameterKey>,
    /// Standing of `standings.toml` on the day.
    pub standing: Vec<String>,
    pub not_standing: Vec<String>,
    /// One of these bases covers the day.
    pub basis: Vec<String>,
    pub not_basis: Vec<String>,
    /// The stay is lawful, tolerated or not on the day.
    pub stay: Vec<Footing>,
    /// The day lies within so many days from entry, the entry day being the first.
    pub within_first: Option<ParameterKey>,
    /// The stay, as far as it is allowed today, outlasts this term from entry.
    pub stays_beyond: Option<ParameterKey>,
    /// A fact of this sort has happened, during this stay, or ever.
    pub fact: Option<Selector>,
    pub ever: Option<Selector>,
    pub no_fact: Option<Selector>,
    /// This basis covers the day no longer, though it did before in this stay.
    pub lapsed: Option<String>,
    /// A document of this basis is on record for the day, and nothing is paid for it.
    pub unpaid: Option<String>,
    /// The checkpoint of entry is on this list.
    pub checkpoint_in: Option<ParameterKey>,
    pub has_checkpoint: Option<bool>,
    /// A duty is in one of these states.
    pub duty: Option<DutyState>,
    /// Days abroad in the calendar year exceed this term.
    pub absent_beyond: Option<ParameterKey>,
    /// Why work is refused.
    pub refusal: Vec<String>,
    pub presence: Option<crate::status::Presence>,
    pub registered: Option<bool>,
    /// A number attribute of a fact that holds on the day is below the parameter.
    pub below: Option<Below>,
}

/// `fact`'s `attribute` is less than the parameter.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Below {
    pub fact: crate::facts::FactKind,
    pub attribute: String,
    pub minimum: ParameterKey,
}

/// A duty by its code, in one of the states.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DutyState {
    pub code: String,
    pub state: Vec<crate::status::DutyStatus>,
}

/// What a stay stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Footing {
    None,
    Tolerated,
    Lawful,
}
