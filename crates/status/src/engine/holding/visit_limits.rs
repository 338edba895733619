//! Stay without a visa: as long as no limit on days is hit.
//!
//! Three limits: days in total within the window of the day, days unbroken since entry, days per visit by treaty.
//! Each day is judged by the limits in force on that day, so a visit over a change of law needs no transition rule.

use std::collections::BTreeSet;

use records::{Day, calendar::days_between};

use super::{add, plain};
use crate::{
    days::Days,
    engine::{
        crossing::Visit,
        law::Law,
        world::{Holding, World},
    },
    pack::{
        basis::{Basis, VisitLimits},
        parameter::{Parameter, Window},
        rule::RuleId,
    },
    term::{forward, next},
};

/// A visit is followed so far at most; within it every limit that a pack may set has been hit.
const DAYS_FOLLOWED_MAX: i32 = 800;

pub(super) fn fill<'a>(world: &mut World<'a>, basis: &'a Basis, rule: &'a VisitLimits) {
    let counted = counted_days(world, rule);
    for at in 0..world.crossings.visits.len() {
        let visit = world.crossings.visits[at].clone();
        let Some(citizenship) = world.citizenship_of(Some(&visit)) else {
            continue;
        };
        let regimes = &world.law.pack.regimes;
        if !regimes.is_visa_free(citizenship, visit.entry) {
            continue;
        }
        let by_treaty = world.law.in_force(&rule.cap_rule, visit.entry);
        let cap = regimes
            .on(citizenship, visit.entry)
            .and_then(|row| row.max_days_per_visit)
            .filter(|_| by_treaty);
        for (from, until) in allowed_days(world.law, rule, &visit, cap, &counted).spans() {
            let facts = visit.entry_fact.into_iter().collect();
            let holding = plain(basis, *from, *until, facts);
            let rules = rules_on(world.law, rule, cap, (*from).max(world.on.min(*until)));
            add(
                world,
                Holding {
                    rules,
                    visit: Some(at),
                    ..holding
                },
            );
        }
    }
}

/// Days of presence that use up the total.
pub(crate) fn counted_days(world: &World<'_>, rule: &VisitLimits) -> Days {
    let present = world.presence_days();
    if world.law.flag(&rule.all_days_count, world.on) {
        return present;
    }
    let other = world
        .holdings
        .iter()
        .filter(|holding| rule.not_counted.contains(&holding.basis.code));
    present.without(&Days::of(other.map(|holding| (holding.from, holding.until))))
}

/// The limits of a day, and the last day up to which they are the same.
struct Limits {
    total: Option<i64>,
    window: Option<Window>,
    unbroken: Option<i64>,
    same_until: Day,
}

impl Limits {
    fn on(law: Law<'_>, rule: &VisitLimits, day: Day) -> Self {
        let [total, window] = [&rule.total, &rule.window].map(|key| law.parameter(key, day));
        let unbroken = rule.continuous.as_ref().and_then(|key| law.parameter(key, day));
        let ends = [total, window, unbroken].into_iter().flatten();
        Self {
            total: total.and_then(Parameter::number),
            window: window.and_then(Parameter::window),
            unbroken: unbroken.and_then(Parameter::number),
            same_until: ends.filter_map(|value| value.valid_to).min().unwrap_or(Day::MAX),
        }
    }

    /// Days used up in the window, the day included.
    fn used(&self, counted: &Days, day: Day) -> Option<i32> {
        let from = match self.window? {
            Window::Sliding(days) => forward(day, 1 - i32::try_from(days).unwrap_or(i32::MAX)),
            Window::CalendarYear => day.first_of_year(),
        };
        Some(counted.count(from, day))
    }
}

fn allowed_days(
    law: Law<'_>,
    rule: &VisitLimits,
    visit: &Visit<'_>,
    cap: Option<u32>,
    counted: &Days,
) -> Days {
    let last = visit.last().min(forward(visit.entry, DAYS_FOLLOWED_MAX));
    let mut allowed = Vec::new();
    let mut day = visit.entry;
    let mut limits = Limits::on(law, rule, day);
    while day <= last {
        if day > limits.same_until {
            limits = Limits::on(law, rule, day);
        }
        let since_entry = i64::from(days_between(visit.entry, day)) + 1;
        if cap.is_some_and(|cap| since_entry > i64::from(cap)) {
            break;
        }
        if limits.unbroken.is_some_and(|most| since_entry > most) {
            break;
        }
        let total = limits.total.zip(limits.used(counted, day));
        if total.is_some_and(|(most, used)| i64::from(used) <= most) {
            allowed.push((day, day));
        }
        day = next(day);
    }
    Days::of(allowed)
}

/// Days used up in the window in force on a day, that day included.
pub(crate) fn used(law: Law<'_>, rule: &VisitLimits, counted: &Days, day: Day) -> Option<i32> {
    Limits::on(law, rule, day).used(counted, day)
}

/// The limits in force on a day.
pub(crate) fn rules_on(law: Law<'_>, rule: &VisitLimits, cap: Option<u32>, day: Day) -> BTreeSet<RuleId> {
    let window = law.window(&rule.window, day).and_then(|(_, rule)| rule).cloned();
    let unbroken = rule.continuous.as_ref().and_then(|key| law.number(key, day));
    let shortened = cap.is_some_and(|cap| unbroken.is_none_or(|most| i64::from(cap) < most));
    let cap_rule = shortened.then(|| rule.cap_rule.clone());
    let continuous = unbroken.and(rule.continuous_rule.clone());
    window.into_iter().chain(continuous).chain(cap_rule).collect()
}
