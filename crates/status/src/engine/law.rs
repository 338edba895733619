//! The law as it stood: parameters and rules on a day, by the acts enacted up to a day.

use std::collections::BTreeSet;

use records::{Day, calendar::WorkCalendar};

use crate::{
    pack::{
        Pack,
        parameter::{Decimal, Parameter, ParameterKey, Quantity, Window},
        rule::{Rule, RuleId},
    },
    term::{Term, Unit, before},
};

/// Area of `rules.csv` that holds the acts on days off.
const CALENDAR_AREA: &str = "calendar";

/// A pack, read as somebody could who knows the acts enacted up to a day.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Law<'p> {
    pub(crate) pack: &'p Pack,
    enacted_by: Option<Day>,
}

impl<'p> Law<'p> {
    pub(crate) fn as_known(pack: &'p Pack, enacted_by: Option<Day>) -> Self {
        Self { pack, enacted_by }
    }

    pub(crate) fn parameter(&self, key: &ParameterKey, day: Day) -> Option<&'p Parameter> {
        let found = self.pack.parameters.on(key, day, self.enacted_by);
        found.filter(|parameter| {
            parameter
                .rule
                .as_ref()
                .is_none_or(|rule| self.pack.repealed.is_empty() || !self.pack.repealed.contains(rule))
        })
    }

    pub(crate) fn term(&self, key: &ParameterKey, day: Day) -> Option<Term> {
        match &self.parameter(key, day)?.quantity {
            Quantity::Term(term) => Some(*term),
            _ => None,
        }
    }

    pub(crate) fn number(&self, key: &ParameterKey, day: Day) -> Option<i64> {
        self.parameter(key, day)?.number()
    }

    pub(crate) fn flag(&self, key: &ParameterKey, day: Day) -> bool {
        matches!(
            self.parameter(key, day).map(|p| &p.quantity),
            Some(Quantity::Flag(true))
        )
    }

    pub(crate) fn list(&self, key: &ParameterKey, day: Day) -> &'p [String] {
        match self.parameter(key, day).map(|p| &p.quantity) {
            Some(Quantity::List(list)) => list,
            _ => &[],
        }
    }

    pub(crate) fn window(&self, key: &ParameterKey, day: Day) -> Option<(Window, Option<&'p RuleId>)> {
        let parameter = self.parameter(key, day)?;
        Some((parameter.window()?, parameter.rule.as_ref()))
    }

    pub(crate) fn decimal(&self, key: &ParameterKey, day: Day) -> Option<Decimal> {
        match self.parameter(key, day)?.quantity {
            Quantity::Decimal(value) => Some(value),
            _ => None,
        }
    }

    pub(crate) fn day(&self, key: &ParameterKey, day: Day) -> Option<Day> {
        match self.parameter(key, day)?.quantity {
            Quantity::Day(value) => Some(value),
            _ => None,
        }
    }

    /// The rule, where the act behind it is enacted as far as may be known.
    fn known(&self, rule: &RuleId) -> Option<&'p Rule> {
        let rule = self.pack.rules.get(rule)?;
        let stands = self.pack.repealed.is_empty() || !self.pack.repealed.contains(&rule.id);
        let enacted = self.enacted_by.is_none_or(|by| rule.enacted() <= by);
        (stands && enacted).then_some(rule)
    }

    pub(crate) fn in_force(&self, rule: &RuleId, day: Day) -> bool {
        self.known(rule).is_some_and(|rule| self.stands_on(rule, day))
    }

    fn stands_on(&self, rule: &Rule, day: Day) -> bool {
        rule.in_force(day) || self.is_carried_on(rule, day)
    }

    /// A rule whose value is in force still: the act that replaces it is not known yet, so it has ended nothing.
    fn is_carried_on(&self, rule: &Rule, day: Day) -> bool {
        let is_of = |key: &ParameterKey| {
            let value = self.parameter(key, day);
            value.is_some_and(|value| value.rule.as_ref() == Some(&rule.id))
        };
        self.enacted_by.is_some()
            && rule.valid_from <= day
            && self.pack.parameters.iter().any(|(key, _)| is_of(key))
    }

    /// Whether a rule may be cited for the days from `first` to `last`.
    pub(crate) fn cites(&self, rule: &RuleId, first: Day, last: Day) -> bool {
        self.known(rule).is_some_and(|rule| {
            let overlaps = rule.valid_from <= last && rule.valid_to.is_none_or(|end| first <= end);
            overlaps || rule.area == CALENDAR_AREA || self.is_carried_on(rule, first)
        })
    }

    /// Whether a row holds: the first rule that it cites is in force. A row without rules holds always.
    pub(crate) fn row_in_force(&self, rules: &[RuleId], day: Day) -> bool {
        self.row_in_force_on(rules, &[day])
    }

    /// Whether a row holds on each of several days.
    pub(crate) fn row_in_force_on(&self, rules: &[RuleId], days: &[Day]) -> bool {
        let Some(first) = rules.first() else { return true };
        let known = self.known(first).filter(|_| !self.is_repealed(rules));
        known.is_some_and(|rule| days.iter().all(|day| self.stands_on(rule, *day)))
    }

    fn is_repealed(&self, rules: &[RuleId]) -> bool {
        let repealed = &self.pack.repealed;
        !repealed.is_empty() && rules.iter().any(|rule| repealed.contains(rule))
    }

    /// First and last day of a row's first rule; nothing when its act is not known yet.
    pub(crate) fn validity(&self, rules: &[RuleId]) -> Option<(Day, Day)> {
        if self.is_repealed(rules) {
            return None;
        }
        let Some(first) = rules.first() else {
            return Some((Day::MIN, Day::MAX));
        };
        let rule = self.known(first)?;
        Some((rule.valid_from, rule.valid_to.unwrap_or(Day::MAX)))
    }

    pub(crate) fn calendar(&self) -> &'p WorkCalendar {
        &self.pack.calendar
    }

    /// Last day of "within a term from the day of the event", by the pack's conventions.
    pub(crate) fn deadline(&self, term: Term, event: Day) -> Day {
        let crossing = &self.pack.bases.crossing;
        let includes_event = matches!(
            self.parameter(&crossing.event_day, event).map(|p| &p.quantity),
            Some(Quantity::Word(word)) if word == "included"
        );
        let last = term.after(event, self.calendar());
        let last = if includes_event { before(last) } else { last };
        let moves = term.unit != Unit::WorkingDays && self.flag(&crossing.rollover, event);
        if moves && !self.calendar().is_working(last) {
            self.calendar().working_days_after(last, 1).unwrap_or(last)
        } else {
            last
        }
    }

    /// Rules that set the days off in the years between two days.
    pub(crate) fn calendar_rules(&self, from: Day, until: Day) -> BTreeSet<RuleId> {
        let touches = |rule: &&Rule| {
            rule.area == CALENDAR_AREA
                && rule.valid_from <= until
                && rule.valid_to.is_none_or(|last| from <= last)
        };
        self.pack
            .rules
            .values()
            .filter(touches)
            .map(|rule| rule.id.clone())
            .collect()
    }
}
