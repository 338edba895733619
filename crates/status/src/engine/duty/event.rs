//! The events that duties follow from.

use records::{Day, calendar::add_months};

use crate::{
    engine::{crossing::Visit, world::World},
    facts::Fact,
    pack::{
        duty::{PeriodEnd, Trigger},
        parameter::ParameterKey,
        selector::Selector,
    },
    term::{Term, Unit, before},
};

/// One event, the day from which terms are counted, and the visit that it belongs to.
#[derive(Clone, Debug)]
pub(super) struct Event<'a> {
    pub(super) day: Day,
    pub(super) facts: Vec<&'a Fact>,
    pub(super) visit: Option<&'a Visit<'a>>,
    pub(super) period_start: Option<Day>,
    /// The event is so many years after this day: months that follow are counted from there, never chained.
    pub(super) counted_from: Option<(Day, u32)>,
}

/// Years and quarters are looked at so far back at most; a document older than that is beyond this bound's business.
const PERIODS_MAX: u32 = 400;

pub(super) fn of<'w>(world: &'w World<'_>, trigger: &Trigger) -> Vec<Event<'w>> {
    match trigger {
        Trigger::Entry => entry(world).into_iter().collect(),
        Trigger::Arrival { place } => arrival(world, place).into_iter().collect(),
        Trigger::Each { of } => world
            .picked(of)
            .filter(|fact| fact.day <= world.on)
            .map(|fact| of_fact(world, fact))
            .collect(),
        Trigger::EachHeld { of, lasting } => held(world, of, lasting),
        Trigger::PaidPeriod { basis, until } => paid_period(world, basis, *until).into_iter().collect(),
        Trigger::YearOf { of, basis } => years(world, of, basis),
        Trigger::QuarterOf { of } => quarters(world, of),
    }
}

fn of_fact<'w>(world: &'w World<'_>, fact: &'w Fact) -> Event<'w> {
    Event {
        day: fact.day,
        facts: vec![fact],
        visit: world.visit(),
        period_start: None,
        counted_from: None,
    }
}

/// Each document of a sort that held at some time of the present stay.
fn held<'w>(world: &'w World<'_>, of: &Selector, lasting: &ParameterKey) -> Vec<Event<'w>> {
    let Some(visit) = world.visit().filter(|visit| visit.holds(world.on)) else {
        return Vec::new();
    };
    let reaches = |fact: &&Fact| {
        let term = world.law.term(lasting, fact.day);
        let end = fact
            .until
            .or(term.map(|term| term.after(fact.from, world.law.calendar())));
        end.is_none_or(|end| end >= visit.entry)
    };
    let documents = world.picked(of).filter(|fact| fact.day <= world.on);
    documents
        .filter(reaches)
        .map(|fact| of_fact(world, fact))
        .collect()
}

/// The entry of the visit that holds the day asked.
fn entry<'w>(world: &'w World<'_>) -> Option<Event<'w>> {
    let visit = world.visit().filter(|visit| visit.holds(world.on))?;
    let facts = visit.entry_fact.into_iter().collect();
    Some(Event {
        day: visit.entry,
        facts,
        visit: Some(visit),
        period_start: None,
        counted_from: None,
    })
}

/// The last arrival at a place of stay in this visit; the entry where none is on record.
fn arrival<'w>(world: &'w World<'_>, place: &crate::facts::FactKind) -> Option<Event<'w>> {
    let entry = entry(world)?;
    let arrived = world
        .facts
        .iter()
        .copied()
        .rfind(|fact| fact.is(place) && (entry.day..=world.on).contains(&fact.from));
    let Some(arrived) = arrived else {
        return Some(entry);
    };
    let facts = entry.facts.iter().copied().chain([arrived]).collect();
    Some(Event {
        day: arrived.from,
        facts,
        ..entry
    })
}

/// The document that is paid for on the day asked.
fn paid_period<'w>(world: &'w World<'_>, basis: &str, until: PeriodEnd) -> Option<Event<'w>> {
    let runs = |period: &&crate::engine::holding::paid::PaidPeriod<'_>| {
        period.basis.code == basis
            && period.ended.is_none()
            && (period.starts..=period.paid_until()).contains(&world.on)
    };
    let period = world.paid.iter().find(runs)?;
    if until == PeriodEnd::Paid && period.is_paid_in_full() {
        return None;
    }
    let day = match until {
        PeriodEnd::Paid => period.paid_until(),
        PeriodEnd::Longest => period.longest_until(),
        PeriodEnd::Issue => period.document.day,
    };
    let facts = vec![period.document];
    Some(Event {
        day,
        facts,
        visit: world.visit(),
        period_start: Some(period.starts),
        counted_from: None,
    })
}

/// The last full year before the day asked, and the next one, while the basis lasts.
fn years<'w>(world: &'w World<'_>, of: &Selector, basis: &str) -> Vec<Event<'w>> {
    let covering = world
        .covering(world.on)
        .find(|holding| holding.basis.code == *basis);
    let Some(holding) = covering else {
        return Vec::new();
    };
    let Some(document) = holding.facts.iter().copied().find(|fact| of.picks(fact)) else {
        return Vec::new();
    };
    let anniversary = |n: u32| {
        (
            n,
            Term::new(n, Unit::Years).after(document.from, world.law.calendar()),
        )
    };
    // The year that ends with the document asks for no notice: there is nothing left to confirm.
    let days: Vec<(u32, Day)> = (1..=PERIODS_MAX)
        .map(anniversary)
        .take_while(|(_, day)| *day <= holding.until && *day < Day::MAX)
        .collect();
    let past = days.iter().copied().rfind(|(_, day)| *day <= world.on);
    let next = days.iter().copied().find(|(_, day)| *day > world.on);
    let event = |(years, day)| Event {
        day,
        facts: vec![document],
        visit: world.visit(),
        period_start: None,
        counted_from: Some((document.from, years)),
    };
    past.into_iter().chain(next).map(event).collect()
}

/// The quarter that ended last and the one running, as far as a document holds in them.
fn quarters<'w>(world: &'w World<'_>, of: &Selector) -> Vec<Event<'w>> {
    let Some(document) = world.picked(of).filter(|fact| fact.from <= world.on).last() else {
        return Vec::new();
    };
    let running = quarter_end(world.on);
    let ended = quarter_end(before(quarter_start(world.on)));
    let held =
        |end: &Day| document.from <= *end && document.until.is_none_or(|until| until >= quarter_start(*end));
    let event = |day| Event {
        day,
        facts: vec![document],
        visit: world.visit(),
        period_start: None,
        counted_from: None,
    };
    [ended, running].into_iter().filter(held).map(event).collect()
}

fn quarter_start(day: Day) -> Day {
    let months = i32::from((day.month() - 1) % 3);
    add_months(day.first_of_month(), -months).unwrap_or(Day::MIN)
}

fn quarter_end(day: Day) -> Day {
    add_months(quarter_start(day), 2)
        .unwrap_or(Day::MAX)
        .last_of_month()
}
