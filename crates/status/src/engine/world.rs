//! One person's facts on a day, as far as known: visits and the bases that each cover some days.
//!
//! Everything else reads from here. Invariant: holds no fact that was unknown at `known_at` or happened after `on`.

use std::collections::BTreeSet;

use records::{Day, partial_date::PartialDate};

use super::{
    crossing::{self, Crossings, Unrecorded, Visit},
    holding::{self, paid::PaidPeriod},
    law::Law,
};
use crate::{
    citizenship::Citizenship,
    days::Days,
    facts::{Fact, FactKind, FactPointer},
    history::History,
    pack::{basis::Basis, condition::Footing, rule::RuleId, selector::Selector},
    status::Presence,
};

/// What is taken for granted where no record says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Assumption {
    pub(crate) unrecorded: Unrecorded,
    /// The earliest or the latest birthday that the known parts allow.
    pub(crate) born_late: bool,
    /// The document of an entry that names none.
    pub(crate) document: Option<Citizenship>,
    /// What a payment buys whose price is not known for certain.
    pub(crate) bought: Bought,
}

/// Reading of a payment that may have bought more or fewer months.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bought {
    Fewest,
    Most,
}

/// Days on which one basis holds, and why.
#[derive(Clone, Debug)]
pub(crate) struct Holding<'a> {
    pub(crate) basis: &'a Basis,
    pub(crate) from: Day,
    /// [`Day::MAX`] where there is no end.
    pub(crate) until: Day,
    pub(crate) facts: Vec<&'a Fact>,
    pub(crate) rules: BTreeSet<RuleId>,
    /// The visit that it is bound to.
    pub(crate) visit: Option<usize>,
    /// It only gives time to leave.
    pub(crate) to_leave: bool,
}

impl Holding<'_> {
    pub(crate) fn covers(&self, day: Day) -> bool {
        self.from <= day && day <= self.until
    }

    pub(crate) fn pointers(&self) -> BTreeSet<FactPointer> {
        self.facts.iter().map(|fact| fact.pointer()).collect()
    }
}

/// A person's facts, read by the law.
#[derive(Clone, Debug)]
pub(crate) struct World<'a> {
    pub(crate) law: Law<'a>,
    pub(crate) on: Day,
    pub(crate) citizenships: &'a [Citizenship],
    /// As assumed, when parts are unknown.
    pub(crate) born: Option<Day>,
    pub(crate) facts: Vec<&'a Fact>,
    /// Facts after the day asked, for what they tell of days before; none where all that happened is on record.
    pub(crate) later: Vec<&'a Fact>,
    /// Facts recorded up to this day; all when none is given.
    pub(crate) known_at: Option<Day>,
    unobserved: &'a BTreeSet<FactKind>,
    partly_observed: &'a BTreeSet<FactKind>,
    pub(crate) crossings: Crossings<'a>,
    pub(crate) holdings: Vec<Holding<'a>>,
    pub(crate) paid: Vec<PaidPeriod<'a>>,
    pub(crate) assumption: Assumption,
}

impl<'a> World<'a> {
    pub(crate) fn of(
        history: &'a History,
        law: Law<'a>,
        on: Day,
        known_at: Option<Day>,
        assumption: Assumption,
    ) -> Self {
        let known = || history.facts().filter(|fact| fact.known(known_at));
        let mut facts: Vec<&Fact> = known().filter(|fact| is_seen(law, fact, on)).collect();
        facts.dedup();
        let tells = |fact: &&Fact| !history.partly_observed.is_empty() && !is_seen(law, fact, on);
        let mut world = Self {
            law,
            on,
            citizenships: &history.citizenships,
            born: history.born.map(|born| assumed(born, assumption.born_late)),
            crossings: crossing::pair(law, &facts, assumption.unrecorded),
            facts,
            later: known().filter(tells).collect(),
            known_at,
            unobserved: &history.unobserved,
            partly_observed: &history.partly_observed,
            holdings: Vec::new(),
            paid: Vec::new(),
            assumption,
        };
        holding::fill(&mut world);
        world
    }

    /// The visit that the day asked belongs to, or the last one before.
    pub(crate) fn visit(&self) -> Option<&Visit<'a>> {
        self.crossings.visits.iter().rfind(|visit| visit.entry <= self.on)
    }

    pub(crate) fn visit_on(&self, day: Day) -> Option<usize> {
        self.crossings.visits.iter().rposition(|visit| visit.holds(day))
    }

    pub(crate) fn presence(&self) -> Presence {
        match self.visit() {
            None if self.is_elsewhere() => Presence::Out,
            None => Presence::Unknown,
            Some(visit) if visit.holds(self.on) => Presence::In,
            Some(_) => Presence::Out,
        }
    }

    /// No crossing is on record where all would be, and nothing else shows the person inside.
    fn is_elsewhere(&self) -> bool {
        let crossing = &self.law.pack.bases.crossing;
        let abroad = |fact: &&Fact| crossing.elsewhere.iter().any(|slot| slot.picks(fact));
        !self.loses(&crossing.entry) && self.facts.iter().all(abroad)
    }

    /// Days inside, by the convention on days of crossing. An open visit goes on without end.
    pub(crate) fn presence_days(&self) -> Days {
        let crossing = &self.law.pack.bases.crossing;
        let first = |visit: &Visit<'_>| {
            let counts = self.law.flag(&crossing.entry_day_counts, visit.entry);
            if counts {
                visit.entry
            } else {
                crate::term::next(visit.entry)
            }
        };
        let last = |visit: &Visit<'_>| match visit.exit {
            Some(exit) if !self.law.flag(&crossing.exit_day_counts, exit) => crate::term::before(exit),
            _ => visit.last(),
        };
        Days::of(
            self.crossings
                .visits
                .iter()
                .map(|visit| (first(visit), last(visit))),
        )
    }

    /// The citizenship by which a visit is treated: that of the document of entry.
    pub(crate) fn citizenship_of(&self, visit: Option<&Visit<'_>>) -> Option<Citizenship> {
        let named = visit
            .and_then(|visit| visit.entry_fact)
            .and_then(|fact| fact.text(&self.law.pack.bases.crossing.document_country))
            .and_then(|code| Citizenship::parse(code).ok());
        named
            .or(self.assumption.document)
            .or_else(|| self.citizenships.first().copied())
    }

    /// The citizenship by which the person is treated on the day asked.
    pub(crate) fn treated_as(&self) -> Option<Citizenship> {
        self.citizenship_of(self.visit())
    }

    pub(crate) fn covering(&self, day: Day) -> impl Iterator<Item = &Holding<'a>> {
        self.holdings.iter().filter(move |holding| holding.covers(day))
    }

    /// Days on which some basis of at least this footing holds.
    pub(crate) fn days_with(&self, at_least: Footing) -> Days {
        let strong = |holding: &&Holding<'_>| holding.basis.footing >= at_least;
        Days::of(
            self.holdings
                .iter()
                .filter(strong)
                .map(|holding| (holding.from, holding.until)),
        )
    }

    pub(crate) fn footing(&self, day: Day) -> Footing {
        self.covering(day)
            .map(|holding| holding.basis.footing)
            .max()
            .unwrap_or(Footing::None)
    }

    /// Facts that a selector picks, in order of their days.
    pub(crate) fn picked<'s>(&'s self, selector: &'s Selector) -> impl Iterator<Item = &'a Fact> + 's {
        self.facts.iter().copied().filter(|fact| selector.picks(fact))
    }

    /// Whether some source would report such a fact if it happened.
    pub(crate) fn observes(&self, kind: &FactKind) -> bool {
        !self.unobserved.contains(kind)
    }

    /// Whether some source that reports such facts loses some of them.
    pub(crate) fn loses(&self, kind: &FactKind) -> bool {
        self.partly_observed.contains(kind)
    }

    /// Whether a standing of the pack holds on the day.
    pub(crate) fn has_standing(&self, name: &str, day: Day) -> bool {
        let given_by = self.law.pack.standings.standing.get(name);
        given_by.is_some_and(|slots| {
            slots.iter().any(|slot| {
                let selector = slot.selector();
                self.picked(&selector)
                    .any(|fact| fact.from <= day && fact.covers(day))
            })
        })
    }

    /// Whether the pack's law is not for this person on the day.
    pub(crate) fn is_outside_the_law(&self, day: Day) -> bool {
        self.covering(day).any(|holding| holding.basis.outside_the_law)
    }
}

/// Not later than the day asked, unless it was known beforehand that it would come. A crossing that is only announced
/// has not happened.
fn is_seen(law: Law<'_>, fact: &Fact, on: Day) -> bool {
    let crossing = &law.pack.bases.crossing;
    let is_crossing = fact.is(&crossing.entry) || fact.is(&crossing.exit);
    fact.day <= on || (fact.recorded <= on && !is_crossing)
}

fn assumed(born: PartialDate, late: bool) -> Day {
    if late { born.latest() } else { born.earliest() }
}
