//! A document that lasts as long as it is paid for: a patent.
//!
//! Months add up from the day of issue and are never chained. A payment counts only if it was made before issue, or not
//! later than the last day already paid for: 115-FZ art. 13.3 p. 5, "ends on the day after", and nothing revives it.

use std::collections::BTreeSet;

use records::{Day, calendar::add_months};

use super::{add, ended_by, ending_rules, payment, plain};
use crate::{
    engine::world::{Bought, World},
    facts::{Fact, Value},
    pack::{
        basis::{Basis, PaidPeriods},
        rule::RuleId,
    },
    term::before,
};

/// One document and what was paid for it.
#[derive(Clone, Debug)]
pub(crate) struct PaidPeriod<'a> {
    pub(crate) basis: &'a Basis,
    pub(crate) document: &'a Fact,
    pub(crate) starts: Day,
    months: i64,
    most: i64,
    issue_day_counts: bool,
    pub(super) payments: Vec<&'a Fact>,
    pub(crate) ended: Option<&'a Fact>,
    /// What some payment bought cannot be told: its price is not known, or it falls short.
    pub(super) unpriced: bool,
    /// Some payment was credited after the last paid day, and so was made on it at the latest.
    pub(super) credited_late: bool,
    /// The last day before its source reported, where the document is older than that.
    unseen_until: Option<Day>,
    /// It was handed out against the receipt of the first month, so that month is paid whether or not a payment is known.
    receipt_shown: bool,
    /// Days between the last paid one and a payment that came after it: was one before it lost?
    pub(super) gaps: Vec<(Day, Day)>,
    /// A payment that no record shows may have covered the day asked.
    pub(crate) doubted: bool,
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

    pub(crate) fn has_unknown_price(&self) -> bool {
        self.unpriced
    }

    /// Payments may have been made before their source reported.
    pub(crate) fn has_unseen_payments(&self) -> bool {
        self.unseen_until.is_some()
    }

    pub(super) fn accepts(&self, made: Day) -> bool {
        self.months < self.most && (made <= self.starts || made <= self.paid_until())
    }

    /// A payment within the document's year, after all that is paid for.
    pub(super) fn is_late(&self, made: Day) -> bool {
        self.months < self.most && self.paid_until() < made && made <= self.longest_until()
    }

    fn has_gap_on(&self, day: Day) -> bool {
        self.gaps
            .iter()
            .any(|(from, until)| *from <= day && day <= *until)
    }

    /// Takes it that payments nobody recorded reached to a day.
    pub(super) fn presume_paid(&mut self, until: Day) {
        while self.months < self.most && self.paid_until() < until {
            self.months += 1;
        }
    }

    /// Takes as many of `months` as there is room for; says how many are left.
    pub(super) fn take(&mut self, months: i64) -> i64 {
        let taken = months.min(self.most - self.months).max(0);
        self.months += taken;
        months - taken
    }

    /// Before anything else is paid for a running document: what its issue proves.
    pub(super) fn count_receipt(&mut self) {
        if self.receipt_shown && self.months == 0 {
            self.months = 1;
        }
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
}

pub(super) fn fill<'a>(world: &mut World<'a>, basis: &'a Basis, rule: &'a PaidPeriods) {
    let mut periods = follow(world, basis, rule, &world.facts);
    if world.loses(&rule.payment) {
        doubt(world, basis, rule, &mut periods);
    }
    for period in &mut periods {
        period.count_receipt();
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
        add(world, holding);
    }
    world.paid.extend(periods);
}

/// Documents, and the payments for them in order.
fn follow<'a>(
    world: &World<'a>,
    basis: &'a Basis,
    rule: &PaidPeriods,
    facts: &[&'a Fact],
) -> Vec<PaidPeriod<'a>> {
    let mut periods = documents(world, basis, rule, facts);
    if world.assumption.bought == Bought::Most {
        for period in &mut periods {
            period
                .unseen_until
                .into_iter()
                .for_each(|until| period.presume_paid(until));
        }
    }
    for payment in facts.iter().filter(|fact| fact.is(&rule.payment)) {
        payment::assign(world, rule, &mut periods, payment);
    }
    periods
}

/// Where the source loses payments, a day after the last paid one is in doubt when a payment for the same document
/// followed, or when one made in time could not be on record yet. Silence alone is a lapse.
fn doubt<'a>(world: &World<'a>, basis: &'a Basis, rule: &PaidPeriods, periods: &mut [PaidPeriod<'a>]) {
    let on = world.on;
    let mut all: Vec<&Fact> = world.facts.iter().chain(&world.later).copied().collect();
    all.sort();
    let ahead = follow(world, basis, rule, &all);
    for period in periods.iter_mut().filter(|period| period.starts <= on) {
        let same = ahead
            .iter()
            .find(|other| std::ptr::eq(other.document, period.document));
        let followed = !period.gaps.is_empty() || same.is_some_and(|other| other.has_gap_on(on));
        let ended = period.paid_until();
        let reports = world.law.term(&rule.reports_within, ended);
        let heard_by = reports.map(|term| term.after(ended, world.law.calendar()));
        let awaited = period.is_paid()
            && ended < on
            && world
                .known_at
                .is_some_and(|at| on <= at && heard_by.is_some_and(|by| at <= by));
        period.doubted = followed || awaited;
        let covered = same.is_some_and(|other| other.has_gap_on(on)) || awaited;
        if covered && world.assumption.bought == Bought::Most {
            period.presume_paid(on);
        }
    }
}

fn extra_rules(period: &PaidPeriod<'_>, rule: &PaidPeriods) -> BTreeSet<RuleId> {
    let full = period.is_paid_in_full().then(|| rule.most_rule.clone());
    let again = period.continues.map(|_| rule.repeat_rule.clone());
    let credited = period.credited_late.then(|| rule.credit_rule.clone());
    let ended = period
        .ended
        .into_iter()
        .flat_map(|end| ending_rules(end, &rule.ended_by))
        .cloned();
    full.into_iter()
        .chain(again)
        .chain(credited)
        .chain(ended)
        .collect()
}

/// Issues and reissues in order of their start. A second reissue in a row needs the rule that allows it.
fn documents<'a>(
    world: &World<'a>,
    basis: &'a Basis,
    rule: &PaidPeriods,
    facts: &[&'a Fact],
) -> Vec<PaidPeriod<'a>> {
    let is_document = |fact: &&Fact| fact.is(&rule.issued) || fact.is(&rule.reissued);
    let mut facts: Vec<&'a Fact> = facts.iter().copied().filter(is_document).collect();
    facts.sort_by_key(|fact| (fact.from, fact.day));
    let counts = &world.law.pack.bases.crossing.issue_day_counts;
    let mut reissues = 0;
    let mut periods: Vec<PaidPeriod<'a>> = Vec::new();
    for document in facts {
        let reissued = document.is(&rule.reissued);
        reissues = if reissued { reissues + 1 } else { 0 };
        if reissues > 1 && !world.law.in_force(&rule.repeat_rule, document.day) {
            continue;
        }
        periods.push(PaidPeriod {
            basis,
            document,
            starts: document.from,
            months: 0,
            most: world.law.number(&rule.most, document.from).unwrap_or(0),
            issue_day_counts: world.law.flag(counts, document.from),
            payments: Vec::new(),
            ended: None,
            unpriced: false,
            credited_late: false,
            gaps: Vec::new(),
            doubted: false,
            unseen_until: payment::unseen_until(world, rule, document),
            receipt_shown: document.attributes.get(&rule.receipt_shown) == Some(&Value::Flag(true)),
            continues: periods.last().filter(|_| reissued).map(|period| period.document),
        });
    }
    periods
}
