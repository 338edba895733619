//! Random lives for property tests, and how they read as histories.

use jiff::civil::date;
use proptest::prelude::*;
use records::Day;
use status::{
    citizenship::Citizenship,
    facts::{Fact, Value},
    history::History,
    term::forward,
};

use crate::reference::Life;

const FIRST: Day = date(2023, 6, 1);

/// Some laws look at a part of the lives only: what they pass over must not end the search.
pub(crate) fn config() -> ProptestConfig {
    ProptestConfig {
        max_global_rejects: 200_000,
        ..ProptestConfig::with_cases(192)
    }
}

/// A life, and a day to ask about: where nothing of the life goes beyond what both evaluators know.
pub(crate) fn life() -> impl Strategy<Value = (Life, Day)> {
    let visits = prop::collection::vec((0_i32..150, 0_i32..140), 1..6);
    let payments = prop::collection::vec((-20_i32..40, 1_i32..5), 0..6);
    let patent = prop::option::of((0_i32..60, payments));
    let contract = prop::option::of((0_i32..60, prop::option::of(20_i32..300)));
    (any::<bool>(), visits, any::<bool>(), patent, contract, 0_i32..200).prop_map(build)
}

type Draw = (
    bool,
    Vec<(i32, i32)>,
    bool,
    Option<(i32, Vec<(i32, i32)>)>,
    Option<(i32, Option<i32>)>,
    i32,
);

fn build((eaeu, steps, open, patent, contract, asked): Draw) -> (Life, Day) {
    let mut visits = Vec::new();
    let mut at = FIRST;
    for (gap, length) in steps {
        let entry = forward(at, gap);
        at = forward(entry, length);
        visits.push((entry, Some(at)));
        at = forward(at, 1);
    }
    let last = visits.len() - 1;
    if open {
        visits[last].1 = None;
    }
    let entry = visits[last].0;
    let patent = patent.filter(|_| !eaeu).map(|(after, payments)| {
        let issued = forward(entry, after);
        let mut day = issued;
        let paid = payments.into_iter().map(|(step, months)| {
            day = forward(day, step);
            (day, months)
        });
        let mut paid: Vec<(Day, i32)> = paid.collect();
        paid.sort_unstable();
        // Two payments of one day are told apart by their months only.
        paid.dedup_by_key(|(day, _)| *day);
        (issued, paid)
    });
    let contract = contract.map(|(after, length)| {
        let from = forward(entry, after);
        (from, length.map(|days| forward(from, days)))
    });
    (
        Life {
            eaeu,
            visits,
            patent,
            contract,
        },
        forward(entry, asked),
    )
}

/// The same life as facts.
pub(crate) fn history(life: &Life) -> History {
    let citizenship = if life.eaeu { "KG" } else { "UZ" };
    History::new(
        vec![Citizenship::parse(citizenship).unwrap()],
        "1990-05-01".parse::<Day>().ok().map(Into::into),
        facts(life),
    )
}

pub(crate) fn facts(life: &Life) -> Vec<Fact> {
    let mut facts = Vec::new();
    for (entry, exit) in &life.visits {
        facts.push(Fact::new("border_in", *entry).with_text("purpose", "work"));
        facts.extend(exit.map(|exit| Fact::new("border_out", exit)));
    }
    if let Some((issued, payments)) = &life.patent {
        facts.push(Fact::new("patent_issued", *issued).with_text("region", "77"));
        for (day, months) in payments {
            facts.push(Fact::new("patent_paid", *day).with("months", Value::Number(i64::from(*months))));
        }
    }
    if let Some((from, to)) = life.contract {
        facts.push(
            Fact::new("contract", from)
                .holding(from, to)
                .with_text("employer", "E1"),
        );
    }
    facts
}
