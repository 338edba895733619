//! A document that lasts as long as it is paid for: a patent.
//!
//! Months add up from the day of issue and are never chained. A payment counts only if it was made before issue, or not
//! later than the last day already paid for: 115-FZ art. 13.3 p. 5, "ends on the day after", and nothing revives it.

use std::collections::BTreeSet;

use records::{Day, calendar::add_months};

use super::{add, agree, ended_by, plain};
use crate::{
    engine::{
        price,
        world::{Bought, Holding, World},
    },
    facts::{Fact, Value},
    pack::{
        basis::{Basis, PaidPeriods},
        rule::RuleId,
    },
    term::before,
};

const KOPECKS: i64 = 100;

/// One document and what was paid for it.
#[derive(Clone, Debug)]
pub(crate) struct PaidPeriod<'a> {
    pub(crate) basis: &'a Basis,
    pub(crate) document: &'a Fact,
    pub(crate) starts: Day,
    months: i64,
    most: i64,
    issue_day_counts: bool,
    payments: Vec<&'a Fact>,
    pub(crate) too_late: Vec<&'a Fact>,
    pub(crate) ended: Option<&'a Fact>,
    unpriced: bool,
    /// The document that it continues: what this one does not say, that one said.
    continues: Option<&'a Fact>,
}

impl PaidPeriod<'_> {
    /// Last day paid for; the day before the start when nothing is.
    pub(crate) fn paid_until(&self) -> Day {
        self.end(self.months)
    }

    /// Last day that can be paid for.
    pub(crate) fn longest_until(&self) -> Day {
        self.end(self.most)
    }

    pub(crate) fn is_paid_in_full(&self) -> bool {
        self.months >= self.most
    }

    pub(crate) fn is_paid(&self) -> bool {
        self.months > 0
    }

    /// A payment whose months cannot be told: neither stated nor to be had from the sum.
    pub(crate) fn has_unknown_price(&self) -> bool {
        self.unpriced
    }

    fn end(&self, months: i64) -> Day {
        if months == 0 {
            return before(self.starts);
        }
        let months = i32::try_from(months).unwrap_or(i32::MAX);
        let after = add_months(self.starts, months).unwrap_or(Day::MAX);
        if self.issue_day_counts {
            before(after)
        } else {
            after
        }
    }

    /// Takes as many of `months` as it has room for, if the payment comes in time; says how many are left.
    fn take(&mut self, months: i64) -> i64 {
        let taken = months.min(self.most - self.months).max(0);
        self.months += taken;
        months - taken
    }

    fn accepts(&self, day: Day) -> bool {
        self.months < self.most && (day <= self.starts || day <= self.paid_until())
    }
}

pub(super) fn fill<'a>(world: &mut World<'a>, basis: &'a Basis, rule: &'a PaidPeriods) {
    let mut periods = documents(world, basis, rule);
    for payment in world
        .facts
        .clone()
        .into_iter()
        .filter(|fact| fact.is(&rule.payment))
    {
        assign(world, rule, &mut periods, payment);
    }
    for period in &mut periods {
        period.ended = ended_by(
            world,
            period.document,
            period.starts,
            period.paid_until(),
            &rule.ended_by,
        );
    }
    for period in periods.iter().filter(|period| period.is_paid()) {
        let until = period.ended.map_or(period.paid_until(), |fact| fact.day);
        let facts = std::iter::once(period.document)
            .chain(period.payments.iter().copied())
            .chain(period.continues)
            .chain(period.ended)
            .collect();
        let mut holding = plain(basis, period.starts, until, facts);
        holding.rules.extend(extra_rules(period, rule));
        add(world, Holding { ..holding });
    }
    world.paid.extend(periods);
}

fn extra_rules(period: &PaidPeriod<'_>, rule: &PaidPeriods) -> BTreeSet<RuleId> {
    let full = period.is_paid_in_full().then(|| rule.most_rule.clone());
    let again = period.continues.map(|_| rule.repeat_rule.clone());
    full.into_iter().chain(again).collect()
}

/// Issues and reissues in order of their start. A second reissue in a row needs the rule that allows it.
fn documents<'a>(world: &World<'a>, basis: &'a Basis, rule: &PaidPeriods) -> Vec<PaidPeriod<'a>> {
    let is_document = |fact: &&Fact| fact.is(&rule.issued) || fact.is(&rule.reissued);
    let mut facts: Vec<&'a Fact> = world.facts.iter().copied().filter(is_document).collect();
    facts.sort_by_key(|fact| (fact.from, fact.day));
    let counts = &world.law.pack.bases.crossing.issue_day_counts;
    let mut reissues = 0;
    let mut periods = Vec::new();
    for document in facts {
        let reissued = document.is(&rule.reissued);
        reissues = if reissued { reissues + 1 } else { 0 };
        if reissues > 1 && !world.law.in_force(&rule.repeat_rule, document.day) {
            continue;
        }
        let continues = reissued
            .then(|| periods.last().map(|period: &PaidPeriod<'_>| period.document))
            .flatten();
        periods.push(PaidPeriod {
            basis,
            document,
            starts: document.from,
            months: 0,
            most: world.law.number(&rule.most, document.from).unwrap_or(0),
            issue_day_counts: world.law.flag(counts, document.from),
            payments: Vec::new(),
            too_late: Vec::new(),
            ended: None,
            unpriced: false,
            continues,
        });
    }
    periods
}

/// Gives a payment to the document that it was made for: the one running, else the next one issued.
fn assign<'a>(world: &World<'a>, rule: &PaidPeriods, periods: &mut [PaidPeriod<'a>], payment: &'a Fact) {
    let mut left = None;
    for period in periods
        .iter_mut()
        .filter(|period| is_meant_for(rule, period.document, payment))
    {
        let running = period.starts <= payment.day;
        if !period.accepts(payment.day) || (left.is_some() && running) {
            continue;
        }
        let months = match left {
            Some(left) => left,
            None => {
                let (fewest, most) = months_of(world, rule, period.document, payment);
                period.unpriced |= fewest != most;
                match world.assumption.bought {
                    Bought::Fewest => fewest,
                    Bought::Most => most,
                }
            }
        };
        if months == 0 {
            break;
        }
        left = Some(period.take(months));
        period.payments.push(payment);
    }
    if left.is_none() {
        let late_for = periods.iter_mut().rfind(|period| period.starts <= payment.day);
        if let Some(period) = late_for {
            period.too_late.push(payment);
        }
    }
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
        return (0, 0);
    };
    let region = payment.text(&rule.region).or_else(|| document.text(&rule.region));
    price::months_bought(world.law, region, payment.day, kopecks)
}
