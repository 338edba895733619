//! One status under one set of assumptions.

use super::{
    advice::{self, Concluded},
    condition::Moment,
    duty, entry,
    holding::paid::PaidPeriod,
    law::Law,
    register, stay, timeline, work,
    world::{Assumption, World},
};
use crate::{
    Question,
    facts::FactKind,
    history::History,
    pack::{Pack, basis::Holds},
    status::{Advice, Amount, Ban, Because, Evidence, Lawful, Missing, Presence, Status, Text},
};

pub(crate) fn under(history: &History, question: &Question, pack: &Pack, assumption: Assumption) -> Status {
    let law = Law::as_known(pack, question.law_known_at);
    let world = World::of(history, law, question.on, question.known_at, assumption);
    let stay = stay::judge(&world);
    let work = work::judge(&world, question);
    let duties = duty::judge(&world);
    let register = register::judge(&world);
    let entry = entry::judge(&world);
    let moment = Moment {
        duties: &duties,
        refusal: work.reason.as_deref(),
        registered: register.registered,
        ..Moment::on(&world, world.on)
    };
    let eligibility = advice::eligibility(&moment, question);
    let answer = advice::answer(
        &moment,
        question,
        &Concluded {
            stay: &stay,
            work: &work,
            entry: entry.as_ref(),
            restrictions: &register.restrictions,
            eligibility: &eligibility,
        },
    );
    let amount = advice::amount(&world, question);
    let missing = missing(&world, amount.as_ref());
    let mut risks = advice::rows(&moment, &pack.advice.risk, "risk");
    risks.extend(under_ban(&world));
    risks.extend(bans_if_left(&world));
    Status {
        on: question.on,
        known_at: question.known_at,
        law_known_at: question.law_known_at,
        treated_as: world.treated_as(),
        presence: world.presence(),
        register_grounds: register.grounds,
        registered: register.registered,
        restrictions_if_registered: register.if_registered,
        restrictions: register.restrictions,
        options: advice::rows(&moment, &pack.advice.option, "option"),
        risks,
        eligibility,
        amount,
        answer,
        history: timeline::of(&world),
        conflicts: world.crossings.conflicts.clone(),
        missing,
        evidence: Evidence::default(),
        change: None,
        stay,
        work,
        duties,
        entry,
    }
}

/// What every answer has in common, whatever readings it was put together from.
pub(crate) fn finish(status: &mut Status, law: Law<'_>) {
    cite_law_of_the_day(status, law);
    status.evidence = evidence(status);
}

/// Each day is judged by the law of that day: an answer rests neither on an act that has ended, nor on one that begins
/// after the last day that the answer speaks of. Acts on days off count for the days that they move.
fn cite_law_of_the_day(status: &mut Status, law: Law<'_>) {
    let first = status.on;
    let last = status.stay.until.unwrap_or(first).max(first);
    for because in status.reasons_mut() {
        because.rules.retain(|rule| law.cites(rule, first, last));
    }
}

/// Crossings and payments that nobody recorded, and prices that the pack does not hold.
fn missing(world: &World<'_>, amount: Option<&Amount>) -> Vec<Missing> {
    let named = |fact: &str, decisive| Missing {
        fact: fact.to_owned(),
        after: None,
        before: None,
        decisive,
    };
    let pack = world.law.pack;
    let mut missing = world.crossings.missing.clone();
    if world.presence() == Presence::Unknown && stay::lawful(world, world.on) == Lawful::Undetermined {
        missing.push(named(pack.bases.crossing.entry.as_str(), true));
    }
    let is_asked = amount.is_some_and(|amount| amount.rub.is_none());
    if is_asked || world.paid.iter().any(PaidPeriod::has_unknown_price) {
        missing.extend(
            pack.prices
                .as_ref()
                .map(|prices| named(&prices.rule.missing, is_asked)),
        );
    }
    let unseen = world.paid.iter().any(PaidPeriod::has_unseen_payments);
    for kind in payment_kinds(pack) {
        missing.extend(unseen.then(|| named(kind.as_str(), false)));
        let doubted = world.paid.iter().filter(|period| period.doubted);
        missing.extend(doubted.map(|period| Missing {
            after: Some(period.paid_until()),
            ..named(kind.as_str(), false)
        }));
    }
    missing
}

/// The facts that pay for a document.
pub(crate) fn payment_kinds(pack: &Pack) -> impl Iterator<Item = &FactKind> {
    pack.bases.basis.iter().filter_map(|basis| match &basis.holds {
        Holds::PaidPeriods(rule) => Some(&rule.payment),
        _ => None,
    })
}

/// Somebody who came in while a ban stood: a risk to be looked at, not a loss of right by rule.
fn under_ban(world: &World<'_>) -> Option<Advice> {
    let ban = entry::entered_under_ban(world)?;
    let text = Text::new("risk.entered_under_ban").with("ban", &ban.code);
    Some(Advice {
        code: "entered_under_ban".to_owned(),
        because: Because { text, ..ban.because },
    })
}

/// What a departure on the day asked would bring.
fn bans_if_left(world: &World<'_>) -> Vec<Advice> {
    let bans = entry::bans_if_left(world).into_iter();
    let risk = |ban: Ban| {
        let code = if ban.discretionary {
            "entry_refusal"
        } else {
            "entry_ban"
        };
        let key = Text::new(format!("risk.{code}"));
        let text = ban
            .until
            .into_iter()
            .fold(key, |text, until| text.with("until", until));
        Advice {
            code: code.to_owned(),
            because: Because { text, ..ban.because },
        }
    };
    bans.map(risk).collect()
}

fn evidence(status: &Status) -> Evidence {
    let facts = status
        .reasons()
        .flat_map(|because| because.facts.iter().cloned())
        .collect();
    Evidence {
        facts,
        complete: status.missing.is_empty() && status.conflicts.is_empty(),
    }
}
