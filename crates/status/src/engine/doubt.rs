//! What is not known, tried both ways: where the answers differ the answer is "undetermined", and the fact is named.
//!
//! Invariant: an unknown that changes nothing leaves the answer as certain as it was.

use std::collections::BTreeMap;

use records::Day;

use super::{
    crossing::Unrecorded,
    judge,
    law::Law,
    world::{Assumption, Bought},
};
use crate::{
    Question,
    citizenship::Citizenship,
    history::History,
    pack::Pack,
    status::{
        Advice, Answer, Because, Duty, DutyStatus, Eligibility, Entry, Lawful, Missing, Permission,
        RegisterGrounds, Status, Stay, Text, Verdict, Work,
    },
};

/// At most so many citizenships are tried for a document of entry that is not named.
const CITIZENSHIPS_MAX: usize = 4;

const BIRTH: &str = "born";
const DOCUMENT: &str = "doc_country";

/// Something that no record says, and how it may have been in place of what is usually assumed.
struct Unknown {
    about: About,
    otherwise: Vec<Turn>,
}

enum About {
    /// Kinds of facts that the status lists as missing already.
    Listed(Vec<String>),
    /// Told only if the answer hangs on it.
    Named(&'static str),
}

/// One assumption made otherwise.
#[derive(Clone, Copy)]
enum Turn {
    LeastPresence,
    MostBought,
    BornLate,
    Document(Citizenship),
}

impl Turn {
    fn on(self, assumed: Assumption) -> Assumption {
        match self {
            Self::LeastPresence => Assumption {
                unrecorded: Unrecorded::LeastPresence,
                ..assumed
            },
            Self::MostBought => Assumption {
                bought: Bought::Most,
                ..assumed
            },
            Self::BornLate => Assumption {
                born_late: true,
                ..assumed
            },
            Self::Document(citizenship) => Assumption {
                document: Some(citizenship),
                ..assumed
            },
        }
    }
}

/// The status, with what hangs on missing facts marked. A no stands only when every reading says no.
pub(crate) fn judge(history: &History, question: &Question, pack: &Pack) -> Status {
    let usual = Assumption {
        unrecorded: Unrecorded::MostPresence,
        born_late: false,
        document: question.treated_as,
        bought: Bought::Fewest,
    };
    let first = judge::under(history, question, pack, usual);
    let unknowns = unknowns(history, question, &first, pack);
    let mut status = first.clone();
    let mut decisive = vec![false; unknowns.len()];
    for reading in readings(&unknowns) {
        let assumed = reading.iter().fold(usual, |assumed, (_, turn)| turn.on(assumed));
        let other = judge::under(history, question, pack, assumed);
        blur(&mut status, &other);
        let explained = reading.len() > 1 && reading.iter().any(|(at, _)| decisive[*at]);
        if !explained && blur(&mut first.clone(), &other) {
            reading.iter().for_each(|(at, _)| decisive[*at] = true);
        }
    }
    for (unknown, decisive) in unknowns.into_iter().zip(decisive) {
        note(&mut status, unknown.about, decisive);
    }
    judge::finish(&mut status, Law::as_known(pack, question.law_known_at));
    status
}

/// Every way in which one or more unknowns may be otherwise, fewest first: two may matter only together.
fn readings(unknowns: &[Unknown]) -> Vec<Vec<(usize, Turn)>> {
    let mut readings: Vec<Vec<(usize, Turn)>> = vec![Vec::new()];
    for (at, unknown) in unknowns.iter().enumerate() {
        let with = readings.iter().flat_map(|reading| {
            let turned = unknown.otherwise.iter();
            turned.map(move |turn| reading.iter().copied().chain([(at, *turn)]).collect())
        });
        let with: Vec<_> = with.collect();
        readings.extend(with);
    }
    readings.retain(|reading| !reading.is_empty());
    readings.sort_by_key(Vec::len);
    readings
}

fn unknowns(history: &History, question: &Question, status: &Status, pack: &Pack) -> Vec<Unknown> {
    let is_missing = |fact: &String| status.missing.iter().any(|missing| missing.fact == *fact);
    let listed = |facts: Vec<String>, turn| {
        let concerned = facts.iter().any(is_missing);
        concerned.then(|| Unknown {
            about: About::Listed(facts),
            otherwise: vec![turn],
        })
    };
    let crossing = &pack.bases.crossing;
    let crossings = vec![crossing.entry.to_string(), crossing.exit.to_string()];
    let payments = judge::payment_kinds(pack)
        .map(ToString::to_string)
        .chain(pack.prices.as_ref().map(|prices| prices.rule.missing.clone()));
    let birth = history.born.filter(|born| born.full().is_none());
    let birth = birth.map(|_| Unknown {
        about: About::Named(BIRTH),
        otherwise: vec![Turn::BornLate],
    });
    let others = history.citizenships.iter().skip(1).take(CITIZENSHIPS_MAX);
    let others: Vec<Turn> = others.map(|other| Turn::Document(*other)).collect();
    let document = (question.treated_as.is_none() && !others.is_empty()).then_some(Unknown {
        about: About::Named(DOCUMENT),
        otherwise: others,
    });
    [
        listed(crossings, Turn::LeastPresence),
        listed(payments.collect(), Turn::MostBought),
        birth,
        document,
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn named(fact: &str) -> Missing {
    Missing {
        fact: fact.to_owned(),
        after: None,
        before: None,
        decisive: true,
    }
}

/// Marks what differs between two answers as undetermined; says whether anything does.
fn blur(status: &mut Status, other: &Status) -> bool {
    let parts = [
        blur_stay(&mut status.stay, &other.stay),
        blur_work(&mut status.work, &other.work),
        blur_grounds(&mut status.register_grounds, &other.register_grounds),
        blur_entry(status.entry.as_mut(), other.entry.as_ref()),
        blur_duties(&mut status.duties, &other.duties),
        blur_eligibility(&mut status.eligibility, &other.eligibility),
        blur_answer(status.answer.as_mut(), other.answer.as_ref()),
    ];
    let is_found = |risk: &Advice| other.risks.iter().any(|twin| twin.code == risk.code);
    status.risks.retain(is_found);
    parts.contains(&true)
}

/// Until when a right lasts for certain: the earlier of two ends, nothing where neither reading knows one.
fn certain(until: &mut Option<Day>, other: Option<Day>) -> bool {
    let differs = *until != other;
    *until = until.iter().chain(&other).min().copied();
    differs
}

fn blur_stay(stay: &mut Stay, other: &Stay) -> bool {
    if stay.lawful == other.lawful {
        return certain(&mut stay.until, other.until);
    }
    both(&mut stay.because, &other.because);
    stay.because.text = Text::new("stay.undetermined");
    stay.lawful = Lawful::Undetermined;
    stay.until = None;
    true
}

fn blur_work(work: &mut Work, other: &Work) -> bool {
    if work.allowed == other.allowed {
        return certain(&mut work.until, other.until);
    }
    both(&mut work.because, &other.because);
    work.because.text = Text::new("work.undetermined");
    work.allowed = Verdict::Undetermined;
    work.reason = None;
    work.until = None;
    true
}

fn blur_grounds(grounds: &mut RegisterGrounds, other: &RegisterGrounds) -> bool {
    let differs = grounds.present != other.present;
    if differs {
        both(&mut grounds.because, &other.because);
        grounds.because.text = Text::new("register.undetermined");
        grounds.present = Verdict::Undetermined;
        grounds.since = None;
    }
    differs
}

fn blur_entry(entry: Option<&mut Entry>, other: Option<&Entry>) -> bool {
    let Some((entry, other)) = entry.zip(other) else {
        return false;
    };
    let differs = entry.allowed != other.allowed;
    if differs {
        both(&mut entry.because, &other.because);
        entry.because.text = Text::new("entry.undetermined");
        entry.allowed = Verdict::Undetermined;
    }
    // What hangs on an unknown is held against nobody.
    let found = entry.bans.len();
    entry
        .bans
        .retain(|ban| other.bans.iter().any(|twin| twin.code == ban.code));
    if entry.bans.len() != found {
        entry.ban_until = None;
    }
    if entry.next_possible != other.next_possible {
        entry.next_possible = None;
        return true;
    }
    differs
}

fn blur_duties(duties: &mut [Duty], others: &[Duty]) -> bool {
    let mut differs = false;
    for duty in duties {
        let of_code = || others.iter().filter(|twin| twin.code == duty.code);
        let same = of_code()
            .find(|twin| twin.by == duty.by)
            .or_else(|| of_code().next());
        if same.is_some_and(|twin| twin.status == duty.status) {
            continue;
        }
        if let Some(twin) = same {
            both(&mut duty.because, &twin.because);
        }
        duty.because.text = Text::new(format!("duty.{}.undetermined", duty.code));
        duty.status = DutyStatus::Undetermined;
        duty.by = duty.by.filter(|by| same.is_some_and(|twin| twin.by == Some(*by)));
        differs = true;
    }
    differs
}

fn blur_eligibility(all: &mut BTreeMap<String, Eligibility>, others: &BTreeMap<String, Eligibility>) -> bool {
    let mut differs = false;
    for (code, eligibility) in all {
        let twin = others.get(code);
        if twin.is_none_or(|twin| twin.eligible != eligibility.eligible) {
            eligibility.eligible = Permission::Undetermined;
            eligibility.because.text = Text::new("eligibility.undetermined");
            differs = true;
        }
    }
    differs
}

fn blur_answer(answer: Option<&mut Answer>, other: Option<&Answer>) -> bool {
    let Some((answer, other)) = answer.zip(other) else {
        return false;
    };
    let differs = answer.allowed != other.allowed;
    if differs {
        both(&mut answer.because, &other.because);
        answer.because.text = Text::new("answer.undetermined");
        answer.allowed = Permission::Undetermined;
    }
    differs
}

/// The reasons of either reading.
fn both(because: &mut Because, other: &Because) {
    because.rules.extend(other.rules.iter().cloned());
    because.facts.extend(other.facts.iter().cloned());
}

fn note(status: &mut Status, about: About, decisive: bool) {
    match about {
        About::Named(fact) if decisive => status.missing.push(named(fact)),
        About::Named(_) => {}
        About::Listed(facts) => {
            for missing in status
                .missing
                .iter_mut()
                .filter(|missing| facts.contains(&missing.fact))
            {
                missing.decisive |= decisive;
            }
        }
    }
}
