//! A second, slow evaluator, written apart from the engine: it looks at each day by itself and knows the law by heart.
//!
//! Covers stay without a visa, patents and contracts under the EAEU Treaty. Compared with the engine on random lives.

use jiff::{ToSpan as _, civil::Date};
use records::Day;

/// A life made of the facts that this evaluator understands. Invariant: visits in order, at most the last one open.
#[derive(Clone, Debug, Default)]
pub(crate) struct Life {
    pub(crate) eaeu: bool,
    pub(crate) visits: Vec<(Day, Option<Day>)>,
    /// Day of issue, and payments as (day, months), each from day of issue on or up to a month before it.
    pub(crate) patent: Option<(Day, Vec<(Day, i32)>)>,
    pub(crate) contract: Option<(Day, Option<Day>)>,
}

/// What the evaluator says of a day.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) lawful: bool,
    pub(crate) until: Option<Day>,
    pub(crate) days_used: i32,
}

const FAR: i32 = 1200;

fn shift(day: Day, days: i32) -> Day {
    day.checked_add(days.days()).unwrap()
}

/// What is known on `on`: later events are not, and an open visit goes on.
pub(crate) fn judge(life: &Life, on: Day) -> Seen {
    let known = known_on(life, on);
    let lawful = is_lawful(&known, on);
    let mut until = None;
    if lawful {
        let mut day = on;
        until = Some(day);
        for _ in 0..FAR {
            day = shift(day, 1);
            if !is_lawful(&known, day) {
                break;
            }
            until = Some(day);
        }
        if until == Some(shift(on, FAR)) {
            until = None;
        }
    }
    Seen {
        lawful,
        until,
        days_used: used(&known, on),
    }
}

fn known_on(life: &Life, on: Day) -> Life {
    let visits = life.visits.iter().filter(|(entry, _)| *entry <= on);
    Life {
        eaeu: life.eaeu,
        visits: visits
            .map(|(entry, exit)| (*entry, exit.filter(|exit| *exit <= on)))
            .collect(),
        patent: life
            .patent
            .as_ref()
            .filter(|(issued, _)| *issued <= on)
            .map(|(issued, paid)| {
                (
                    *issued,
                    paid.iter().filter(|(day, _)| *day <= on).copied().collect(),
                )
            }),
        contract: life.contract.filter(|(from, _)| *from <= on),
    }
}

fn inside(life: &Life, day: Day) -> bool {
    life.visits
        .iter()
        .any(|(entry, exit)| *entry <= day && exit.is_none_or(|exit| day <= exit))
}

fn has_patent(life: &Life, day: Day) -> bool {
    let Some((issued, payments)) = &life.patent else {
        return false;
    };
    let mut months = 0;
    for (paid_on, bought) in payments {
        let paid_until = if months == 0 {
            shift(*issued, -1)
        } else {
            shift(later(*issued, months), -1)
        };
        if *paid_on <= *issued || *paid_on <= paid_until {
            months = (months + bought).min(12);
        }
    }
    months > 0 && *issued <= day && day < later(*issued, months)
}

fn later(day: Day, months: i32) -> Day {
    day.checked_add(months.months()).unwrap()
}

fn has_contract(life: &Life, day: Day) -> bool {
    life.eaeu
        && life
            .contract
            .is_some_and(|(from, to)| from <= day && to.is_none_or(|to| day <= to))
}

fn used(life: &Life, day: Day) -> i32 {
    let counts = |at: Day| inside(life, at) && !has_patent(life, at) && !has_contract(life, at);
    let from = if day.year() >= 2025 {
        Date::new(day.year(), 1, 1).unwrap()
    } else {
        shift(day, -179)
    };
    let mut at = from;
    let mut days = 0;
    while at <= day {
        days += i32::from(counts(at));
        at = shift(at, 1);
    }
    days
}

fn is_lawful(life: &Life, day: Day) -> bool {
    if has_patent(life, day) || has_contract(life, day) {
        return true;
    }
    let recent_entry = life
        .visits
        .iter()
        .any(|(entry, exit)| *entry <= day && exit.is_none_or(|exit| day <= exit) && day < shift(*entry, 90));
    recent_entry && used(life, day) <= 90
}
