//! Checks a pack as a whole: every reference resolves, every row cites, every combination of files agrees.

mod conduct;
mod consequences;
mod stay;
mod words;

use std::collections::BTreeSet;

use super::{
    Pack, PackError,
    basis::{EndedBy, FactSlot},
    condition::When,
    parameter::ParameterKey,
    rule::RuleId,
    selector::Selector,
};
use crate::facts::FactKind;

pub(super) fn check(pack: &Pack) -> Result<(), PackError> {
    pack.parameters
        .check_rules(|rule| pack.rules.contains_key(rule))?;
    let check = Checker {
        pack,
        bases: pack.bases.basis.iter().map(|basis| basis.code.as_str()).collect(),
    };
    check.bases()?;
    check.standings()?;
    check.work()?;
    check.duties()?;
    check.register()?;
    check.bans()?;
    check.advice()?;
    check.prices()?;
    check.words()
}

struct Checker<'p> {
    pack: &'p Pack,
    bases: BTreeSet<&'p str>,
}

type Checked = Result<(), PackError>;

impl Checker<'_> {
    fn rules<'r>(&self, file: &str, place: &str, rules: impl IntoIterator<Item = &'r RuleId>) -> Checked {
        match rules.into_iter().find(|rule| !self.pack.rules.contains_key(rule)) {
            Some(rule) => Err(PackError::in_row(
                file,
                place,
                "rules",
                format!("{rule} is not in rules.csv"),
            )),
            None => Ok(()),
        }
    }

    fn cited(&self, file: &str, place: &str, rules: &[RuleId]) -> Checked {
        if rules.is_empty() {
            return Err(PackError::in_row(file, place, "rules", "cites no rule"));
        }
        self.rules(file, place, rules)
    }

    fn parameter(&self, file: &str, place: &str, key: &ParameterKey) -> Checked {
        if self.pack.parameters.contains(key) {
            return Ok(());
        }
        let problem = format!("${} is not in parameters.csv", key.as_str());
        Err(PackError::in_row(file, place, "parameter", problem))
    }

    fn basis(&self, file: &str, place: &str, code: &str) -> Checked {
        if self.bases.contains(code) {
            return Ok(());
        }
        Err(PackError::in_row(
            file,
            place,
            "basis",
            format!("{code} is not in bases.toml"),
        ))
    }

    fn selector(&self, file: &str, place: &str, selector: &Selector) -> Checked {
        selector.check(file, place, &self.pack.schema)
    }

    fn slot(&self, file: &str, place: &str, slot: &FactSlot) -> Checked {
        self.selector(file, place, &slot.selector())
    }

    fn kind(&self, file: &str, place: &str, kind: &FactKind) -> Checked {
        let selector = Selector {
            fact: kind.clone(),
            only: Default::default(),
            except: Default::default(),
        };
        self.selector(file, place, &selector)
    }

    fn endings(&self, file: &str, place: &str, endings: &[EndedBy]) -> Checked {
        for ending in endings {
            self.slot(file, place, &ending.fact)?;
            self.rules(file, place, &ending.rules)?;
            if let Some(kind) = &ending.holder_of {
                self.kind(file, place, kind)?;
            }
            for attribute in &ending.same {
                self.attribute(file, place, &ending.fact.fact, attribute)?;
            }
        }
        Ok(())
    }

    fn attribute(&self, file: &str, place: &str, kind: &FactKind, name: &str) -> Checked {
        if self.pack.schema.has(kind, name) {
            return Ok(());
        }
        Err(PackError::in_row(
            file,
            place,
            name,
            format!("is not an attribute of {kind} in facts.csv"),
        ))
    }

    fn when(&self, file: &str, place: &str, when: &When) -> Checked {
        let parameters = [
            &when.citizens_in,
            &when.age_under,
            &when.age_from,
            &when.within_first,
            &when.stays_beyond,
            &when.checkpoint_in,
            &when.absent_beyond,
        ];
        for key in parameters.into_iter().flatten() {
            self.parameter(file, place, key)?;
        }
        for selector in [&when.fact, &when.ever, &when.no_fact].into_iter().flatten() {
            self.selector(file, place, selector)?;
        }
        let named = when.lapsed.iter().chain(&when.unpaid);
        for code in when.basis.iter().chain(&when.not_basis).chain(named) {
            self.basis(file, place, code)?;
        }
        for name in when.standing.iter().chain(&when.not_standing) {
            if !self.pack.standings.standing.contains_key(name) {
                let problem = format!("{name} is not in standings.toml");
                return Err(PackError::in_row(file, place, "standing", problem));
            }
        }
        if let Some(below) = &when.below {
            self.attribute(file, place, &below.fact, &below.attribute)?;
            self.parameter(file, place, &below.minimum)?;
        }
        match &when.duty {
            Some(asked) if !self.pack.duties.duty.iter().any(|duty| duty.code == asked.code) => {
                Err(PackError::in_row(
                    file,
                    place,
                    "duty",
                    format!("{} is not in duties.toml", asked.code),
                ))
            }
            Some(_) | None => Ok(()),
        }
    }
}
