//! Grounds for the register of persons under control, and whether a decision has entered the person.
//!
//! Invariant: `registered` and `restrictions` follow from a decision on record, never from the rules.

use std::collections::BTreeSet;

use records::Day;

use super::{stay, world::World};
use crate::{
    days::Days,
    facts::Fact,
    pack::{condition::Footing, register::RegisterFile, selector::Selector},
    status::{Because, Lawful, Presence, RegisterGrounds, Text, Verdict},
    term::next,
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
    let mut grounds = grounds(world, rules);
    // Before the law of the register there was nothing to be entered in.
    let entry = match world.law.row_in_force(&rules.measure_rules, world.on) {
        true => entry(world, rules),
        false => Entry::Never,
    };
    explain(world, rules, &entry, &mut grounds.because);
    let codes: Vec<String> = rules
        .restriction
        .iter()
        .filter(|restriction| world.law.row_in_force(&restriction.rules, world.on))
        .map(|restriction| restriction.code.clone())
        .collect();
    let registered = matches!(entry, Entry::Stands(_));
    let concerned = grounds.present == Verdict::Yes || registered;
    Register {
        if_registered: if concerned { codes.clone() } else { Vec::new() },
        restrictions: if registered { codes } else { Vec::new() },
        registered,
        grounds,
    }
}

/// Whether a decision has entered the person, and whether that entry still stands.
enum Entry<'a> {
    Never,
    Stands(&'a Fact),
    /// Struck off, departed, or settled since.
    Ended(&'a Fact),
}

/// An entry stands on the decision and on the law of its measures; its end on the law of exclusion.
fn explain(world: &World<'_>, rules: &RegisterFile, entry: &Entry<'_>, because: &mut Because) {
    let (decision, cited, key) = match entry {
        Entry::Never => return,
        Entry::Stands(decision) => (
            decision,
            [&rules.measure_rules, &rules.duty_rules],
            "register.entered",
        ),
        Entry::Ended(decision) => (decision, [&rules.exit_rules; 2], "register.ended"),
    };
    let in_force = cited
        .into_iter()
        .flatten()
        .filter(|rule| world.law.in_force(rule, world.on));
    because.rules.extend(in_force.cloned());
    because.facts.insert(decision.pointer());
    if because.text.key.is_empty() || matches!(entry, Entry::Stands(_)) {
        because.text = Text::new(key).with("since", decision.from);
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
    let visit = world.visit();
    let groundless = stay::days_without_ground(world);
    if let Some(visit) = visit.filter(|visit| visit.holds(world.on)) {
        let present = Days::of([(visit.entry, visit.last())]).without(&groundless);
        if let Some(since) = present.run_since(world.on) {
            found.push((since, NO_BASIS.to_owned(), visit.entry_fact.into_iter().collect()));
        }
    }
    let Some(since) = found.iter().map(|(day, ..)| *day).min() else {
        return match stay::lawful(world, world.on) {
            Lawful::Undetermined => RegisterGrounds {
                because: Because {
                    rules: rules.ground_rules.iter().cloned().collect(),
                    facts: BTreeSet::new(),
                    text: Text::new("register.undetermined"),
                },
                ..no_grounds(Verdict::Undetermined)
            },
            Lawful::Yes | Lawful::No | Lawful::Tolerated | Lawful::NotPresent => {
                ended(world, rules, start, &groundless).unwrap_or_else(|| no_grounds(Verdict::No))
            }
        };
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

/// Grounds that the last stay gave, and that ended by departure or by a lawful basis.
fn ended(world: &World<'_>, rules: &RegisterFile, start: Day, groundless: &Days) -> Option<RegisterGrounds> {
    let visit = world.visit()?;
    let last = visit.last().min(world.on);
    let present = Days::of([(visit.entry.max(start), last)]);
    let (_, until) = *present.without(groundless).spans().last()?;
    let basis = world.holdings.iter().find(|holding| holding.from == next(until));
    let by = basis.map(|holding| holding.facts.clone()).unwrap_or_default();
    let facts = visit.entry_fact.into_iter().chain(visit.exit_fact).chain(by);
    Some(RegisterGrounds {
        because: Because {
            rules: rules.exit_rules.iter().cloned().collect(),
            facts: facts.map(Fact::pointer).collect(),
            text: Text::new("register.grounds_ended").with("until", until),
        },
        ..no_grounds(Verdict::No)
    })
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

/// The last decision that entered the person, and whether it was cancelled, or ended by departure or a lawful basis.
fn entry<'w>(world: &'w World<'_>, rules: &'w RegisterFile) -> Entry<'w> {
    let last = |selectors: &'w [Selector]| {
        let picked = selectors.iter().flat_map(|selector| world.picked(selector));
        picked.filter(|fact| fact.day <= world.on).max()
    };
    let Some(entry) = last(&rules.entered_by) else {
        return Entry::Never;
    };
    let struck_off = last(&rules.struck_off_by).is_some_and(|exit| exit.day >= entry.day);
    let ended = entry.until.is_some_and(|until| until < world.on);
    let has_left = |exit: Day| exit >= entry.day && exit < world.on;
    let departed = world
        .crossings
        .visits
        .iter()
        .any(|visit| visit.exit.is_some_and(has_left));
    let outside = world.presence() == Presence::Out;
    if struck_off || ended || departed || outside || settled_since(world, entry.day) {
        Entry::Ended(entry)
    } else {
        Entry::Stands(entry)
    }
}
