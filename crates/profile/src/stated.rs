//! What records state of one field, after officials' decisions on it.
//!
//! Invariant: a value found wrong is chosen by nobody, however many records repeat it; each of its records then counts
//! for what is right. A value that nobody has decided on competes by the rules of choice.

use std::collections::BTreeMap;

use records::{
    Day,
    envelope::Record,
    payload::{PersonField, REGISTER_SOURCE, Settles},
    subject::Subject,
};

use crate::{
    choice::{Claim, choose},
    cite::Citation,
    field::{ChosenBy, Difference, Field, Other},
    known::{Known, stated_on},
    rules::FieldRule,
};

/// Claims that count, and those that a decision took out of the count.
pub(crate) struct Stated<T> {
    pub(crate) claims: Vec<Claim<T>>,
    pub(crate) settled: Vec<SettledClaim<T>>,
}

/// A claim found wrong, and by which decision.
pub(crate) struct SettledClaim<T> {
    pub(crate) claim: Claim<T>,
    pub(crate) by: Citation,
}

/// A decision on a field.
pub(crate) struct FieldRuling<T> {
    /// None: the person has no such thing.
    right: Option<T>,
    wrong: Vec<T>,
    on: Day,
    by: Citation,
}

impl<T> From<Vec<Claim<T>>> for Stated<T> {
    fn from(claims: Vec<Claim<T>>) -> Self {
        Self {
            claims,
            settled: Vec::new(),
        }
    }
}

impl<T: Clone> Stated<T> {
    /// What the records state of a field, after the decisions on it.
    pub(crate) fn of(
        known: &Known<'_>,
        records: &[&Record],
        field: PersonField,
        read: impl Fn(&Subject) -> Option<T>,
    ) -> Self
    where
        T: PartialEq,
    {
        let mut stated = Self::from(claims(records, &read));
        stated.settle(&rulings(known, field, read), T::eq);
        stated
    }

    /// Applies decisions in their order: a later one may find wrong what an earlier one found right.
    pub(crate) fn settle(&mut self, rulings: &[FieldRuling<T>], same: impl Fn(&T, &T) -> bool) {
        for ruling in rulings {
            let is_wrong = |claim: &Claim<T>| ruling.wrong.iter().any(|wrong| same(wrong, &claim.value));
            let (wrong, mut counting): (Vec<_>, Vec<_>) =
                std::mem::take(&mut self.claims).into_iter().partition(is_wrong);
            let taken_from: Vec<Day> = wrong.iter().map(|claim| claim.on).collect();
            if let Some(right) = &ruling.right {
                let claim = |on| Claim {
                    value: right.clone(),
                    on,
                    cited: ruling.by.clone(),
                };
                if taken_from.is_empty() {
                    counting.push(claim(ruling.on));
                }
                counting.extend(taken_from.into_iter().map(claim));
            }
            self.claims = counting;
            self.settled.extend(wrong.into_iter().map(|claim| SettledClaim {
                claim,
                by: ruling.by.clone(),
            }));
        }
    }

    /// The value chosen, with all the others beside it. `on` for what may change lawfully.
    pub(crate) fn choose(
        self,
        on: Option<Day>,
        rule: &FieldRule,
        difference: impl Fn(&T, &T) -> Difference,
    ) -> Option<Field<T>>
    where
        T: Ord,
    {
        let claims = match on {
            Some(on) => as_of(self.claims, on),
            None => self.claims,
        };
        show_settled(choose(claims, rule, &difference), self.settled, difference)
    }
}

pub(crate) fn claims<T>(records: &[&Record], read: impl Fn(&Subject) -> Option<T>) -> Vec<Claim<T>> {
    records
        .iter()
        .filter_map(|record| {
            let value = read(&record.subject)?;
            Some(Claim {
                value,
                on: stated_on(record),
                cited: Citation::of(record),
            })
        })
        .collect()
}

pub(crate) fn rulings<T>(
    known: &Known<'_>,
    field: PersonField,
    read: impl Fn(&Subject) -> Option<T>,
) -> Vec<FieldRuling<T>> {
    let on_field = known
        .amendments()
        .iter()
        .filter_map(|(record, amendment)| match &amendment.settles {
            Settles::Person { field: of, wrong } if *of == field => Some(FieldRuling {
                right: read(&record.subject),
                wrong: wrong.iter().filter_map(&read).collect(),
                on: amendment.decided_on,
                by: Citation::of(record),
            }),
            Settles::Person { .. } | Settles::Event { .. } | Settles::NoEvent { .. } => None,
        });
    on_field.collect()
}

/// Claims up to the day asked about; all of them when none is that early.
pub(crate) fn as_of<T: Clone>(claims: Vec<Claim<T>>, on: Day) -> Vec<Claim<T>> {
    let early: Vec<Claim<T>> = claims.iter().filter(|claim| claim.on <= on).cloned().collect();
    if early.is_empty() { claims } else { early }
}

/// Puts what was found wrong beside the value, and says who decided.
pub(crate) fn show_settled<T: Ord>(
    field: Option<Field<T>>,
    settled: Vec<SettledClaim<T>>,
    difference: impl Fn(&T, &T) -> Difference,
) -> Option<Field<T>> {
    let mut field = field?;
    if field
        .cited
        .iter()
        .any(|cited| cited.source().as_str() == REGISTER_SOURCE)
    {
        field.chosen_by = ChosenBy::Decided;
    }
    let mut by_value: BTreeMap<T, (Vec<Citation>, Citation)> = BTreeMap::new();
    for SettledClaim { claim, by } in settled {
        let entry = by_value
            .entry(claim.value)
            .or_insert_with(|| (Vec::new(), by.clone()));
        entry.0.push(claim.cited);
        entry.1 = by;
    }
    for (value, (mut cited, by)) in by_value {
        // A later decision may have found right again what an earlier one found wrong.
        if value == field.value || field.others.iter().any(|other| other.value == value) {
            continue;
        }
        cited.sort_unstable();
        cited.dedup();
        field.others.push(Other {
            difference: difference(&field.value, &value),
            value,
            cited,
            settled_by: Some(by),
        });
    }
    Some(field)
}
