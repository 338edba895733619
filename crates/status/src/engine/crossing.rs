//! Crossings paired into visits; what contradicts and what is missing is told, not smoothed over.
//!
//! In: entries and exits on record. Out: visits in order, conflicts between sources, gaps.
//! Invariant: visits do not overlap but for the day on which one ends and the next begins.

use std::collections::BTreeSet;

use records::{Day, calendar::days_between};

use super::law::Law;
use crate::{
    facts::Fact,
    pack::basis::Holds,
    status::{Because, Conflict, Missing, Text},
    term::forward,
};

/// One stay between an entry and an exit.
#[derive(Clone, Debug)]
pub(crate) struct Visit<'a> {
    pub(crate) entry: Day,
    pub(crate) exit: Option<Day>,
    pub(crate) entry_fact: Option<&'a Fact>,
    pub(crate) exit_fact: Option<&'a Fact>,
}

impl Visit<'_> {
    /// Last day of presence; without end while no exit is on record.
    pub(crate) fn last(&self) -> Day {
        self.exit.unwrap_or(Day::MAX)
    }

    pub(crate) fn holds(&self, day: Day) -> bool {
        self.entry <= day && day <= self.last()
    }
}

/// When a crossing that nobody recorded is taken to have happened. Nobody is taken to have outstayed the longest visit
/// that the limits allow: what is unknown is held against nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unrecorded {
    /// As early as it can be for an exit, as late for an entry.
    LeastPresence,
    /// As long a visit as the limits allow.
    MostPresence,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    In,
    Out,
}

/// What the crossings on record come to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Crossings<'a> {
    pub(crate) visits: Vec<Visit<'a>>,
    pub(crate) conflicts: Vec<Conflict>,
    pub(crate) missing: Vec<Missing>,
}

type Crossing<'a> = (Direction, &'a Fact);

/// Pairs the crossings among `facts`.
pub(crate) fn pair<'a>(law: Law<'_>, facts: &[&'a Fact], unrecorded: Unrecorded) -> Crossings<'a> {
    let mut result = Crossings::default();
    let ordered = in_order(law, facts);
    let settled = settle(law, ordered, &mut result.conflicts);
    for (direction, fact) in settled {
        match direction {
            Direction::In => enter(law, &mut result, fact, unrecorded),
            Direction::Out => leave(law, &mut result, fact, unrecorded),
        }
    }
    result
}

/// By day; on a day with both, whoever is inside goes out first.
fn in_order<'a>(law: Law<'_>, facts: &[&'a Fact]) -> Vec<Crossing<'a>> {
    let kinds = &law.pack.bases.crossing;
    let direction = |fact: &Fact| match () {
        () if fact.is(&kinds.entry) => Some(Direction::In),
        () if fact.is(&kinds.exit) => Some(Direction::Out),
        () => None,
    };
    let mut crossings: Vec<Crossing<'a>> = facts
        .iter()
        .filter_map(|fact| Some((direction(fact)?, *fact)))
        .collect();
    crossings.sort_by_key(|(_, fact)| *fact);
    let mut ordered: Vec<Crossing<'a>> = Vec::with_capacity(crossings.len());
    for of_day in crossings.chunk_by(|(_, a), (_, b)| a.day == b.day) {
        let inside = ordered
            .last()
            .is_some_and(|(direction, _)| *direction == Direction::In);
        let first = if inside { Direction::Out } else { Direction::In };
        ordered.extend(of_day.iter().filter(|(direction, _)| *direction == first));
        ordered.extend(of_day.iter().filter(|(direction, _)| *direction != first));
    }
    ordered
}

/// Leaves one report of each crossing: the most trusted one. Others on another day are a conflict.
fn settle<'a>(law: Law<'_>, ordered: Vec<Crossing<'a>>, conflicts: &mut Vec<Conflict>) -> Vec<Crossing<'a>> {
    let mut settled: Vec<Crossing<'a>> = Vec::with_capacity(ordered.len());
    for one_way in ordered.chunk_by(|(a, _), (b, _)| a == b) {
        let mut at = 0;
        while at < one_way.len() {
            let (direction, first) = one_way[at];
            let same = one_way[at..]
                .iter()
                .take_while(|(_, fact)| speak_of_one(law, first, fact))
                .count();
            let reports: Vec<&Fact> = one_way[at..at + same].iter().map(|(_, fact)| *fact).collect();
            if let Some(used) = most_trusted(law, &reports) {
                conflicts.extend(conflict(law, &reports, used));
                settled.push((direction, used));
            }
            at += same;
        }
    }
    settled
}

/// Same day, or reports of different sources a few days apart.
fn speak_of_one(law: Law<'_>, first: &Fact, other: &Fact) -> bool {
    let apart = days_between(first.day, other.day);
    let bound = law
        .term(&law.pack.bases.crossing.same_crossing, first.day)
        .map_or(0, |term| term.count);
    apart == 0 || (first.source != other.source && u32::try_from(apart).is_ok_and(|apart| apart <= bound))
}

fn most_trusted<'a>(law: Law<'_>, reports: &[&'a Fact]) -> Option<&'a Fact> {
    reports
        .iter()
        .copied()
        .min_by_key(|fact| (law.pack.sources.rank(fact.source.as_deref()), *fact))
}

fn conflict(law: Law<'_>, reports: &[&Fact], used: &Fact) -> Option<Conflict> {
    let days: BTreeSet<Day> = reports.iter().map(|fact| fact.day).collect();
    let rule = law.pack.bases.crossing.trust_rule.clone();
    (days.len() > 1).then(|| Conflict {
        facts: reports.iter().map(|fact| fact.pointer()).collect(),
        used: used.pointer(),
        rule: "source_priority".to_owned(),
        because: Because {
            rules: BTreeSet::from([rule]),
            facts: reports.iter().map(|fact| fact.pointer()).collect(),
            text: Text::new("conflict.source_priority").with("used", used.pointer()),
        },
    })
}

fn enter<'a>(law: Law<'_>, result: &mut Crossings<'a>, fact: &'a Fact, unrecorded: Unrecorded) {
    if let Some(open) = result.visits.last_mut().filter(|visit| visit.exit.is_none()) {
        open.exit = Some(match unrecorded {
            Unrecorded::LeastPresence => open.entry,
            Unrecorded::MostPresence => forward(open.entry, longest(law, open.entry) - 1).min(fact.day),
        });
        result.missing.push(Missing {
            fact: law.pack.bases.crossing.exit.to_string(),
            after: Some(open.entry),
            before: Some(fact.day),
            decisive: false,
        });
    }
    result.visits.push(Visit {
        entry: fact.day,
        exit: None,
        entry_fact: Some(fact),
        exit_fact: None,
    });
}

fn leave<'a>(law: Law<'_>, result: &mut Crossings<'a>, fact: &'a Fact, unrecorded: Unrecorded) {
    match result.visits.last_mut() {
        Some(visit) if visit.exit.is_none() => {
            visit.exit = Some(fact.day);
            visit.exit_fact = Some(fact);
        }
        earlier => {
            let after = earlier.and_then(|visit| visit.exit);
            let entry = match unrecorded {
                Unrecorded::LeastPresence => fact.day,
                Unrecorded::MostPresence => {
                    let longest = forward(fact.day, 1 - longest(law, fact.day));
                    after.map_or(longest, |exit| exit.max(longest))
                }
            };
            result.missing.push(Missing {
                fact: law.pack.bases.crossing.entry.to_string(),
                after,
                before: Some(fact.day),
                decisive: false,
            });
            result.visits.push(Visit {
                entry,
                exit: Some(fact.day),
                entry_fact: None,
                exit_fact: Some(fact),
            });
        }
    }
}

/// Days of the longest visit that the limits on stays allow; one where there are none.
fn longest(law: Law<'_>, day: Day) -> i32 {
    let limits = law.pack.bases.basis.iter().find_map(|basis| match &basis.holds {
        Holds::VisitLimits(limits) => Some(limits),
        _ => None,
    });
    let days = limits.and_then(|limits| law.number(limits.continuous.as_ref().unwrap_or(&limits.total), day));
    days.and_then(|days| i32::try_from(days).ok()).unwrap_or(1)
}
