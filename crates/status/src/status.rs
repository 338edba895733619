//! What the rules say of a person on a day. Every conclusion names its rules, its facts and the key of its text.
//!
//! Three answers, never two: yes, no, undetermined with the missing fact named; and `tolerated` for windows of a decree.

use std::collections::{BTreeMap, BTreeSet};

use records::Day;
use serde::{Deserialize, Serialize};

pub use crate::verdict::{Lawful, Permission, Presence, Verdict};
use crate::{citizenship::Citizenship, facts::FactPointer, pack::rule::RuleId};

/// Why: rules with their citations, facts, and a text that can be shown in any language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Because {
    pub rules: BTreeSet<RuleId>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub facts: BTreeSet<FactPointer>,
    pub text: Text,
}

/// Key of a text and its arguments, to be put in words by [`crate::pack::text::Texts`] or by a portal.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Text {
    pub key: String,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub arguments: BTreeMap<String, String>,
}

impl Text {
    pub fn new(key: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            arguments: BTreeMap::new(),
        }
    }

    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.arguments.insert(name.to_owned(), value.to_string());
        self
    }
}

/// The right to stay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stay {
    pub lawful: Lawful,
    pub basis: String,
    /// Last day of unbroken lawful stay if the person stays and nothing new happens; none where there is no end.
    pub until: Option<Day>,
    /// Visa-free days in the window in force on the day, that day included.
    pub days_used: Option<i32>,
    pub days_left: Option<i32>,
    /// First day of the present stay.
    pub entered: Option<Day>,
    /// Every basis that covers the day, by rank.
    pub also: Vec<String>,
    pub because: Because,
}

/// In which regions a right to work holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegionsOfWork {
    Any,
    Only(BTreeSet<String>),
}

impl Serialize for RegionsOfWork {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Any => serializer.serialize_str("any"),
            Self::Only(regions) => serializer.collect_seq(regions),
        }
    }
}

/// The right to work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Work {
    pub allowed: Verdict,
    pub basis: String,
    pub regions: Option<RegionsOfWork>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profession: Option<String>,
    pub until: Option<Day>,
    /// Why not.
    pub reason: Option<String>,
    pub because: Because,
}

/// Who has to do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    Person,
    Host,
    Employer,
}

/// How a duty stands on the day asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DutyStatus {
    Open,
    Overdue,
    Done,
    DoneLate,
    Exempt,
    Voluntary,
    /// It binds only if something else comes about, such as a stay beyond ninety days.
    Conditional,
    NotApplicable,
    Undetermined,
}

impl DutyStatus {
    /// Whether it asks something of somebody still.
    pub fn binds(self) -> bool {
        matches!(self, Self::Open | Self::Overdue)
    }
}

/// Something to be done by a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Duty {
    pub code: String,
    pub who: Who,
    pub by: Option<Day>,
    pub status: DutyStatus,
    /// When it was done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub done: Option<Day>,
    /// The working day on or before `by`, where `by` is a day off: courts differ on whether such a term moves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub safe_by: Option<Day>,
    pub because: Because,
}

/// Grounds for the register of controlled persons; the entry itself is an official's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RegisterGrounds {
    pub present: Verdict,
    pub since: Option<Day>,
    /// `no_basis`, or the decision.
    pub codes: BTreeSet<String>,
    pub because: Because,
}

/// A ban on entry, or a ground for one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ban {
    pub code: String,
    /// Last day, the anniversary of the day counted from; none where the decision names no end.
    pub until: Option<Day>,
    pub discretionary: bool,
    pub because: Because,
}

/// Entry for a person who is outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    pub allowed: Verdict,
    pub next_possible: Option<Day>,
    pub ban_until: Option<Day>,
    pub reason: Option<String>,
    pub bans: Vec<Ban>,
    pub because: Because,
}

/// Something that may follow, or a way on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Advice {
    pub code: String,
    pub because: Because,
}

/// Whether the person may get something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Eligibility {
    pub eligible: Permission,
    pub reasons: Vec<String>,
    pub conditions: Vec<String>,
    pub because: Because,
}

/// A sum of money in full roubles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Amount {
    pub rub: Option<i64>,
    pub monthly: Option<i64>,
    pub months: Option<i64>,
    pub because: Because,
}

/// The answer to a question asked by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    pub question: String,
    pub allowed: Permission,
    pub reasons: Vec<String>,
    pub conditions: Vec<String>,
    pub because: Because,
}

/// A stretch of days in the country on one footing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stretch {
    pub from: Day,
    pub to: Option<Day>,
    pub lawful: Lawful,
    pub basis: String,
}

/// Two facts that cannot both be true, and the one that was used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Conflict {
    pub facts: Vec<FactPointer>,
    pub used: FactPointer,
    pub rule: String,
    pub because: Because,
}

/// A fact that is not on record and that the answer may hang on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Missing {
    /// Kind of fact, or attribute, that is not there.
    pub fact: String,
    /// Between which days it must lie, as far as known.
    pub after: Option<Day>,
    pub before: Option<Day>,
    /// Another value would give another answer.
    pub decisive: bool,
}

/// The facts that the answer rests on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Evidence {
    pub facts: BTreeSet<FactPointer>,
    pub complete: bool,
}

/// What the last late record or withdrawal changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    pub changed: Vec<String>,
    pub cause: Option<String>,
    pub facts: Vec<FactPointer>,
}

/// Everything that the rules say on one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Status {
    pub on: Day,
    pub known_at: Option<Day>,
    pub law_known_at: Option<Day>,
    /// The citizenship by which the person is treated.
    pub treated_as: Option<Citizenship>,
    pub presence: Presence,
    pub stay: Stay,
    pub work: Work,
    pub duties: Vec<Duty>,
    pub register_grounds: RegisterGrounds,
    pub registered: bool,
    pub restrictions_if_registered: Vec<String>,
    /// In force now, because a decision entered the person.
    pub restrictions: Vec<String>,
    pub entry: Option<Entry>,
    pub risks: Vec<Advice>,
    pub options: Vec<Advice>,
    pub eligibility: BTreeMap<String, Eligibility>,
    pub amount: Option<Amount>,
    pub answer: Option<Answer>,
    pub history: Vec<Stretch>,
    pub conflicts: Vec<Conflict>,
    pub missing: Vec<Missing>,
    pub evidence: Evidence,
    pub change: Option<Change>,
}

impl Status {
    /// Every reason of every conclusion.
    pub fn reasons(&self) -> impl Iterator<Item = &Because> {
        [
            &self.stay.because,
            &self.work.because,
            &self.register_grounds.because,
        ]
        .into_iter()
        .chain(self.duties.iter().map(|duty| &duty.because))
        .chain(self.entry.iter().flat_map(|entry| {
            std::iter::once(&entry.because).chain(entry.bans.iter().map(|ban| &ban.because))
        }))
        .chain(
            self.risks
                .iter()
                .chain(&self.options)
                .map(|advice| &advice.because),
        )
        .chain(self.eligibility.values().map(|eligibility| &eligibility.because))
        .chain(self.amount.iter().map(|amount| &amount.because))
        .chain(self.answer.iter().map(|answer| &answer.because))
        .chain(self.conflicts.iter().map(|conflict| &conflict.because))
    }

    pub(crate) fn reasons_mut(&mut self) -> impl Iterator<Item = &mut Because> {
        [
            &mut self.stay.because,
            &mut self.work.because,
            &mut self.register_grounds.because,
        ]
        .into_iter()
        .chain(self.duties.iter_mut().map(|duty| &mut duty.because))
        .chain(self.entry.iter_mut().flat_map(|entry| {
            std::iter::once(&mut entry.because).chain(entry.bans.iter_mut().map(|ban| &mut ban.because))
        }))
        .chain(
            self.risks
                .iter_mut()
                .chain(&mut self.options)
                .map(|advice| &mut advice.because),
        )
        .chain(
            self.eligibility
                .values_mut()
                .map(|eligibility| &mut eligibility.because),
        )
        .chain(self.amount.iter_mut().map(|amount| &mut amount.because))
        .chain(self.answer.iter_mut().map(|answer| &mut answer.because))
        .chain(self.conflicts.iter_mut().map(|conflict| &mut conflict.because))
    }

    /// Every rule that some conclusion cites.
    pub fn cited(&self) -> BTreeSet<&RuleId> {
        self.reasons().flat_map(|because| &because.rules).collect()
    }
}
