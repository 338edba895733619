//! The statistical register: persons in order of pseudonym, each with the presences that figures count.
//!
//! One pass over the rows; every table is a filter over it.

use profile::extract::{EntryRow, ExitRow, Pseudonym, Row};
use records::{Day, span::Span};

use crate::{durations::Durations, presence::Presence, presume::presences, rules::StatisticsRules};

/// Built once for one extract.
pub struct Register {
    persons: Vec<Person>,
    observed: Span,
    rules: StatisticsRules,
}

pub struct Person {
    pub row: Row,
    pub presences: Vec<Presence>,
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegisterError {
    #[error("the extract holds one pseudonym twice, in row {row}")]
    PseudonymTwice { row: usize },
    #[error("the extract holds no crossing, so nothing tells which days it covers")]
    NothingObserved,
}

impl Register {
    /// The days observed run from the first to the last crossing of the extract.
    pub fn build(
        rows: impl IntoIterator<Item = Row>,
        rules: &StatisticsRules,
    ) -> Result<Self, RegisterError> {
        let mut rows: Vec<Row> = rows.into_iter().collect();
        rows.sort_by_key(|row| row.pseudonym);
        if let Some(at) = rows
            .windows(2)
            .position(|pair| pair[0].pseudonym == pair[1].pseudonym)
        {
            return Err(RegisterError::PseudonymTwice { row: at + 1 });
        }
        let observed = observed(&rows).ok_or(RegisterError::NothingObserved)?;
        let durations = Durations::of(&rows, observed, rules);
        let persons = rows
            .into_iter()
            .map(|row| Person {
                presences: presences(&row, observed, &durations, rules),
                row,
            })
            .collect();
        Ok(Self {
            persons,
            observed,
            rules: rules.clone(),
        })
    }

    pub fn persons(&self) -> &[Person] {
        &self.persons
    }

    /// Days that the extract covers.
    pub fn observed(&self) -> Span {
        self.observed
    }

    pub fn rules(&self) -> &StatisticsRules {
        &self.rules
    }

    pub fn find_person(&self, pseudonym: Pseudonym) -> Option<&Person> {
        let at = self
            .persons
            .binary_search_by_key(&pseudonym, |person| person.row.pseudonym)
            .ok()?;
        self.persons.get(at)
    }
}

fn observed(rows: &[Row]) -> Option<Span> {
    let crossings = rows.iter().flat_map(|row| &row.stays).flat_map(|stay| {
        let entry = match stay.entry {
            EntryRow::Crossed { on } => Some(on),
            EntryRow::Notified { .. } | EntryRow::Missing { .. } => None,
        };
        let exit = match stay.exit {
            ExitRow::Crossed { on } => Some(on),
            ExitRow::Open | ExitRow::Missing { .. } => None,
        };
        entry.into_iter().chain(exit)
    });
    let (first, last) = crossings.fold(None, |ends: Option<(Day, Day)>, day| {
        Some(ends.map_or((day, day), |(first, last)| (first.min(day), last.max(day))))
    })?;
    Span::new(first, Some(last)).ok()
}
