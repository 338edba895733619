//! Tables that the statistics page shows: made once, before serving, from the pseudonymised register.
//!
//! Invariant: holds protected tables only; the register itself is gone when a publication is made.

use std::collections::BTreeMap;

use records::Day;
use statistics::{
    counts::Dimension,
    map::atlas::Atlas,
    publish::{Measure, PublishError, Published, tables},
    register::Register,
};

/// Days that one publication may hold.
const DAYS_MAX: usize = 120;

/// Protected tables by day.
pub(crate) struct Publication {
    days: BTreeMap<Day, Vec<Published>>,
    /// Boundaries for the map.
    pub(crate) atlas: Atlas,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum PublicationError {
    #[error("a publication holds 1 to {DAYS_MAX} days")]
    Days,
    #[error("the tables of {day} could not be made")]
    Tables { day: Day, source: PublishError },
}

impl Publication {
    /// The tables of each day; `extract` names the extract that the register was built from.
    pub(crate) fn new(
        register: &Register,
        days: &[Day],
        extract: &str,
        atlas: Atlas,
    ) -> Result<Self, PublicationError> {
        if !(1..=DAYS_MAX).contains(&days.len()) {
            return Err(PublicationError::Days);
        }
        let made = days.iter().map(|&day| {
            let made = tables(register, day, extract);
            made.map(|made| (day, made))
                .map_err(|source| PublicationError::Tables { day, source })
        });
        Ok(Self {
            days: made.collect::<Result<_, _>>()?,
            atlas,
        })
    }

    /// Days with tables, the latest first.
    pub(crate) fn days(&self) -> impl Iterator<Item = Day> + '_ {
        self.days.keys().rev().copied()
    }

    pub(crate) fn latest(&self) -> Option<Day> {
        self.days.keys().next_back().copied()
    }

    /// The table of a measure by these dimensions; a table that was not published is none.
    pub(crate) fn find(&self, day: Day, measure: Measure, dimensions: &[Dimension]) -> Option<&Published> {
        let made = self.days.get(&day)?;
        made.iter()
            .find(|published| published.measure == measure && published.table.dimensions() == dimensions)
    }

    /// Every table of a day.
    pub(crate) fn of_day(&self, day: Day) -> &[Published] {
        self.days.get(&day).map_or(&[], Vec::as_slice)
    }
}
