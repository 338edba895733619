//! Grounds for the register of persons under control, and whether a decision has entered the person.
//!
//! Invariant: `registered` and `restrictions` follow from a decision on record, never from the rules.

use std::collections::BTreeSet;

use records::Day;

use super::{stay, world::World};
use crate::{
    facts::Fact,
    pack::{condition::Footing, register::RegisterFile},
    status::{Because, Lawful, Presence, RegisterGrounds, Text, Verdict},
};

const NO_BASIS: &str = "no_basis";

/// What the register has, or could have, to do with the person.
pub(crate) struct Register {
    pub(crate) grounds: RegisterGrounds,
    pub(crate) registered: bool,
    pub(crate) if_registered: Vec<String>,
    pub(crate) restrictions: Vec<String>,
}

pub(crate) fn judge(world: &World<'_>) -> Register {
    let Some(rules) = &world.law.pack.register else {
        return Register {
            grounds: no_grounds(Verdict::No),
            registered: false,
            if_registered: Vec::new(),
            restrictions: Vec::new(),
        };
    };
    let grounds = grounds(world, rules);
    let entered = entered(world, rules);
    let codes: Vec<String> = rules
        .restriction
        .iter()
        .filter(|restriction| world.law.row_in_force(&restriction.rules, world.on))
        .map(|restriction| restriction.code.clone())
        .collect();
    let concerned = grounds.present == Verdict::Yes || entered.is_some();
    Register {
        if_registered: if concerned { codes.clone() } else { Vec::new() },
        restrictions: if entered.is_some() { codes } else { Vec::new() },
        registered: entered.is_some(),
        grounds,
    }
}

fn no_grounds(present: Verdict) -> RegisterGrounds {
    RegisterGrounds {
        present,
        since: None,
        codes: BTreeSet::new(),
        because: Because::default(),
    }
}

fn grounds(world: &World<'_>, rules: &RegisterFile) -> RegisterGrounds {
    let start = world
        .law
        .day(&rules.since, world.on)
        .filter(|start| *start <= world.on);
    let Some(start) = start.filter(|_| world.law.row_in_force(&rules.ground_rules, world.on)) else {
        return no_grounds(Verdict::No);
    };
    let mut found: Vec<(Day, String, Vec<&Fact>)> = decisions(world, rules);
    if let Some(since) = stay::unlawful_since(world) {
        let entry = world.visit().and_then(|visit| visit.entry_fact);
        found.push((since, NO_BASIS.to_owned(), entry.into_iter().collect()));
    }
    let Some(since) = found.iter().map(|(day, ..)| *day).min() else {
        let unknown = stay::lawful(world, world.on) == Lawful::Undetermined;
        return no_grounds(if unknown {
            Verdict::Undetermined
        } else {
            Verdict::No
        });
    };
    let since = since.max(start);
    let cited = [&rules.ground_rules, &rules.measure_rules, &rules.duty_rules];
    RegisterGrounds {
        present: Verdict::Yes,
        since: Some(since),
        codes: found.iter().map(|(_, code, _)| code.clone()).collect(),
        because: Because {
            rules: cited
                .into_iter()
                .flatten()
                .filter(|rule| world.law.in_force(rule, world.on))
                .cloned()
                .collect(),
            facts: found
                .iter()
                .flat_map(|(_, _, facts)| facts)
                .map(|fact| fact.pointer())
                .collect(),
            text: Text::new("register.grounds").with("since", since),
        },
    }
}

/// Decisions that are a ground, while the person is inside and nothing newer makes the stay lawful again.
fn decisions<'w>(world: &'w World<'_>, rules: &'w RegisterFile) -> Vec<(Day, String, Vec<&'w Fact>)> {
    if world.presence() == Presence::Out {
        return Vec::new();
    }
    let entry = world.visit().map_or(Day::MIN, |visit| visit.entry);
    let of_ground = |ground: &'w crate::pack::register::Ground| {
        let selector = ground.fact.selector();
        let decided = world
            .facts
            .iter()
            .copied()
            .rfind(|fact| selector.picks(fact) && (entry..=world.on).contains(&fact.day))?;
        (!settled_since(world, decided.day)).then(|| (decided.day, ground.code.clone(), vec![decided]))
    };
    rules.ground.iter().filter_map(of_ground).collect()
}

/// A lawful basis that is no mere time to leave began after the decision, and still holds.
fn settled_since(world: &World<'_>, day: Day) -> bool {
    world
        .covering(world.on)
        .any(|holding| holding.basis.footing == Footing::Lawful && !holding.to_leave && holding.from > day)
}

/// The decision by which the person stands in the register: not cancelled, not departed, not settled since.
fn entered<'w>(world: &'w World<'_>, rules: &'w RegisterFile) -> Option<&'w Fact> {
    let last = |selectors: &'w [crate::pack::selector::Selector]| {
        selectors
            .iter()
            .flat_map(|selector| world.picked(selector))
            .filter(|fact| fact.day <= world.on)
            .max()
    };
    let entry = last(&rules.entered_by)?;
    let struck_off = last(&rules.struck_off_by).is_some_and(|exit| exit.day >= entry.day);
    let ended = entry.until.is_some_and(|until| until < world.on);
    let departed = world.crossings.visits.iter().any(|visit| {
        visit
            .exit
            .is_some_and(|exit| exit >= entry.day && exit < world.on.max(exit))
    });
    let inside = world.presence() != Presence::Out;
    (!struck_off && !ended && !departed && inside && !settled_since(world, entry.day)).then_some(entry)
}
