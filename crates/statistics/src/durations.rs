//! How long stays last, as the register itself shows, and how often a crossing is lost.
//!
//! By declared or revealed purpose, and for holders of a residence permit: the share of stays that last longer than
//! so many days (Kaplan and Meier's estimate: stays still open count for as long as they were seen). A group of
//! fewer than `stays_min` stays is judged by all stays together.

use std::collections::BTreeMap;

use profile::extract::{EntryRow, ExitRow, Row, SignKind, StayRow};
use records::{Day, payload::Purpose, span::Span};

use crate::{evidence::days, rules::StatisticsRules};

/// Stays that last alike.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Group {
    Resident,
    Purpose(Option<Purpose>),
}

/// Share of stays longer than a number of days; falls from 1.
#[derive(Clone, Default, Debug)]
pub struct Survival {
    /// Day and share that last longer, ascending by day.
    steps: Vec<(i32, f64)>,
}

pub struct Durations {
    groups: BTreeMap<Group, Survival>,
    all: Survival,
    /// Share of exits that no crossing shows.
    loss: f64,
}

/// Bounds of the share of lost exits, so that an empty or broken register still gives a rule.
const LOSS_MIN: f64 = 0.001;
const LOSS_MAX: f64 = 0.5;

impl Durations {
    pub(crate) fn of(rows: &[Row], observed: Span, rules: &StatisticsRules) -> Self {
        let mut seen: BTreeMap<Group, Vec<(i32, bool)>> = BTreeMap::new();
        let (mut lost, mut recorded) = (0_u32, 0_u32);
        for row in rows.iter().filter(|row| !has_open_border(row, rules)) {
            for stay in &row.stays {
                match stay.exit {
                    ExitRow::Missing { .. } => lost += 1,
                    ExitRow::Crossed { .. } => recorded += 1,
                    ExitRow::Open => {}
                }
                if let Some(duration) = duration(stay, observed) {
                    seen.entry(group(row, stay, rules)).or_default().push(duration);
                }
            }
        }
        let all = Survival::of(seen.values().flatten().copied().collect());
        let groups = seen
            .into_iter()
            .filter(|(_, stays)| stays.len() >= rules.presence.stays_min)
            .map(|(group, stays)| (group, Survival::of(stays)))
            .collect();
        let loss = f64::from(lost) / f64::from((lost + recorded).max(1));
        Self {
            groups,
            all,
            loss: loss.clamp(LOSS_MIN, LOSS_MAX),
        }
    }

    pub(crate) fn survival(&self, group: Group) -> &Survival {
        self.groups.get(&group).unwrap_or(&self.all)
    }

    pub fn loss(&self) -> f64 {
        self.loss
    }
}

/// Whether the person's crossings are mostly not recorded.
pub(crate) fn has_open_border(row: &Row, rules: &StatisticsRules) -> bool {
    row.citizenships
        .iter()
        .any(|held| rules.presence.open_borders.contains(&held.country))
}

pub(crate) fn group(row: &Row, stay: &StayRow, rules: &StatisticsRules) -> Group {
    let until = match stay.exit {
        ExitRow::Crossed { on } => on,
        ExitRow::Missing { not_before, .. } => not_before,
        ExitRow::Open => Day::MAX,
    };
    group_of(row, first_day(stay), until, stay.purpose, rules)
}

/// By what records show of the days `from..=until`, else by the declared purpose.
pub(crate) fn group_of(
    row: &Row,
    from: Day,
    until: Day,
    declared: Option<Purpose>,
    rules: &StatisticsRules,
) -> Group {
    let resident = row.signs.iter().any(|sign| {
        sign.kind == SignKind::Residence && sign.from <= until && sign.until.is_none_or(|end| end >= from)
    });
    if resident {
        Group::Resident
    } else {
        Group::Purpose(rules.purpose.of_stay(row, from, until, declared))
    }
}

/// Days from entry to exit and whether the exit is known.
fn duration(stay: &StayRow, observed: Span) -> Option<(i32, bool)> {
    let from = match stay.entry {
        EntryRow::Crossed { on } | EntryRow::Notified { on } => on,
        EntryRow::Missing { .. } => return None,
    };
    let (until, ended) = match stay.exit {
        ExitRow::Crossed { on } => (on, true),
        ExitRow::Missing { not_before, .. } => (not_before, false),
        ExitRow::Open => (observed.until?, false),
    };
    (observed.contains(from) && from <= until).then(|| (days(from, until), ended))
}

impl Survival {
    fn of(mut stays: Vec<(i32, bool)>) -> Self {
        stays.sort_unstable();
        let mut steps = Vec::new();
        let mut share = 1.0;
        let mut at = 0;
        while at < stays.len() {
            let day = stays[at].0;
            let here = stays[at..].iter().take_while(|(other, _)| *other == day).count();
            let ended = stays[at..at + here].iter().filter(|(_, ended)| *ended).count();
            if ended > 0 {
                share *= 1.0 - ended as f64 / (stays.len() - at) as f64;
                steps.push((day, share));
            }
            at += here;
        }
        Self { steps }
    }

    /// Share of stays that last longer than `days`.
    pub fn beyond(&self, days: i32) -> f64 {
        let at = self.steps.partition_point(|(day, _)| *day <= days);
        at.checked_sub(1).map_or(1.0, |at| self.steps[at].1)
    }

    /// First day beyond which at most `share` of stays last; `None` when the register has not seen that yet.
    pub fn find_day(&self, share: f64) -> Option<i32> {
        self.steps
            .iter()
            .find(|(_, beyond)| *beyond <= share)
            .map(|(day, _)| *day)
    }

    /// Median length of a stay that is known to last between `least` and `most` days.
    pub fn median_between(&self, least: i32, most: i32) -> i32 {
        let middle = (self.beyond(least) + self.beyond(most)) / 2.0;
        let day = if self.beyond(least) > self.beyond(most) {
            self.find_day(middle)
        } else {
            None
        };
        day.unwrap_or(least + (most - least) / 2)
            .clamp(least, most.max(least))
    }
}

/// First day on which the person was here.
pub(crate) fn first_day(stay: &StayRow) -> Day {
    match stay.entry {
        EntryRow::Crossed { on } | EntryRow::Notified { on } => on,
        EntryRow::Missing { not_after, .. } => not_after,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn open_stays_count_for_as_long_as_they_were_seen() {
        // ends at 10 and 30; one still open at 20: S(10) = 2/3, S(30) = 2/3 * 0
        let survival = Survival::of(vec![(30, true), (10, true), (20, false)]);
        assert!((survival.beyond(10) - 2.0 / 3.0).abs() < 1e-12);
        assert!((survival.beyond(29) - 2.0 / 3.0).abs() < 1e-12);
        assert!(survival.beyond(30).abs() < 1e-12);
        assert_eq!(survival.find_day(0.5), Some(30));
        assert_eq!(survival.beyond(9).to_string(), "1");
    }

    #[test]
    fn an_unseen_length_has_no_day() {
        assert_eq!(Survival::default().find_day(0.01), None);
        assert_eq!(Survival::default().median_between(10, 20), 15);
    }
}
