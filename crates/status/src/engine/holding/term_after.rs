//! A basis that runs for a term after the event that took another one away.

use records::calendar::days_between;

use super::{add, plain};
use crate::{
    engine::world::{Holding, World},
    facts::Fact,
    pack::basis::{Basis, TermAfter},
};

pub(super) fn fill<'a>(world: &mut World<'a>, basis: &'a Basis, rule: &'a TermAfter) {
    let selector = rule.fact.selector();
    let events: Vec<&'a Fact> = world.picked(&selector).collect();
    for event in events {
        let Some(term) = world
            .law
            .term(&rule.term, event.day)
            .filter(|_| applies(world, rule, event))
        else {
            continue;
        };
        let until = world.law.deadline(term, event.day);
        let visit = world.visit_on(event.day);
        let facts = match visit.and_then(|at| world.crossings.visits[at].entry_fact) {
            Some(entry) if rule.beyond.is_some() => vec![event, entry],
            Some(_) | None => vec![event],
        };
        let mut holding = Holding {
            to_leave: rule.to_leave,
            ..plain(basis, event.day, until, facts)
        };
        if term.unit == crate::term::Unit::WorkingDays {
            holding.rules.extend(world.law.calendar_rules(event.day, until));
        }
        add(world, holding);
    }
}

fn applies(world: &World<'_>, rule: &TermAfter, event: &Fact) -> bool {
    let visit = world.visit_on(event.day).map(|at| &world.crossings.visits[at]);
    let citizen = rule.citizens.is_empty()
        || world
            .citizenship_of(visit)
            .is_some_and(|c| rule.citizens.contains(&c));
    let had_basis = rule.needs_basis.as_ref().is_none_or(|code| {
        world
            .covering(event.day)
            .any(|holding| holding.basis.code == *code)
    });
    let holder = rule.holder_of.as_ref().is_none_or(|kind| {
        world
            .facts
            .iter()
            .any(|held| held.is(kind) && held.from <= event.day && held.covers(event.day))
    });
    let beyond = rule.beyond.as_ref().is_none_or(|key| {
        let least = world.law.number(key, event.day);
        let since = visit.map(|visit| i64::from(days_between(visit.entry, event.day)) + 1);
        least.zip(since).is_some_and(|(least, since)| since > least)
    });
    citizen && had_basis && holder && beyond
}
