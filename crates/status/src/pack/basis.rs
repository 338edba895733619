//! Bases of stay, in order of rank: which combinator says on what days each one holds.
//!
//! In: `bases.toml`. The first basis that covers a day is the one shown; all that cover it are kept.

use serde::Deserialize;

use super::{
    condition::Footing,
    parameter::ParameterKey,
    rule::RuleId,
    selector::{Selector, picks},
};
use crate::{
    citizenship::Citizenship,
    facts::{Fact, FactKind},
};

pub(super) const FILE: &str = "bases.toml";

/// The whole file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BasesFile {
    pub basis: Vec<Basis>,
    #[serde(default)]
    pub ending: Vec<Ending>,
    pub crossing: CrossingFacts,
}

/// The facts that put a person inside or outside the country.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CrossingFacts {
    pub entry: FactKind,
    pub exit: FactKind,
    /// Attributes of an entry.
    pub document_country: String,
    pub purpose: String,
    pub checkpoint: String,
    /// Facts that come about abroad as well: they show nobody inside.
    #[serde(default)]
    pub elsewhere: Vec<FactSlot>,
    /// Order of trust among sources.
    pub trust_rule: RuleId,
    /// Two reports of one crossing lie at most so many days apart.
    pub same_crossing: ParameterKey,
    /// Cited when somebody is in the country and never had a basis.
    pub no_basis_rule: RuleId,
    /// Whether the event's day counts in a term, and whether a term that ends on a day off moves.
    pub event_day: ParameterKey,
    pub rollover: ParameterKey,
    /// Whether the first day of a document counts in the period paid for.
    pub issue_day_counts: ParameterKey,
    /// Whether the days of crossing count as days of stay.
    pub entry_day_counts: ParameterKey,
    pub exit_day_counts: ParameterKey,
    /// Rule by which several citizenships reduce to that of the document of entry.
    pub document_rule: RuleId,
}

/// One way to be in the country by right, or by sufferance.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Basis {
    pub code: String,
    pub rules: Vec<RuleId>,
    #[serde(default = "lawful")]
    pub footing: Footing,
    /// Whoever has it is no foreigner: no other basis, duty or restriction of the pack is for them.
    #[serde(default)]
    pub outside_the_law: bool,
    pub holds: Holds,
}

fn lawful() -> Footing {
    Footing::Lawful
}

/// The combinators: on which days a basis holds.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "how", rename_all = "snake_case")]
pub enum Holds {
    Citizenship(ByCitizenship),
    Fact(Box<IntervalFromFact>),
    PaidPeriods(Box<PaidPeriods>),
    TermAfter(Box<TermAfter>),
    Window(Box<DatedWindow>),
    VisitLimits(Box<VisitLimits>),
}

/// On every day, for citizens of.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ByCitizenship {
    pub of: Vec<Citizenship>,
    /// Any citizenship of the person counts, not only that of the document of entry.
    #[serde(default)]
    pub whichever_document: bool,
    /// A fact that ends it for good.
    pub lost_by: Option<Selector>,
}

/// As long as a document or relation lasts.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IntervalFromFact {
    #[serde(flatten)]
    pub fact: FactSlot,
    #[serde(default)]
    pub citizens: Vec<Citizenship>,
    /// Its length where the document names no end.
    pub term: Option<ParameterKey>,
    /// A document that names no end gives nothing.
    #[serde(default)]
    pub needs_end: bool,
    /// Ends so long after the end of another document (of the same moment).
    pub follows: Option<Follows>,
    #[serde(default)]
    pub ended_by: Vec<EndedBy>,
    /// Number of entries that the document allows, in this attribute.
    pub entries: Option<String>,
    /// Longest stay per entry: a parameter, or an attribute of the document.
    pub days_per_visit: Option<ParameterKey>,
    pub days_per_visit_in: Option<String>,
}

/// [`Selector`] spelt flat, beside the other slots.
#[derive(Clone, Debug, Deserialize)]
pub struct FactSlot {
    pub fact: FactKind,
    #[serde(default)]
    pub only: std::collections::BTreeMap<String, Vec<crate::facts::Value>>,
    #[serde(default)]
    pub except: std::collections::BTreeMap<String, Vec<crate::facts::Value>>,
}

impl FactSlot {
    pub fn picks(&self, fact: &Fact) -> bool {
        picks(&self.fact, &self.only, &self.except, fact)
    }

    pub fn selector(&self) -> Selector {
        Selector {
            fact: self.fact.clone(),
            only: self.only.clone(),
            except: self.except.clone(),
        }
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Follows {
    pub fact: FactKind,
    pub by: ParameterKey,
}

/// A later fact that ends an interval on its day.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndedBy {
    #[serde(flatten)]
    pub fact: FactSlot,
    /// Attributes that must not differ between the two facts, when both name them: the same employer.
    #[serde(default)]
    pub same: Vec<String>,
    /// Only for somebody who holds a document of this kind on that day.
    pub holder_of: Option<FactKind>,
    /// Cited beside the rules of the basis.
    #[serde(default)]
    pub rules: Vec<RuleId>,
}

/// As long as it is paid for: months from the day of issue, never chained, lapsing for good.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaidPeriods {
    pub issued: FactKind,
    pub reissued: FactKind,
    pub payment: FactKind,
    /// Attributes of a payment.
    pub months: String,
    /// Sum in roubles, and in kopecks where a source gives them.
    pub amount: String,
    pub kopecks: String,
    /// Set where the day is that of crediting; the payment itself was made up to so much earlier.
    pub credited: String,
    /// Attribute of a document that was handed out against the receipt of its first month.
    pub receipt_shown: String,
    pub credit_lag: ParameterKey,
    pub credit_rule: RuleId,
    /// A payment that names no document and comes too late for the one running is for the next one issued within this.
    pub prepaid_within: ParameterKey,
    /// A document recorded so long after its issue began before its source reported: so did its payments.
    pub reported_within: ParameterKey,
    /// A payment that was made is on record within this time, as a rule.
    pub reports_within: ParameterKey,
    pub meant_for: String,
    pub region: String,
    pub most: ParameterKey,
    /// Rule that lets a document be reissued more than once.
    pub repeat_rule: RuleId,
    pub lapse_rule: RuleId,
    pub most_rule: RuleId,
    #[serde(default)]
    pub ended_by: Vec<EndedBy>,
}

/// For a term after an event that took another basis away.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TermAfter {
    #[serde(flatten)]
    pub fact: FactSlot,
    pub term: ParameterKey,
    #[serde(default)]
    pub citizens: Vec<Citizenship>,
    /// Basis that must have held on the day of the event.
    pub needs_basis: Option<String>,
    pub holder_of: Option<FactKind>,
    /// The event lies beyond so many days from entry.
    pub beyond: Option<ParameterKey>,
    /// The person has to leave by its end: it gives time, no right to stay on.
    #[serde(default)]
    pub to_leave: bool,
}

/// While a decree lets a group settle its affairs: as long as its rule is in force.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatedWindow {
    #[serde(default)]
    pub citizens: Vec<Citizenship>,
    /// Only those who were in the country without any basis on this day.
    pub unlawful_on: Option<ParameterKey>,
    #[serde(default)]
    pub to_leave: bool,
    /// While it lasts there is no ground for the register either.
    #[serde(default)]
    pub suspends_grounds: bool,
}

/// As long as no limit on days is hit: total in a window, unbroken since entry, per visit by treaty.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VisitLimits {
    pub total: ParameterKey,
    pub window: ParameterKey,
    pub continuous: Option<ParameterKey>,
    pub continuous_rule: Option<RuleId>,
    pub cap_rule: RuleId,
    /// Bases whose days do not use up the total, unless `all_days_count` says that they do.
    pub not_counted: Vec<String>,
    pub all_days_count: ParameterKey,
}

/// A decision that ends other bases: an exception, named by itself, overrides the rule.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ending {
    #[serde(flatten)]
    pub fact: FactSlot,
    pub ends: Vec<String>,
    pub rules: Vec<RuleId>,
}
