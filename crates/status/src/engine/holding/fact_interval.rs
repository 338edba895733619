//! A basis that lasts as long as a document or relation does.

use records::Day;

use super::{add, ended_by, ending_rules, plain};
use crate::{
    engine::world::{Holding, World},
    facts::Fact,
    pack::basis::{Basis, Follows, IntervalFromFact},
    term::{Term, Unit},
};

pub(super) fn fill<'a>(world: &mut World<'a>, basis: &'a Basis, rule: &'a IntervalFromFact) {
    let selector = rule.fact.selector();
    let documents: Vec<&'a Fact> = world.picked(&selector).collect();
    for document in documents {
        let Some((until, with)) = last_day(world, document, rule) else {
            continue;
        };
        let end = ended_by(world, document, document.from, until, &rule.ended_by);
        let until = end.map_or(until, |fact| fact.day);
        let facts: Vec<&Fact> = std::iter::once(document).chain(with).chain(end).collect();
        let mut holding = plain(basis, document.from, until, facts);
        holding.rules.extend(
            end.into_iter()
                .flat_map(|end| ending_rules(end, &rule.ended_by))
                .cloned(),
        );
        if rule.entries.is_some() || rule.days_per_visit.is_some() || rule.days_per_visit_in.is_some() {
            per_visit(world, rule, document, &holding);
        } else if is_of(world, rule, None) {
            add(world, holding);
        }
    }
}

fn is_of(world: &World<'_>, rule: &IntervalFromFact, visit: Option<usize>) -> bool {
    let visit = visit
        .map(|at| &world.crossings.visits[at])
        .or_else(|| world.visit());
    rule.citizens.is_empty()
        || world
            .citizenship_of(visit)
            .is_some_and(|c| rule.citizens.contains(&c))
}

/// The end that the document names, or that follows from another one, or from the term of the law.
fn last_day<'a>(
    world: &World<'a>,
    document: &'a Fact,
    rule: &IntervalFromFact,
) -> Option<(Day, Option<&'a Fact>)> {
    if let Some(until) = document.until {
        return Some((until, None));
    }
    if let Some(Follows { fact: kind, by }) = &rule.follows {
        let other = world
            .facts
            .iter()
            .copied()
            .rfind(|fact| fact.is(kind) && fact.until.is_some())?;
        let term = world.law.term(by, document.from)?;
        return Some((world.law.deadline(term, other.until?), Some(other)));
    }
    match &rule.term {
        None if rule.needs_end => None,
        Some(key) => {
            let term = world.law.term(key, document.from)?;
            Some((term.including(document.from, world.law.calendar()), None))
        }
        None => Some((Day::MAX, None)),
    }
}

/// Only in visits that the document's number of entries still allows, each no longer than its days per visit.
fn per_visit<'a>(world: &mut World<'a>, rule: &IntervalFromFact, document: &'a Fact, whole: &Holding<'a>) {
    let entered: Vec<usize> = (0..world.crossings.visits.len())
        .filter(|&at| whole.covers(world.crossings.visits[at].entry) && is_of(world, rule, Some(at)))
        .collect();
    let allowed = rule
        .entries
        .as_ref()
        .and_then(|name| document.number(name))
        .filter(|&entries| entries > 0);
    let allowed = allowed
        .and_then(|entries| usize::try_from(entries).ok())
        .unwrap_or(usize::MAX);
    // A document issued inside carries the visit in which it was issued without using an entry.
    let inside = world
        .visit_on(whole.from)
        .filter(|&at| world.crossings.visits[at].entry < whole.from);
    let visits = inside.into_iter().chain(entered.iter().copied().take(allowed));
    let mut holdings: Vec<Holding<'a>> = Vec::new();
    for at in visits {
        let visit = &world.crossings.visits[at];
        let from = visit.entry.max(whole.from);
        let until = whole
            .until
            .min(visit.last())
            .min(longest(world, rule, document, from));
        let facts = whole.facts.iter().copied().chain(visit.entry_fact).collect();
        holdings.push(Holding {
            from,
            until,
            facts,
            visit: Some(at),
            ..whole.clone()
        });
    }
    let outside = world
        .visit()
        .is_none_or(|visit| visit.exit.is_some_and(|exit| exit < world.on));
    if outside && entered.len() < allowed {
        // Still good for coming in: it holds on days outside as well.
        let from = entered
            .last()
            .and_then(|&at| world.crossings.visits[at].exit)
            .map_or(whole.from, crate::term::next);
        holdings.push(Holding {
            from: from.max(whole.from),
            ..whole.clone()
        });
    }
    for holding in holdings {
        add(world, holding);
    }
}

fn longest(world: &World<'_>, rule: &IntervalFromFact, document: &Fact, from: Day) -> Day {
    let by_law = rule
        .days_per_visit
        .as_ref()
        .and_then(|key| world.law.term(key, from));
    let named = rule
        .days_per_visit_in
        .as_ref()
        .and_then(|name| document.number(name));
    let named = named
        .and_then(|days| u32::try_from(days).ok())
        .map(|days| Term::new(days, Unit::Days));
    let end = |term: Term| term.including(from, world.law.calendar());
    by_law.into_iter().chain(named).map(end).min().unwrap_or(Day::MAX)
}
