//! Duties on the day asked: what follows from each event, by when, and whether it was done.

mod event;

use std::collections::BTreeSet;

use records::{Day, calendar::WorkCalendar};

use self::event::Event;
use super::{condition::Moment, holding::agree, stay, world::World};
use crate::{
    facts::Fact,
    pack::{
        condition::Footing,
        duty::{Doing, Due, Duty as DutyRule, DutyRow, JudgedOn, Since},
    },
    status::{Because, Duty, DutyStatus, Lawful, Presence, Text, Who},
    term::{Term, Unit, before},
};

const MONTHS_IN_YEAR: u32 = 12;

pub(crate) fn judge(world: &World<'_>) -> Vec<Duty> {
    if world.is_outside_the_law(world.on) {
        return Vec::new();
    }
    let rules = &world.law.pack.duties;
    let mut duties: Vec<Duty> = rules.duty.iter().flat_map(|rule| by_rule(world, rule)).collect();
    duties.extend(leave(world));
    duties
}

fn by_rule<'w>(world: &'w World<'_>, rule: &'w DutyRule) -> impl Iterator<Item = Duty> + 'w {
    event::of(world, &rule.follows)
        .into_iter()
        .filter_map(move |event| by_event(world, rule, &event))
}

fn by_event(world: &World<'_>, rule: &DutyRule, event: &Event<'_>) -> Option<Duty> {
    let moment = Moment {
        visit: event.visit,
        ..Moment::on(world, judged_on(world, rule, event))
    };
    // KoAP art. 1.7: what an act asked for is held against nobody once the act has ended.
    let days = [event.day, world.on];
    let in_force = |row: &&DutyRow| world.law.row_in_force_on(&row.rules, &days);
    let mut rows = rule.rows.iter().filter(in_force);
    let row = rows.find(|row| moment.meets(&row.when))?;
    let starts = start_of(&moment, event, row);
    let last = |due: &Option<Due>, start| due.as_ref().and_then(|due| last_day(world, event, due, start));
    let by = last(&row.due, starts.day);
    let by = by.into_iter().chain(last(&row.or_by, event.day)).min();
    let (status, by, done) = standing(world, rule, row, by, doing(world, rule, event), event);
    let facts = event.facts.iter().chain(&starts.fact).chain(&done.fact);
    let mut because = Because {
        rules: row.rules.iter().cloned().collect(),
        facts: facts.map(|fact| fact.pointer()).collect(),
        text: Text::new(format!("duty.{}.{}", rule.code, status_key(status))),
    };
    because
        .rules
        .extend(done.doing.and_then(|doing| doing.rule.clone()));
    if let Some(by) = by {
        because.text = because.text.with("by", by);
        if counts_working_days(world, row, event.day) {
            because
                .rules
                .extend(world.law.calendar_rules(starts.day.min(by), by.max(starts.day)));
        }
    }
    let safe_by = by
        .filter(|_| status.binds())
        .and_then(|by| safe_day(by, world.law.calendar()));
    Some(Duty {
        code: rule.code.clone(),
        who: rule.who,
        by,
        status,
        done: done.day,
        safe_by,
        because,
    })
}

fn judged_on(world: &World<'_>, rule: &DutyRule, event: &Event<'_>) -> Day {
    match rule.judged_on {
        JudgedOn::Asked => world.on,
        JudgedOn::Event => event.day,
    }
}

fn status_key(status: DutyStatus) -> &'static str {
    match status {
        DutyStatus::Open => "open",
        DutyStatus::Overdue => "overdue",
        DutyStatus::Done => "done",
        DutyStatus::DoneLate => "done_late",
        DutyStatus::Exempt => "exempt",
        DutyStatus::Voluntary => "voluntary",
        DutyStatus::Conditional => "conditional",
        DutyStatus::NotApplicable => "not_applicable",
        DutyStatus::Undetermined => "undetermined",
    }
}

struct Start<'a> {
    day: Day,
    fact: Option<&'a Fact>,
}

/// The day from which a row counts its term.
fn start_of<'a>(moment: &Moment<'_, 'a>, event: &Event<'a>, row: &DutyRow) -> Start<'a> {
    if let Some(fact) = row
        .from
        .as_ref()
        .and_then(|selector| moment.of_this_stay(selector).next())
    {
        return Start {
            day: fact.day.max(event.day),
            fact: Some(fact),
        };
    }
    let entry = event.visit.filter(|_| row.from_entry).map(|visit| visit.entry);
    Start {
        day: entry.unwrap_or(event.day),
        fact: None,
    }
}

fn last_day(world: &World<'_>, event: &Event<'_>, due: &Due, start: Day) -> Option<Day> {
    let law = world.law;
    match due {
        Due::Within { term } => {
            let term = law.term(term, event.day)?;
            let whole = event.counted_from.filter(|_| term.unit == Unit::Months);
            Some(match whole {
                Some((from, years)) => {
                    law.deadline(Term::new(MONTHS_IN_YEAR * years + term.count, Unit::Months), from)
                }
                None => law.deadline(term, start),
            })
        }
        Due::LastDayOf { term } => Some(law.term(term, event.day)?.including(start, law.calendar())),
        Due::OnTheDay => Some(start),
        Due::AheadOf { term } => Some(law.term(term, event.day)?.ahead_of(start, law.calendar())),
        Due::AfterEnd { term, lasting } => {
            let document = event.facts.first()?;
            let end = expiry(world, document, law.term(lasting, event.day)?);
            Some(law.deadline(law.term(term, event.day)?, end))
        }
        Due::NextMonthLastWorkingDay => {
            let month_end = Term::new(1, Unit::Months)
                .after(start, law.calendar())
                .last_of_month();
            last_working_day(month_end, law.calendar())
        }
    }
}

fn last_working_day(day: Day, calendar: &WorkCalendar) -> Option<Day> {
    if calendar.is_working(day) {
        Some(day)
    } else {
        calendar.working_days_before(day, 1).ok()
    }
}

/// The working day on or before a day off; terms are not moved, so acting by it is safe under every reading.
fn safe_day(by: Day, calendar: &WorkCalendar) -> Option<Day> {
    last_working_day(by, calendar).filter(|safe| *safe != by)
}

/// Last day of a document: as it says, or by the term of the law.
fn expiry(world: &World<'_>, document: &Fact, lasting: Term) -> Day {
    document
        .until
        .unwrap_or_else(|| lasting.after(document.from, world.law.calendar()))
}

#[derive(Default)]
struct Done<'a, 'r> {
    fact: Option<&'a Fact>,
    doing: Option<&'r Doing>,
    day: Option<Day>,
    /// It was done before the event, so that the event asks nothing.
    beforehand: bool,
}

fn doing<'a, 'r>(world: &World<'a>, rule: &'r DutyRule, event: &Event<'a>) -> Done<'a, 'r> {
    for doing in &rule.done_by {
        let selector = doing.fact.selector();
        let counts = |fact: &&Fact| match doing.since {
            Since::Event => event.day <= fact.day,
            Since::AfterEvent => event.day < fact.day,
            Since::Period => event.period_start.is_none_or(|start| start < fact.day),
            Since::Ever => true,
        };
        let lasts = |fact: &&Fact| {
            let term = doing
                .lasting
                .as_ref()
                .and_then(|key| world.law.term(key, fact.day));
            term.is_none_or(|term| event.day <= expiry(world, fact, term))
        };
        let same = |fact: &&Fact| {
            event
                .facts
                .iter()
                .all(|of| doing.same.iter().all(|name| agree(of, fact, name)))
        };
        let shown = world.picked(&selector).filter(counts).filter(lasts).find(same);
        if let Some(fact) = shown {
            let beforehand = doing.since == Since::Ever && fact.day < event.day;
            let rule = beforehand && doing.rule.is_some();
            return Done {
                fact: Some(fact),
                doing: rule.then_some(doing).or((!doing.dates_it).then_some(doing)),
                day: Some(fact.day),
                beforehand,
            };
        }
    }
    Done::default()
}

/// How a duty stands: a fixed outcome of the row, or done or not by the day asked.
fn standing<'a, 'r>(
    world: &World<'_>,
    rule: &DutyRule,
    row: &DutyRow,
    by: Option<Day>,
    done: Done<'a, 'r>,
    event: &Event<'_>,
) -> (DutyStatus, Option<Day>, Done<'a, 'r>) {
    let fixed = row.status.filter(|status| *status != DutyStatus::Conditional);
    if let Some(status) = fixed {
        return (status, by, Done::default());
    }
    let Some(by) = by else {
        return (DutyStatus::Undetermined, None, Done::default());
    };
    if let Some(day) = done.day {
        let dated = done.doing.is_none_or(|doing| doing.dates_it);
        return match () {
            () if done.beforehand || day <= by => (DutyStatus::Done, Some(by), done),
            () if dated => (DutyStatus::DoneLate, Some(by), done),
            // What is on record shows that it was done, not when.
            () => (DutyStatus::Undetermined, Some(by), done),
        };
    }
    let late = world.on > by;
    let status = match (row.status, rule.unrecorded) {
        (_, Some(unrecorded)) if world.on > event.day => unrecorded,
        (Some(status), _) => status,
        // Silence of a source that is not connected is no breach.
        (None, _) if late && !is_observed(world, rule) => DutyStatus::Undetermined,
        (None, _) if late => DutyStatus::Overdue,
        (None, _) => DutyStatus::Open,
    };
    (status, Some(by), done)
}

fn is_observed(world: &World<'_>, rule: &DutyRule) -> bool {
    rule.done_by.is_empty()
        || rule
            .done_by
            .iter()
            .any(|doing| doing.dates_it && world.observes(&doing.fact.fact))
}

fn counts_working_days(world: &World<'_>, row: &DutyRow, day: Day) -> bool {
    let key = match &row.due {
        Some(
            Due::Within { term }
            | Due::LastDayOf { term }
            | Due::AheadOf { term }
            | Due::AfterEnd { term, .. },
        ) => term,
        Some(Due::NextMonthLastWorkingDay) => return true,
        Some(Due::OnTheDay) | None => return false,
    };
    world
        .law
        .term(key, day)
        .is_some_and(|term| term.unit == Unit::WorkingDays)
}

/// The duty to leave: at once where there is no basis, by its end where there is only time to leave.
fn leave(world: &World<'_>) -> Option<Duty> {
    if world.presence() == Presence::Out {
        return None;
    }
    let rule = world.law.pack.duties.leave.as_ref()?;
    let strongest = world.footing(world.on);
    let leaving: Vec<_> = world
        .covering(world.on)
        .filter(|holding| holding.basis.footing == strongest)
        .collect();
    let last = leaving.iter().map(|holding| holding.until).max();
    let only_leaving = strongest != Footing::None && leaving.iter().all(|holding| holding.to_leave);
    let (by, status, code) = match stay::lawful(world, world.on) {
        Lawful::No => (ended_term(world), DutyStatus::Overdue, "overdue"),
        _ if only_leaving => (last, DutyStatus::Open, "open"),
        _ => return None,
    };
    let facts: BTreeSet<_> = leaving.iter().flat_map(|holding| holding.pointers()).collect();
    let entry = world
        .visit()
        .and_then(|visit| visit.entry_fact)
        .map(Fact::pointer);
    let own = rule
        .rules
        .iter()
        .filter(|rule| world.law.in_force(rule, world.on))
        .cloned();
    let of_basis = world
        .covering(world.on)
        .flat_map(|holding| holding.rules.iter().cloned());
    let without = stay::judge(world).because.rules;
    Some(Duty {
        code: rule.code.clone(),
        who: Who::Person,
        by,
        status,
        done: None,
        safe_by: None,
        because: Because {
            rules: own.chain(of_basis).chain(without).collect(),
            facts: facts.into_iter().chain(entry).collect(),
            text: by
                .into_iter()
                .fold(Text::new(format!("duty.{}.{code}", rule.code)), |text, by| {
                    text.with("by", by)
                }),
        },
    })
}

/// The last day of a term to leave that ran out just before the stay became unlawful.
fn ended_term(world: &World<'_>) -> Option<Day> {
    let since = stay::unlawful_since(world)?;
    let ended = |holding: &&super::world::Holding<'_>| holding.to_leave && holding.until == before(since);
    world.holdings.iter().find(ended).map(|holding| holding.until)
}
