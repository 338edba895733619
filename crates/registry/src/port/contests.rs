//! Cases in which a fact or a link is contested, step by step.
//!
//! Invariant: a case and its steps are only added to. Its state follows from its steps.

use async_trait::async_trait;
use jiff::Timestamp;
use records::{
    Day,
    key::{ProfileId, RecordKey},
    payload::PersonField,
    subject::Subject,
};
use serde::{Deserialize, Serialize};

use super::{StoreError, review_queue::OfficialName};
use crate::access::action::FieldGroup;

/// Steps that one case may have.
pub const STEPS_MAX: u32 = 100;

/// Number of a case, as the person and the office quote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ContestId(pub u64);

impl std::fmt::Display for ContestId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// Who contests.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "party", rename_all = "snake_case")]
pub enum Party {
    Holder,
    Agency { office: String, name: String },
}

/// What is contested, and what is said to be right. Personal data: `Debug` hides it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "contested", rename_all = "snake_case", deny_unknown_fields)]
pub enum Contested {
    /// A field of the person: `value` is wrong; `right` is none where the person has no such thing.
    Person {
        field: PersonField,
        value: Box<Subject>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        right: Option<Box<Subject>>,
    },
    /// A part of an event, by its JSON pointer into the payload of the record that the profile cites.
    Part {
        record: RecordKey,
        version: u32,
        at: String,
        was: serde_json::Value,
        right: serde_json::Value,
    },
    /// What the record tells never happened.
    NoEvent { record: RecordKey, version: u32 },
    /// The record is about somebody else.
    Link { record: RecordKey },
}

impl std::fmt::Debug for Contested {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Contested(hidden)")
    }
}

impl Contested {
    /// Whether both are about one thing, whatever is said to be right.
    pub fn same_thing(&self, other: &Self) -> bool {
        match (self, other) {
            (
                Self::Person { field, value, .. },
                Self::Person {
                    field: other_field,
                    value: other_value,
                    ..
                },
            ) => field == other_field && value == other_value,
            (
                Self::Part { record, at, .. },
                Self::Part {
                    record: other_record,
                    at: other_at,
                    ..
                },
            ) => record == other_record && at == other_at,
            (Self::NoEvent { record, .. }, Self::NoEvent { record: other, .. })
            | (Self::Link { record }, Self::Link { record: other }) => record == other,
            _ => false,
        }
    }
}

/// A case to be opened.
#[derive(Clone, PartialEq, Eq)]
pub struct NewContest {
    pub profile: ProfileId,
    pub by: Party,
    pub about: Contested,
    /// Group of fields that it touches: who may not see the group is not told of the case.
    pub group: FieldGroup,
    /// In the contesting party's words.
    pub says: String,
    pub opened_at: Timestamp,
    /// Last day of the legal term for a decision.
    pub due_on: Day,
}

/// A case as it stands.
#[derive(Clone, PartialEq, Eq)]
pub struct Contest {
    pub id: ContestId,
    pub profile: ProfileId,
    pub by: Party,
    pub about: Contested,
    pub group: FieldGroup,
    pub says: String,
    pub opened_at: Timestamp,
    /// In order, the first being [`Happened::Received`].
    pub steps: Vec<Step>,
}

impl std::fmt::Debug for NewContest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NewContest({})", self.profile)
    }
}

impl std::fmt::Debug for Contest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Contest({})", self.id)
    }
}

/// One step of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub at: Timestamp,
    pub happened: Happened,
}

/// What the step was.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "happened", rename_all = "snake_case")]
pub enum Happened {
    Received {
        due_on: Day,
    },
    Taken {
        by: OfficialName,
    },
    Released,
    /// The official asks the contesting party; the term stands still until the answer.
    Asked {
        by: OfficialName,
        question: String,
    },
    Answered {
        text: String,
        due_on: Day,
    },
    Decided {
        by: OfficialName,
        outcome: Outcome,
        reason: String,
        purpose: String,
        legal_basis: String,
    },
    /// Notices went to those who had been told what is now changed.
    Told {
        receivers: u32,
    },
}

impl std::fmt::Debug for Happened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

impl Happened {
    /// `received`, `asked` …
    pub fn code(&self) -> &'static str {
        match self {
            Self::Received { .. } => "received",
            Self::Taken { .. } => "taken",
            Self::Released => "released",
            Self::Asked { .. } => "asked",
            Self::Answered { .. } => "answered",
            Self::Decided { .. } => "decided",
            Self::Told { .. } => "told",
        }
    }

    /// The last day for a decision, if this step sets it.
    pub fn sets_due_on(&self) -> Option<Day> {
        match self {
            Self::Received { due_on } | Self::Answered { due_on, .. } => Some(*due_on),
            Self::Taken { .. }
            | Self::Released
            | Self::Asked { .. }
            | Self::Decided { .. }
            | Self::Told { .. } => None,
        }
    }
}

/// How a case was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Accepted,
    Refused,
}

/// Where a case stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContestState {
    Waiting,
    Taken {
        by: OfficialName,
    },
    /// The contesting party has to answer.
    Asked {
        by: OfficialName,
    },
    Decided {
        outcome: Outcome,
        at: Timestamp,
    },
}

impl Contest {
    pub fn state(&self) -> ContestState {
        let mut state = ContestState::Waiting;
        for step in &self.steps {
            state = match (&step.happened, state) {
                (Happened::Taken { by }, _) => ContestState::Taken { by: by.clone() },
                (Happened::Released, _) => ContestState::Waiting,
                (Happened::Asked { by, .. }, _) => ContestState::Asked { by: by.clone() },
                (Happened::Answered { .. }, ContestState::Asked { by }) => ContestState::Taken { by },
                (Happened::Decided { outcome, .. }, _) => ContestState::Decided {
                    outcome: *outcome,
                    at: step.at,
                },
                (Happened::Received { .. } | Happened::Answered { .. } | Happened::Told { .. }, state) => {
                    state
                }
            };
        }
        state
    }

    pub fn is_open(&self) -> bool {
        !matches!(self.state(), ContestState::Decided { .. })
    }

    /// Whether it was open, as known at a time.
    pub fn was_open_at(&self, known_at: Timestamp) -> bool {
        let decided_by_then = self
            .steps
            .iter()
            .any(|step| step.at <= known_at && matches!(step.happened, Happened::Decided { .. }));
        self.opened_at <= known_at && !decided_by_then
    }

    /// Last day for a decision, by the latest step that sets one.
    pub fn due_on(&self) -> Option<Day> {
        self.steps
            .iter()
            .rev()
            .find_map(|step| step.happened.sets_due_on())
    }
}

/// Cases, and the steps that are added to them.
#[async_trait]
pub trait Contests {
    /// Opens a case with its first step; numbers are 1, 2, 3 …
    async fn open_contest(&mut self, new: &NewContest) -> Result<ContestId, StoreError>;

    async fn load_contest(&mut self, id: ContestId) -> Result<Contest, StoreError>;

    /// Adds a step to a case. More than [`STEPS_MAX`] is an error.
    async fn add_step(&mut self, id: ContestId, step: &Step) -> Result<(), StoreError>;

    /// Cases about any of these profiles, the newest first. More than `limit` is an error.
    async fn contests_about(
        &mut self,
        profiles: &[ProfileId],
        limit: u32,
    ) -> Result<Vec<Contest>, StoreError>;

    /// Cases that an office has opened with numbers below `before`, the newest first.
    async fn contests_of(
        &mut self,
        office: &str,
        before: Option<ContestId>,
        limit: u32,
    ) -> Result<Vec<Contest>, StoreError>;

    /// Cases not decided, the earliest due first, then by number; those after `after` in that order.
    async fn open_contests(
        &mut self,
        after: Option<ContestId>,
        limit: u32,
    ) -> Result<Vec<Contest>, StoreError>;

    async fn count_open_contests(&mut self) -> Result<u64, StoreError>;
}
