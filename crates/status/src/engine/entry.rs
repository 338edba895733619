//! Entry for a person who is outside: bans, days left, and the first day on which it is possible.

use std::collections::BTreeSet;

use records::Day;

use super::{condition::Moment, crossing::Visit, holding::visit_limits, stay, world::World};
use crate::{
    days::Days,
    facts::Fact,
    pack::{
        condition::Footing,
        register::{Ban as BanRule, Cause, CountedFrom},
        rule::RuleId,
    },
    status::{Ban, Because, Entry, Presence, Text, Verdict},
    term::{forward, next},
};

const BAN: &str = "ban";
const DAYS_USED_UP: &str = "visa_free_days_used_up";
const VISA_REQUIRED: &str = "visa_required";

/// The first day with a visa-free day left lies within so many days.
const DAYS_SEARCHED_MAX: i32 = 800;

pub(crate) fn judge(world: &World<'_>) -> Option<Entry> {
    let left = world
        .visit()
        .and_then(|visit| visit.exit)
        .is_some_and(|exit| exit <= world.on);
    let outside = left || world.presence() != Presence::In;
    outside.then(|| entry(world))
}

fn entry(world: &World<'_>) -> Entry {
    let bans = bans(world, world.on);
    let ban_until = bans.first().and_then(|ban| ban.until);
    let for_good = bans.iter().any(|ban| ban.until.is_none());
    let earliest = ban_until.map_or(world.on, next);
    let (possible, reason, rules) = from_day(world, earliest);
    let possible = possible.filter(|_| !for_good);
    let reason = if bans.is_empty() {
        reason
    } else {
        Some(BAN.to_owned())
    };
    let allowed = bans.is_empty() && possible == Some(world.on);
    let mut because = Because {
        rules,
        facts: world
            .visit()
            .and_then(|visit| visit.exit_fact)
            .into_iter()
            .map(Fact::pointer)
            .collect(),
        text: match (&reason, possible) {
            (Some(reason), Some(day)) => Text::new(format!("entry.no.{reason}")).with("next", day),
            (Some(reason), None) => Text::new(format!("entry.no.{reason}.never")),
            (None, _) => Text::new("entry.yes"),
        },
    };
    for ban in &bans {
        because.rules.extend(ban.because.rules.iter().cloned());
        because.facts.extend(ban.because.facts.iter().cloned());
    }
    Entry {
        allowed: Verdict::of(allowed),
        next_possible: possible,
        ban_until,
        reason,
        bans,
        because,
    }
}

/// The first day from `earliest` on which nothing but a ban would stand in the way.
fn from_day(world: &World<'_>, earliest: Day) -> (Option<Day>, Option<String>, BTreeSet<RuleId>) {
    let on_document = |holding: &&super::world::Holding<'_>| {
        world.law.pack.bans.enters_on.contains(&holding.basis.code) && holding.until >= earliest
    };
    let document = world
        .holdings
        .iter()
        .filter(on_document)
        .min_by_key(|holding| holding.from.max(earliest));
    if let Some(holding) = document.filter(|holding| holding.from <= earliest) {
        return (Some(earliest), None, holding.rules.clone());
    }
    let free = |day| {
        world
            .treated_as()
            .is_some_and(|c| world.law.pack.regimes.is_visa_free(c, day))
    };
    let Some(limits) = stay::limits(world).filter(|_| free(earliest)) else {
        let rules = BTreeSet::from([world.law.pack.bases.crossing.no_basis_rule.clone()]);
        return (
            document.map(|holding| holding.from),
            Some(VISA_REQUIRED.to_owned()),
            rules,
        );
    };
    let counted = visit_limits::counted_days(world, limits);
    let has_room = |day: &Day| {
        let with_it = counted.union(&Days::of([(*day, *day)]));
        let used = visit_limits::used(world.law, limits, &with_it, *day);
        let most = world.law.number(&limits.total, *day);
        used.zip(most).is_some_and(|(used, most)| i64::from(used) <= most)
    };
    let searched = (0..DAYS_SEARCHED_MAX).map(|n| forward(earliest, n));
    let possible = searched.filter(|day| free(*day)).find(has_room);
    let rules: BTreeSet<RuleId> = world
        .law
        .window(&limits.window, world.on)
        .and_then(|(_, rule)| rule)
        .cloned()
        .into_iter()
        .collect();
    let reason = (possible != Some(earliest)).then(|| DAYS_USED_UP.to_owned());
    (possible, reason, rules)
}

/// Bans that are in force on a day.
pub(crate) fn bans(world: &World<'_>, day: Day) -> Vec<Ban> {
    let rules = &world.law.pack.bans.ban;
    let mut bans: Vec<Ban> = rules.iter().filter_map(|rule| ban(world, rule, day)).collect();
    // The longest of several grounds says until when.
    bans.sort_by_key(|ban| std::cmp::Reverse(ban.until.unwrap_or(Day::MAX)));
    bans
}

fn ban(world: &World<'_>, rule: &BanRule, day: Day) -> Option<Ban> {
    let (from, until, facts) = match &rule.cause {
        Cause::Facts {
            any,
            at_least,
            within,
            lifted_by,
        } => by_facts(
            world,
            rule,
            day,
            any,
            *at_least,
            within.as_ref(),
            lifted_by.as_ref(),
        )?,
        Cause::Overstay { beyond } => by_visits(world, rule, day, |visit| {
            let moment = Moment {
                visit: Some(visit),
                ..Moment::on(world, visit.last().min(world.on))
            };
            let most = world.law.number(beyond, visit.last().min(world.on));
            most.is_some_and(|most| i64::from(moment.unlawful_days()) > most)
        })?,
        Cause::Outstayed { basis } => by_visits(world, rule, day, |visit| outstayed(world, visit, basis))?,
    };
    let by_law = [from, day]
        .iter()
        .all(|day| world.law.row_in_force(&rule.rules, *day));
    let in_force = by_law && from <= day && day <= until;
    let until = (until != Day::MAX).then_some(until);
    let text = match until {
        Some(until) => Text::new(format!("ban.{}", rule.code)).with("until", until),
        None => Text::new(format!("ban.{}.open", rule.code)),
    };
    in_force.then(|| Ban {
        code: rule.code.clone(),
        until,
        discretionary: rule.discretionary,
        because: Because {
            rules: rule.rules.iter().cloned().collect(),
            facts: facts.into_iter().map(Fact::pointer).collect(),
            text,
        },
    })
}

type Counted<'a> = (Day, Day, Vec<&'a Fact>);

fn by_facts<'a>(
    world: &World<'a>,
    rule: &BanRule,
    day: Day,
    any: &[crate::pack::selector::Selector],
    at_least: usize,
    within: Option<&crate::pack::parameter::ParameterKey>,
    lifted_by: Option<&crate::pack::selector::Selector>,
) -> Option<Counted<'a>> {
    let picked = |fact: &&Fact| fact.day <= day && any.iter().any(|selector| selector.picks(fact));
    let mut facts: Vec<&'a Fact> = world.facts.iter().copied().filter(picked).collect();
    let last = facts.last().copied()?;
    if let Some(term) = within.and_then(|key| world.law.term(key, last.day)) {
        facts.retain(|fact| term.after(fact.day, world.law.calendar()) >= last.day);
    }
    let lifted = lifted_by.is_some_and(|selector| {
        world
            .picked(selector)
            .any(|fact| (last.day..=day).contains(&fact.day))
    });
    if facts.len() < at_least || lifted {
        return None;
    }
    let exit = world
        .crossings
        .visits
        .iter()
        .filter_map(|visit| visit.exit)
        .find(|exit| (last.day..=day).contains(exit));
    let from = match rule.from {
        CountedFrom::Exit => exit.unwrap_or(last.day),
        CountedFrom::Fact => last.day,
    };
    let until = match (last.until, &rule.term) {
        (Some(until), _) => until,
        (None, Some(key)) => world.law.deadline(world.law.term(key, from)?, from),
        (None, None) => Day::MAX,
    };
    Some((from, until, facts))
}

/// The last visit that ended and broke the limit.
fn by_visits<'a>(
    world: &World<'a>,
    rule: &BanRule,
    day: Day,
    breaks: impl Fn(&Visit<'a>) -> bool,
) -> Option<Counted<'a>> {
    let ended = |visit: &&Visit<'a>| visit.exit.is_some_and(|exit| exit <= day);
    let visit = world
        .crossings
        .visits
        .iter()
        .rev()
        .filter(ended)
        .find(|visit| breaks(visit))?;
    let exit = visit.exit?;
    let term = world.law.term(rule.term.as_ref()?, exit)?;
    let facts = visit.entry_fact.into_iter().chain(visit.exit_fact).collect();
    Some((exit, world.law.deadline(term, exit), facts))
}

/// Whether a visit went on after a basis of this code ran out, with nothing else to stand on.
fn outstayed(world: &World<'_>, visit: &Visit<'_>, basis: &str) -> bool {
    let lawless =
        Days::of([(visit.entry, visit.last().min(world.on))]).without(&world.days_with(Footing::Tolerated));
    lawless.spans().iter().any(|(from, _)| {
        let ended = world
            .holdings
            .iter()
            .filter(|holding| next(holding.until) == *from);
        ended.into_iter().any(|holding| holding.basis.code == basis)
    })
}

/// A ban that stood when the person came in, and that leaves the answer on the stay to an official.
pub(crate) fn entered_under_ban(world: &World<'_>) -> Option<Ban> {
    let visit = world.visit().filter(|visit| visit.holds(world.on))?;
    let earlier = bans(world, crate::term::before(visit.entry));
    earlier.into_iter().find(|ban| outlasts(ban, visit.entry))
}

/// Bans that would stand if the person left on the day asked.
pub(crate) fn bans_if_left(world: &World<'_>) -> Vec<Ban> {
    let mut left = world.clone();
    let Some(visit) = left
        .crossings
        .visits
        .last_mut()
        .filter(|visit| visit.exit.is_none())
    else {
        return Vec::new();
    };
    visit.exit = Some(world.on);
    bans(&left, world.on)
}

/// Whether a decision or expulsion barred this entry, so that it gives no right to stay.
pub(crate) fn is_barred(world: &World<'_>, visit: &Visit<'_>) -> bool {
    let day = crate::term::before(visit.entry);
    let rules = world.law.pack.bans.ban.iter().filter(|rule| rule.bars_stay);
    rules
        .filter_map(|rule| ban(world, rule, day))
        .any(|ban| outlasts(&ban, visit.entry))
}

fn outlasts(ban: &Ban, day: Day) -> bool {
    ban.until.is_none_or(|until| until >= day)
}
