//! For which document a payment was made, when, and how many months it bought.

use records::Day;

use super::{agree, paid::PaidPeriod};
use crate::{
    engine::{
        price,
        world::{Bought, World},
    },
    facts::{Fact, Value},
    pack::basis::PaidPeriods,
    term::{before, next},
};

const KOPECKS: i64 = 100;

/// Gives a payment to the document that it was made for: the newest one running, else the next one issued.
pub(super) fn assign<'a>(
    world: &World<'a>,
    rule: &PaidPeriods,
    periods: &mut [PaidPeriod<'a>],
    payment: &'a Fact,
) {
    let made = day_made(world, rule, payment);
    let next_until = waits_until(world, rule, periods, payment, made);
    let running = periods.partition_point(|period| period.starts <= made);
    let mut left = None;
    let mut in_time = false;
    for at in (0..running).rev().chain(running..periods.len()) {
        let period = &mut periods[at];
        if !is_meant_for(rule, period.document, payment) {
            continue;
        }
        if period.starts < made {
            period.count_receipt();
        }
        let too_far = next_until.is_some_and(|until| period.starts > until);
        if !period.accepts(made) || too_far || (left.is_some() && at < running) {
            continue;
        }
        in_time = true;
        let months = match left {
            Some(left) => left,
            None => bought(world, rule, period, payment),
        };
        if months == 0 {
            break;
        }
        period.credited_late |= at < running && payment.day > period.paid_until();
        left = Some(period.take(months));
        period.payments.push(payment);
    }
    if !in_time && world.loses(&rule.payment) {
        late(world, rule, &mut periods[..running], payment, made);
    }
}

/// A payment that came after the last paid day of the document: too late, or one before it is not on record.
fn late<'a>(
    world: &World<'a>,
    rule: &PaidPeriods,
    running: &mut [PaidPeriod<'a>],
    payment: &'a Fact,
    made: Day,
) {
    let mut meant = running.iter_mut().rev();
    let newest = meant.find(|period| is_meant_for(rule, period.document, payment));
    let Some(period) = newest.filter(|period| period.is_late(made)) else {
        return;
    };
    period.gaps.push((next(period.paid_until()), made));
    if world.assumption.bought == Bought::Most {
        period.presume_paid(made);
        let months = bought(world, rule, period, payment);
        period.take(months);
        period.payments.push(payment);
    }
}

fn bought(world: &World<'_>, rule: &PaidPeriods, period: &mut PaidPeriod<'_>, payment: &Fact) -> i64 {
    let (fewest, most) = months_of(world, rule, period.document, payment);
    period.unpriced |= fewest != most;
    match world.assumption.bought {
        Bought::Fewest => fewest,
        Bought::Most => most,
    }
}

/// The day on which a payment was made at the latest that its date leaves open: Tax Code art. 45, giving the order to
/// the bank is paying, and some sources date by the crediting that follows.
fn day_made(world: &World<'_>, rule: &PaidPeriods, payment: &Fact) -> Day {
    let is_credited = payment.attributes.get(&rule.credited) == Some(&Value::Flag(true));
    let lag = world
        .law
        .term(&rule.credit_lag, payment.day)
        .filter(|_| is_credited);
    lag.map_or(payment.day, |lag| lag.ahead_of(payment.day, world.law.calendar()))
}

/// Until when the next document must begin for a payment to be for it: a payment that names none and falls into the
/// year of an older one is for that one, unless a new one follows soon.
fn waits_until(
    world: &World<'_>,
    rule: &PaidPeriods,
    periods: &[PaidPeriod<'_>],
    payment: &Fact,
    made: Day,
) -> Option<Day> {
    let named = payment.attributes.contains_key(&rule.meant_for);
    let within_year = |period: &&PaidPeriod<'_>| period.starts <= made && made <= period.longest_until();
    let older = periods
        .iter()
        .rfind(within_year)
        .filter(|period| !named && !period.is_paid_in_full());
    let term = older.and_then(|_| world.law.term(&rule.prepaid_within, made))?;
    Some(term.after(made, world.law.calendar()))
}

/// A document that was recorded long after its issue is older than its source's reports; so may payments for it be.
pub(super) fn unseen_until(world: &World<'_>, rule: &PaidPeriods, document: &Fact) -> Option<Day> {
    let reported = world.law.term(&rule.reported_within, document.day)?;
    let is_old = document.recorded > reported.after(document.day, world.law.calendar());
    is_old.then(|| before(document.recorded))
}

/// A payment names the document by its day of issue, its number or its region, or does not name it.
fn is_meant_for(rule: &PaidPeriods, document: &Fact, payment: &Fact) -> bool {
    let named = payment
        .text(&rule.meant_for)
        .is_none_or(|text| match text.parse::<Day>() {
            Ok(day) => day == document.day || day == document.from,
            Err(_) => {
                let is_code = text.bytes().all(|b| b.is_ascii_digit());
                !is_code
                    || document
                        .attributes
                        .values()
                        .any(|value| *value == Value::Text(text.to_owned()))
            }
        });
    named && agree(document, payment, &rule.region)
}

/// Fewest and most months that a payment can have bought: as stated, or what the sum buys at the price of its day.
fn months_of(world: &World<'_>, rule: &PaidPeriods, document: &Fact, payment: &Fact) -> (i64, i64) {
    if let Some(months) = payment.number(&rule.months) {
        return (months.max(0), months.max(0));
    }
    let stated = payment
        .number(&rule.amount)
        .map(|rub| rub.saturating_mul(KOPECKS));
    let Some(kopecks) = payment.number(&rule.kopecks).or(stated) else {
        return (0, i64::MAX);
    };
    let region = payment.text(&rule.region).or_else(|| document.text(&rule.region));
    price::months_bought(world.law, region, payment.day, kopecks)
}
