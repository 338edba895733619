//! Contested cases and their steps as rows.

use std::collections::HashMap;

use registry::port::{
    StoreError,
    contests::{Contest, ContestId, Happened, NewContest, Party, STEPS_MAX, Step},
};
use sqlx::FromRow;

use crate::column::{to_count, to_json, to_profile, to_time};

pub(crate) const WHAT: &str = "case";
pub(crate) const STEP: &str = "step of a case";

#[derive(FromRow)]
pub(crate) struct ContestRow {
    pub(crate) id: i64,
    pub(crate) profile: Vec<u8>,
    pub(crate) party: String,
    pub(crate) about: String,
    pub(crate) field_group: String,
    pub(crate) says: String,
    pub(crate) opened_at: i64,
}

impl ContestRow {
    fn with_steps(self, steps: Vec<Step>) -> Result<Contest, StoreError> {
        Ok(Contest {
            id: ContestId(to_count(self.id)),
            profile: to_profile(&self.profile, WHAT)?,
            by: to_json(&self.party, WHAT)?,
            about: to_json(&self.about, WHAT)?,
            group: to_json(&self.field_group, WHAT)?,
            says: self.says,
            opened_at: to_time(self.opened_at, WHAT)?,
            steps,
        })
    }
}

#[derive(FromRow)]
pub(crate) struct StepRow {
    pub(crate) contest: i64,
    pub(crate) at: i64,
    pub(crate) happened: String,
}

impl TryFrom<StepRow> for Step {
    type Error = StoreError;
    fn try_from(row: StepRow) -> Result<Self, StoreError> {
        Ok(Self {
            at: to_time(row.at, STEP)?,
            happened: to_json(&row.happened, STEP)?,
        })
    }
}

/// Cases in the order of their rows, each with its steps in theirs.
pub(crate) fn to_contests(rows: Vec<ContestRow>, steps: Vec<StepRow>) -> Result<Vec<Contest>, StoreError> {
    let mut of_contest: HashMap<i64, Vec<Step>> = HashMap::new();
    for step in steps {
        of_contest.entry(step.contest).or_default().push(step.try_into()?);
    }
    rows.into_iter()
        .map(|row| {
            let steps = of_contest.remove(&row.id).unwrap_or_default();
            row.with_steps(steps)
        })
        .collect()
}

/// The step with which a case begins.
pub(crate) fn first_step(new: &NewContest) -> Step {
    Step {
        at: new.opened_at,
        happened: Happened::Received { due_on: new.due_on },
    }
}

/// What a step makes of the case's row: its new day, if it sets one, and whether the case is closed by it.
pub(crate) fn effect(step: &Step) -> (Option<String>, bool) {
    (
        step.happened.sets_due_on().map(|day| day.to_string()),
        matches!(step.happened, Happened::Decided { .. }),
    )
}

/// Refuses a step of a case that has as many as it may have.
pub(crate) fn check_steps(steps: u32) -> Result<(), StoreError> {
    if steps >= STEPS_MAX {
        Err(StoreError::TooMany {
            what: "steps of a case",
            limit: STEPS_MAX,
        })
    } else {
        Ok(())
    }
}

/// The office that contests, if it is one.
pub(crate) fn office(party: &Party) -> Option<&str> {
    match party {
        Party::Holder => None,
        Party::Agency { office, .. } => Some(office),
    }
}
