//! Duties: what follows from which event, by when, for whom; exemptions are rows of their own.
//!
//! In: `duties.toml`. The first row of a duty that applies decides.

use serde::Deserialize;

use super::{basis::FactSlot, condition::When, parameter::ParameterKey, rule::RuleId, selector::Selector};
use crate::status::{DutyStatus, Who};

pub(super) const FILE: &str = "duties.toml";

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DutiesFile {
    #[serde(default)]
    pub duty: Vec<Duty>,
    pub leave: Option<Leave>,
}

/// The duty to leave, which follows from having no basis, or one that only gives time.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leave {
    pub code: String,
    pub rules: Vec<RuleId>,
}

/// One duty.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Duty {
    pub code: String,
    pub who: Who,
    pub follows: Trigger,
    #[serde(default)]
    pub done_by: Vec<Doing>,
    /// On which day the conditions of the rows are looked at.
    #[serde(default)]
    pub judged_on: JudgedOn,
    /// What to say after the day when nothing records whether it was done.
    pub unrecorded: Option<DutyStatus>,
    #[serde(rename = "row")]
    pub rows: Vec<DutyRow>,
}

/// The day on which a duty's conditions must hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JudgedOn {
    /// The day asked: an exemption that ends, ends the exemption.
    #[default]
    Asked,
    /// The day of the event: what was so then stays so.
    Event,
}

/// What brings a duty about.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "on", rename_all = "snake_case", deny_unknown_fields)]
pub enum Trigger {
    /// The last entry.
    Entry,
    /// The last arrival at a place of stay, or the entry.
    Arrival { place: crate::facts::FactKind },
    /// Each fact of a sort.
    Each { of: Selector },
    /// Each document of a sort that held at some time of the present stay: by its end, or for this term.
    EachHeld { of: Selector, lasting: ParameterKey },
    /// The period for which a document is paid.
    PaidPeriod { basis: String, until: PeriodEnd },
    /// Each full year from a fact, while its basis lasts.
    YearOf { of: Selector, basis: String },
    /// Each quarter of a year in which a document holds.
    QuarterOf { of: Selector },
}

/// Which end of a paid period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PeriodEnd {
    /// The last day paid for.
    Paid,
    /// The last day that could be paid for.
    Longest,
    /// The day of issue.
    Issue,
}

/// What shows that a duty was done.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Doing {
    #[serde(flatten)]
    pub fact: FactSlot,
    #[serde(default)]
    pub since: Since,
    /// Attributes that must not differ from the event's, when both name them.
    #[serde(default)]
    pub same: Vec<String>,
    /// The document must not have run out: by its end, or by this term from its day.
    pub lasting: Option<ParameterKey>,
    /// Rule by which something done before this stay is enough.
    pub rule: Option<RuleId>,
    /// The day is that of the doing itself; otherwise it shows only that it was done by then.
    #[serde(default = "yes")]
    pub dates_it: bool,
}

fn yes() -> bool {
    true
}

/// From when on a fact counts as doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Since {
    #[default]
    Event,
    /// Later than the event's own day.
    AfterEvent,
    /// The first day of the paid period that the duty follows from.
    Period,
    Ever,
}

/// One row of a duty's decision table.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DutyRow {
    #[serde(default)]
    pub when: When,
    pub rules: Vec<RuleId>,
    /// Fixed outcome, such as `exempt`; a row without it asks for the duty.
    pub status: Option<DutyStatus>,
    pub due: Option<Due>,
    /// Another last day, counted from the event; whichever comes first binds.
    pub or_by: Option<Due>,
    /// The term starts with this fact of the stay in place of the duty's own event.
    pub from: Option<Selector>,
    /// The term starts with the entry in place of the duty's own event.
    #[serde(default)]
    pub from_entry: bool,
}

/// How the last day is counted.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "how", rename_all = "snake_case", deny_unknown_fields)]
pub enum Due {
    /// Within a term from the day of the event, which does not count.
    Within { term: ParameterKey },
    /// On the last day of a term whose first day is the event's.
    LastDayOf { term: ParameterKey },
    /// On the day itself.
    OnTheDay,
    /// At least a term ahead of the event.
    AheadOf { term: ParameterKey },
    /// Within a term after the document's last day.
    AfterEnd {
        term: ParameterKey,
        lasting: ParameterKey,
    },
    /// Last working day of the month after.
    NextMonthLastWorkingDay,
}
