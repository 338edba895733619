//! The right to stay on the day: the strongest basis that covers it, and how long an unbroken chain of bases lasts.

use std::collections::BTreeSet;

use records::Day;

use super::{
    holding::visit_limits,
    world::{Holding, World},
};
use crate::{
    days::Days,
    facts::Fact,
    pack::{
        basis::{Holds, VisitLimits},
        condition::Footing,
        rule::RuleId,
    },
    status::{Because, Lawful, Presence, Stay, Text},
    term::next,
};

/// Shown where no basis covers the day.
pub(crate) const NONE: &str = "none";

/// Whether the stay is lawful on a day.
pub(crate) fn lawful(world: &World<'_>, day: Day) -> Lawful {
    match (world.footing(day), world.presence()) {
        (Footing::Lawful, _) => Lawful::Yes,
        (Footing::Tolerated, _) => Lawful::Tolerated,
        (Footing::None, Presence::In) => Lawful::No,
        (Footing::None, Presence::Out) => {
            let inside = world.visit_on(day).is_some();
            if inside { Lawful::No } else { Lawful::NotPresent }
        }
        // A basis that a decision took away shows that the person was here to lose it; but a source that loses crossings
        // may have lost an entry since.
        (Footing::None, Presence::Unknown) if was_ended(world, day) && !loses_entries(world) => Lawful::No,
        (Footing::None, Presence::Unknown) => Lawful::Undetermined,
    }
}

fn loses_entries(world: &World<'_>) -> bool {
    world.loses(&world.law.pack.bases.crossing.entry)
}

/// Whether a decision ended a basis before the day.
fn was_ended(world: &World<'_>, day: Day) -> bool {
    let by_later_fact = |holding: &Holding<'_>| {
        let end = holding.facts.last();
        end.is_some_and(|fact| fact.day == holding.until && fact.day > holding.from)
    };
    world
        .holdings
        .iter()
        .any(|holding| holding.until < day && by_later_fact(holding))
}

/// Last day of the unbroken run of bases at least as good as that of `day`; nothing when there is none.
pub(crate) fn chain_end(world: &World<'_>, day: Day) -> Option<Day> {
    match world.footing(day) {
        Footing::None => None,
        footing => world.days_with(footing).run_until(day),
    }
}

pub(crate) fn judge(world: &World<'_>) -> Stay {
    let on = world.on;
    let lawful = lawful(world, on);
    let shown = world.covering(on).next();
    let until = chain_end(world, on).filter(|until| *until != Day::MAX);
    let (days_used, days_left) = visa_free_days(world).unzip();
    let mut because = match shown {
        Some(holding) => because_of(world, holding, until),
        None => because_of_nothing(world, lawful),
    };
    cite_document(world, &mut because);
    let mut also: Vec<String> = Vec::new();
    for holding in world.covering(on) {
        if !also.contains(&holding.basis.code) {
            also.push(holding.basis.code.clone());
        }
    }
    Stay {
        lawful,
        basis: shown
            .map_or(NONE, |holding| holding.basis.code.as_str())
            .to_owned(),
        until,
        days_used,
        days_left,
        entered: world
            .visit()
            .filter(|visit| visit.holds(on))
            .map(|visit| visit.entry),
        also,
        because,
    }
}

/// The visit-limited basis of the pack.
pub(crate) fn limits<'w>(world: &World<'w>) -> Option<&'w VisitLimits> {
    let bases = &world.law.pack.bases.basis;
    bases.iter().find_map(|basis| match &basis.holds {
        Holds::VisitLimits(limits) => Some(limits.as_ref()),
        _ => None,
    })
}

/// Days used and left in the window of the day asked, for somebody who may come without a visa.
fn visa_free_days(world: &World<'_>) -> Option<(i32, i32)> {
    let limits = limits(world)?;
    let citizenship = world.treated_as()?;
    let by_limits = world.law.pack.regimes.is_visa_free(citizenship, world.on);
    let unlimited = world
        .covering(world.on)
        .any(|h| h.until == Day::MAX && h.visit.is_none());
    if !by_limits || unlimited {
        return None;
    }
    let counted = visit_limits::counted_days(world, limits);
    let used = visit_limits::used(world.law, limits, &counted, world.on)?;
    let most = i32::try_from(world.law.number(&limits.total, world.on)?).ok()?;
    Some((used, (most - used).max(0)))
}

fn because_of(world: &World<'_>, shown: &Holding<'_>, until: Option<Day>) -> Because {
    let mut rules = shown.rules.clone();
    let mut facts = shown.pointers();
    for link in chain(world, until) {
        rules.extend(link.rules.iter().cloned());
        facts.extend(link.pointers());
    }
    let key = format!("stay.{}", shown.basis.code);
    let text = match until {
        Some(until) => Text::new(key).with("until", until),
        None => Text::new(format!("{key}.open")),
    };
    Because { rules, facts, text }
}

/// The holdings that carry the stay from the day asked to `until`, each the one that reaches farthest.
fn chain<'w, 'a>(world: &'w World<'a>, until: Option<Day>) -> Vec<&'w Holding<'a>> {
    let Some(until) = until else { return Vec::new() };
    let footing = world.footing(world.on);
    let mut links: Vec<&Holding<'_>> = Vec::new();
    let mut day = world.on;
    while day <= until {
        let farthest = world
            .covering(day)
            .filter(|holding| holding.basis.footing >= footing)
            .max_by_key(|holding| holding.until);
        let Some(link) = farthest else { break };
        links.push(link);
        day = next(link.until);
    }
    links
}

fn because_of_nothing(world: &World<'_>, lawful: Lawful) -> Because {
    let visit = world.visit();
    if lawful == Lawful::NotPresent {
        let exit = visit.and_then(|visit| visit.exit_fact);
        return Because {
            rules: last_basis_rules(world, visit.map_or(world.on, |visit| visit.entry)),
            facts: exit.into_iter().map(Fact::pointer).collect(),
            text: Text::new("stay.outside"),
        };
    }
    let Some(visit) = visit else {
        let rules = BTreeSet::from([world.law.pack.bases.crossing.no_basis_rule.clone()]);
        return Because {
            rules,
            facts: BTreeSet::new(),
            text: Text::new("stay.none.no_crossing"),
        };
    };
    let since = unlawful_since(world).unwrap_or(visit.entry);
    let entry = visit.entry_fact.into_iter();
    let ended = world
        .holdings
        .iter()
        .filter(|holding| next(holding.until) == since);
    let facts = entry.chain(ended.flat_map(|holding| holding.facts.iter().copied()));
    Because {
        rules: last_basis_rules(world, visit.entry),
        facts: facts.map(Fact::pointer).collect(),
        text: Text::new("stay.none").with("since", since),
    }
}

/// Of several citizenships the document of entry chooses one, whether the stay is lawful or not.
fn cite_document(world: &World<'_>, because: &mut Because) {
    if world.citizenships.len() > 1 && !world.is_outside_the_law(world.on) {
        let entry = world.visit().and_then(|visit| visit.entry_fact);
        because
            .rules
            .insert(world.law.pack.bases.crossing.document_rule.clone());
        because.facts.extend(entry.map(Fact::pointer));
    }
}

/// First day of the present unbroken run of days without a basis.
pub(crate) fn unlawful_since(world: &World<'_>) -> Option<Day> {
    let visit = world.visit().filter(|visit| visit.holds(world.on))?;
    Days::of([(visit.entry, visit.last())])
        .without(&world.days_with(Footing::Lawful))
        .run_since(world.on)
}

/// Days on which nothing of the stay is a ground for the register: a basis holds, or a decree suspends it.
pub(crate) fn days_without_ground(world: &World<'_>) -> Days {
    let suspends = |holding: &&Holding<'_>| match &holding.basis.holds {
        Holds::Window(window) => window.suspends_grounds,
        _ => false,
    };
    let suspended = world.holdings.iter().filter(suspends);
    let suspended = Days::of(suspended.map(|holding| (holding.from, holding.until)));
    world.days_with(Footing::Lawful).union(&suspended)
}

/// Rules of the basis that ran out last in the visit, or of what the person would have needed.
fn last_basis_rules(world: &World<'_>, entry: Day) -> BTreeSet<RuleId> {
    let ended = world
        .holdings
        .iter()
        .filter(|holding| holding.until < world.on && holding.until >= entry)
        .max_by_key(|holding| holding.until);
    let lapse = world
        .paid
        .iter()
        .rfind(|period| period.is_paid())
        .filter(|period| period.ended.is_none() && period.paid_until() < world.on)
        .and_then(|period| match &period.basis.holds {
            Holds::PaidPeriods(rule) => Some(rule.lapse_rule.clone()),
            _ => None,
        });
    let by_limits = limits(world).map(|limits| visit_limits::rules_on(world.law, limits, None, world.on));
    let is_visa_free = world
        .treated_as()
        .is_some_and(|c| world.law.pack.regimes.is_visa_free(c, entry));
    let of_ended = ended
        .into_iter()
        .flat_map(|holding| holding.rules.iter().cloned());
    let of_limits = by_limits
        .into_iter()
        .flatten()
        .chain(lapse.filter(|_| ended.is_some()));
    let mut rules: BTreeSet<RuleId> = of_ended.chain(of_limits.filter(|_| is_visa_free)).collect();
    rules.retain(|rule| world.law.in_force(rule, world.on));
    if rules.is_empty() {
        rules.insert(world.law.pack.bases.crossing.no_basis_rule.clone());
    }
    rules
}
