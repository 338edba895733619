//! Whether a row's conditions hold.

use records::{
    Day,
    calendar::{age_on, days_between},
};

use super::{crossing::Visit, stay, world::World};
use crate::{
    days::Days,
    facts::Fact,
    pack::{
        condition::{Below, Footing, Regime, When},
        parameter::ParameterKey,
        selector::Selector,
    },
    status::{Duty, Lawful},
};

/// What a row is looked at for.
#[derive(Clone, Copy)]
pub(crate) struct Moment<'w, 'a> {
    pub(crate) world: &'w World<'a>,
    pub(crate) day: Day,
    pub(crate) visit: Option<&'w Visit<'a>>,
    pub(crate) duties: &'w [Duty],
    pub(crate) refusal: Option<&'w str>,
    pub(crate) registered: bool,
}

impl<'w, 'a> Moment<'w, 'a> {
    pub(crate) fn on(world: &'w World<'a>, day: Day) -> Self {
        Self {
            world,
            day,
            visit: world.visit(),
            duties: &[],
            refusal: None,
            registered: false,
        }
    }

    /// Whether every slot that is filled in holds.
    pub(crate) fn meets(&self, when: &When) -> bool {
        self.is_the_person(when) && self.is_the_stay(when) && self.has_the_facts(when) && self.stands_so(when)
    }

    fn is_the_person(&self, when: &When) -> bool {
        let world = self.world;
        let citizenship = world.citizenship_of(self.visit);
        let is_one_of =
            |list: &[crate::citizenship::Citizenship]| citizenship.is_some_and(|c| list.contains(&c));
        let listed = |key: &ParameterKey| {
            let list = world.law.list(key, self.day);
            citizenship.is_some_and(|c| list.iter().any(|code| code == c.as_str()))
        };
        let has = |name: &String| world.has_standing(name, self.day);
        (when.citizens.is_empty() || is_one_of(&when.citizens))
            && !is_one_of(&when.not_citizens)
            && when.citizens_in.as_ref().is_none_or(listed)
            && when.regime.is_none_or(|regime| self.regime() == Some(regime))
            && when
                .age_under
                .as_ref()
                .is_none_or(|key| self.age_is(key, |age, limit| age < limit))
            && when
                .age_from
                .as_ref()
                .is_none_or(|key| self.age_is(key, |age, limit| age >= limit))
            && (when.standing.is_empty() || when.standing.iter().any(has))
            && !when.not_standing.iter().any(has)
    }

    fn regime(&self) -> Option<Regime> {
        let citizenship = self.world.citizenship_of(self.visit)?;
        let day = self.visit.map_or(self.day, |visit| visit.entry);
        let free = self.world.law.pack.regimes.is_visa_free(citizenship, day);
        Some(if free { Regime::VisaFree } else { Regime::Visa })
    }

    fn age_is(&self, key: &ParameterKey, compare: impl Fn(i64, i64) -> bool) -> bool {
        let limit = self.world.law.number(key, self.day);
        let age = self.world.born.map(|born| i64::from(age_on(born, self.day)));
        age.zip(limit).is_some_and(|(age, limit)| compare(age, limit))
    }

    fn is_the_stay(&self, when: &When) -> bool {
        let world = self.world;
        let crossing = &world.law.pack.bases.crossing;
        let entry_fact = self.visit.and_then(|visit| visit.entry_fact);
        let purpose = entry_fact.and_then(|fact| fact.text(&crossing.purpose));
        let is_one_of = |list: &[String]| purpose.is_some_and(|p| list.iter().any(|known| known == p));
        let checkpoint = entry_fact.and_then(|fact| fact.text(&crossing.checkpoint));
        let covers = |code: &String| {
            world
                .covering(self.day)
                .any(|holding| holding.basis.code == *code)
        };
        let within = |key: &ParameterKey| {
            let most = world.law.number(key, self.day);
            self.days_in().zip(most).is_some_and(|(days, most)| days <= most)
        };
        (when.purpose.is_empty() || is_one_of(&when.purpose))
            && !is_one_of_or_absent(&when.not_purpose, is_one_of(&when.not_purpose))
            && when
                .checkpoint_in
                .as_ref()
                .is_none_or(|key| is_listed(checkpoint, world.law.list(key, self.day)))
            && when
                .has_checkpoint
                .is_none_or(|asked| asked == checkpoint.is_some())
            && (when.basis.is_empty() || when.basis.iter().any(covers))
            && !when.not_basis.iter().any(covers)
            && (when.stay.is_empty() || when.stay.contains(&self.footing()))
            && when.within_first.as_ref().is_none_or(within)
            && when
                .stays_beyond
                .as_ref()
                .is_none_or(|key| self.stays_beyond(key))
            && when.presence.is_none_or(|presence| presence == world.presence())
    }

    fn footing(&self) -> Footing {
        match stay::lawful(self.world, self.day) {
            Lawful::Yes => Footing::Lawful,
            Lawful::Tolerated => Footing::Tolerated,
            Lawful::No | Lawful::Undetermined | Lawful::NotPresent => Footing::None,
        }
    }

    /// Days of the visit up to the day, both counted.
    fn days_in(&self) -> Option<i64> {
        self.visit
            .map(|visit| i64::from(days_between(visit.entry, self.day)) + 1)
    }

    /// The stay has lasted longer than the term, or the right to stay does.
    fn stays_beyond(&self, key: &ParameterKey) -> bool {
        let (Some(visit), Some(term)) = (self.visit, self.world.law.term(key, self.day)) else {
            return false;
        };
        let last_within = term.including(visit.entry, self.world.law.calendar());
        let may_stay = stay::chain_end(self.world, self.world.on.min(visit.last()));
        self.day > last_within || may_stay.is_some_and(|until| until > last_within)
    }

    fn has_the_facts(&self, when: &When) -> bool {
        let of_stay = |selector: &Selector| self.of_this_stay(selector).next().is_some();
        let ever = |selector: &Selector| self.world.picked(selector).any(|fact| fact.from <= self.day);
        when.fact.as_ref().is_none_or(of_stay)
            && when.ever.as_ref().is_none_or(ever)
            && when.no_fact.as_ref().is_none_or(|selector| !ever(selector))
            && when.lapsed.as_ref().is_none_or(|code| self.has_lapsed(code))
            && when.unpaid.as_ref().is_none_or(|code| self.is_unpaid(code))
            && when.below.as_ref().is_none_or(|below| self.is_below(below))
            && when
                .absent_beyond
                .as_ref()
                .is_none_or(|key| self.was_absent_beyond(key))
    }

    /// Facts of a sort that happened, or began, in this stay up to the day.
    pub(crate) fn of_this_stay<'s>(&'s self, selector: &'s Selector) -> impl Iterator<Item = &'a Fact> + 's {
        let entry = self.visit.map_or(Day::MIN, |visit| visit.entry);
        self.world.picked(selector).filter(move |fact| {
            fact.day <= self.day && (fact.day >= entry || fact.until.is_some_and(|until| until >= entry))
        })
    }

    fn has_lapsed(&self, code: &str) -> bool {
        let entry = self.visit.map_or(Day::MIN, |visit| visit.entry);
        let of_code = |holding: &&super::world::Holding<'_>| holding.basis.code == code;
        let lapsed = |holding: &super::world::Holding<'_>| holding.until < self.day && holding.until >= entry;
        !self.world.covering(self.day).any(|holding| of_code(&holding))
            && self.world.holdings.iter().filter(of_code).any(lapsed)
    }

    fn is_unpaid(&self, code: &str) -> bool {
        self.world.paid.iter().any(|period| {
            let runs = (period.starts..=period.longest_until()).contains(&self.day);
            period.basis.code == code && runs && !period.is_paid()
        })
    }

    fn is_below(&self, below: &Below) -> bool {
        let minimum = self.world.law.number(&below.minimum, self.day);
        self.world.facts.iter().any(|fact| {
            fact.is(&below.fact)
                && fact.from <= self.day
                && fact.covers(self.day)
                && fact
                    .number(&below.attribute)
                    .zip(minimum)
                    .is_some_and(|(value, minimum)| value < minimum)
        })
    }

    fn was_absent_beyond(&self, key: &ParameterKey) -> bool {
        let Some(most) = self.world.law.number(key, self.day) else {
            return false;
        };
        let Some(first) = self.world.crossings.visits.first() else {
            return false;
        };
        let from = self.day.first_of_year().max(first.entry);
        let absent = Days::of([(from, self.day)]).without(&self.world.presence_days());
        i64::from(absent.count(from, self.day)) > most
    }

    /// Days of this visit without any footing, up to the day.
    pub(crate) fn unlawful_days(&self) -> i32 {
        let Some(visit) = self.visit else { return 0 };
        let present = Days::of([(visit.entry, visit.last().min(self.day))]);
        present
            .without(&self.world.days_with(Footing::Tolerated))
            .count(Day::MIN, Day::MAX)
    }

    fn stands_so(&self, when: &When) -> bool {
        let duty_is = |asked: &crate::pack::condition::DutyState| {
            self.duties
                .iter()
                .any(|duty| duty.code == asked.code && asked.state.contains(&duty.status))
        };
        when.duty.as_ref().is_none_or(duty_is)
            && (when.refusal.is_empty()
                || self
                    .refusal
                    .is_some_and(|reason| when.refusal.iter().any(|known| known == reason)))
            && when.registered.is_none_or(|asked| asked == self.registered)
    }
}

/// `not_purpose` asks for a purpose outside its list; no purpose at all is outside every list.
fn is_one_of_or_absent(list: &[String], is_listed: bool) -> bool {
    !list.is_empty() && is_listed
}

/// Checkpoints are written `air:SVO`: the part after the colon is compared, whatever its case.
fn is_listed(checkpoint: Option<&str>, list: &[String]) -> bool {
    let name = checkpoint.map(|code| code.rsplit(':').next().unwrap_or(code));
    name.is_some_and(|name| list.iter().any(|listed| listed.eq_ignore_ascii_case(name)))
}
