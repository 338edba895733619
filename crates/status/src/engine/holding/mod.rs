//! On which days each basis holds: one combinator a file.
//!
//! Order matters: documents first, then what follows from their end, then decisions that end them, then visa-free days
//! (which skip days under another basis), then decrees for those who have no basis.

mod fact_interval;
pub(crate) mod paid;
mod payment;
mod term_after;
pub(crate) mod visit_limits;
mod window;

use records::Day;

use super::{
    entry,
    world::{Holding, World},
};
use crate::{
    facts::Fact,
    pack::{
        basis::{Basis, ByCitizenship, EndedBy, Ending, Holds},
        rule::RuleId,
    },
};

/// Fills in the holdings of a world.
pub(crate) fn fill<'a>(world: &mut World<'a>) {
    let bases = &world.law.pack.bases;
    for basis in &bases.basis {
        match &basis.holds {
            Holds::Citizenship(rule) => by_citizenship(world, basis, rule),
            Holds::Fact(rule) => fact_interval::fill(world, basis, rule),
            Holds::PaidPeriods(rule) => paid::fill(world, basis, rule),
            Holds::TermAfter(_) | Holds::Window(_) | Holds::VisitLimits(_) => {}
        }
    }
    for basis in &bases.basis {
        if let Holds::TermAfter(rule) = &basis.holds {
            term_after::fill(world, basis, rule);
        }
    }
    end_by_decision(world, &bases.ending);
    for basis in &bases.basis {
        if let Holds::VisitLimits(rule) = &basis.holds {
            visit_limits::fill(world, basis, rule);
        }
    }
    for basis in &bases.basis {
        if let Holds::Window(rule) = &basis.holds {
            window::fill(world, basis, rule);
        }
    }
    end_by_decision(world, &bases.ending);
    bar_entries(world);
    rank(world);
}

/// What an entry gives, an entry under a ban does not give.
fn bar_entries(world: &mut World<'_>) {
    let visits = &world.crossings.visits;
    let barred: Vec<bool> = visits
        .iter()
        .map(|visit| entry::is_barred(world, visit))
        .collect();
    world
        .holdings
        .retain(|holding| holding.visit.is_none_or(|at| !barred[at]));
}

/// By the order of the pack's file, then by day.
fn rank(world: &mut World<'_>) {
    let order: Vec<*const Basis> = world
        .law
        .pack
        .bases
        .basis
        .iter()
        .map(std::ptr::from_ref)
        .collect();
    let place = |basis: &Basis| order.iter().position(|known| std::ptr::eq(*known, basis));
    world
        .holdings
        .sort_by_key(|holding| (place(holding.basis), holding.from, holding.until));
}

/// Adds a holding, clipped to the days on which its first rule is in force.
fn add<'a>(world: &mut World<'a>, mut holding: Holding<'a>) {
    let Some((from, until)) = world.law.validity(&holding.basis.rules) else {
        return;
    };
    holding.from = holding.from.max(from);
    holding.until = holding.until.min(until);
    if holding.from <= holding.until {
        world.holdings.push(holding);
    }
}

fn plain<'a>(basis: &'a Basis, from: Day, until: Day, facts: Vec<&'a Fact>) -> Holding<'a> {
    let rules = basis.rules.iter().cloned().collect();
    Holding {
        basis,
        from,
        until,
        facts,
        rules,
        visit: None,
        to_leave: false,
    }
}

fn by_citizenship<'a>(world: &mut World<'a>, basis: &'a Basis, rule: &'a ByCitizenship) {
    let has = |citizenship| rule.of.contains(citizenship);
    let holds = if rule.whichever_document {
        world.citizenships.iter().any(has)
    } else {
        world.treated_as().as_ref().is_some_and(has)
    };
    let lost = rule
        .lost_by
        .as_ref()
        .and_then(|selector| world.picked(selector).next());
    if holds {
        let until = lost.map_or(Day::MAX, |fact| fact.day);
        let entry = world.visit().and_then(|visit| visit.entry_fact);
        let facts = entry.into_iter().chain(lost).collect();
        add(world, plain(basis, Day::MIN, until, facts));
    }
}

/// The first fact that ends `of` between two days, if any.
pub(crate) fn ended_by<'a>(
    world: &World<'a>,
    of: &Fact,
    from: Day,
    until: Day,
    endings: &'a [EndedBy],
) -> Option<&'a Fact> {
    let ends = |ending: &'a EndedBy| {
        let selector = ending.fact.selector();
        let same = |fact: &&Fact| ending.same.iter().all(|name| agree(of, fact, name));
        let holder = |fact: &&Fact| {
            ending.holder_of.as_ref().is_none_or(|kind| {
                world
                    .facts
                    .iter()
                    .any(|held| held.is(kind) && held.from <= fact.day && held.covers(fact.day))
            })
        };
        world
            .facts
            .iter()
            .copied()
            .filter(|fact| selector.picks(fact) && (from..=until).contains(&fact.day))
            .filter(|fact| world.law.row_in_force(&ending.rules, fact.day))
            .filter(same)
            .find(holder)
    };
    endings.iter().filter_map(ends).min_by_key(|fact| fact.day)
}

/// Rules by which a fact ends what it ends.
fn ending_rules<'a>(end: &'a Fact, endings: &'a [EndedBy]) -> impl Iterator<Item = &'a RuleId> {
    endings
        .iter()
        .filter(|ending| ending.fact.selector().picks(end))
        .flat_map(|ending| &ending.rules)
}

/// Whether two facts say the same of an attribute, or one of them says nothing.
pub(crate) fn agree(one: &Fact, other: &Fact, attribute: &str) -> bool {
    match (one.attributes.get(attribute), other.attributes.get(attribute)) {
        (Some(a), Some(b)) => a == b,
        (None, _) | (_, None) => true,
    }
}

/// Decisions that end other bases, each on its day; a basis that begins later is a new one.
fn end_by_decision<'a>(world: &mut World<'a>, endings: &'a [Ending]) {
    for ending in endings {
        let selector = ending.fact.selector();
        let days: Vec<&'a Fact> = world
            .facts
            .iter()
            .copied()
            .filter(|fact| selector.picks(fact))
            .collect();
        let by_law = |decision: &&Fact| world.law.row_in_force(&ending.rules, decision.day);
        for decision in days.into_iter().filter(by_law) {
            let visit = world.visit_on(decision.day);
            world.holdings.retain_mut(|holding| {
                if !ending.ends.contains(&holding.basis.code) {
                    return true;
                }
                let same_visit = holding.visit.is_some() && holding.visit == visit;
                if holding.covers(decision.day) && holding.until > decision.day {
                    holding.until = decision.day;
                    holding.facts.push(decision);
                    holding.rules.extend(ending.rules.iter().cloned());
                }
                // What is bound to the visit does not begin anew in the same visit.
                !(same_visit && holding.from > decision.day)
            });
        }
    }
}
